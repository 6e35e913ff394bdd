//! The steps of a delivery, in order.

use super::Pen;
use super::write::Content;
use crate::hands::HandsError;
use crate::steps::{Act, ActError};
use gradus_engine::{Promotion, Step};
use gradus_model::{Failure, Period, Placed, Plan, Receipt, Rules, TargetName};
use gradus_parts::steps;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// How long to wait before a step is tried again.
const PAUSE: Period = Period::from_secs(5);

/// One delivery, or one phase of it, or one way back.
pub(super) struct Errand<'a> {
    pub(super) pen: &'a Pen<'a>,
    pub(super) marker: &'a str,
    pub(super) step: &'a Step<'a>,
    pub(super) rules: &'a Rules,
    pub(super) promotion: &'a Promotion,
    pub(super) steps: &'a [Placed],
    pub(super) content: Content<'a>,
}

/// What came of it.
pub(super) enum Written {
    Receipts(Vec<Receipt>),
    Failed(Failure),
    Waits(String),
    Stale(Box<Plan>),
}

impl Errand<'_> {
    /// Carries out the steps in order. All files are written together, where the first step that
    /// writes stands: the plan is one, and so is its commit.
    pub(super) fn carry_out(&self) -> Result<Written, HandsError> {
        // Before anything is done at all, the plan must still be the one that was agreed to.
        let mut seen = match self.first_look()? {
            Ok(seen) => seen,
            Err(changed) => return Ok(changed),
        };
        let mut receipts: Vec<Receipt> = Vec::new();
        let mut failed: BTreeSet<&TargetName> = BTreeSet::new();
        let mut written = false;
        for (number, placed) in self.steps.iter().enumerate() {
            if !steps::step(&placed.part).is_ok_and(|step| step.acts) {
                if !written {
                    match self.write(seen.take())? {
                        Written::Receipts(more) => receipts.extend(more),
                        other => return Ok(other),
                    }
                    written = true;
                }
                continue;
            }
            // What has failed in a target is not gone on with there.
            if placed
                .target
                .as_ref()
                .is_some_and(|target| failed.contains(target))
            {
                continue;
            }
            match (self.act(number, placed, &receipts), &placed.target) {
                (Ok(note), _) => receipts.push(self.receipt(placed, note, false)),
                (Err(ActError::Passing(message)), _) => return Err(HandsError::passing(message)),
                (Err(ActError::Lasting(message)), Some(target)) if self.may_fail() => {
                    failed.insert(target);
                    receipts.push(self.receipt(placed, message, true));
                }
                (Err(ActError::Lasting(message)), _) => {
                    let step = placed.part.kind.clone();
                    return Ok(Written::Failed(Failure { step, message }));
                }
            }
        }
        Ok(Written::Receipts(receipts))
    }

    /// Whether some targets may fail without stopping the others.
    fn may_fail(&self) -> bool {
        !self.content.is_back() && self.promotion.failure_budget() > 0
    }

    fn act(&self, number: usize, placed: &Placed, receipts: &[Receipt]) -> Result<String, ActError> {
        let key = format!("{}/{number}", self.marker);
        let mut earlier = receipts.iter().rev();
        let commit = earlier.find_map(|receipt| receipt.commit.as_ref());
        let about = self.about(placed);
        let act = Act {
            commit,
            part: &placed.part,
            key: &key,
            about: &about,
            back: self.content.is_back(),
        };
        // Steps are repeatable, so that one that has failed may be tried again.
        let settings = &placed.part.settings;
        let tries = settings.number("tries").unwrap_or(1.0) as u32;
        let pause = settings.period("pause").unwrap_or(PAUSE).duration();
        for _ in 1..tries {
            match self.pen.hands.act(&act) {
                Err(ActError::Lasting(_)) => std::thread::sleep(pause),
                other => return other,
            }
        }
        self.pen.hands.act(&act)
    }

    /// What it is about, for the other side.
    fn about(&self, placed: &Placed) -> Value {
        let release = &self.step.release.release;
        let mut about = json!({
            "app": release.app, "version": release.version, "release": release.digest(),
            "artifacts": release.artifacts, "environment": self.step.to,
            "promotion": self.promotion.id, "plan": self.promotion.plan_digest,
        });
        if let Some(target) = &placed.target {
            about["target"] = json!(target);
        }
        if let Some(phase) = self.promotion.plan.phases.get(self.promotion.phase as usize) {
            about["phase"] = json!(phase.name);
        }
        about
    }

    fn receipt(&self, placed: &Placed, note: String, failed: bool) -> Receipt {
        Receipt {
            step: placed.part.kind.clone(),
            commit: None,
            note,
            target: placed.target.clone(),
            at: Some(self.pen.clock.now()),
            failed,
        }
    }
}
