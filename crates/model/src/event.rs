//! Events: what happened. The ledger is a list of these, and it is the truth.

use crate::{
    Actor, AppName, BreakGlass, Decision, Digest, EnvironmentName, Evidence, EvidenceId, Failure, Finding,
    PersonName, Plan, Policy, PromotionId, PromotionKind, Receipt, Release, Resolution, Rules, Scope,
    Timestamp, Version,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The version of the event format that this build writes. Every version ever written is read.
pub const FORMAT: u32 = 1;

/// A line of history: one app, or the workspace with its policies and halts. Commands on different
/// streams never wait for each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Stream {
    /// Policies and halts.
    Workspace,
    /// One app.
    App(AppName),
}

/// A text that names no stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a stream: write workspace or app/NAME")]
pub struct StreamError(String);

impl std::str::FromStr for Stream {
    type Err = StreamError;
    fn from_str(text: &str) -> Result<Self, StreamError> {
        let app = |name: &str| AppName::new(name).map(Stream::App).ok();
        match text {
            "workspace" => Some(Stream::Workspace),
            _ => text.strip_prefix("app/").and_then(app),
        }
        .ok_or_else(|| StreamError(text.to_owned()))
    }
}

impl TryFrom<String> for Stream {
    type Error = StreamError;
    fn try_from(text: String) -> Result<Self, StreamError> {
        text.parse()
    }
}

impl From<Stream> for String {
    fn from(stream: Stream) -> String {
        stream.to_string()
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stream::Workspace => f.write_str("workspace"),
            Stream::App(app) => write!(f, "app/{app}"),
        }
    }
}

/// An event with its place in history. Its canonical bytes are a leaf of the ledger's tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// The version of the format.
    pub format: u32,
    /// The stream it belongs to.
    pub stream: Stream,
    /// Its number in the stream: 1, 2, 3, without gaps.
    pub seq: u64,
    /// When it was recorded, by the ledger's clock.
    pub at: Timestamp,
    /// Who caused it.
    pub actor: Actor,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the fields are the words of the model and documented there"
)]
pub enum Event {
    /// A policy came into force. Only in the workspace's stream, as are the next two.
    PolicyAdopted { digest: Digest, policy: Box<Policy> },
    /// Everything in the scope was stopped.
    Halted { scope: Scope, reason: String },
    /// It may go on.
    Resumed { scope: Scope },

    /// A release was taken in. This and all that follow are in an app's stream.
    ReleaseAdded { release: Release },
    /// A release was found to be bad: it goes nowhere any more, rollbacks included.
    ReleaseDenied { version: Version, reason: String },
    /// That was taken back.
    ReleaseAllowed { version: Version, reason: String },
    /// Something was said about a release.
    EvidenceAdded { evidence: Evidence },
    /// It no longer counts.
    EvidenceRevoked { id: EvidenceId, reason: String },

    /// Somebody, or an automation, asked for a release to be somewhere.
    PromotionRequested {
        promotion: PromotionId,
        kind: PromotionKind,
        plan: Box<Plan>,
        rules: Box<Rules>,
        automatic: bool,
        reason: Option<String>,
        break_glass: Option<BreakGlass>,
        override_window: Option<String>,
    },
    /// What it would do has changed, so that earlier approvals are void.
    PromotionReplanned {
        promotion: PromotionId,
        plan: Box<Plan>,
        rules: Box<Rules>,
        why: String,
    },
    /// A person agreed to a plan.
    ApprovalGiven {
        promotion: PromotionId,
        plan: Digest,
        person: PersonName,
        note: Option<String>,
    },
    /// A person said no.
    PromotionRejected {
        promotion: PromotionId,
        plan: Digest,
        person: PersonName,
        reason: String,
    },
    /// All gates pass and all people agree; timers, windows and the queue remain.
    PromotionReadied { promotion: PromotionId },
    /// Something that had been agreed no longer is.
    PromotionHeld { promotion: PromotionId, why: String },
    /// The delivery began: the one event that an environment's change rests on.
    DeliveryStarted {
        promotion: PromotionId,
        decision: Box<Decision>,
    },
    /// A step waits for something that is not in our hands.
    DeliveryWaits { promotion: PromotionId, why: String },
    /// Every step was carried out.
    DeliveryFinished {
        promotion: PromotionId,
        receipts: Vec<Receipt>,
    },
    /// A step could not be carried out.
    DeliveryFailed {
        promotion: PromotionId,
        failure: Failure,
    },
    /// One of several phases was carried out.
    PhaseDelivered {
        promotion: PromotionId,
        /// Its number, from 0.
        phase: u32,
        receipts: Vec<Receipt>,
        /// Whether the release is there with it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        arrived: bool,
    },
    /// It is good, and the next one begins.
    PhasePassed {
        promotion: PromotionId,
        phase: u32,
        findings: Vec<Finding>,
    },
    /// It is good, and a human must say that the next one begins.
    PhasePaused {
        promotion: PromotionId,
        phase: u32,
        findings: Vec<Finding>,
    },
    /// A check failed, which it may so many times.
    CheckDoubted {
        promotion: PromotionId,
        findings: Vec<Finding>,
    },
    /// What had been good in an environment no longer is.
    HealthLost {
        promotion: PromotionId,
        findings: Vec<Finding>,
    },
    /// The checks passed.
    VerificationPassed {
        promotion: PromotionId,
        findings: Vec<Finding>,
    },
    /// A check failed.
    VerificationFailed {
        promotion: PromotionId,
        findings: Vec<Finding>,
    },
    /// A check could not tell.
    VerificationInconclusive {
        promotion: PromotionId,
        findings: Vec<Finding>,
    },
    /// The release before it is being brought back.
    RollbackStarted { promotion: PromotionId, to: Version },
    /// It is back.
    RollbackFinished {
        promotion: PromotionId,
        receipts: Vec<Receipt>,
    },
    /// It could not be brought back: somebody must act.
    RollbackFailed {
        promotion: PromotionId,
        failure: Failure,
        /// It was written, and is not good.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        arrived: bool,
    },
    /// A human must look.
    HumanNeeded { promotion: PromotionId, why: String },
    /// A human has looked.
    HumanDecided {
        promotion: PromotionId,
        person: PersonName,
        resolution: Resolution,
        reason: String,
    },
    /// It failed, and nothing is taken back.
    PromotionFailed { promotion: PromotionId, why: String },
    /// It was withdrawn.
    PromotionCancelled { promotion: PromotionId, reason: String },
    /// A newer release took its place.
    PromotionSuperseded { promotion: PromotionId, by: PromotionId },
    /// It waited too long.
    PromotionExpired { promotion: PromotionId },
    /// Somebody has looked at what was done in an emergency.
    BreakGlassReviewed {
        promotion: PromotionId,
        person: PersonName,
        note: String,
    },
    /// An older release was put somewhere by hand: automation leaves that environment alone.
    AutomationHeld {
        environment: EnvironmentName,
        version: Version,
    },
    /// Automation goes on.
    AutomationReleased { environment: EnvironmentName },
}

impl Event {
    /// The promotion that it is about, if it is about one.
    pub fn promotion(&self) -> Option<&PromotionId> {
        use Event::{
            ApprovalGiven, AutomationHeld, AutomationReleased, BreakGlassReviewed, CheckDoubted,
            DeliveryFailed, DeliveryFinished, DeliveryStarted, DeliveryWaits, EvidenceAdded, EvidenceRevoked,
            Halted, HealthLost, HumanDecided, HumanNeeded, PhaseDelivered, PhasePassed, PhasePaused,
            PolicyAdopted, PromotionCancelled, PromotionExpired, PromotionFailed, PromotionHeld,
            PromotionReadied, PromotionRejected, PromotionReplanned, PromotionRequested, PromotionSuperseded,
            ReleaseAdded, ReleaseAllowed, ReleaseDenied, Resumed, RollbackFailed, RollbackFinished,
            RollbackStarted, VerificationFailed, VerificationInconclusive, VerificationPassed,
        };
        match self {
            PromotionRequested { promotion, .. }
            | PromotionReplanned { promotion, .. }
            | ApprovalGiven { promotion, .. }
            | PromotionRejected { promotion, .. }
            | PromotionReadied { promotion }
            | PromotionHeld { promotion, .. }
            | DeliveryStarted { promotion, .. }
            | DeliveryFinished { promotion, .. }
            | DeliveryFailed { promotion, .. }
            | DeliveryWaits { promotion, .. }
            | PhaseDelivered { promotion, .. }
            | PhasePassed { promotion, .. }
            | PhasePaused { promotion, .. }
            | CheckDoubted { promotion, .. }
            | HealthLost { promotion, .. }
            | VerificationPassed { promotion, .. }
            | VerificationFailed { promotion, .. }
            | VerificationInconclusive { promotion, .. }
            | RollbackStarted { promotion, .. }
            | RollbackFinished { promotion, .. }
            | RollbackFailed { promotion, .. }
            | HumanNeeded { promotion, .. }
            | HumanDecided { promotion, .. }
            | PromotionFailed { promotion, .. }
            | PromotionCancelled { promotion, .. }
            | PromotionSuperseded { promotion, .. }
            | PromotionExpired { promotion }
            | BreakGlassReviewed { promotion, .. } => Some(promotion),
            PolicyAdopted { .. }
            | Halted { .. }
            | Resumed { .. }
            | ReleaseAdded { .. }
            | ReleaseDenied { .. }
            | ReleaseAllowed { .. }
            | EvidenceAdded { .. }
            | EvidenceRevoked { .. }
            | AutomationHeld { .. }
            | AutomationReleased { .. } => None,
        }
    }

    /// The word under which it is stored.
    pub fn word(&self) -> String {
        let tagged = serde_json::to_value(self).ok();
        let word = tagged
            .as_ref()
            .and_then(|value| value.get("type"))
            .and_then(serde_json::Value::as_str);
        word.unwrap_or_default().to_owned()
    }
}
