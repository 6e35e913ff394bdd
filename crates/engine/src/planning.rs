//! `plan`: what a promotion would do, exactly.

use crate::step::Step;
use gradus_model::{Digest, EnvironmentName, FileAddress, FileEdit, Part, Plan, Release, Rules};
use gradus_parts::steps::{self, Files};
use gradus_parts::{Occasion, StepError, substitute};
use std::collections::BTreeSet;

/// How many changed lines of a file a plan shows.
const LINES_SHOWN: usize = 40;

/// A part with the release's version and environment filled in.
pub fn fill_in(part: &Part, release: &Release, to: &EnvironmentName) -> Part {
    let values = [
        ("app", release.app.as_str()),
        ("environment", to.as_str()),
        ("release.version", release.version.as_str()),
    ];
    Part {
        kind: part.kind.clone(),
        settings: part.settings.map_text(|text| substitute(text, &values)),
    }
}

/// The files that must be read before a plan can be made.
pub fn files_needed(rules: &Rules, release: &Release) -> Result<BTreeSet<FileAddress>, StepError> {
    let mut needed = BTreeSet::new();
    for part in &rules.deliver {
        let part = fill_in(part, release, &rules.to);
        needed.extend((steps::step(&part)?.files)(&part.settings));
    }
    Ok(needed)
}

/// The plan for a step, from the files as they are, together with the files as they will be.
pub fn plan(step: &Step<'_>, rules: &Rules, files: &Files) -> Result<(Plan, Files), StepError> {
    let release = &step.release.release;
    let occasion = Occasion {
        release,
        to: &step.to,
    };
    let mut after = files.clone();
    let mut steps_done = Vec::new();
    for part in &rules.deliver {
        let part = fill_in(part, release, &step.to);
        // Each step sees what the steps before it would leave behind.
        after.extend((steps::step(&part)?.edit)(&part.settings, &occasion, &after)?);
        steps_done.push(part);
    }
    let changed = after
        .iter()
        .filter_map(|(address, text)| Some((address, text.as_deref()?)));
    let edits = changed.map(|(address, text)| {
        let before = files.get(address).and_then(Option::as_deref);
        FileEdit {
            address: address.clone(),
            before: before.map(|text| Digest::of(text.as_bytes())),
            after: Digest::of(text.as_bytes()),
            lines: changed_lines(before.unwrap_or_default(), text),
        }
    });
    let plan = Plan {
        app: release.app.clone(),
        version: release.version.clone(),
        release: release.digest(),
        artifacts: release.artifacts.clone(),
        kind: step.kind,
        from: step.from.clone(),
        to: step.to.clone(),
        rules: rules.digest(),
        edits: edits.collect(),
        steps: steps_done,
    };
    Ok((plan, after))
}

/// What lies between the common beginning and the common end of two texts.
fn changed_lines(before: &str, after: &str) -> Vec<String> {
    let (old, new): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let same_start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[same_start..], &new[same_start..]);
    let same_end = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let removed = old[..old.len() - same_end].iter().map(|line| format!("-{line}"));
    let added = new[..new.len() - same_end].iter().map(|line| format!("+{line}"));
    removed.chain(added).take(LINES_SHOWN).collect()
}
