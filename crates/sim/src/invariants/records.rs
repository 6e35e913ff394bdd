//! Invariants about the log itself.

use super::{Moment, deliveries, hold, story_of};
use gradus_engine::{AppState, evolve};
use gradus_ledger::merkle::root;
use gradus_model::{Event, Stream};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn nothing_is_lost(moment: &Moment<'_>) -> Result<(), String> {
    let mut versions: BTreeMap<&Stream, u64> = BTreeMap::new();
    let mut known = BTreeMap::new();
    for recorded in moment.events {
        let last = versions.entry(&recorded.stream).or_default();
        *last += 1;
        hold(recorded.seq == *last, || {
            format!("{} {last} is missing", recorded.stream)
        })?;
        known.insert((&recorded.stream, recorded.seq), recorded);
    }
    let lost = moment
        .acknowledged
        .iter()
        .find(|recorded| known.get(&(&recorded.stream, recorded.seq)) != Some(recorded));
    hold(lost.is_none(), || format!("{lost:?}"))
}

pub(super) fn ends_are_ends(moment: &Moment<'_>) -> Result<(), String> {
    let mut ended = BTreeSet::new();
    for recorded in moment.events {
        let Some(id) = recorded.event.promotion() else {
            continue;
        };
        // What it has left behind is looked at afterwards; it itself changes no more.
        let review = matches!(
            recorded.event,
            Event::BreakGlassReviewed { .. } | Event::CheckDoubted { .. } | Event::HealthLost { .. }
        );
        hold(review || !ended.contains(id), || {
            format!("{} came after the end of {id}", recorded.event.word())
        })?;
        let end = matches!(
            recorded.event,
            Event::VerificationPassed { .. }
                | Event::RollbackFinished { .. }
                | Event::PromotionRejected { .. }
                | Event::PromotionCancelled { .. }
                | Event::PromotionSuperseded { .. }
                | Event::PromotionExpired { .. }
                | Event::PromotionFailed { .. }
        );
        if end {
            ended.insert(id);
        }
    }
    Ok(())
}

pub(super) fn state_is_a_fold(moment: &Moment<'_>) -> Result<(), String> {
    let own = |recorded: &&gradus_model::Recorded| recorded.stream != Stream::Workspace;
    let folded = moment
        .events
        .iter()
        .filter(own)
        .try_fold(AppState::default(), |state, recorded| {
            evolve(state, recorded).map_err(|illegal| illegal.to_string())
        })?;
    let written = |state: &AppState| serde_json::to_string(state).map_err(|error| error.to_string());
    hold(written(&folded)? == written(moment.state)?, || {
        "a snapshot and a fold differ".to_owned()
    })
}

pub(super) fn time_is_kept(moment: &Moment<'_>) -> Result<(), String> {
    let back = moment.events.windows(2).find(|pair| pair[1].at < pair[0].at);
    hold(back.is_none(), || format!("{back:?}"))?;
    for (before, recorded, id, _) in deliveries(moment) {
        let last = |is: fn(&Event) -> bool| story_of(before, id).find(|earlier| is(&earlier.event));
        let ready = last(|event| matches!(event, Event::PromotionReadied { .. }));
        let asked = last(|event| matches!(event, Event::PromotionRequested { .. }));
        let (Some(ready), Some(asked)) = (ready, asked) else {
            return Err(format!("{id} began without being ready"));
        };
        let Event::PromotionRequested {
            rules, break_glass, ..
        } = &asked.event
        else {
            continue;
        };
        let waited = recorded.at >= rules.wait.after(ready.at);
        hold(waited || break_glass.is_some(), || format!("{id} did not wait"))?;
    }
    Ok(())
}

pub(super) fn commits_bear_the_log(moment: &Moment<'_>) -> Result<(), String> {
    // Only the newest: the others were looked at when they were.
    let Some((marker, message)) = moment.written.last() else {
        return Ok(());
    };
    let trailer = message
        .lines()
        .find_map(|line| line.strip_prefix("Gradus-Checkpoint: "));
    let (size, head) = trailer
        .and_then(|text| text.split_once(' '))
        .ok_or_else(|| format!("{marker} bears none"))?;
    let size: u64 = size.parse().map_err(|_| format!("{marker} bears {size}"))?;
    let hashes = moment.ledger.hashes(0, size).map_err(|error| error.to_string())?;
    let checkpoint = moment
        .ledger
        .checkpoint(size - 1)
        .map_err(|error| error.to_string())?;
    let signed = checkpoint.is_some_and(|(found, note)| found == size && note.contains(head));
    hold(signed && hashes.len() as u64 == size, || {
        format!("{marker} bears a head that nobody signed")
    })?;
    let bare = marker.trim_start_matches("w/");
    let name = bare.split("-back-").next().unwrap_or_default();
    let back = bare != name;
    let (name, phase) = match name.split_once("-phase-") {
        Some((name, phase)) => (name, phase.parse::<u32>().unwrap_or(0)),
        None => (name, 0),
    };
    let covered = moment.events.iter().take(hashes.len()).any(|recorded| {
        let begins = match recorded.event {
            Event::DeliveryStarted { .. } => !back && phase == 0,
            Event::PhasePassed { phase: before, .. } => !back && before + 1 == phase,
            Event::RollbackStarted { .. } => back,
            _ => false,
        };
        begins
            && recorded
                .event
                .promotion()
                .is_some_and(|id| id.to_string() == name)
    });
    hold(covered && root(&hashes) != [0; 32], || {
        format!("{marker} bears a head from before it was allowed")
    })
}
