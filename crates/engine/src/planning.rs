//! `plan`: what a promotion would do, exactly.

use crate::fill::fill_in;
use crate::phases::Delivery;
use crate::step::Step;
use gradus_model::{Digest, FileAddress, FileEdit, Part, Phase, Placed, Plan, Rules, Strategy};
use gradus_parts::steps::{self, Files, present};
use gradus_parts::{Occasion, StepError};
use std::collections::BTreeSet;

/// How many changed lines of a file a plan shows.
const LINES_SHOWN: usize = 40;

/// The files that must be read before a plan can be made.
pub fn files_needed(step: &Step<'_>, rules: &Rules) -> Result<BTreeSet<FileAddress>, StepError> {
    let delivery = delivery(step, rules);
    let mut needed = BTreeSet::new();
    let (live, colours) = match &rules.strategy {
        Strategy::BlueGreen(pair) => (Some(live(step, rules)?), pair.colours.clone()),
        _ => (None, vec![String::new()]),
    };
    needed.extend(live.iter().flat_map(files_of));
    // Which colour is live is known only from the files, so both are read.
    for colour in &colours {
        let phases = delivery.phases(Some(colour));
        for placed in phases.iter().flat_map(|phase| &phase.steps) {
            needed.extend((steps::step(&placed.part)?.files)(&placed.part.settings));
        }
    }
    Ok(needed)
}

fn files_of(part: &Part) -> Vec<FileAddress> {
    steps::step(part).map_or_else(|_| Vec::new(), |step| (step.files)(&part.settings))
}

fn delivery<'a>(step: &'a Step<'_>, rules: &'a Rules) -> Delivery<'a> {
    Delivery {
        rules,
        release: &step.release.release,
        to: &step.to,
        from: step.from.as_ref(),
        kind: step.kind,
    }
}

/// The leaf that says which colour is live.
fn live(step: &Step<'_>, rules: &Rules) -> Result<Part, StepError> {
    let Strategy::BlueGreen(pair) = &rules.strategy else {
        return Err(StepError {
            step: "set".to_owned(),
            message: "there is no colour without blue_green".to_owned(),
        });
    };
    let part = Part {
        kind: "set".to_owned(),
        settings: pair.live.clone(),
    };
    Ok(fill_in(&part, &step.release.release, &step.to))
}

/// The colour that is not live now.
fn idle(step: &Step<'_>, rules: &Rules, files: &Files) -> Result<Option<String>, StepError> {
    let Strategy::BlueGreen(pair) = &rules.strategy else {
        return Ok(None);
    };
    let found = present(&live(step, rules)?.settings, files)?.unwrap_or_default();
    match pair.colours.as_slice() {
        [one, two] if *one == found => Ok(Some(two.clone())),
        [one, two] if *two == found => Ok(Some(one.clone())),
        colours => Err(StepError {
            step: "blue_green".to_owned(),
            message: format!("{found:?} is live, which is none of {}", colours.join(", ")),
        }),
    }
}

/// The plan for a step, from the files as they are, together with the files as they will be when
/// its first phase is delivered.
pub fn plan(step: &Step<'_>, rules: &Rules, files: &Files) -> Result<(Plan, Files), StepError> {
    let release = &step.release.release;
    let mut phases = delivery(step, rules).phases(idle(step, rules, files)?.as_deref());
    let mut after = files.clone();
    let mut first = None;
    for phase in &mut phases {
        let before = after.clone();
        after = carry_out(&phase.steps, step, &before)?;
        phase.edits = edits(&before, &after);
        // Of the later ones only what they change is theirs.
        phase.edits.retain(is_change);
        first.get_or_insert_with(|| after.clone());
    }
    let steps = phases.iter().flat_map(|phase| &phase.steps);
    let mut whole = edits(files, &after);
    // What a step names by itself is in the plan even where nothing changes in it.
    let named = match rules.strategy.is_direct() {
        true => files_needed(step, rules)?,
        false => BTreeSet::new(),
    };
    whole.retain(|edit| is_change(edit) || named.contains(&edit.address));
    let plan = Plan {
        app: release.app.clone(),
        version: release.version.clone(),
        release: release.digest(),
        artifacts: release.artifacts.clone(),
        kind: step.kind,
        from: step.from.clone(),
        to: step.to.clone(),
        rules: rules.digest(),
        edits: whole,
        steps: steps.map(|placed| placed.part.clone()).collect(),
        phases: if phases.len() > 1 { phases } else { Vec::new() },
    };
    Ok((plan, first.unwrap_or(after)))
}

/// What a later phase of a plan makes of the files as they are now; none, if that is no longer what
/// was agreed to.
pub fn later(step: &Step<'_>, phase: &Phase, files: &Files) -> Result<Option<Files>, StepError> {
    let after = carry_out(&phase.steps, step, files)?;
    let mut now = edits(files, &after);
    now.retain(is_change);
    Ok((now == phase.edits).then_some(after))
}

/// The files after these steps: each sees what the steps before it would leave behind.
fn carry_out(placed: &[Placed], step: &Step<'_>, files: &Files) -> Result<Files, StepError> {
    let occasion = Occasion {
        release: &step.release.release,
        to: &step.to,
    };
    let mut after = files.clone();
    for Placed { part, .. } in placed {
        after.extend((steps::step(part)?.edit)(&part.settings, &occasion, &after)?);
    }
    Ok(after)
}

fn is_change(edit: &FileEdit) -> bool {
    edit.before != edit.after
}

/// How the files differ from what the environment should hold with this release in it.
pub fn deviations(step: &Step<'_>, rules: &Rules, files: &Files) -> Result<Vec<FileEdit>, StepError> {
    let mut steps: Vec<Placed> = Vec::new();
    let delivery = delivery(step, rules);
    if let Strategy::BlueGreen(pair) = &rules.strategy {
        // What is live should stay so, and hold the release.
        let idle = idle(step, rules, files)?;
        let live = pair.colours.iter().find(|colour| Some(*colour) != idle.as_ref());
        steps.extend(delivery.prepare(live.map(String::as_str)));
    } else {
        steps.extend(delivery.phases(None).into_iter().flat_map(|phase| phase.steps));
    }
    // What was copied was copied from what stood elsewhere then; that is not known any more.
    steps.retain(|placed| placed.part.kind != "copy");
    let after = carry_out(&steps, step, files)?;
    let mut found = edits(files, &after);
    found.retain(is_change);
    Ok(found)
}

fn edits(before: &Files, after: &Files) -> Vec<FileEdit> {
    let digest = |text: &str| Digest::of(text.as_bytes());
    let mut edits = Vec::new();
    for (address, text) in after {
        let was = before.get(address).and_then(Option::as_deref);
        if text.is_none() && was.is_none() {
            continue;
        }
        edits.push(FileEdit {
            address: address.clone(),
            before: was.map(digest),
            after: text.as_deref().map(digest),
            lines: changed_lines(was.unwrap_or_default(), text.as_deref().unwrap_or_default()),
        });
    }
    edits
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
