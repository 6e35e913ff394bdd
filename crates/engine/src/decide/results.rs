//! Results: how deliveries, checks and rollbacks went, and what follows from it.

use super::find;
use crate::command::{DeliveryResult, VerificationResult};
use crate::refusal::Refusal;
use crate::rollback::{self, NoTarget};
use crate::state::{Promotion, World};
use gradus_model::{Event, Failure, OnFailure, PromotionId, PromotionKind, Receipt, Status};

/// The promotion, if it is where the result belongs. A result that comes twice, or from a worker
/// whose lease was over, finds it elsewhere and changes nothing.
fn at<'a>(world: &World<'a>, id: &PromotionId, status: Status) -> Result<Option<&'a Promotion>, Refusal> {
    Ok(Some(find(world, id)?).filter(|promotion| promotion.status == status))
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
            let finished = Event::DeliveryFinished {
                promotion: id.clone(),
                receipts: receipts.clone(),
            };
            // It is there; whether it may stay, when what it rests on was taken back, is for a human.
            let doubt = promotion.doubt.clone();
            let human = doubt.map(|why| Event::HumanNeeded { promotion: id, why });
            std::iter::once(finished).chain(human).collect()
        }
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
    let id = id.clone();
    Ok(match result {
        VerificationResult::Passed(findings) => {
            vec![Event::VerificationPassed {
                promotion: id,
                findings: findings.clone(),
            }]
        }
        VerificationResult::Failed(findings) => {
            let bad = findings.iter().find(|finding| !finding.answer.is_pass());
            let why = bad
                .map(|finding| format!("{}: {}", finding.check, finding.observed))
                .unwrap_or_default();
            let failed = Event::VerificationFailed {
                promotion: id,
                findings: findings.clone(),
            };
            vec![failed, after_failure(world, promotion, &why)]
        }
        // Not knowing is no reason to go on, and none to go back.
        VerificationResult::Inconclusive(findings) => vec![
            Event::VerificationInconclusive {
                promotion: id.clone(),
                findings: findings.clone(),
            },
            Event::HumanNeeded {
                promotion: id,
                why: "the checks could not tell".to_owned(),
            },
        ],
    })
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
