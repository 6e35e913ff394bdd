//! Requests: somebody, or an automation, wants a release to be somewhere.

use super::{no_release, require};
use crate::automation;
use crate::command::{Command, RequestKind};
use crate::conditions::conditions;
use crate::refusal::Refusal;
use crate::rollback;
use crate::state::World;
use crate::step::Step;
use gradus_model::{
    Actor, BreakGlass, Condition, ConditionKind, Event, Permission, Plan, PromotionId, PromotionKind, Queue,
    ReleaseKind, Rules, Timestamp,
};

/// The shortest reason that says anything.
const REASON_LENGTH: usize = 20;

pub(super) fn request(
    world: &World<'_>,
    actor: &Actor,
    command: &Command,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let Command::Request {
        kind,
        plan,
        rules,
        reason,
        break_glass,
        override_window,
    } = command
    else {
        return Ok(Vec::new());
    };
    let step = match kind {
        RequestKind::Rollback | RequestKind::AutomaticRollback => Step::back(world, &plan.version, &plan.to),
        _ => Step::forward(world, &plan.version, plan.from.as_ref(), &plan.to),
    };
    let step = step.ok_or_else(|| no_release(world, &plan.version))?;
    standing(world, &step, now)?;
    current(&step, plan, rules)?;
    permissions(world, actor, *kind, plan, rules)?;
    emergency(
        world,
        actor,
        rules,
        break_glass.as_ref(),
        override_window.as_deref(),
        now,
    )?;
    if *kind == RequestKind::AutomaticRollback {
        lost(world, plan)?;
    }
    if matches!(kind, RequestKind::Rollback | RequestKind::AutomaticRollback) {
        goes_back(world, plan, reason.as_deref())?;
    } else if arrived(world, plan) {
        let message = format!("{}@{} is already in {}", world.name, plan.version, plan.to);
        return Err(Refusal::conflict(
            "promotion.already_there",
            message,
            "nothing needs to be done",
        ));
    }
    if let Some(same) = same(world, plan) {
        let message = format!("{same} already does that");
        return Err(Refusal::conflict(
            "promotion.exists",
            message,
            format!("gradus explain {}@{} --to {}", world.name, plan.version, plan.to),
        ));
    }
    let id = PromotionId::new(world.name.clone(), world.app.promotions_counted + 1);
    let mut events = vec![Event::PromotionRequested {
        promotion: id.clone(),
        kind: plan.kind,
        plan: plan.clone(),
        rules: rules.clone(),
        automatic: matches!(kind, RequestKind::Automatic | RequestKind::AutomaticRollback),
        reason: reason.clone(),
        break_glass: break_glass.clone(),
        override_window: override_window.clone(),
    }];
    events.extend(superseded(world, plan, rules, &id));
    if matches!(kind, RequestKind::ByHand | RequestKind::Rollback) {
        events.extend(automation::after_hand(world, plan));
    }
    Ok(events)
}

/// What no evidence and nobody's consent can change is refused at once, so that nothing is ever
/// held that could not go on.
fn standing(world: &World<'_>, step: &Step<'_>, now: Timestamp) -> Result<(), Refusal> {
    let fixed = [
        ConditionKind::Path,
        ConditionKind::Branch,
        ConditionKind::Denied,
        ConditionKind::Schema,
    ];
    let asked = conditions(world, step, None, now);
    let unmet = asked
        .into_iter()
        .find(|condition| fixed.contains(&condition.kind) && !condition.is_met());
    let Some(Condition {
        kind,
        observed,
        wanted,
        remedy,
        ..
    }) = unmet
    else {
        return Ok(());
    };
    let code = match kind {
        ConditionKind::Path => "path.none",
        ConditionKind::Branch => "branch.not_accepted",
        ConditionKind::Denied => "release.denied",
        _ => "schema.forward_only",
    };
    let message = match kind {
        ConditionKind::Branch => format!("{} accepts {wanted}, not {observed}", step.to),
        _ => observed,
    };
    Err(Refusal::blocked(code, message, remedy))
}

/// The plan must have been made from the rules and the release as they are now.
fn current(step: &Step<'_>, plan: &Plan, rules: &Rules) -> Result<(), Refusal> {
    let today = step.rules.as_ref() == Some(rules) && plan.rules == rules.digest();
    if today && plan.release == step.release.release.digest() {
        return Ok(());
    }
    let message = "the plan was made from other rules than those in force".to_owned();
    Err(Refusal::conflict(
        "plan.stale",
        message,
        "make the plan anew and look at it again",
    ))
}

fn permissions(
    world: &World<'_>,
    actor: &Actor,
    kind: RequestKind,
    plan: &Plan,
    rules: &Rules,
) -> Result<(), Refusal> {
    let permission = match (kind, &plan.from) {
        (RequestKind::Automatic | RequestKind::AutomaticRollback, _) => return Ok(()),
        (RequestKind::Rollback, _) => Permission::RollBack,
        (RequestKind::ByHand, Some(_)) => Permission::Promote,
        (RequestKind::ByHand, None) => Permission::Release,
    };
    require(world, actor, permission, &[rules])
}

/// The emergency way has its own permission, a reason that says something, and an end.
fn emergency(
    world: &World<'_>,
    actor: &Actor,
    rules: &Rules,
    glass: Option<&BreakGlass>,
    window: Option<&str>,
    now: Timestamp,
) -> Result<(), Refusal> {
    if let Some(glass) = glass {
        require(world, actor, Permission::BreakGlass, &[rules])?;
        if glass.reason.trim().chars().count() < REASON_LENGTH {
            let message = "break-glass without a reason".to_owned();
            return Err(Refusal::blocked(
                "break_glass.reason",
                message,
                "say why in at least 20 characters: --reason …",
            ));
        }
        let latest = gradus_model::Period::from_secs(3600).after(now);
        if glass.until > latest || glass.until <= now {
            let message = "break-glass for more than an hour, or for no time".to_owned();
            return Err(Refusal::blocked(
                "break_glass.time",
                message,
                "it may last for up to 60 minutes",
            ));
        }
    }
    match window {
        None => Ok(()),
        Some(reason) if reason.trim().is_empty() => {
            let message = "a window is overridden without a reason".to_owned();
            Err(Refusal::blocked(
                "window.reason",
                message,
                "say why: --override-window REASON",
            ))
        }
        Some(_) => require(world, actor, Permission::OverrideWindow, &[rules]),
    }
}

/// An automatic rollback answers a loss of health, once.
fn lost(world: &World<'_>, plan: &Plan) -> Result<(), Refusal> {
    if automation::answer(world, &plan.to).is_some_and(|(to, _)| to == plan.version) {
        return Ok(());
    }
    let message = format!("nothing in {} asks for a rollback by itself any more", plan.to);
    Err(Refusal::conflict(
        "rollback.no_reason",
        message,
        "nothing needs to be done",
    ))
}

fn goes_back(world: &World<'_>, plan: &Plan, reason: Option<&str>) -> Result<(), Refusal> {
    if reason.is_none_or(|reason| reason.trim().is_empty()) {
        let message = "a rollback without a reason".to_owned();
        return Err(Refusal::blocked(
            "rollback.reason",
            message,
            "say why: --reason …",
        ));
    }
    let Some(now_there) = world.app.current(&plan.to) else {
        let message = format!("nothing was ever delivered to {}", plan.to);
        return Err(Refusal::blocked(
            "rollback.no_target",
            message,
            "there is nothing to go back from",
        ));
    };
    let target = rollback::target(world.app, &plan.to, &now_there.version, Some(&plan.version));
    match target {
        Ok(_) => Ok(()),
        Err(no) => Err(Refusal::blocked(
            no.code(),
            no.to_string(),
            "roll forward: release a mended version and promote it",
        )),
    }
}

/// Whether the release is already there and good; a redelivery of what failed may go on.
fn arrived(world: &World<'_>, plan: &Plan) -> bool {
    let now_there = world.app.current(&plan.to);
    now_there.is_some_and(|now| now.version == plan.version && now.verified_at.is_some())
}

fn same(world: &World<'_>, plan: &Plan) -> Option<PromotionId> {
    let going = |status: gradus_model::Status| status.is_waiting() || status.holds_lane();
    let mut moving = world.app.moving().filter(|promotion| going(promotion.status));
    let same = moving.find(|promotion| {
        let other = &promotion.plan;
        other.version == plan.version && other.to == plan.to && other.kind == plan.kind
    });
    same.map(|promotion| promotion.id.clone())
}

/// A newer release takes the place of waiting older ones, but a hotfix only yields to a hotfix.
fn superseded(world: &World<'_>, plan: &Plan, rules: &Rules, by: &PromotionId) -> Vec<Event> {
    if rules.queue != Queue::LatestWins || plan.kind == PromotionKind::Rollback {
        return Vec::new();
    }
    let is_hotfix = |version: &gradus_model::Version| {
        world
            .app
            .releases
            .get(version)
            .is_some_and(|r| r.release.kind == ReleaseKind::Hotfix)
    };
    let order = world.app.order(&plan.version);
    let yields = |other: &Plan| {
        let older = world.app.order(&other.version) < order;
        older && (is_hotfix(&plan.version) || !is_hotfix(&other.version))
    };
    let waiting = world
        .app
        .moving()
        .filter(|promotion| promotion.status.is_waiting());
    let same_way = waiting.filter(|other| other.plan.to == plan.to && other.kind == PromotionKind::Promotion);
    let yielding = same_way.filter(|promotion| yields(&promotion.plan));
    yielding
        .map(|promotion| Event::PromotionSuperseded {
            promotion: promotion.id.clone(),
            by: by.clone(),
        })
        .collect()
}
