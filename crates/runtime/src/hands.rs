//! Hands: what the runtime can do to the world, and nothing more. The simulator has its own.

use crate::steps::{Act, ActError};
use gradus_connect::argocd::Live;
use gradus_connect::{Reply, Request, Trouble};
use gradus_model::{Commit, Failure, FileAddress, Finding, Part, RepositoryName, Settings, Timestamp};
use gradus_parts::steps::Files;
use gradus_repo::History;
use std::collections::{BTreeMap, BTreeSet};

/// Files as they are, and the commits at which they were seen.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The files.
    pub files: Files,
    /// Where each repository's branch was; none where it does not exist yet.
    pub heads: BTreeMap<RepositoryName, Option<Commit>>,
    /// The commits that bear the marker that was looked for.
    pub written: BTreeMap<RepositoryName, Commit>,
    /// What was asked for under that marker where deliveries are pull requests, and is not merged.
    pub proposed: BTreeMap<RepositoryName, Proposed>,
}

/// A delivery that somebody else must let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposed {
    /// It waits, and for what.
    Open(String),
    /// It will not come in, and why.
    Refused(String),
}

/// What came of writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrote {
    /// The commit.
    Done(Commit),
    /// The branch has moved or the marker exists, and nothing was written.
    Overtaken,
    /// It is asked for.
    Proposed(Proposed),
}

/// Why something could not be done.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct HandsError {
    /// The code, for machines.
    pub code: &'static str,
    /// What went wrong, in words.
    pub message: String,
    /// Whether trying again can help.
    pub passing: bool,
}

impl HandsError {
    /// One that trying again can help.
    pub fn passing(message: impl Into<String>) -> Self {
        Self {
            passing: true,
            ..Self::lasting(message)
        }
    }

    /// One that stays until somebody mends something.
    pub fn lasting(message: impl Into<String>) -> Self {
        Self {
            code: "world",
            message: message.into(),
            passing: false,
        }
    }

    /// The failure it comes to where it ends a delivery: with its code, which `gradus explain` knows.
    pub(crate) fn failure(&self, step: &str) -> Failure {
        let message = match self.code {
            "world" => self.message.clone(),
            code => format!("{} [{code}]", self.message),
        };
        Failure {
            step: step.to_owned(),
            message,
        }
    }
}

/// What the runtime can do to the world.
pub trait Hands: Send + Sync {
    /// Reads files at the newest commit of their branches, and looks in their repositories for a marker that
    /// was ever pushed.
    fn look(&self, files: &BTreeSet<FileAddress>, marker: Option<&str>) -> Result<Seen, HandsError>;

    /// Files as they were before a commit.
    fn before(
        &self,
        repository: &RepositoryName,
        commit: &Commit,
        files: &BTreeSet<FileAddress>,
    ) -> Result<Files, HandsError>;

    /// What a folder with a kustomization would render to with these files in it; none where nobody here
    /// can tell.
    fn render(
        &self,
        repository: &RepositoryName,
        parent: Option<&Commit>,
        files: &BTreeMap<String, Option<String>>,
        folder: &str,
    ) -> Result<Option<String>, HandsError>;

    /// The commits that touched these files after the newest of those that were known; none, if not one of
    /// those is in the branch any more.
    fn history(
        &self,
        repository: &RepositoryName,
        files: &BTreeSet<&str>,
        known: &[Commit],
    ) -> Result<Option<History>, HandsError>;

    /// The commit that bears a marker, however it is written.
    fn marked(&self, repository: &RepositoryName, marker: &str) -> Result<Option<Commit>, HandsError>;

    /// Writes files in one commit on `parent`, with a marker that must not exist yet; what has no text
    /// is taken away.
    fn write(
        &self,
        repository: &RepositoryName,
        parent: Option<&Commit>,
        files: &BTreeMap<String, Option<String>>,
        marker: &str,
        message: (&str, Timestamp),
    ) -> Result<Wrote, HandsError>;

    /// Carries out one check of a delivery that began then.
    fn check(&self, part: &Part, before: Option<Timestamp>) -> Finding;

    /// Carries out a delivery step that does something beside writing files.
    fn act(&self, act: &Act<'_>) -> Result<String, ActError>;

    /// What an application of Argo CD runs, as a step or check with these settings names it.
    fn live(&self, application: &Settings) -> Result<Live, Trouble>;

    /// Asks another system.
    fn ask(&self, request: &Request) -> Result<Reply, Trouble>;
}
