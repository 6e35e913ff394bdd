//! Delivering: writing a plan's files behind a fence, exactly once, and carrying out its steps.

mod back;
mod message;
mod rendered;
mod steps;
mod write;

use crate::Clock;
use crate::hands::{Hands, HandsError};
use gradus_engine::{DeliveryResult, Promotion, Step, World};
use gradus_model::{Failure, Receipt, Version};
use steps::{Errand, Written};
use write::Content;

/// What a promotion writes with: the same whoever holds it, and however often.
pub(crate) struct Pen<'a> {
    pub(crate) hands: &'a dyn Hands,
    /// Tells when something was done.
    pub(crate) clock: &'a dyn Clock,
    /// The name of the marker that says that it was written.
    pub(crate) marker: String,
    /// The head of the log that the commit bears.
    pub(crate) seal: String,
}

impl Pen<'_> {
    /// The marker of one phase.
    fn of_phase(&self, phase: u32) -> String {
        match phase {
            0 => self.marker.clone(),
            number => format!("{}-phase-{number}", self.marker),
        }
    }
}

/// Delivers a promotion's plan, or the phase of it that it has come to. A passing error means: try
/// again later, nothing was decided.
pub(crate) fn deliver(
    world: &World<'_>,
    pen: &Pen<'_>,
    promotion: &Promotion,
) -> Result<DeliveryResult, HandsError> {
    let failed = |step: &str, message: String| {
        DeliveryResult::Failed(Failure {
            step: step.to_owned(),
            message,
        })
    };
    let Some((step, rules)) =
        Step::of(world, promotion).and_then(|step| step.rules.clone().map(|rules| (step, rules)))
    else {
        return Ok(failed("plan", "the policy has no such path any more".to_owned()));
    };
    let phase = promotion.present();
    let content = match promotion.phase {
        0 => Content::Agreed,
        _ => Content::Phase(&phase),
    };
    let errand = Errand {
        pen,
        marker: &pen.of_phase(promotion.phase),
        step: &step,
        rules: &rules,
        promotion,
        steps: &phase.steps,
        content,
    };
    match errand.carry_out() {
        Ok(Written::Receipts(receipts)) => Ok(DeliveryResult::Done(receipts)),
        Ok(Written::Failed(failure)) => Ok(DeliveryResult::Failed(failure)),
        Ok(Written::Waits(why)) => Ok(DeliveryResult::Waits(why)),
        Ok(Written::Stale(plan)) => Ok(DeliveryResult::Stale {
            plan,
            rules: Box::new(rules),
        }),
        Err(error) if error.passing => Err(error),
        Err(error) => Ok(DeliveryResult::Failed(error.failure("write"))),
    }
}

/// What came of bringing an earlier release back.
pub(crate) enum Back {
    /// It is written.
    Done(Vec<Receipt>),
    /// It could not be.
    Failed(Failure),
    /// It waits, and for what.
    Waits(String),
}

/// Brings an earlier release back after a failure.
pub(crate) fn bring_back(
    world: &World<'_>,
    pen: &Pen<'_>,
    promotion: &Promotion,
    to: &Version,
) -> Result<Back, HandsError> {
    let failure = |message: String| Failure {
        step: "write".to_owned(),
        message,
    };
    let Some((step, rules)) = Step::back(world, to, &promotion.plan.to)
        .and_then(|step| step.rules.clone().map(|rules| (step, rules)))
    else {
        return Ok(Back::Failed(failure(format!("{to} is not known any more"))));
    };
    let before = back::before(pen, promotion, to)?;
    let errand = Errand {
        pen,
        // A human may ask for it a second time, to another release perhaps: each time has its own marker.
        marker: &format!("{}-back-{}", pen.marker, promotion.decided),
        step: &step,
        rules: &rules,
        promotion,
        steps: &gradus_engine::steps_back(&step, &rules),
        content: Content::Back(before.as_ref()),
    };
    match errand.carry_out() {
        Ok(Written::Receipts(receipts)) => Ok(Back::Done(receipts)),
        Ok(Written::Failed(failure)) => Ok(Back::Failed(failure)),
        Ok(Written::Waits(why)) => Ok(Back::Waits(why)),
        Ok(Written::Stale(_)) => Ok(Back::Failed(failure("the files do not stay the same".to_owned()))),
        Err(error) if error.passing => Err(error),
        Err(error) => Ok(Back::Failed(error.failure("write"))),
    }
}
