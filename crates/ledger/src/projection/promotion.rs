//! `promotion`: every promotion and how far it has come, under `app/number`, the number with eight
//! digits so that the order of keys is the order of numbers.

use super::{Rows, change, key};
use crate::Result;
use gradus_model::{Event, Recorded, Resolution, Status};
use serde_json::{Value, json};

/// Writes what follows from an event.
pub(super) fn project(recorded: &Recorded, rows: &mut dyn Rows) -> Result<()> {
    let Some(id) = recorded.event.promotion() else {
        return Ok(());
    };
    let key = key(id);
    let at = ("updated_at", json!(recorded.at));
    let status = |status: Status| ("status", json!(status));
    let outcome = |text: &str| ("outcome", json!(text));
    let changes = match &recorded.event {
        Event::PromotionRequested {
            kind,
            plan,
            automatic,
            reason,
            break_glass,
            ..
        } => {
            let row = json!({
                "id": id, "app": plan.app, "version": plan.version, "kind": kind, "from": plan.from, "to": plan.to,
                "status": Status::Held, "requested_by": recorded.actor.identity, "requested_at": recorded.at,
                "updated_at": recorded.at, "reason": reason, "plan": plan.digest(), "automatic": automatic,
                "break_glass": break_glass.is_some(), "approved_by": [], "outcome": null,
            });
            return rows.put("promotion", &key, &row);
        }
        Event::PromotionReplanned { plan, why, .. } => {
            let plan = ("plan", json!(plan.digest()));
            vec![
                at,
                status(Status::Held),
                plan,
                ("approved_by", json!([])),
                outcome(why),
            ]
        }
        Event::ApprovalGiven { person, .. } => {
            let row = rows.get("promotion", &key)?.unwrap_or_default();
            let mut people = row["approved_by"].as_array().cloned().unwrap_or_default();
            people.push(json!(person));
            vec![at, ("approved_by", json!(people))]
        }
        Event::PromotionRejected { reason, .. } => vec![at, status(Status::Rejected), outcome(reason)],
        Event::PromotionReadied { .. } => vec![at, status(Status::Ready)],
        Event::PromotionHeld { why, .. } => vec![at, status(Status::Held), outcome(why)],
        Event::DeliveryStarted { .. } => vec![at, status(Status::Delivering), ("outcome", Value::Null)],
        Event::DeliveryFinished { .. } => vec![at, status(Status::Verifying)],
        Event::DeliveryFailed { failure, .. } | Event::RollbackFailed { failure, .. } => {
            vec![at, outcome(&failure.message)]
        }
        Event::VerificationPassed { .. } => vec![at, status(Status::Succeeded)],
        Event::VerificationFailed { findings, .. } | Event::VerificationInconclusive { findings, .. } => {
            let bad = findings.iter().find(|finding| !finding.answer.is_pass());
            let text = bad
                .map(|finding| format!("{}: {}", finding.check, finding.observed))
                .unwrap_or_default();
            vec![at, outcome(&text)]
        }
        Event::RollbackStarted { to, .. } => {
            vec![at, status(Status::RollingBack), ("going_back_to", json!(to))]
        }
        Event::RollbackFinished { .. } => vec![at, status(Status::RolledBack)],
        Event::HumanNeeded { why, .. } => vec![at, status(Status::NeedsHuman), outcome(why)],
        Event::HumanDecided {
            resolution, reason, ..
        } => {
            let next = match resolution {
                Resolution::Accept => Status::Succeeded,
                Resolution::Fail => Status::Failed,
                Resolution::RollBack => Status::NeedsHuman,
            };
            vec![at, status(next), outcome(reason)]
        }
        Event::PromotionFailed { why, .. } => vec![at, status(Status::Failed), outcome(why)],
        Event::PromotionCancelled { reason, .. } => vec![at, status(Status::Cancelled), outcome(reason)],
        Event::PromotionSuperseded { by, .. } => {
            vec![
                at,
                status(Status::Superseded),
                outcome(&format!("superseded by {by}")),
            ]
        }
        Event::PromotionExpired { .. } => vec![at, status(Status::Expired)],
        _ => vec![at],
    };
    change(rows, "promotion", &key, &changes)
}
