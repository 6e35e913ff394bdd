//! Promotions: one attempt to take one release along one path.

use crate::release::words;
use crate::{Answer, EnvironmentName, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The id of a promotion: the app and a number that counts up, such as `web-17`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PromotionId {
    app: crate::AppName,
    number: u64,
}

impl PromotionId {
    /// The id of an app's promotion of that number.
    pub fn new(app: crate::AppName, number: u64) -> Self {
        Self { app, number }
    }

    /// The app it belongs to.
    pub fn app(&self) -> &crate::AppName {
        &self.app
    }

    /// Its number within the app.
    pub fn number(&self) -> u64 {
        self.number
    }
}

impl TryFrom<String> for PromotionId {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl std::str::FromStr for PromotionId {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("{text:?} is not a promotion: write its id, such as web-17");
        let (app, number) = text.rsplit_once('-').ok_or_else(refuse)?;
        let canonical = !number.starts_with(['0', '+']);
        let app = crate::AppName::new(app).map_err(|_| refuse())?;
        let number = number.parse().ok().filter(|_| canonical).ok_or_else(refuse)?;
        Ok(Self { app, number })
    }
}

impl From<PromotionId> for String {
    fn from(id: PromotionId) -> String {
        id.to_string()
    }
}

impl fmt::Display for PromotionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}-{}", self.app, self.number))
    }
}

/// What kind of attempt it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromotionKind {
    /// Along a path, or directly into an environment that allows it.
    Promotion,
    /// Back to an earlier release of the same environment.
    Rollback,
}

/// How far a promotion has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Gates and approvals are being collected. Holds nothing.
    Held,
    /// All is agreed; waiting for its timer, its window, its turn. Holds nothing.
    Ready,
    /// Its steps are being carried out. Holds the lane.
    Delivering,
    /// What it delivered is being checked. Holds the lane.
    Verifying,
    /// The release before it is being brought back. Holds the lane.
    RollingBack,
    /// A result was inconclusive, or the policy wants a human to look. Holds nothing, so that the
    /// environment can be mended.
    NeedsHuman,
    /// Delivered and verified.
    Succeeded,
    /// Failed, and the release before it is back.
    RolledBack,
    /// Failed, and not taken back.
    Failed,
    /// A person said no.
    Rejected,
    /// Withdrawn.
    Cancelled,
    /// A newer release took its place.
    Superseded,
    /// It waited too long.
    Expired,
}

words! {
    PromotionKind { Promotion: "promotion", Rollback: "rollback" }
    Status {
        Held: "held", Ready: "ready", Delivering: "delivering", Verifying: "verifying",
        RollingBack: "rolling_back", NeedsHuman: "needs_human", Succeeded: "succeeded",
        RolledBack: "rolled_back", Failed: "failed", Rejected: "rejected", Cancelled: "cancelled",
        Superseded: "superseded", Expired: "expired",
    }
    Resolution { Accept: "accept", RollBack: "roll_back", Fail: "fail", GoOn: "go_on" }
}

impl Status {
    /// Whether this is an end: nothing leads out of it.
    pub const fn is_terminal(self) -> bool {
        match self {
            Status::Held
            | Status::Ready
            | Status::Delivering
            | Status::Verifying
            | Status::RollingBack
            | Status::NeedsHuman => false,
            Status::Succeeded
            | Status::RolledBack
            | Status::Failed
            | Status::Rejected
            | Status::Cancelled
            | Status::Superseded
            | Status::Expired => true,
        }
    }

    /// Whether it holds the right to change its environment.
    pub const fn holds_lane(self) -> bool {
        matches!(self, Status::Delivering | Status::Verifying | Status::RollingBack)
    }

    /// Whether it waits to begin.
    pub const fn is_waiting(self) -> bool {
        matches!(self, Status::Held | Status::Ready)
    }
}

/// An emergency way past gates, approvals, timers and calendars; everything else still holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakGlass {
    /// Why, in at least twenty characters.
    pub reason: String,
    /// When the way closes again.
    pub until: Timestamp,
}

/// Why a step could not be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The step or check.
    pub step: String,
    /// What went wrong, in words.
    pub message: String,
}

/// What a check after delivery found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The check.
    pub check: String,
    /// The answer.
    pub answer: Answer,
    /// What was wanted, in words.
    pub wanted: String,
    /// What was seen, in words.
    pub observed: String,
    /// The target that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<crate::TargetName>,
}

impl Finding {
    /// The first of these that is not good.
    pub fn bad(findings: &[Finding]) -> Option<&Finding> {
        findings.iter().find(|finding| !finding.answer.is_pass())
    }
}

/// Which check, and what it saw.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.check, self.observed)
    }
}

/// What a human decides when a promotion needs one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// It is good after all.
    Accept,
    /// Bring the release before it back.
    RollBack,
    /// It failed, and stays as it is until something better comes.
    Fail,
    /// This phase is good: the next one may begin.
    GoOn,
}

/// What is stopped by a halt.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everything.
    Workspace,
    /// One app, everywhere.
    App(crate::AppName),
    /// One environment, for every app.
    Environment(EnvironmentName),
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::Workspace => f.write_str("the workspace"),
            Scope::App(app) => write!(f, "app {app}"),
            Scope::Environment(environment) => write!(f, "environment {environment}"),
        }
    }
}
