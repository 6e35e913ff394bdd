//! Evidence: bound to the release it was measured on, never edited.

use super::no_release;
use crate::refusal::Refusal;
use crate::state::World;
use gradus_model::{Actor, Event, Evidence, EvidenceId, Status, Timestamp};

pub(super) fn add(
    world: &World<'_>,
    actor: &Actor,
    given: &Evidence,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let version = &given.subject.version;
    let release = world
        .app
        .releases
        .get(version)
        .ok_or_else(|| no_release(world, version))?;
    let strange = |environment: &&gradus_model::EnvironmentName| {
        world
            .rules()
            .is_none_or(|app| !app.environments.contains_key(*environment))
    };
    if let Some(environment) = given.subject.environment.as_ref().filter(strange) {
        let message = format!("the policy knows no environment {environment}");
        return Err(Refusal::unknown(
            "environment.unknown",
            message,
            "gradus status lists them",
        ));
    }
    if let (Some(measured), Some(built)) = (&given.subject.commit, &release.release.commit)
        && measured != built
    {
        let message = format!(
            "{version} was built from {}, this was measured on {}",
            built.short(),
            measured.short()
        );
        return Err(Refusal::blocked(
            "evidence.subject_mismatch",
            message,
            "measure what was released",
        ));
    }
    let mut evidence = given.clone();
    evidence.producer.measured = false;
    evidence.id = EvidenceId(world.app.evidence_counted + 1);
    evidence.subject.digest = release.release.digest();
    evidence.producer.identity = actor.identity.clone();
    // A producer's clock may run ahead; nothing was ever measured in the future.
    evidence.taken_at = evidence.taken_at.min(now);
    Ok(vec![Event::EvidenceAdded { evidence }])
}

/// What Gradus itself has measured. Nobody else can say that it did.
pub(super) fn measured(
    world: &World<'_>,
    actor: &Actor,
    measured: &[Evidence],
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    if !actor.is_system() {
        let message = format!("{} is not Gradus, and hands its evidence in", actor.identity);
        let hint = "gradus evidence add";
        return Err(Refusal::not_permitted("evidence.not_measured", message, hint));
    }
    let mut events = Vec::new();
    for given in measured {
        for event in add(world, actor, given, now)? {
            let Event::EvidenceAdded { mut evidence } = event else {
                continue;
            };
            evidence.producer.measured = true;
            evidence.id = EvidenceId(evidence.id.0 + events.len() as u64);
            events.push(Event::EvidenceAdded { evidence });
        }
    }
    Ok(events)
}

pub(super) fn revoke(world: &World<'_>, id: EvidenceId, reason: &str) -> Result<Vec<Event>, Refusal> {
    if world.app.evidence.contains_key(&id) {
        let revoked = Event::EvidenceRevoked {
            id,
            reason: reason.to_owned(),
        };
        // What waits is held by the gate itself; what is being verified stops for a human; what is
        // being written is finished first.
        let resting = world.app.moving().filter(|moving| moving.rests_on.contains(&id));
        let stopped = resting.filter(|moving| moving.status == Status::Verifying);
        let humans = stopped.map(|moving| Event::HumanNeeded {
            promotion: moving.id.clone(),
            why: format!("{id}, which it rests on, was revoked: {reason}"),
        });
        return Ok(std::iter::once(revoked).chain(humans).collect());
    }
    if id.0 > 0 && id.0 <= world.app.evidence_counted {
        return Ok(Vec::new());
    }
    let message = format!("{} has no evidence {id}", world.name);
    Err(Refusal::unknown(
        "evidence.unknown",
        message,
        "gradus evidence ls lists it",
    ))
}
