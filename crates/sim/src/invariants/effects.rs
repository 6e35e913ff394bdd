//! Invariants about what is done to environments.

use super::{Moment, hold};
use crate::cast::{PLACES, environment, web};
use gradus_model::{EnvironmentName, Event, PromotionId, PromotionKind, Status, Version};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn one_at_a_time(moment: &Moment<'_>) -> Result<(), String> {
    for place in 0..PLACES.len() {
        let to = environment(place);
        let holders = moment
            .state
            .moving()
            .filter(|moving| moving.status.holds_lane() && moving.plan.to == to);
        let ids: Vec<String> = holders.map(|moving| moving.id.to_string()).collect();
        hold(ids.len() <= 1, || format!("{} change {to}", ids.join(", ")))?;
    }
    Ok(())
}

pub(super) fn once(moment: &Moment<'_>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    let twice = moment.written.iter().find(|(marker, _)| !seen.insert(marker));
    hold(twice.is_none(), || format!("{twice:?}"))
}

pub(super) fn one_report_each(moment: &Moment<'_>) -> Result<(), String> {
    let mut open: BTreeMap<&PromotionId, i32> = BTreeMap::new();
    for recorded in moment.events {
        let Some(id) = recorded.event.promotion() else {
            continue;
        };
        let reports = open.entry(id).or_default();
        match recorded.event {
            Event::DeliveryStarted { .. } | Event::RollbackStarted { .. } => *reports = 1,
            Event::DeliveryFinished { .. }
            | Event::DeliveryFailed { .. }
            | Event::RollbackFinished { .. }
            | Event::RollbackFailed { .. } => *reports -= 1,
            _ => {}
        }
        hold(*reports >= 0, || format!("{id} was reported twice"))?;
    }
    Ok(())
}

pub(super) fn somebody_will_look(moment: &Moment<'_>) -> Result<(), String> {
    let app = web();
    let world = gradus_engine::World {
        name: &app,
        app: moment.state,
        workspace: moment.workspace,
        policy: moment.policy,
    };
    let due = gradus_engine::due(&world, moment.now);
    for moving in moment.state.moving() {
        let ending = format!("/{}", moving.id);
        let looked_at = due.iter().any(|due| due.key.ends_with(&ending));
        hold(moving.status == Status::NeedsHuman || looked_at, || {
            format!("nobody looks at {}", moving.id)
        })?;
    }
    Ok(())
}

pub(super) fn rollbacks_go_where_it_was_good(moment: &Moment<'_>) -> Result<(), String> {
    let mut plans: BTreeMap<&PromotionId, (&Version, &EnvironmentName, PromotionKind)> = BTreeMap::new();
    let (mut good, mut barred, mut done) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut decided = BTreeSet::new();
    for recorded in moment.events {
        match &recorded.event {
            Event::PromotionRequested {
                promotion,
                kind,
                plan,
                ..
            } => {
                plans.insert(promotion, (&plan.version, &plan.to, *kind));
            }
            Event::HumanDecided {
                promotion,
                resolution: gradus_model::Resolution::RollBack,
                ..
            } => drop(decided.insert(promotion)),
            Event::ReleaseDenied { version, .. } => drop(barred.insert(version)),
            Event::ReleaseAllowed { version, .. } => drop(barred.remove(version)),
            Event::VerificationPassed { promotion, .. } => {
                let (version, to, _) = plans[promotion];
                good.insert((version, to));
            }
            Event::HumanDecided {
                promotion,
                resolution: gradus_model::Resolution::Accept,
                ..
            } => {
                let (version, to, _) = plans[promotion];
                good.insert((version, to));
            }
            Event::RollbackStarted { promotion, to: back } => {
                let (_, to, _) = plans[promotion];
                let fine = good.contains(&(back, to)) && !barred.contains(back);
                hold(fine, || format!("{promotion} goes back to {back}"))?;
                // A human may ask for it again; by itself it happens once.
                let asked = decided.remove(promotion);
                hold(asked || done.insert(promotion), || {
                    format!("{promotion} goes back twice")
                })?;
            }
            Event::DeliveryStarted { promotion, .. } => {
                let (version, to, kind) = plans[promotion];
                let fine = good.contains(&(version, to)) && !barred.contains(version);
                hold(kind != PromotionKind::Rollback || fine, || {
                    format!("{promotion} brings back {version}")
                })?;
            }
            _ => {}
        }
    }
    Ok(())
}
