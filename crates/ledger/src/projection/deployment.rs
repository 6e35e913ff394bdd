//! `deployment`: what each environment holds now, under `app/environment`.

use super::{Rows, change, key};
use crate::Result;
use gradus_model::{Event, Recorded, Resolution};
use serde_json::{Value, json};

/// Writes what follows from an event. It reads the promotion's row, which comes before it.
pub(super) fn project(recorded: &Recorded, rows: &mut dyn Rows) -> Result<()> {
    let (Some(id), Some(health)) = (recorded.event.promotion(), health(&recorded.event)) else {
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
    let now = rows.get("deployment", &place)?.unwrap_or_default();
    let own = now["promotion"] == json!(id);
    match arrives(&recorded.event, &row) {
        Some(version) if !own || now["version"] != *version => {
            let row = json!({
                "app": app, "environment": to, "version": version, "since": recorded.at, "promotion": id,
                "health": health, "previous": (!now["version"].is_null()).then_some(&now["version"]),
            });
            rows.put("deployment", &place, &row)
        }
        // What is found before a release is there says nothing about what is there.
        _ if own => change(rows, "deployment", &place, &[("health", json!(health))]),
        _ => Ok(()),
    }
}

/// What is known of an environment's health with an event.
fn health(event: &Event) -> Option<&'static str> {
    Some(match event {
        Event::DeliveryFinished { .. } | Event::PhaseDelivered { arrived: true, .. } => "unverified",
        Event::VerificationPassed { .. } | Event::RollbackFinished { .. } => "healthy",
        Event::HumanDecided {
            resolution: Resolution::Accept,
            ..
        } => "healthy",
        Event::VerificationFailed { .. } | Event::RollbackFailed { arrived: true, .. } => "failed",
        Event::HealthLost { .. } => "failed",
        _ => return None,
    })
}

/// What the environment holds with an event, if it is something else.
fn arrives<'r>(event: &Event, promotion: &'r Value) -> Option<&'r Value> {
    match event {
        Event::DeliveryFinished { .. } | Event::PhaseDelivered { arrived: true, .. } => {
            Some(&promotion["version"])
        }
        Event::RollbackFinished { .. } | Event::RollbackFailed { arrived: true, .. } => {
            Some(&promotion["going_back_to"])
        }
        _ => None,
    }
}
