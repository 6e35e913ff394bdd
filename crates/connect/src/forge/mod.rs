//! Forges: where pull requests are. One file each.

mod local;

pub use local::Local;

use gradus_model::{Commit, Timestamp};
use serde::{Deserialize, Serialize};

/// A request that somebody merges a branch into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pull {
    /// Its number.
    pub number: u64,
    /// What it is about, in a line.
    pub title: String,
    /// The same at length.
    pub body: String,
    /// The branch that is to be merged.
    pub source: String,
    /// The branch that it is to be merged into.
    pub target: String,
    /// What was to be merged when it was opened.
    pub head: Commit,
    /// Who opened it.
    pub opened_by: String,
    /// When.
    pub opened_at: Timestamp,
    /// How far it is.
    pub state: PullState,
}

/// How far a pull request is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PullState {
    /// Nobody has decided.
    Open,
    /// It was merged.
    Merged {
        /// With which commit.
        commit: Commit,
        /// By whom.
        by: String,
    },
    /// It was closed without being merged.
    Closed {
        /// By whom.
        by: String,
        /// Why.
        why: String,
    },
}

/// What is asked for with a new pull request.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// What it is about, in a line.
    pub title: &'a str,
    /// The same at length.
    pub body: &'a str,
    /// The branch that is to be merged. There is never a second pull request for the same branch.
    pub source: &'a str,
    /// The branch that it is to be merged into.
    pub target: &'a str,
    /// What the source branch holds.
    pub head: &'a Commit,
}

/// Who does something, and when.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// Who.
    pub who: &'a str,
    /// When.
    pub at: Timestamp,
}

/// Why a forge did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ForgeError {
    /// There is no such pull request.
    #[error("there is no pull request {0}")]
    Unknown(u64),
    /// It is over.
    #[error("pull request {0} is not open any more")]
    Over(u64),
    /// Both branches have changed the same files.
    #[error("pull request {number} cannot be merged: both sides have changed {files}")]
    Conflict {
        /// Which.
        number: u64,
        /// The files.
        files: String,
    },
    /// Others change it all the time.
    #[error("the repository moves too fast: try again")]
    Moving,
    /// What it keeps cannot be read.
    #[error("what is kept of pull request {0} cannot be read")]
    Unreadable(u64),
    /// git said no.
    #[error(transparent)]
    Repo(#[from] gradus_repo::RepoError),
}

impl ForgeError {
    /// The code, for machines.
    pub fn code(&self) -> &'static str {
        match self {
            ForgeError::Unknown(_) => "pull.unknown",
            ForgeError::Over(_) => "pull.over",
            ForgeError::Conflict { .. } => "pull.conflict",
            ForgeError::Moving => "repo.moving",
            ForgeError::Unreadable(_) => "pull.unreadable",
            ForgeError::Repo(error) => error.code(),
        }
    }

    /// Whether trying again can help.
    pub fn is_passing(&self) -> bool {
        match self {
            ForgeError::Moving => true,
            ForgeError::Repo(error) => error.is_passing(),
            _ => false,
        }
    }
}

/// A place where pull requests are.
pub trait Forge {
    /// Opens a pull request, or finds the one that there is for the same branch.
    fn open(&self, ask: &Ask<'_>, by: By<'_>) -> Result<Pull, ForgeError>;

    /// The pull request of a branch.
    fn of_branch(&self, source: &str) -> Result<Option<Pull>, ForgeError>;

    /// All of them, the newest first.
    fn list(&self) -> Result<Vec<Pull>, ForgeError>;

    /// Merges one.
    fn merge(&self, number: u64, by: By<'_>) -> Result<Pull, ForgeError>;

    /// Closes one without merging it.
    fn close(&self, number: u64, why: &str, by: By<'_>) -> Result<Pull, ForgeError>;
}
