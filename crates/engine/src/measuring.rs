//! Measuring: which live gates are to be measured, and when.
//!
//! Nothing is measured for a promotion that something cheaper keeps back, and nobody is asked to
//! agree to what cannot pass: so it is measured once everything that stands and everything that
//! was handed in is fine, and again and again while it waits.

use crate::conditions::conditions;
use crate::state::{Promotion, World};
use crate::step::Step;
use gradus_model::{Condition, ConditionKind, EnvironmentName, Evidence, Part, Period, Status, Timestamp};
use gradus_parts::{is_measured, measurement};

/// How often it is measured where the policy does not say.
const EVERY: Period = Period::from_secs(60);

/// How often a workspace measures.
pub fn every(world: &World<'_>) -> Period {
    world
        .policy
        .metrics
        .as_ref()
        .map_or(EVERY, |metrics| metrics.every)
}

/// The gates of a step that are measured from here, each with the environment it is about.
fn measured_gates<'s>(world: &World<'_>, step: &'s Step<'_>) -> Vec<(&'s Part, EnvironmentName)> {
    let metrics = world.policy.metrics.as_ref();
    let mut found: Vec<(&Part, EnvironmentName)> = Vec::new();
    let gates = step.binding().into_iter().flat_map(|rules| &rules.gates);
    for part in gates.filter(|part| is_measured(part, metrics)) {
        let named = part
            .settings
            .text("in")
            .and_then(|name| EnvironmentName::new(name).ok());
        // What is asked of the target is measured there.
        let home = step.from.clone().filter(|_| part.kind != "parity");
        let place = named.or(home).unwrap_or_else(|| step.to.clone());
        if !found.iter().any(|(known, _)| *known == part) {
            found.push((part, place));
        }
    }
    found
}

/// Whether a condition is the answer of a gate that is measured from here.
pub(crate) fn is_measured_here(world: &World<'_>, step: &Step<'_>, condition: &Condition) -> bool {
    let kind = condition.name.split(' ').next().unwrap_or_default();
    let mut gates = measured_gates(world, step).into_iter();
    condition.kind == ConditionKind::Gate && gates.any(|(part, _)| part.kind == kind)
}

/// The newest measurement for a gate.
pub(crate) fn newest<'a>(world: &World<'a>, step: &Step<'_>, part: &Part) -> Option<&'a Evidence> {
    let name = measurement(&part.settings);
    let own = |evidence: &&Evidence| {
        evidence.producer.measured
            && evidence.kind == part.kind
            && evidence.name == name
            && evidence.subject.version == step.release.release.version
    };
    world.app.evidence.values().rev().find(own)
}

/// The gates of a step whose measurement is missing or old.
pub fn to_measure<'s>(
    world: &World<'_>,
    step: &'s Step<'_>,
    now: Timestamp,
) -> Vec<(&'s Part, EnvironmentName)> {
    let every = every(world);
    let old = |part: &Part| newest(world, step, part).is_none_or(|found| every.after(found.taken_at) <= now);
    let gates = measured_gates(world, step).into_iter();
    gates.filter(|(part, _)| old(part)).collect()
}

/// When to measure for a waiting promotion next; none, where there is nothing to measure yet.
pub(crate) fn next(world: &World<'_>, promotion: &Promotion, now: Timestamp) -> Option<Timestamp> {
    if !matches!(promotion.status, Status::Held | Status::Ready) {
        return None;
    }
    let step = Step::of(world, promotion)?;
    let gates = measured_gates(world, &step);
    if gates.is_empty() {
        return None;
    }
    let earlier = |condition: &&Condition| match condition.kind {
        ConditionKind::Gate => !is_measured_here(world, &step, condition),
        ConditionKind::Plan
        | ConditionKind::Approval
        | ConditionKind::Wait
        | ConditionKind::Queue
        | ConditionKind::Lane => false,
        _ => true,
    };
    let asked = conditions(world, &step, None, now);
    if asked.iter().filter(earlier).any(|condition| !condition.is_met()) {
        return None;
    }
    let every = every(world);
    let ages = gates.iter().map(|(part, _)| newest(world, &step, part));
    let next = ages.map(|found| found.map_or(now, |found| every.after(found.taken_at)));
    next.min()
}
