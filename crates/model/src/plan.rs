//! Plans: what a promotion would do, exactly.

use crate::{
    AppName, Artifact, Commit, Condition, Digest, EnvironmentName, Part, PersonName, PromotionKind,
    RepositoryName, Version,
};
use serde::{Deserialize, Serialize};

/// What a promotion would do. People approve its digest, so everything that makes a difference to
/// what happens is in here, and nothing else is: an unrelated commit to the same repository, or a
/// change of policy elsewhere, leaves the digest as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The app.
    pub app: AppName,
    /// The version.
    pub version: Version,
    /// The release's digest.
    pub release: Digest,
    /// Exactly what would run.
    pub artifacts: Vec<Artifact>,
    /// A promotion or a rollback.
    pub kind: PromotionKind,
    /// Where it comes from.
    pub from: Option<EnvironmentName>,
    /// Where it goes.
    pub to: EnvironmentName,
    /// The digest of the rules that govern this step.
    pub rules: Digest,
    /// The files that would change, with their contents before and after.
    pub edits: Vec<FileEdit>,
    /// The delivery steps, in order.
    pub steps: Vec<Part>,
}

impl Plan {
    /// The digest that people approve.
    pub fn digest(&self) -> Digest {
        Digest::of_value(self)
    }
}

/// Where a file is: in which repository, under which path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileAddress {
    /// The repository's name in the policy.
    pub repository: RepositoryName,
    /// The path inside it, with forward slashes.
    pub path: String,
}

/// One file's change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEdit {
    /// Which file.
    #[serde(flatten)]
    pub address: FileAddress,
    /// The digest of what is there now; none where there is no such file yet.
    pub before: Option<Digest>,
    /// The digest of what will be there.
    pub after: Digest,
    /// The changed lines, for people: at most a few dozen, each beginning with `-` or `+`.
    pub lines: Vec<String>,
}

/// The moment of truth: everything that was asked before a delivery began, with every answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The policy in force, as the workspace's stream has it.
    pub policy: Digest,
    /// The plan.
    pub plan: Digest,
    /// Every condition, in the order in which it was asked.
    pub conditions: Vec<Condition>,
    /// The people whose approvals were counted.
    pub approved_by: Vec<PersonName>,
}

/// What a delivery step left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The step's kind.
    pub step: String,
    /// The commit that was pushed, for a step that writes to git.
    pub commit: Option<Commit>,
    /// What happened, in words.
    pub note: String,
}
