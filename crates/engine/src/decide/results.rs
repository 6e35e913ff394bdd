//! Results: how deliveries, checks and rollbacks went, and what follows from it.

use super::find;
use crate::command::{DeliveryResult, VerificationResult};
use crate::refusal::Refusal;
use crate::rollback::{self, NoTarget};
use crate::state::{Promotion, World};
use gradus_model::{
    Event, Failure, Finding, OnFailure, PromotionId, PromotionKind, Receipt, Status, TargetName,
};
use std::collections::BTreeSet;

/// The promotion, if it is where the result belongs. A result that comes twice, or from a worker
/// whose lease was over, finds it elsewhere and changes nothing.
fn at<'a>(world: &World<'a>, id: &PromotionId, status: Status) -> Result<Option<&'a Promotion>, Refusal> {
    Ok(Some(find(world, id)?).filter(|promotion| promotion.status == status))
}

/// It is told once what a promotion waits for.
pub(super) fn waits(world: &World<'_>, id: &PromotionId, why: &str) -> Result<Vec<Event>, Refusal> {
    let promotion = find(world, id)?;
    let moves = matches!(promotion.status, Status::Delivering | Status::RollingBack);
    if !moves || promotion.outcome.as_deref() == Some(why) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::DeliveryWaits {
        promotion: id.clone(),
        why: why.to_owned(),
    }])
}

pub(super) fn delivered(
    world: &World<'_>,
    id: &PromotionId,
    result: &DeliveryResult,
) -> Result<Vec<Event>, Refusal> {
    let Some(promotion) = at(world, id, Status::Delivering)? else {
        return Ok(Vec::new());
    };
    let id = id.clone();
    Ok(match result {
        DeliveryResult::Done(receipts) => {
            let failed = receipts.iter().filter(|receipt| receipt.failed);
            let targets = promotion.failing(failed.filter_map(|receipt| receipt.target.as_ref()));
            let finished = done(promotion, receipts);
            if targets.len() > promotion.failure_budget() {
                let failure = too_many(&targets);
                let why = failure.message.clone();
                let failed = Event::DeliveryFailed {
                    promotion: id,
                    failure,
                };
                return Ok(vec![failed, after_failure(world, promotion, &why)]);
            }
            // It is there; whether it may stay, when what it rests on was taken back, is for a human.
            let doubt = promotion.doubt.clone();
            let human = doubt.map(|why| Event::HumanNeeded { promotion: id, why });
            std::iter::once(finished).chain(human).collect()
        }
        DeliveryResult::Waits(why) => return waits(world, &id, why),
        DeliveryResult::Stale { plan, rules } => {
            let why = "the files changed while it was being delivered; nothing was written".to_owned();
            vec![Event::PromotionReplanned {
                promotion: id,
                plan: plan.clone(),
                rules: rules.clone(),
                why,
            }]
        }
        DeliveryResult::Failed(failure) => {
            let failed = Event::DeliveryFailed {
                promotion: id,
                failure: failure.clone(),
            };
            let why = format!("{}: {}", failure.step, failure.message);
            vec![failed, after_failure(world, promotion, &why)]
        }
    })
}

pub(super) fn verified(
    world: &World<'_>,
    id: &PromotionId,
    result: &VerificationResult,
) -> Result<Vec<Event>, Refusal> {
    let Some(promotion) = at(world, id, Status::Verifying)? else {
        return Ok(Vec::new());
    };
    let (VerificationResult::Passed(findings)
    | VerificationResult::Failed(findings)
    | VerificationResult::Inconclusive(findings)) = result;
    let (id, findings) = (id.clone(), findings.clone());
    let allowed = promotion.rules.last().and_then(|rules| rules.observe);
    let allowed = allowed.map_or(0, |observe| observe.failures);
    Ok(match result {
        VerificationResult::Passed(_) if promotion.failed_targets.is_empty() => {
            vec![good(promotion, findings)]
        }
        VerificationResult::Passed(_) => within_budget(promotion, findings),
        _ if is_within_budget(promotion, &findings) => within_budget(promotion, findings),
        VerificationResult::Failed(_) if promotion.doubts.count < allowed => {
            vec![Event::CheckDoubted {
                promotion: id,
                findings,
            }]
        }
        VerificationResult::Failed(_) => {
            let why = Finding::bad(&findings)
                .map(ToString::to_string)
                .unwrap_or_default();
            let failed = Event::VerificationFailed {
                promotion: id,
                findings,
            };
            vec![failed, after_failure(world, promotion, &why)]
        }
        // Not knowing is no reason to go on, and none to go back.
        VerificationResult::Inconclusive(_) => could_not_tell(promotion, findings),
    })
}

fn could_not_tell(promotion: &Promotion, findings: Vec<Finding>) -> Vec<Event> {
    let id = promotion.id.clone();
    let why = Finding::bad(&findings)
        .map(|finding| format!("{} could not tell: {}", finding.check, finding.observed));
    vec![
        Event::VerificationInconclusive {
            promotion: id.clone(),
            findings,
        },
        Event::HumanNeeded {
            promotion: id,
            why: why.unwrap_or_default(),
        },
    ]
}

/// The steps were carried out: those of this phase, or all.
fn done(promotion: &Promotion, receipts: &[Receipt]) -> Event {
    let (id, receipts) = (promotion.id.clone(), receipts.to_vec());
    if promotion.goes_on() {
        Event::PhaseDelivered {
            promotion: id,
            phase: promotion.phase,
            receipts,
            arrived: promotion.present().arrives,
        }
    } else {
        Event::DeliveryFinished {
            promotion: id,
            receipts,
        }
    }
}

/// The checks hold: the next phase begins, or a human says so, or it has succeeded.
fn good(promotion: &Promotion, findings: Vec<Finding>) -> Event {
    let (id, phase) = (promotion.id.clone(), promotion.phase);
    match (promotion.goes_on(), promotion.present().pause) {
        (true, true) => Event::PhasePaused {
            promotion: id,
            phase,
            findings,
        },
        (true, false) => Event::PhasePassed {
            promotion: id,
            phase,
            findings,
        },
        _ => Event::VerificationPassed {
            promotion: id,
            findings,
        },
    }
}

/// Whether all that is not good is about targets, and those are few enough.
fn is_within_budget(promotion: &Promotion, findings: &[Finding]) -> bool {
    let bad: Vec<_> = findings
        .iter()
        .filter(|finding| !finding.answer.is_pass())
        .collect();
    let targets = promotion.failing(bad.iter().filter_map(|finding| finding.target.as_ref()));
    bad.iter().all(|finding| finding.target.is_some()) && targets.len() <= promotion.failure_budget()
}

/// The others go on; in the end a human looks at those that failed.
fn within_budget(promotion: &Promotion, findings: Vec<Finding>) -> Vec<Event> {
    if promotion.goes_on() {
        return vec![good(promotion, findings)];
    }
    let bad = findings.iter().filter(|finding| !finding.answer.is_pass());
    let targets = promotion.failing(bad.filter_map(|finding| finding.target.as_ref()));
    vec![
        Event::VerificationInconclusive {
            promotion: promotion.id.clone(),
            findings,
        },
        Event::HumanNeeded {
            promotion: promotion.id.clone(),
            why: too_many(&targets).message,
        },
    ]
}

fn too_many(targets: &BTreeSet<TargetName>) -> Failure {
    let names: Vec<_> = targets.iter().map(TargetName::as_str).collect();
    Failure {
        step: "targets".to_owned(),
        message: format!("not good in {}", names.join(", ")),
    }
}

pub(super) fn rolled_back(
    world: &World<'_>,
    id: &PromotionId,
    result: &Result<Vec<Receipt>, Failure>,
    arrived: bool,
) -> Result<Vec<Event>, Refusal> {
    if at(world, id, Status::RollingBack)?.is_none() {
        return Ok(Vec::new());
    }
    let id = id.clone();
    Ok(match result {
        Ok(receipts) => vec![Event::RollbackFinished {
            promotion: id,
            receipts: receipts.clone(),
        }],
        Err(failure) => vec![
            Event::RollbackFailed {
                promotion: id.clone(),
                failure: failure.clone(),
                arrived,
            },
            Event::HumanNeeded {
                promotion: id,
                why: format!("the rollback failed: {}", failure.message),
            },
        ],
    })
}

/// What follows a failure: one rollback by itself, never a rollback of a rollback, then a human.
fn after_failure(world: &World<'_>, promotion: &Promotion, why: &str) -> Event {
    let id = promotion.id.clone();
    let human = |why: String| Event::HumanNeeded {
        promotion: id.clone(),
        why,
    };
    if promotion.kind == PromotionKind::Rollback {
        return human(format!("the rollback itself failed: {why}"));
    }
    match promotion
        .rules
        .last()
        .map_or(OnFailure::Hold, |rules| rules.on_failure)
    {
        OnFailure::Hold => human(why.to_owned()),
        OnFailure::RollForward => Event::PromotionFailed {
            promotion: id,
            why: format!("{why}; roll forward"),
        },
        OnFailure::Rollback => {
            let plan = &promotion.plan;
            match rollback::target(world.app, &plan.to, &plan.version, None) {
                Ok(to) => Event::RollbackStarted { promotion: id, to },
                Err(NoTarget::NoneHealthy) => human(format!("{why}; there is no earlier healthy release")),
                Err(no) => human(format!("{why}; {no}")),
            }
        }
    }
}
