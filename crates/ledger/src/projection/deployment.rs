//! `deployment`: what each environment holds now, under `app/environment`.

use super::{Rows, change, key};
use crate::Result;
use gradus_model::{Event, Recorded, Resolution};
use serde_json::json;

/// Writes what follows from an event. It reads the promotion's row, which comes before it.
pub(super) fn project(recorded: &Recorded, rows: &mut dyn Rows) -> Result<()> {
    let Some(id) = recorded.event.promotion() else {
        return Ok(());
    };
    let health = |event: &Event| match event {
        Event::DeliveryFinished { .. } => Some("unverified"),
        Event::VerificationPassed { .. } | Event::RollbackFinished { .. } => Some("healthy"),
        Event::HumanDecided {
            resolution: Resolution::Accept,
            ..
        } => Some("healthy"),
        Event::VerificationFailed { .. } | Event::RollbackFailed { arrived: true, .. } => Some("failed"),
        _ => None,
    };
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
        Event::RollbackFinished { .. } | Event::RollbackFailed { arrived: true, .. } => {
            Some(&row["going_back_to"])
        }
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
