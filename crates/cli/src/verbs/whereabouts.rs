//! `gradus where`

use crate::args::{Common, Where};
use crate::error::{DONE, Failed, Outcome};
use crate::output::{Output, Style};
use crate::workspace::Workspace;
use gradus_engine::{AppState, ReleaseState};
use gradus_ledger::Ledger as _;
use gradus_model::{Event, Recorded, Stream, Version};
use serde_json::json;

/// The shortest beginning of a digest or commit that is taken for one.
const SHORTEST: usize = 7;

/// Whether a release is what somebody asks for: its version, or the beginning of a digest or commit.
fn is_meant(release: &ReleaseState, text: &str) -> bool {
    let release = &release.release;
    let bare = text.strip_prefix("sha256:").unwrap_or(text);
    let begins = |id: &str| bare.len() >= SHORTEST && id.trim_start_matches("sha256:").starts_with(bare);
    release.version.as_str() == text
        || begins(release.digest().as_str())
        || release
            .commit
            .as_ref()
            .is_some_and(|commit| begins(commit.as_str()))
        || release
            .artifacts
            .iter()
            .any(|artifact| begins(artifact.digest.as_str()))
}

/// The version that a commit in a deployment repository brought, if one did.
fn delivered(events: &[Recorded], state: &AppState, text: &str) -> Option<Version> {
    events.iter().find_map(|recorded| {
        let Event::DeliveryFinished {
            promotion: id,
            receipts,
        } = &recorded.event
        else {
            return None;
        };
        let mut commits = receipts.iter().filter_map(|receipt| receipt.commit.as_ref());
        let found = text.len() >= SHORTEST && commits.any(|commit| commit.as_str().starts_with(text));
        let plan = events.iter().find_map(|earlier| match &earlier.event {
            Event::PromotionRequested { promotion, plan, .. } if promotion == id => Some(&plan.version),
            _ => None,
        });
        plan.filter(|version| found && state.releases.contains_key(*version))
            .cloned()
    })
}

pub(crate) fn run(args: &Where, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    let mut rows = Vec::new();
    for (name, app) in &workspace.policy.apps {
        let state = workspace.state(name)?;
        let events = workspace.ledger.read(&Stream::App(name.clone()), 0, usize::MAX)?;
        let by_commit = delivered(&events, &state, &args.what);
        let meant = |release: &&ReleaseState| {
            is_meant(release, &args.what) || by_commit.as_ref() == Some(&release.release.version)
        };
        for release in state.releases.values().filter(meant) {
            let version = &release.release.version;
            output.styled(&[(Style::Strong, &format!("{name}@{version}"))]);
            for place in app.in_order() {
                let now = state.current(place).filter(|now| now.version == *version);
                let been = release.was_verified_in(place);
                let (style, text) = match (now, been) {
                    (Some(now), true) => (Style::Good, format!("is there since {}", now.since)),
                    (Some(now), false) => {
                        (Style::Hint, format!("is there since {}, not verified", now.since))
                    }
                    (None, true) => (Style::Plain, "was there".to_owned()),
                    (None, false) => (Style::Dim, "was never there".to_owned()),
                };
                output.styled(&[(Style::Plain, &format!("  {place:<14} ")), (style, &text)]);
                rows.push(json!({
                    "app": name, "version": version, "environment": place, "now": now.is_some(), "verified": been,
                }));
            }
        }
    }
    output.data(&rows);
    if rows.is_empty() {
        let message = format!("nothing that was released is {}", args.what);
        let hint = "name a version, or seven letters or more of a digest or commit";
        return Err(Failed::usage(message, hint));
    }
    Ok(DONE)
}
