//! Invariants about what others do to the files of an environment.

use super::{Moment, hold};
use crate::cast::environment;
use gradus_model::{Event, Fact};

/// What others change in production's file is found by every look at it, until production is written anew.
pub(super) fn is_found(moment: &Moment<'_>) -> Result<(), String> {
    let prod = environment(2);
    for (at, recorded) in moment.events.iter().enumerate() {
        let Event::EvidenceAdded { evidence } = &recorded.event else {
            continue;
        };
        let look = evidence.producer.measured && evidence.kind == "drift";
        if !look || evidence.subject.environment.as_ref() != Some(&prod) {
            continue;
        }
        let before = &moment.events[..at];
        let touches = |event: &Event| event.promotion().is_some_and(|id| goes_to(before, id, &prod));
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
        let clean = evidence.facts.get("differs") == Some(&Fact::Number(0.0));
        hold(!(changed && clean), || {
            format!("{} has seen nothing", evidence.id)
        })?;
    }
    Ok(())
}

fn goes_to(
    before: &[gradus_model::Recorded],
    id: &gradus_model::PromotionId,
    place: &gradus_model::EnvironmentName,
) -> bool {
    before.iter().any(|earlier| match &earlier.event {
        Event::PromotionRequested { promotion, plan, .. } => promotion == id && plan.to == *place,
        _ => false,
    })
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
