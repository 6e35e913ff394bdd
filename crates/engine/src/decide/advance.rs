//! Advance: takes a waiting promotion as far as it may go, from held over ready to delivering.

use super::find;
use crate::approvals::{counting, seats};
use crate::conditions::{conditions, in_the_way};
use crate::refusal::Refusal;
use crate::state::{Promotion, World};
use crate::step::Step;
use gradus_model::{
    Condition, ConditionKind, Decision, Event, Period, Plan, PromotionId, Rules, Status, Timestamp,
};

/// What keeps a promotion held. What comes after (calendar, timer, turn, lane) keeps it ready.
const AGREEMENT: [ConditionKind; 9] = [
    ConditionKind::Path,
    ConditionKind::Branch,
    ConditionKind::Denied,
    ConditionKind::Schema,
    ConditionKind::Upstream,
    ConditionKind::Chain,
    ConditionKind::Gate,
    ConditionKind::Plan,
    ConditionKind::Approval,
];

pub(super) fn advance(
    world: &World<'_>,
    id: &PromotionId,
    fresh: Option<&(Box<Plan>, Box<Rules>)>,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let promotion = find(world, id)?;
    if !promotion.status.is_waiting() {
        return Ok(Vec::new());
    }
    if now >= expires_at(promotion) {
        return Ok(vec![Event::PromotionExpired {
            promotion: id.clone(),
        }]);
    }
    let Some(step) = Step::of(world, promotion) else {
        return Ok(Vec::new());
    };
    if let Some((plan, rules)) = fresh
        && plan.digest() != promotion.plan_digest
    {
        let why = if plan.rules == promotion.plan.rules {
            "the files changed"
        } else {
            "the policy changed"
        };
        let (plan, rules) = (plan.clone(), rules.clone());
        return Ok(vec![Event::PromotionReplanned {
            promotion: id.clone(),
            plan,
            rules,
            why: why.to_owned(),
        }]);
    }
    let digest = fresh.map(|(plan, _)| plan.digest());
    let asked = conditions(world, &step, digest.as_ref(), now);
    let open: Vec<&Condition> = asked
        .iter()
        .filter(|condition| in_the_way(condition, &step, now))
        .collect();
    let disagreement = open.iter().find(|condition| AGREEMENT.contains(&condition.kind));
    match (promotion.status, disagreement) {
        (Status::Held, Some(_)) => Ok(Vec::new()),
        (Status::Ready, Some(condition)) => {
            let why = format!("{}: {}", condition.name, condition.observed);
            Ok(vec![Event::PromotionHeld {
                promotion: id.clone(),
                why,
            }])
        }
        (Status::Held, None) => {
            let mut events = vec![Event::PromotionReadied {
                promotion: id.clone(),
            }];
            if open.is_empty() && digest.is_some() {
                events.extend(begin(world, promotion, asked, now));
            }
            Ok(events)
        }
        (_, None) if open.is_empty() && digest.is_some() => Ok(begin(world, promotion, asked, now)),
        _ => Ok(Vec::new()),
    }
}

/// When a request has waited too long. The emergency way closes with its time box.
pub(crate) fn expires_at(promotion: &Promotion) -> Timestamp {
    let waits = promotion
        .rules
        .iter()
        .map(|rules| rules.requests_expire)
        .min()
        .unwrap_or(Period::ZERO);
    let end = waits.after(promotion.requested_at);
    promotion
        .break_glass
        .as_ref()
        .map_or(end, |glass| glass.until.min(end))
}

/// The delivery begins. A promotion that waits for a human in the same environment is over now:
/// what it left there is being mended.
fn begin(world: &World<'_>, promotion: &Promotion, conditions: Vec<Condition>, now: Timestamp) -> Vec<Event> {
    let stranded = world
        .app
        .moving()
        .filter(|other| other.status == Status::NeedsHuman);
    let stranded = stranded.filter(|other| other.plan.to == promotion.plan.to);
    let mended = stranded.map(|other| Event::PromotionFailed {
        promotion: other.id.clone(),
        why: format!("{} takes its place", promotion.id),
    });
    let given = counting(world, promotion, now);
    let mut approved_by: Vec<_> = promotion
        .rules
        .iter()
        .flat_map(|rules| seats(world, &rules.approvals, &given))
        .flatten()
        .collect();
    approved_by.sort();
    approved_by.dedup();
    let decision = Decision {
        policy: world.policy.digest(),
        plan: promotion.plan_digest.clone(),
        conditions,
        approved_by,
    };
    let started = Event::DeliveryStarted {
        promotion: promotion.id.clone(),
        decision: Box::new(decision),
    };
    mended.chain(std::iter::once(started)).collect()
}
