//! Projections: rows that follow from the events, for pages and lists to read.
//!
//! Each is a pure function of events, so that a ledger can always compute them anew.

use gradus_model::{Digest, Event, PromotionId, Recorded, Status};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Where rows are kept.
pub(crate) trait Rows {
    /// The row under a key.
    fn get(&mut self, projection: &str, key: &str) -> crate::Result<Option<Value>>;
    /// Puts a row in place of the one before.
    fn put(&mut self, projection: &str, key: &str, value: &Value) -> crate::Result<()>;
}

/// The names of all projections, in order.
pub(crate) fn names() -> [&'static str; 3] {
    ["deployment", "promotion", "release"]
}

/// The hash over all rows.
#[derive(Default)]
pub(crate) struct RowsHash(Sha256);

impl RowsHash {
    pub(crate) fn add(&mut self, projection: &str, key: &str, value: &Value) {
        let line = format!("{projection}\0{key}\0{value}\n");
        self.0.update(line.as_bytes());
    }

    pub(crate) fn finish(self) -> Digest {
        let hash: [u8; 32] = self.0.finalize().into();
        Digest::of(&hash)
    }
}

/// Writes what follows from an event.
pub(crate) fn project(recorded: &Recorded, rows: &mut dyn Rows) -> crate::Result<()> {
    release(recorded, rows)?;
    promotion(recorded, rows)?;
    deployment(recorded, rows)
}

fn release(recorded: &Recorded, rows: &mut dyn Rows) -> crate::Result<()> {
    let gradus_model::Stream::App(app) = &recorded.stream else {
        return Ok(());
    };
    match &recorded.event {
        Event::ReleaseAdded { release } => {
            let row = json!({
                "app": app, "version": release.version, "kind": release.kind, "digest": release.digest(),
                "branch": release.branch, "commit": release.commit, "added_at": recorded.at, "denied": null,
            });
            rows.put("release", &format!("{app}/{}", release.version), &row)
        }
        Event::ReleaseDenied { version, reason } => change(
            rows,
            "release",
            &format!("{app}/{version}"),
            &[("denied", json!(reason))],
        ),
        Event::ReleaseAllowed { version, .. } => change(
            rows,
            "release",
            &format!("{app}/{version}"),
            &[("denied", Value::Null)],
        ),
        _ => Ok(()),
    }
}

fn key(id: &PromotionId) -> String {
    format!("{}/{:08}", id.app(), id.number())
}

fn promotion(recorded: &Recorded, rows: &mut dyn Rows) -> crate::Result<()> {
    let Some(id) = recorded.event.promotion() else {
        return Ok(());
    };
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
            return rows.put("promotion", &key(id), &row);
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
            let row = rows.get("promotion", &key(id))?.unwrap_or_default();
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
        Event::RollbackStarted { .. } => vec![at, status(Status::RollingBack)],
        Event::RollbackFinished { .. } => vec![at, status(Status::RolledBack)],
        Event::HumanNeeded { why, .. } => vec![at, status(Status::NeedsHuman), outcome(why)],
        Event::HumanDecided {
            resolution, reason, ..
        } => {
            let next = match resolution {
                gradus_model::Resolution::Accept => Status::Succeeded,
                gradus_model::Resolution::Fail => Status::Failed,
                gradus_model::Resolution::RollBack => Status::NeedsHuman,
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
    change(rows, "promotion", &key(id), &changes)
}

fn deployment(recorded: &Recorded, rows: &mut dyn Rows) -> crate::Result<()> {
    let Some(id) = recorded.event.promotion() else {
        return Ok(());
    };
    let health = |event: &Event| match event {
        Event::DeliveryFinished { .. } => Some("unverified"),
        Event::VerificationPassed { .. } | Event::RollbackFinished { .. } => Some("healthy"),
        Event::HumanDecided {
            resolution: gradus_model::Resolution::Accept,
            ..
        } => Some("healthy"),
        Event::VerificationFailed { .. } => Some("failed"),
        _ => None,
    };
    if let Event::RollbackStarted { to, .. } = &recorded.event {
        return change(rows, "promotion", &key(id), &[("going_back_to", json!(to))]);
    }
    let Some(health) = health(&recorded.event) else {
        return Ok(());
    };
    let Some(row) = rows.get("promotion", &key(id))? else {
        return Ok(());
    };
    let (app, to) = (
        row["app"].as_str().unwrap_or_default(),
        row["to"].as_str().unwrap_or_default(),
    );
    let place = format!("{app}/{to}");
    let arrives = match &recorded.event {
        Event::DeliveryFinished { .. } => Some(&row["version"]),
        Event::RollbackFinished { .. } => Some(&row["going_back_to"]),
        _ => None,
    };
    match arrives {
        Some(version) => {
            let before = rows.get("deployment", &place)?.map(|row| row["version"].clone());
            let row = json!({
                "app": app, "environment": to, "version": version, "since": recorded.at, "promotion": id,
                "health": health, "previous": before,
            });
            rows.put("deployment", &place, &row)
        }
        None => change(rows, "deployment", &place, &[("health", json!(health))]),
    }
}

fn change(rows: &mut dyn Rows, projection: &str, key: &str, changes: &[(&str, Value)]) -> crate::Result<()> {
    let Some(mut row) = rows.get(projection, key)? else {
        return Ok(());
    };
    for (field, value) in changes {
        row[*field] = value.clone();
    }
    rows.put(projection, key, &row)
}
