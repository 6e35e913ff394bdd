//! `promotion`: every promotion and how far it has come, under `app/number`, the number with eight
//! digits so that the order of keys is the order of numbers.

use super::{Rows, change, key};
use crate::Result;
use gradus_model::{Event, Finding, PromotionId, Recorded, Resolution, Status};
use serde_json::{Value, json};

/// Writes what follows from an event.
pub(super) fn project(recorded: &Recorded, rows: &mut dyn Rows) -> Result<()> {
    let Some(id) = recorded.event.promotion() else {
        return Ok(());
    };
    let key = key(id);
    if let Some(row) = requested(id, recorded) {
        return rows.put("promotion", &key, &row);
    }
    let mut changes = vec![("updated_at", json!(recorded.at))];
    if let Some(status) = status(&recorded.event) {
        changes.push(("status", json!(status)));
    }
    if let Some(outcome) = outcome(&recorded.event) {
        changes.push(("outcome", outcome));
    }
    match &recorded.event {
        Event::PromotionReplanned { plan, .. } => {
            changes.push(("plan", json!(plan.digest())));
            changes.push(("approved_by", json!([])));
        }
        Event::ApprovalGiven { person, .. } => {
            let row = rows.get("promotion", &key)?.unwrap_or_default();
            let mut people = row["approved_by"].as_array().cloned().unwrap_or_default();
            people.push(json!(person));
            changes.push(("approved_by", json!(people)));
        }
        Event::RollbackStarted { to, .. } => changes.push(("going_back_to", json!(to))),
        _ => {}
    }
    change(rows, "promotion", &key, &changes)
}

/// The row of a promotion that was just requested.
fn requested(id: &PromotionId, recorded: &Recorded) -> Option<Value> {
    let Event::PromotionRequested {
        kind,
        plan,
        automatic,
        reason,
        break_glass,
        ..
    } = &recorded.event
    else {
        return None;
    };
    Some(json!({
        "id": id, "app": plan.app, "version": plan.version, "kind": kind, "from": plan.from, "to": plan.to,
        "status": Status::Held, "requested_by": recorded.actor.identity, "requested_at": recorded.at,
        "updated_at": recorded.at, "reason": reason, "plan": plan.digest(), "automatic": automatic,
        "break_glass": break_glass.is_some(), "approved_by": [], "outcome": null,
    }))
}

/// How far the promotion has come with an event, if it moves.
fn status(event: &Event) -> Option<Status> {
    Some(match event {
        Event::PromotionReplanned { .. } | Event::PromotionHeld { .. } => Status::Held,
        Event::PromotionRejected { .. } => Status::Rejected,
        Event::PromotionReadied { .. } => Status::Ready,
        Event::DeliveryStarted { .. } => Status::Delivering,
        Event::DeliveryFinished { .. } | Event::PhaseDelivered { .. } => Status::Verifying,
        Event::PhasePassed { .. } => Status::Delivering,
        Event::PhasePaused { .. } => Status::NeedsHuman,
        Event::VerificationPassed { .. } => Status::Succeeded,
        Event::RollbackStarted { .. } => Status::RollingBack,
        Event::RollbackFinished { .. } => Status::RolledBack,
        Event::HumanNeeded { .. } => Status::NeedsHuman,
        Event::HumanDecided { resolution, .. } => match resolution {
            Resolution::Accept => Status::Succeeded,
            Resolution::Fail => Status::Failed,
            Resolution::RollBack => Status::NeedsHuman,
            Resolution::GoOn => Status::Verifying,
        },
        Event::PromotionFailed { .. } => Status::Failed,
        Event::PromotionCancelled { .. } => Status::Cancelled,
        Event::PromotionSuperseded { .. } => Status::Superseded,
        Event::PromotionExpired { .. } => Status::Expired,
        _ => return None,
    })
}

/// How it stands, in words, where an event says something about that.
fn outcome(event: &Event) -> Option<Value> {
    Some(match event {
        Event::DeliveryStarted { .. } | Event::DeliveryFinished { .. } | Event::PhaseDelivered { .. } => {
            Value::Null
        }
        Event::PromotionReplanned { why, .. }
        | Event::PromotionHeld { why, .. }
        | Event::HumanNeeded { why, .. }
        | Event::DeliveryWaits { why, .. }
        | Event::PromotionFailed { why, .. } => json!(why),
        Event::PromotionRejected { reason, .. }
        | Event::HumanDecided { reason, .. }
        | Event::PromotionCancelled { reason, .. } => json!(reason),
        Event::DeliveryFailed { failure, .. } | Event::RollbackFailed { failure, .. } => {
            json!(failure.message)
        }
        Event::VerificationFailed { findings, .. } | Event::VerificationInconclusive { findings, .. } => {
            json!(Finding::bad(findings)?.to_string())
        }
        Event::PromotionSuperseded { by, .. } => json!(format!("superseded by {by}")),
        _ => return None,
    })
}
