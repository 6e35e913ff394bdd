//! `release`: every release, under `app/version`.

use super::{Rows, change};
use crate::Result;
use gradus_model::{Event, Recorded, Stream};
use serde_json::{Value, json};

/// Writes what follows from an event.
pub(super) fn project(recorded: &Recorded, rows: &mut dyn Rows) -> Result<()> {
    let Stream::App(app) = &recorded.stream else {
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
