//! Warnings: what is said about a step and keeps nothing back.

use crate::measuring::{every, newest};
use crate::state::World;
use crate::step::Step;
use gradus_model::{Answer, EnvironmentName, OnDrift, Part, PromotionKind, Timestamp, Why};
use gradus_parts::{Look, gates};

/// The environments of a step about which it is said that they have drifted, though nothing waits for that.
fn watched(world: &World<'_>, step: &Step<'_>) -> Vec<EnvironmentName> {
    let Some(app) = world.rules().filter(|_| step.kind == PromotionKind::Promotion) else {
        return Vec::new();
    };
    let warns = |place: &&EnvironmentName| {
        let own = app.environments.get(*place);
        let seen = own.is_some_and(|own| own.drift == OnDrift::Warn && !own.deliver.is_empty());
        seen && world.app.current(place).is_some()
    };
    let ends = step.from.iter().chain([&step.to]);
    ends.filter(warns).cloned().collect()
}

/// What is to be measured so that a warning can be given.
pub fn to_watch(world: &World<'_>, step: &Step<'_>, now: Timestamp) -> Vec<(Part, EnvironmentName)> {
    let every = every(world);
    let parts = watched(world, step)
        .into_iter()
        .map(|place| (Part::drift_in(&place), place));
    let old = |part: &Part| newest(world, step, part).is_none_or(|found| every.after(found.taken_at) <= now);
    parts.filter(|(part, _)| old(part)).collect()
}

/// What is said about a step beside its conditions.
pub(crate) fn warnings(world: &World<'_>, step: &Step<'_>, now: Timestamp) -> Vec<String> {
    let mut said = Vec::new();
    for place in watched(world, step) {
        let part = Part::drift_in(&place);
        let Some(measured) = newest(world, step, &part) else {
            continue;
        };
        let look = Look {
            now,
            release: &step.release.release,
            from: step.from.as_ref(),
            to: &step.to,
            evidence: &[measured],
            stays: &[],
            changes: &[],
            failures: &[],
            there: None,
            people: &world.policy.people,
        };
        let meaning = match step.from.as_ref() == Some(&place) {
            true => "what is there is not what was verified",
            false => "what is there is not what was put there",
        };
        for (_, verdict) in gates::ask(&part, &look) {
            said.extend(match verdict.answer {
                // Where nothing is written there is nothing to be warned of.
                Answer::Pass | Answer::Unknown(Why::NoData) => None,
                Answer::Fail => Some(format!("{place} has drifted ({}): {meaning}", verdict.observed)),
                Answer::Unknown(_) => Some(format!(
                    "whether {place} has drifted is unknown: {}",
                    verdict.observed
                )),
            });
        }
    }
    said
}
