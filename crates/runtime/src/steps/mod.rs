//! Delivery steps that do something to the world beside writing files: one file each, under the
//! same names as in the registry of parts.

mod argocd;
mod http;
pub(crate) mod run;
mod wait_healthy;

pub use argocd::Login;
pub(crate) use argocd::address as argocd_address;
use gradus_connect::Transport;
use gradus_model::{Commit, Part};
use serde_json::Value;
use std::path::Path;

/// What steps are carried out with.
pub(crate) struct Means<'a> {
    pub(crate) transport: &'a dyn Transport,
    /// How to sign in to Argo CD.
    pub(crate) logins: &'a [Login],
    /// The folder that programs run in; none, where they may not run.
    pub(crate) programs_in: Option<&'a Path>,
}

/// One step, carried out now or before.
pub struct Act<'a> {
    /// The step, with everything filled in.
    pub part: &'a Part,
    /// What this step of this promotion is called, whoever carries it out and however often.
    pub key: &'a str,
    /// What it is about, for the other side.
    pub about: &'a Value,
    /// Whether it brings an earlier release back.
    pub back: bool,
    /// The commit that the steps before it have written, if they have.
    pub commit: Option<&'a Commit>,
}

/// Why a step was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActError {
    /// Trying again can help.
    Passing(String),
    /// It cannot.
    Lasting(String),
}

/// Carries out a step, and says what came of it in words. It observes before it acts where it can.
pub(crate) fn act(act: &Act<'_>, means: &Means<'_>) -> Result<String, ActError> {
    match act.part.kind.as_str() {
        "argocd" => argocd::act(act, means),
        "http" => http::act(act, means.transport),
        "run" => run::act(act, means.programs_in),
        "wait_healthy" => wait_healthy::act(act, means.transport),
        other => Err(ActError::Lasting(format!(
            "this version of Gradus knows no step {other}"
        ))),
    }
}
