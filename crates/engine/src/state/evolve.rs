//! `evolve`: what an app is after an event.

use super::app::KeptStay;
use super::{AppState, Approval, Deployment, Doubts, Lost, Promotion, ReleaseState};
use crate::prune::prune;
use crate::transition::{Illegal, next_status};
use gradus_model::{
    EnvironmentName, Event, Evidence, Finding, PromotionId, PromotionKind, Receipt, Recorded, Resolution,
    Status, TargetName, Timestamp, Version,
};
use std::collections::BTreeSet;

/// How many verified versions an environment remembers: as far back as a rollback may go.
const HEALTHY_KEPT: usize = 20;

/// What an app is after an event.
///
/// An event that cannot have happened in this state is an error: the ledger was written by
/// something else, or by a mistake, and going on would build on sand. Events of the workspace
/// change nothing here.
pub fn evolve(mut state: AppState, recorded: &Recorded) -> Result<AppState, Illegal> {
    let at = recorded.at;
    if let Some(id) = recorded.event.promotion() {
        match &recorded.event {
            Event::PromotionRequested { .. } => request(&mut state, recorded),
            _ => move_on(&mut state, id, recorded)?,
        }
        return Ok(state);
    }
    match &recorded.event {
        Event::ReleaseAdded { release } => {
            state.releases_counted += 1;
            state.known.insert(release.version.clone(), release.digest());
            let order = state.releases_counted;
            let added = ReleaseState {
                release: release.clone(),
                order,
                added_at: at,
                denied: None,
                stays: Vec::new(),
            };
            state.releases.insert(release.version.clone(), added);
            prune(&mut state);
        }
        Event::ReleaseDenied { version, reason } => {
            if let Some(release) = state.releases.get_mut(version) {
                release.denied = Some(reason.clone());
            }
        }
        Event::ReleaseAllowed { version, .. } => {
            if let Some(release) = state.releases.get_mut(version) {
                release.denied = None;
            }
        }
        Event::EvidenceAdded { evidence } => {
            state.evidence_counted = evidence.id.0;
            // What was measured anew takes the place of what was measured before; the ledger has both.
            let same = |old: &Evidence| {
                old.producer.measured
                    && evidence.producer.measured
                    && (&old.kind, &old.name) == (&evidence.kind, &evidence.name)
                    && old.subject == evidence.subject
            };
            state.evidence.retain(|_, old| !same(old));
            state.evidence.insert(evidence.id, evidence.clone());
        }
        Event::EvidenceRevoked { id, reason } => {
            state.evidence.remove(id);
            for promotion in state
                .promotions
                .values_mut()
                .filter(|one| one.rests_on.contains(id))
            {
                promotion.doubt = Some(format!("{id}, which it rests on, was revoked: {reason}"));
            }
        }
        Event::AutomationHeld { environment, version } => {
            state
                .places
                .entry(environment.clone())
                .or_default()
                .automation_held = Some(version.clone());
        }
        Event::AutomationReleased { environment } => {
            state
                .places
                .entry(environment.clone())
                .or_default()
                .automation_held = None;
        }
        _ => {}
    }
    Ok(state)
}

fn request(state: &mut AppState, recorded: &Recorded) {
    let Event::PromotionRequested {
        promotion: id,
        kind,
        plan,
        rules,
        automatic,
        reason,
        break_glass,
        override_window,
    } = &recorded.event
    else {
        return;
    };
    state.promotions_counted = id.number();
    let promotion = Promotion {
        id: id.clone(),
        kind: *kind,
        status: Status::Held,
        since: recorded.at,
        plan_digest: plan.digest(),
        plan: plan.as_ref().clone(),
        rules: vec![rules.as_ref().clone()],
        automatic: *automatic,
        requested_by: recorded.actor.clone(),
        requested_at: recorded.at,
        reason: reason.clone(),
        break_glass: break_glass.clone(),
        override_window: override_window.clone(),
        approvals: Vec::new(),
        ready_at: None,
        replaces: None,
        going_back_to: None,
        outcome: None,
        decided: 0,
        phase: 0,
        paused: false,
        began_at: None,
        doubts: Doubts::default(),
        failed_targets: BTreeSet::new(),
        rests_on: Vec::new(),
        doubt: None,
        review_owed: break_glass.is_some(),
    };
    // What was lost is answered by itself once.
    if *automatic
        && *kind == PromotionKind::Rollback
        && let Some(lost) = state
            .places
            .get_mut(&plan.to)
            .and_then(|place| place.lost.as_mut())
    {
        lost.answered = true;
    }
    state.promotions.insert(id.number(), promotion);
}

/// What an event does to its promotion, and to the environment that the promotion is changing.
fn move_on(state: &mut AppState, id: &PromotionId, recorded: &Recorded) -> Result<(), Illegal> {
    let Some(promotion) = state.promotions.get_mut(&id.number()) else {
        return Err(Illegal {
            status: Status::Cancelled,
            event: format!("{} of {id}", recorded.event.word()),
        });
    };
    let status = next_status(promotion.status, &recorded.event)?;
    if status != promotion.status {
        promotion.since = recorded.at;
    }
    promotion.status = status;
    note(promotion, recorded);
    let to = promotion.plan.to.clone();
    let version = promotion.plan.version.clone();
    let back = promotion.going_back_to.clone();
    if let Event::DeliveryFinished { receipts, .. }
    | Event::PhaseDelivered { receipts, .. }
    | Event::RollbackFinished { receipts, .. } = &recorded.event
    {
        note_commits(state, &to, receipts);
    }
    match &recorded.event {
        Event::DeliveryStarted { decision, .. } => {
            let evidence = decision
                .conditions
                .iter()
                .flat_map(|condition| &condition.evidence);
            let rests_on = evidence.copied().collect();
            let replaces = state.current(&to).map(|deployment| deployment.version.clone());
            if let Some(promotion) = state.promotions.get_mut(&id.number()) {
                promotion.began_at = Some(recorded.at);
                promotion.replaces = replaces;
                promotion.decided = recorded.seq;
                promotion.rests_on = rests_on;
            }
        }
        Event::DeliveryFinished { .. } | Event::PhaseDelivered { arrived: true, .. } => {
            arrive(state, &to, &version, id, recorded.at);
        }
        Event::HealthLost { findings, .. } => lose(state, &to, findings, recorded.at),
        Event::CheckDoubted { .. } if status.is_terminal() => {
            let place = state.places.entry(to).or_default();
            place.doubts = doubted(place.doubts, recorded.at);
        }
        Event::VerificationPassed { .. }
        | Event::HumanDecided {
            resolution: Resolution::Accept,
            ..
        } => {
            verify(state, &to, &version, recorded.at);
        }
        // It is there, though nobody can say that it is good.
        Event::RollbackFailed { arrived: true, .. } => {
            if let Some(back) = back {
                arrive(state, &to, &back, id, recorded.at);
            }
        }
        Event::RollbackFinished { .. } => {
            if let Some(back) = back {
                arrive(state, &to, &back, id, recorded.at);
                verify(state, &to, &back, recorded.at);
            }
        }
        Event::DeliveryFailed { .. } | Event::VerificationFailed { .. } => {
            fail(state, &to, &version, recorded.at);
        }
        _ => {}
    }
    if status.is_terminal() {
        prune(state);
    }
    Ok(())
}

/// What an event writes into the promotion itself.
fn note(promotion: &mut Promotion, recorded: &Recorded) {
    let words = |text: &str| Some(text.to_owned());
    match &recorded.event {
        Event::PromotionReplanned { plan, rules, .. } => {
            promotion.plan_digest = plan.digest();
            promotion.plan = plan.as_ref().clone();
            promotion.ready_at = None;
            if !promotion.rules.contains(rules) {
                promotion.rules.push(rules.as_ref().clone());
            }
        }
        Event::ApprovalGiven { plan, person, .. } => promotion.approvals.push(Approval {
            plan: plan.clone(),
            person: person.clone(),
            identity: recorded.actor.identity.clone(),
            at: recorded.at,
        }),
        Event::DeliveryFinished { receipts, .. } | Event::PhaseDelivered { receipts, .. } => {
            promotion.outcome = None;
            let failed = receipts.iter().filter(|receipt| receipt.failed);
            let targets = failed.filter_map(|receipt| receipt.target.clone());
            promotion.failed_targets.extend(targets);
        }
        Event::PhasePassed { findings, phase, .. } => {
            promotion.failed_targets.extend(failing(findings));
            promotion.phase = phase + 1;
            promotion.decided = recorded.seq;
            promotion.doubts = Doubts::default();
        }
        Event::PhasePaused { findings, .. } => {
            promotion.failed_targets.extend(failing(findings));
            promotion.paused = true;
            let name = promotion.present().name;
            promotion.outcome = Some(format!("{name} is good: somebody must say that it goes on"));
        }
        Event::CheckDoubted { .. } if !promotion.status.is_terminal() => {
            promotion.doubts = doubted(promotion.doubts, recorded.at);
        }
        Event::PromotionReadied { .. } => promotion.ready_at = Some(recorded.at),
        Event::PromotionHeld { .. } => promotion.ready_at = None,
        Event::RollbackStarted { to, .. } => {
            promotion.going_back_to = Some(to.clone());
            promotion.decided = recorded.seq;
        }
        Event::BreakGlassReviewed { .. } => promotion.review_owed = false,
        Event::PromotionRejected { person, reason, .. } => {
            promotion.outcome = Some(format!("rejected by {person}: {reason}"));
        }
        Event::DeliveryFailed { failure, .. } | Event::RollbackFailed { failure, .. } => {
            promotion.outcome = Some(format!("{}: {}", failure.step, failure.message));
        }
        Event::VerificationFailed { findings, .. } | Event::VerificationInconclusive { findings, .. } => {
            promotion.outcome = Finding::bad(findings).map(ToString::to_string);
            promotion.failed_targets.extend(failing(findings));
        }
        Event::HumanNeeded { why, .. }
        | Event::PromotionFailed { why, .. }
        | Event::DeliveryWaits { why, .. } => promotion.outcome = words(why),
        Event::HumanDecided {
            person,
            resolution,
            reason,
            ..
        } => {
            promotion.paused = false;
            promotion.outcome = Some(format!("{person} decided {resolution}: {reason}"));
        }
        Event::PromotionCancelled { reason, .. } => promotion.outcome = words(reason),
        Event::PromotionSuperseded { by, .. } => promotion.outcome = Some(format!("superseded by {by}")),
        _ => {}
    }
}

/// The targets in which not everything is good.
fn failing(findings: &[Finding]) -> impl Iterator<Item = TargetName> {
    let bad = findings.iter().filter(|finding| !finding.answer.is_pass());
    bad.filter_map(|finding| finding.target.clone())
}

fn doubted(before: Doubts, at: Timestamp) -> Doubts {
    Doubts {
        count: before.count + 1,
        last: Some(at),
    }
}

/// What had been good in an environment no longer is.
fn lose(state: &mut AppState, to: &EnvironmentName, findings: &[Finding], at: Timestamp) {
    let place = state.places.entry(to.clone()).or_default();
    place.lost = Some(Lost {
        since: at,
        why: Finding::bad(findings)
            .map(ToString::to_string)
            .unwrap_or_default(),
        answered: false,
    });
    let Some(current) = &mut place.current else { return };
    current.verified_at = None;
    let version = current.version.clone();
    place.healthy.retain(|healthy| *healthy != version);
    fail(state, to, &version, at);
}

/// A version is now in an environment; whether it is good is not yet known.
fn arrive(state: &mut AppState, to: &EnvironmentName, version: &Version, by: &PromotionId, at: Timestamp) {
    let current = state.current(to);
    if current.is_some_and(|now| now.promotion == *by && now.version == *version) {
        return;
    }
    for release in state.releases.values_mut() {
        let here = |stay: &&mut KeptStay| stay.environment == *to && stay.until.is_none();
        for stay in release.stays.iter_mut().filter(here) {
            stay.until = Some(at);
        }
    }
    let arrived = Deployment {
        version: version.clone(),
        since: at,
        promotion: by.clone(),
        verified_at: None,
    };
    let place = state.places.entry(to.clone()).or_default();
    place.current = Some(arrived);
    place.lost = None;
    place.doubts = Doubts::default();
}

/// How many commits of an environment are kept: those of several repositories, and of several phases.
const COMMITS_KEPT: usize = 16;

/// Notes the commits with which something was put into an environment.
fn note_commits(state: &mut AppState, to: &EnvironmentName, receipts: &[Receipt]) {
    let commits = &mut state.places.entry(to.clone()).or_default().commits;
    commits.extend(receipts.iter().filter_map(|receipt| receipt.commit.clone()));
    commits.drain(..commits.len().saturating_sub(COMMITS_KEPT));
}

/// The version that is in an environment is good.
fn verify(state: &mut AppState, to: &EnvironmentName, version: &Version, at: Timestamp) {
    let place = state.places.entry(to.clone()).or_default();
    if let Some(current) = place
        .current
        .as_mut()
        .filter(|current| current.version == *version)
    {
        current.verified_at = Some(at);
    }
    place.lost = None;
    place.doubts = Doubts::default();
    place.failed.retain(|failed| failed != version);
    place.healthy.retain(|healthy| healthy != version);
    place.healthy.push(version.clone());
    let excess = place.healthy.len().saturating_sub(HEALTHY_KEPT);
    place.healthy.drain(..excess);
    if let Some(release) = state.releases.get_mut(version) {
        release.stays.push(KeptStay {
            environment: to.clone(),
            since: at,
            until: None,
        });
    }
}

/// How many failures of an environment are remembered.
const FAILURES_KEPT: usize = 100;

/// A version failed on its way to an environment, or in it.
fn fail(state: &mut AppState, to: &EnvironmentName, version: &Version, at: Timestamp) {
    let place = state.places.entry(to.clone()).or_default();
    place.failures.push(at);
    let excess = place.failures.len().saturating_sub(FAILURES_KEPT);
    place.failures.drain(..excess);
    if !place.failed.contains(version) {
        place.failed.push(version.clone());
    }
}
