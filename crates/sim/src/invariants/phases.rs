//! Invariants about deliveries that proceed phase by phase, and about what is watched afterwards.

use super::{Moment, hold};
use gradus_model::{Commit, EnvironmentName, Event, PromotionId, PromotionKind, Resolution};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn in_order(moment: &Moment<'_>) -> Result<(), String> {
    /// How many phases there are, which comes next, and whether a human has let the next one begin.
    #[derive(Default)]
    struct Row {
        phases: usize,
        pauses: Vec<bool>,
        next: u32,
        delivered: bool,
        told: bool,
        commits: Vec<Commit>,
    }
    let mut rows: BTreeMap<&PromotionId, Row> = BTreeMap::new();
    for recorded in moment.events {
        let Some(id) = recorded.event.promotion() else {
            continue;
        };
        let row = rows.entry(id).or_default();
        if let Event::PhaseDelivered { receipts, .. } | Event::DeliveryFinished { receipts, .. } =
            &recorded.event
        {
            let own: Vec<_> = receipts.iter().filter_map(|one| one.commit.clone()).collect();
            let again = own.iter().any(|commit| row.commits.contains(commit));
            hold(!again, || format!("{id} takes one phase's commit for another's"))?;
            row.commits.extend(own);
        }
        match &recorded.event {
            Event::PromotionRequested { plan, .. } | Event::PromotionReplanned { plan, .. } => {
                row.phases = plan.phases.len();
                row.pauses = plan.phases.iter().map(|phase| phase.pause).collect();
            }
            Event::PhaseDelivered { phase, .. } => {
                hold(*phase == row.next && !row.delivered, || {
                    format!("{id} delivers phase {phase} out of turn")
                })?;
                row.delivered = true;
            }
            Event::HumanDecided {
                resolution: Resolution::GoOn,
                ..
            } => row.told = true,
            Event::PhasePassed { phase, findings, .. } => {
                let good = findings
                    .iter()
                    .all(|finding| finding.answer.is_pass() || finding.target.is_some());
                let asks = row.pauses.get(*phase as usize) == Some(&true);
                let passed = row.delivered && good && !findings.is_empty() && !asks;
                hold(*phase == row.next && (passed || row.told), || {
                    format!("{id} leaves phase {phase} and nobody found it good")
                })?;
                (row.next, row.delivered, row.told) = (phase + 1, false, false);
            }
            Event::DeliveryFinished { .. } => {
                hold(row.next as usize + 1 >= row.phases, || {
                    format!("{id} is delivered before its last phase")
                })?;
            }
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn goes_back_for_a_reason(moment: &Moment<'_>) -> Result<(), String> {
    let mut places: BTreeMap<&PromotionId, &EnvironmentName> = BTreeMap::new();
    let mut lost: BTreeSet<&EnvironmentName> = BTreeSet::new();
    for recorded in moment.events {
        match &recorded.event {
            Event::PromotionRequested {
                promotion,
                kind,
                plan,
                automatic,
                ..
            } => {
                places.insert(promotion, &plan.to);
                let by_itself = *automatic && *kind == PromotionKind::Rollback;
                hold(!by_itself || lost.remove(&plan.to), || {
                    format!("{promotion} goes back by itself, and nothing was lost")
                })?;
            }
            Event::HealthLost { promotion, .. } => drop(lost.insert(places[promotion])),
            Event::DeliveryFinished { promotion, .. } | Event::RollbackFinished { promotion, .. } => {
                lost.remove(places[promotion]);
            }
            _ => {}
        }
    }
    Ok(())
}
