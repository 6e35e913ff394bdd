//! Invariants about what others do to the files of an environment.

use super::{Moment, hold};
use crate::cast::environment;
use gradus_model::{EnvironmentName, Event, Fact, PromotionId, Recorded};
use std::collections::BTreeSet;

/// How many of the newest looks are looked at: the others were, when they were the newest.
const NEWEST: usize = 12;

/// What others change in production's file is found by every look at it, until production is written anew.
pub(super) fn is_found(moment: &Moment<'_>) -> Result<(), String> {
    let prod = environment(2);
    let bound = |recorded: &'_ Recorded| match &recorded.event {
        Event::PromotionRequested { promotion, plan, .. } if plan.to == prod => Some(promotion.clone()),
        _ => None,
    };
    let theirs: BTreeSet<PromotionId> = moment.events.iter().filter_map(bound).collect();
    let touches = |event: &Event| event.promotion().is_some_and(|id| theirs.contains(id));
    let looks = moment
        .events
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, recorded)| is_look(recorded, &prod));
    for (at, recorded) in looks.take(NEWEST) {
        let before = &moment.events[..at];
        let written = before
            .iter()
            .rposition(|earlier| changes(&earlier.event) && touches(&earlier.event));
        // Where nothing ever arrived there is nothing to hold it against.
        let arrived = before
            .iter()
            .any(|earlier| arrives(&earlier.event) && touches(&earlier.event));
        let Some(written) = written.filter(|_| arrived) else {
            continue;
        };
        let changed = moment
            .outside
            .iter()
            .any(|position| (written + 1..=at).contains(position));
        let clean = matches!(&recorded.event, Event::EvidenceAdded { evidence }
            if evidence.facts.get("differs") == Some(&Fact::Number(0.0)));
        hold(!(changed && clean), || {
            format!("{} of {} has seen nothing", recorded.event.word(), recorded.seq)
        })?;
    }
    Ok(())
}

/// Whether somebody has looked for drift in an environment.
fn is_look(recorded: &Recorded, place: &EnvironmentName) -> bool {
    let Event::EvidenceAdded { evidence } = &recorded.event else {
        return false;
    };
    let measured = evidence.producer.measured && evidence.kind == "drift";
    measured && evidence.subject.environment.as_ref() == Some(place)
}

fn arrives(event: &Event) -> bool {
    let phase = matches!(event, Event::PhaseDelivered { arrived: true, .. });
    phase
        || matches!(
            event,
            Event::DeliveryFinished { .. } | Event::RollbackFinished { .. }
        )
}

/// Whether files may have been written around an event.
fn changes(event: &Event) -> bool {
    matches!(
        event,
        Event::DeliveryStarted { .. }
            | Event::DeliveryFinished { .. }
            | Event::DeliveryFailed { .. }
            | Event::PhaseDelivered { .. }
            | Event::PhasePassed { .. }
            | Event::RollbackStarted { .. }
            | Event::RollbackFinished { .. }
            | Event::RollbackFailed { .. }
    )
}
