//! What people are asked: to agree to a plan that is still the plan, and time to object.

use super::condition;
use crate::approvals::{counting, objection, seats};
use crate::state::{Promotion, World};
use crate::step::Step;
use gradus_model::{
    Approvers, Condition, ConditionKind, Digest, Period, PersonName, PromotionKind, TeamName, Timestamp,
};

pub(super) fn plan(step: &Step<'_>, fresh: Option<&Digest>) -> Option<Condition> {
    let (promotion, fresh) = (step.promotion?, fresh?);
    let agreed = &promotion.plan_digest;
    let wanted = format!("plan {}", agreed.short());
    let mut plan = condition(
        ConditionKind::Plan,
        "plan",
        agreed == fresh,
        wanted,
        format!("plan {}", fresh.short()),
    );
    if agreed != fresh {
        plan.remedy = "the plan is made anew by itself, and must be approved anew".to_owned();
    }
    Some(plan)
}

pub(super) fn approvals(world: &World<'_>, step: &Step<'_>, now: Timestamp) -> Vec<Condition> {
    if step.promotion.is_some_and(answers_a_loss) {
        return Vec::new();
    }
    let approvals = step
        .promotion
        .map(|promotion| counting(world, promotion, now))
        .unwrap_or_default();
    let mut asked: Vec<&[Approvers]> = Vec::new();
    for rules in step.binding() {
        if !asked.contains(&rules.approvals.as_slice()) {
            asked.push(&rules.approvals);
        }
    }
    let mut found = Vec::new();
    for rules in asked {
        for (rule, people) in rules.iter().zip(seats(world, rules, &approvals)) {
            found.push(approval(world, step, rule, &people));
        }
    }
    found
}

/// A rollback that answers a loss of health is asked for by the policy itself.
fn answers_a_loss(promotion: &Promotion) -> bool {
    promotion.automatic && promotion.kind == PromotionKind::Rollback
}

fn approval(world: &World<'_>, step: &Step<'_>, rule: &Approvers, people: &[PersonName]) -> Condition {
    let names: Vec<_> = people.iter().map(PersonName::as_str).collect();
    let teams: Vec<_> = rule.from.iter().map(TeamName::as_str).collect();
    let observed = match names.as_slice() {
        [] => format!("0 of {}", rule.count),
        names => format!("{} of {}: {}", names.len(), rule.count, names.join(", ")),
    };
    let met = people.len() >= rule.count as usize;
    let name = format!("approval {}", teams.join(" or "));
    let mut found = condition(ConditionKind::Approval, &name, met, rule.to_string(), observed);
    if !met {
        let members = rule
            .from
            .iter()
            .filter_map(|team| world.policy.people.teams.get(team))
            .flatten();
        // Nobody is asked whose yes would not count.
        let may = |person: &&PersonName| {
            let promotion = step.promotion;
            promotion.is_none_or(|promotion| objection(world, promotion, person).is_none())
        };
        let mut open: Vec<_> = members
            .filter(|person| !people.contains(person))
            .filter(may)
            .map(PersonName::as_str)
            .collect();
        open.sort_unstable();
        open.dedup();
        let command = step
            .promotion
            .map(|promotion| format!(": gradus approve {}", promotion.id))
            .unwrap_or_default();
        found.remedy = match open.as_slice() {
            [] => "nobody who is asked may approve this one: add somebody to the team".to_owned(),
            names => format!("{} can approve{command}", names.join(", ")),
        };
    }
    found
}

pub(super) fn wait(step: &Step<'_>, now: Timestamp) -> Option<Condition> {
    let wait = step
        .binding()
        .iter()
        .map(|rules| rules.wait)
        .max()
        .filter(|wait| !wait.is_zero())?;
    let ready_at = step.promotion.and_then(|promotion| promotion.ready_at);
    let waited = ready_at.map_or(Period::ZERO, |since| Period::between(since, now));
    let observed = ready_at.map_or("starts when all is agreed".to_owned(), |_| {
        format!("{} of {wait}", waited.rough())
    });
    let met = ready_at.is_some() && waited >= wait;
    let mut found = condition(
        ConditionKind::Wait,
        "wait",
        met,
        format!("{wait} to object"),
        observed,
    );
    found.since = ready_at;
    if !met {
        found.next = ready_at.map(|since| wait.after(since));
        found.remedy = "time alone: it is asked again by itself".to_owned();
    }
    Some(found)
}
