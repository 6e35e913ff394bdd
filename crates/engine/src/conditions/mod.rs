//! Conditions: everything that has to hold before a step is taken, as one list.
//!
//! `decide` asks this list before it lets anything begin, `due` asks it for the moment at which an
//! answer may change, `explain` prints it. What is cheap and cannot change comes first, people come
//! after the machines, and the queue comes last.

pub(crate) mod chain;
mod people;
mod queue;
mod standing;

use crate::state::World;
use crate::step::Step;
use gradus_model::{Answer, Condition, ConditionKind, Digest, Evidence, Timestamp};
use gradus_parts::{Look, gates};

/// Every condition of a step, in the order of asking.
///
/// `fresh` is the digest of the plan as it would be made now, where that is known.
pub(crate) fn conditions(
    world: &World<'_>,
    step: &Step<'_>,
    fresh: Option<&Digest>,
    now: Timestamp,
) -> Vec<Condition> {
    let mut list = vec![standing::path(step)];
    list.extend(standing::branch(step));
    list.push(standing::denied(step));
    list.extend(standing::schema(world, step));
    list.extend(standing::halt(world, step));
    list.extend(standing::upstream(step));
    list.extend(chain::chain(world, step));
    list.extend(standing::windows(step, now));
    list.extend(gate_conditions(world, step, now));
    list.extend(people::plan(step, fresh));
    list.extend(people::approvals(world, step, now));
    list.extend(people::wait(step, now));
    list.extend(queue::queue(world, step));
    list.push(queue::lane(world, step));
    pass_over(&mut list, step, now);
    list
}

/// In an emergency what people and gates say is shown and passed over; what is structure stays.
fn pass_over(list: &mut [Condition], step: &Step<'_>, now: Timestamp) {
    let Some(glass) = step
        .promotion
        .and_then(|promotion| promotion.break_glass.as_ref())
    else {
        return;
    };
    if now >= glass.until {
        return;
    }
    for condition in list.iter_mut().filter(|condition| !condition.is_met()) {
        use ConditionKind::{Approval, Gate, Wait, Window};
        if matches!(condition.kind, Gate | Approval | Wait | Window) {
            condition.remedy = "passed over: break-glass".to_owned();
        }
    }
}

/// Whether a condition stands in the way: it does not hold, and is not passed over.
pub(crate) fn in_the_way(condition: &Condition, step: &Step<'_>, now: Timestamp) -> bool {
    use ConditionKind::{Approval, Gate, Wait, Window};
    let glass = step
        .promotion
        .and_then(|promotion| promotion.break_glass.as_ref());
    let open = glass.is_some_and(|glass| now < glass.until);
    !(condition.is_met() || open && matches!(condition.kind, Gate | Approval | Wait | Window))
}

/// The questions about evidence, under every set of rules that binds.
fn gate_conditions(world: &World<'_>, step: &Step<'_>, now: Timestamp) -> Vec<Condition> {
    let release = &step.release.release;
    let evidence: Vec<&Evidence> = world
        .app
        .evidence
        .values()
        .filter(|evidence| evidence.subject.version == release.version)
        .collect();
    let stays = step.release.looked_at_stays();
    let places = world.app.places.iter();
    let changed = places.filter_map(|(name, place)| Some((name.clone(), place.current.as_ref()?.since)));
    let changes: Vec<_> = changed.collect();
    let places = world.app.places.iter();
    let failures = places.flat_map(|(name, place)| place.failures.iter().map(|at| (name.clone(), *at)));
    let failures: Vec<_> = failures.collect();
    let there = world.app.current(&step.to).and_then(|now| {
        let release = &world.app.releases.get(&now.version)?.release;
        let own = world.app.evidence.values();
        let own: Vec<&Evidence> = own
            .filter(|evidence| evidence.subject.version == now.version)
            .collect();
        Some((release, own))
    });
    let look = Look {
        now,
        release,
        from: step.from.as_ref(),
        to: &step.to,
        evidence: &evidence,
        stays: &stays,
        changes: &changes,
        failures: &failures,
        there: there
            .as_ref()
            .map(|(release, evidence)| (*release, evidence.as_slice())),
        people: &world.policy.people,
    };
    let mut asked = Vec::new();
    for part in step.binding().into_iter().flat_map(|rules| &rules.gates) {
        if !asked.contains(&part) {
            asked.push(part);
        }
    }
    let verdicts = asked
        .into_iter()
        .flat_map(|part| gates::ask(part, &look).into_iter().map(move |v| (part, v)));
    verdicts
        .map(|(part, (name, verdict))| {
            let remedy = match verdict.answer {
                Answer::Pass => String::new(),
                _ => remedy(&part.kind, step, verdict.next),
            };
            Condition {
                kind: ConditionKind::Gate,
                name,
                since: newest(&evidence, &verdict.evidence),
                answer: verdict.answer,
                wanted: verdict.wanted,
                observed: verdict.observed,
                remedy,
                next: verdict.next,
                evidence: verdict.evidence,
            }
        })
        .collect()
}

/// Who can do what about a gate that does not pass.
fn remedy(kind: &str, step: &Step<'_>, next: Option<Timestamp>) -> String {
    if next.is_some() {
        return "time alone: it is asked again by itself".to_owned();
    }
    let release = &step.release.release;
    match (kind, &step.from) {
        ("verified_in", _) => format!("promote {}@{} there first", release.app, release.version),
        ("drift", _) => format!("put back what was changed: gradus drift {} shows it", release.app),
        ("parity", _) => "gradus parity shows what differs: mend it, or declare it in the policy".to_owned(),
        ("branch", _) => "build the release from such a branch".to_owned(),
        ("soak", Some(from)) => format!("promote {}@{} to {from} first", release.app, release.version),
        _ => format!(
            "CI or a person: gradus evidence add --kind {kind} --release {}@{} …",
            release.app, release.version
        ),
    }
}

fn newest(evidence: &[&Evidence], ids: &[gradus_model::EvidenceId]) -> Option<Timestamp> {
    evidence
        .iter()
        .filter(|evidence| ids.contains(&evidence.id))
        .map(|evidence| evidence.taken_at)
        .max()
}

/// A condition with the parts that all have.
pub(crate) fn condition(
    kind: ConditionKind,
    name: &str,
    met: bool,
    wanted: String,
    observed: String,
) -> Condition {
    Condition {
        kind,
        name: name.to_owned(),
        answer: Answer::of(met),
        wanted,
        observed,
        remedy: String::new(),
        since: None,
        next: None,
        evidence: Vec::new(),
    }
}
