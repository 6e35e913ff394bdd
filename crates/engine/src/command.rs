//! Commands: what people, machines and the runtime ask for.

use gradus_model::{
    BreakGlass, EnvironmentName, Evidence, EvidenceId, Failure, Finding, Plan, Policy, PromotionId, Receipt,
    Release, Resolution, Rules, Scope, Version,
};

/// Something asked of one app.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    missing_docs,
    reason = "the fields are the words of the model and documented there"
)]
pub enum Command {
    /// Take a release in.
    AddRelease(Release),
    /// Bar a release from going anywhere.
    DenyRelease { version: Version, reason: String },
    /// Take that back.
    AllowRelease { version: Version, reason: String },
    /// Say something about a release. The id and the subject's digest are filled in here.
    AddEvidence(Evidence),
    /// Take back what was said.
    RevokeEvidence { id: EvidenceId, reason: String },
    /// Bring a release somewhere.
    Request {
        kind: RequestKind,
        plan: Box<Plan>,
        rules: Box<Rules>,
        reason: Option<String>,
        break_glass: Option<BreakGlass>,
        override_window: Option<String>,
    },
    /// Agree to a plan.
    Approve {
        promotion: PromotionId,
        plan: gradus_model::Digest,
        note: Option<String>,
    },
    /// Say no to it.
    Reject { promotion: PromotionId, reason: String },
    /// Withdraw a promotion that waits.
    Cancel { promotion: PromotionId, reason: String },
    /// Decide what a promotion that needs a human comes to.
    Resolve {
        promotion: PromotionId,
        resolution: Resolution,
        reason: String,
    },
    /// Look at what was done in an emergency, and say so.
    Review { promotion: PromotionId, note: String },
    /// Let automation go on in an environment.
    ReleaseAutomation { environment: EnvironmentName },

    /// Take a waiting promotion as far as it may go. `fresh` is the plan and the rules as they are
    /// now; where they differ from what was agreed, the agreement is void.
    Advance {
        promotion: PromotionId,
        fresh: Option<(Box<Plan>, Box<Rules>)>,
    },
    /// Report what was measured for live gates. The ids and the subjects' digests are filled in here.
    Measured(Vec<Evidence>),
    /// Report what a delivery, or a way back, waits for.
    Waits { promotion: PromotionId, why: String },
    /// Report how a delivery went.
    Delivered {
        promotion: PromotionId,
        result: DeliveryResult,
    },
    /// Report what the checks found.
    Verified {
        promotion: PromotionId,
        result: VerificationResult,
    },
    /// Report what the checks found later, about what had been good.
    Watched {
        promotion: PromotionId,
        findings: Vec<Finding>,
    },
    /// Report how bringing the earlier release back went.
    RolledBack {
        promotion: PromotionId,
        result: Result<Vec<Receipt>, Failure>,
        /// Whether it was written, even where it failed.
        arrived: bool,
    },
}

/// Who asks for a release to be somewhere, and along which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// A person or machine asks for a promotion.
    ByHand,
    /// The automation of a path asks for it.
    Automatic,
    /// A person asks for an earlier release to come back.
    Rollback,
    /// What had been good no longer is, and the policy says that the release before comes back.
    AutomaticRollback,
}

/// How a delivery went.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    missing_docs,
    reason = "the fields are the words of the model and documented there"
)]
pub enum DeliveryResult {
    /// Every step was carried out.
    Done(Vec<Receipt>),
    /// A step waits for something, and what that is.
    Waits(String),
    /// A step failed for good.
    Failed(Failure),
    /// Nothing was written, because the files are no longer what the plan was made from.
    Stale { plan: Box<Plan>, rules: Box<Rules> },
}

/// What the checks found.
#[derive(Debug, Clone, PartialEq)]
pub enum VerificationResult {
    /// All passed.
    Passed(Vec<Finding>),
    /// One failed.
    Failed(Vec<Finding>),
    /// None failed, and one could not tell.
    Inconclusive(Vec<Finding>),
}

/// Something asked of the workspace.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    missing_docs,
    reason = "the fields are the words of the model and documented there"
)]
pub enum WorkspaceCommand {
    /// Bring a policy into force.
    AdoptPolicy(Box<Policy>),
    /// Stop everything in a scope.
    Halt { scope: Scope, reason: String },
    /// Let it go on.
    Resume { scope: Scope },
}
