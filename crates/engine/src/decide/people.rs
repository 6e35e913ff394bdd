//! What people say to a promotion: yes, no, never mind, and what becomes of it.

use super::{find, require};
use crate::approvals::objection;
use crate::refusal::Refusal;
use crate::rollback;
use crate::state::{Promotion, World};
use gradus_model::{
    Actor, Digest, EnvironmentName, Event, Permission, PersonName, PromotionId, PromotionKind, Resolution,
    Rules, Timestamp,
};

/// The promotion, if it still waits to begin.
fn waiting<'a>(world: &World<'a>, id: &PromotionId) -> Result<&'a Promotion, Refusal> {
    let promotion = find(world, id)?;
    if promotion.status.is_waiting() {
        return Ok(promotion);
    }
    let message = format!("{id} is {} and can no longer be changed", promotion.status);
    Err(Refusal::conflict(
        "promotion.not_waiting",
        message,
        format!("gradus promotion show {id} tells what happened"),
    ))
}

fn person(world: &World<'_>, actor: &Actor) -> Result<PersonName, Refusal> {
    world
        .policy
        .people
        .who(&actor.identity)
        .map(|(name, _)| name.clone())
        .ok_or_else(|| {
            let hint = "list the identity under people in gradus.yaml, or name a person with --as";
            let message = format!("the policy does not know {}", actor.identity);
            Refusal::not_permitted("approval.unknown_person", message, hint)
        })
}

fn asked(world: &World<'_>, promotion: &Promotion, person: &PersonName) -> bool {
    let rules = promotion.rules.iter().flat_map(|rules| &rules.approvals);
    let mut teams = rules.flat_map(|rule| &rule.from);
    teams.any(|team| world.policy.people.is_member(team, person))
}

pub(super) fn approve(
    world: &World<'_>,
    actor: &Actor,
    id: &PromotionId,
    plan: &Digest,
    note: Option<&String>,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let promotion = waiting(world, id)?;
    if *plan != promotion.plan_digest {
        let message = format!(
            "{id} would now carry out plan {}, not {}",
            promotion.plan_digest.short(),
            plan.short()
        );
        return Err(Refusal::conflict(
            "approval.plan_mismatch",
            message,
            format!("look at it again: gradus promotion show {id}"),
        ));
    }
    let person = person(world, actor)?;
    if let Some((code, message)) = objection(world, promotion, &person) {
        return Err(Refusal::not_permitted(
            code,
            message,
            "somebody else must approve",
        ));
    }
    if !asked(world, promotion, &person) {
        let message = format!("{person} is in none of the teams that {id} asks");
        return Err(Refusal::not_permitted(
            "approval.not_asked",
            message,
            format!(
                "gradus explain {}@{} --to {} names them",
                world.name, promotion.plan.version, promotion.plan.to
            ),
        ));
    }
    let lasts = promotion.rules.iter().map(|rules| rules.approvals_expire).min();
    let counts = |at: Timestamp| lasts.is_none_or(|lasts| now < lasts.after(at));
    let given = promotion
        .approvals
        .iter()
        .filter(|given| given.plan == *plan && counts(given.at));
    match given.into_iter().find(|given| given.person == person) {
        Some(given) if given.identity == actor.identity => Ok(Vec::new()),
        Some(given) => {
            let message = format!("{person} has already approved {id}, as {}", given.identity);
            Err(Refusal::not_permitted(
                "approval.duplicate_human",
                message,
                "one human is one approval: somebody else must approve",
            ))
        }
        None => Ok(vec![Event::ApprovalGiven {
            promotion: id.clone(),
            plan: plan.clone(),
            person,
            note: note.cloned(),
        }]),
    }
}

pub(super) fn reject(
    world: &World<'_>,
    actor: &Actor,
    id: &PromotionId,
    reason: &str,
) -> Result<Vec<Event>, Refusal> {
    let promotion = waiting(world, id)?;
    let person = person(world, actor)?;
    if !asked(world, promotion, &person) {
        let rules: Vec<&Rules> = promotion.rules.iter().collect();
        require(world, actor, Permission::Promote, &rules)?;
    }
    let plan = promotion.plan_digest.clone();
    Ok(vec![Event::PromotionRejected {
        promotion: id.clone(),
        plan,
        person,
        reason: reason.to_owned(),
    }])
}

pub(super) fn cancel(
    world: &World<'_>,
    actor: &Actor,
    id: &PromotionId,
    reason: &str,
) -> Result<Vec<Event>, Refusal> {
    let promotion = waiting(world, id)?;
    if promotion.requested_by.identity != actor.identity {
        let rules: Vec<&Rules> = promotion.rules.iter().collect();
        require(world, actor, Permission::Promote, &rules)?;
    }
    Ok(vec![Event::PromotionCancelled {
        promotion: id.clone(),
        reason: reason.to_owned(),
    }])
}

pub(super) fn resolve(
    world: &World<'_>,
    actor: &Actor,
    id: &PromotionId,
    resolution: Resolution,
    reason: &str,
) -> Result<Vec<Event>, Refusal> {
    let promotion = find(world, id)?;
    if promotion.status != gradus_model::Status::NeedsHuman {
        let message = format!("{id} is {} and needs no decision", promotion.status);
        return Err(Refusal::conflict(
            "promotion.needs_no_human",
            message,
            format!("gradus promotion show {id}"),
        ));
    }
    // The environment may hold the earlier release by now: then it is not this one that is good there.
    if resolution == Resolution::Accept && promotion.going_back_to.is_some() {
        let message = format!("{id} was being taken back, so it cannot be accepted as it is");
        let hint = "say roll_back to try that again, or fail; gradus drift shows what is there";
        return Err(Refusal::conflict("rollback.begun", message, hint.to_owned()));
    }
    let person = person(world, actor)?;
    let permission = if resolution == Resolution::RollBack {
        Permission::RollBack
    } else {
        Permission::Promote
    };
    let rules: Vec<&Rules> = promotion.rules.iter().collect();
    require(world, actor, permission, &rules)?;
    // Where phases remain, what is good is good enough for the next one only.
    let goes_on = resolution == Resolution::GoOn || resolution == Resolution::Accept && promotion.goes_on();
    let decided = Event::HumanDecided {
        promotion: id.clone(),
        person,
        resolution: if goes_on { Resolution::GoOn } else { resolution },
        reason: reason.to_owned(),
    };
    if goes_on {
        return go_on(world, promotion, decided);
    }
    if resolution != Resolution::RollBack {
        return Ok(vec![decided]);
    }
    let plan = &promotion.plan;
    if promotion.kind == PromotionKind::Rollback || world.app.lane(&plan.to).is_some() {
        let message = format!("{id} cannot be rolled back from where it is");
        return Err(Refusal::conflict(
            "rollback.no_target",
            message,
            format!("gradus rollback {} --environment {}", world.name, plan.to),
        ));
    }
    let target = rollback::target(world.app, &plan.to, &plan.version, None);
    match target {
        Ok(to) => Ok(vec![
            decided,
            Event::RollbackStarted {
                promotion: id.clone(),
                to,
            },
        ]),
        Err(no) => Err(Refusal::blocked(
            no.code(),
            no.to_string(),
            "roll forward: promote a mended release",
        )),
    }
}

/// The next phase begins, if there is one and nobody else is changing the environment.
fn go_on(world: &World<'_>, promotion: &Promotion, decided: Event) -> Result<Vec<Event>, Refusal> {
    let id = &promotion.id;
    if !promotion.goes_on() {
        let message = format!("{id} has no further phase");
        let hint = "say accept, if it is good as it is";
        return Err(Refusal::conflict("phase.last", message, hint.to_owned()));
    }
    if promotion.going_back_to.is_some() || world.app.lane(&promotion.plan.to).is_some() {
        let message = format!("{id} cannot go on from where it is");
        let hint = format!("gradus promotion show {id} says what happened to it");
        return Err(Refusal::conflict("phase.over", message, hint));
    }
    let passed = Event::PhasePassed {
        promotion: id.clone(),
        phase: promotion.phase,
        findings: Vec::new(),
    };
    Ok(vec![decided, passed])
}

pub(super) fn review(
    world: &World<'_>,
    actor: &Actor,
    id: &PromotionId,
    note: &str,
) -> Result<Vec<Event>, Refusal> {
    let promotion = find(world, id)?;
    if !promotion.review_owed {
        let message = format!("{id} owes no review");
        return Err(Refusal::conflict(
            "break_glass.no_review",
            message,
            "only what went past gates is reviewed",
        ));
    }
    let person = person(world, actor)?;
    let requester = world
        .policy
        .people
        .who(&promotion.requested_by.identity)
        .map(|(name, _)| name);
    if requester == Some(&person) {
        let message = format!("{person} broke the glass and cannot review it");
        return Err(Refusal::not_permitted(
            "approval.self",
            message,
            "somebody else must look at it",
        ));
    }
    Ok(vec![Event::BreakGlassReviewed {
        promotion: id.clone(),
        person,
        note: note.to_owned(),
    }])
}

pub(super) fn release_automation(
    world: &World<'_>,
    actor: &Actor,
    environment: &EnvironmentName,
) -> Result<Vec<Event>, Refusal> {
    let held = world
        .app
        .places
        .get(environment)
        .is_some_and(|place| place.automation_held.is_some());
    if !held {
        return Ok(Vec::new());
    }
    if let Some(rules) = world.policy.rules_for_rollback(world.name, environment) {
        require(world, actor, Permission::Promote, &[&rules])?;
    }
    Ok(vec![Event::AutomationReleased {
        environment: environment.clone(),
    }])
}
