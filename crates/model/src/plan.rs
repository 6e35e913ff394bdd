//! Plans: what a promotion would do, exactly.

use crate::{
    AppName, Artifact, Commit, Condition, Digest, EnvironmentName, Part, Period, PersonName, PromotionKind,
    RepositoryName, TargetName, Timestamp, Version,
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
    /// The phases, where there are several: `edits` and `steps` are then what they come to together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<Phase>,
}

/// A part of a delivery that must be good before the next one begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// What it is called: `10%`, `switch to green`, `eu-1, eu-2`.
    pub name: String,
    /// The files that it changes.
    pub edits: Vec<FileEdit>,
    /// Its steps, in order.
    pub steps: Vec<Placed>,
    /// What is checked after it.
    pub verify: Vec<Placed>,
    /// How long that must hold.
    pub hold: Period,
    /// Whether a human must say that it goes on.
    pub pause: bool,
    /// Whether with it the release has arrived: what follows is tidying up.
    pub arrives: bool,
}

/// A step or a check, and the target that it is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    /// The target; none, where it is for the environment as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetName>,
    /// The step or check, with everything filled in.
    #[serde(flatten)]
    pub part: Part,
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
    /// The digest of what will be there; none where the file is taken away.
    pub after: Option<Digest>,
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
    /// The target that it was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetName>,
    /// When it was done; none in ledgers from before that was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Whether it failed, and the others went on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub failed: bool,
}
