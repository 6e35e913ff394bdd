//! The policy as understood: what `gradus.yaml` says, with every name resolved and every app's
//! own narrowing applied.

mod environment;
mod metrics;
mod path;
mod people;
mod rules;
mod strategy;
mod window;

pub use environment::{
    Access, Environment, OnDrift, OnFailure, Otherwise, Permission, Queue, Rollout, Upstream, Who,
};
pub use metrics::Metrics;
pub use path::{Approvers, Hotfix, Part, Path};
pub use people::{People, Person};
pub use rules::Rules;
pub use strategy::{BlueGreen, Canary, Observe, Share, Strategy, Targets, Waves};
pub use window::{Calendar, Slot, WindowUse};

use crate::{AppName, Digest, EnvironmentName, RepositoryName, WindowName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that a workspace asks of its releases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// The environments that apps share.
    pub environments: BTreeMap<EnvironmentName, Environment>,
    /// The paths that apps share.
    pub paths: Vec<Path>,
    /// Who is who.
    pub people: People,
    /// Calendars of allowed and denied times.
    pub windows: BTreeMap<WindowName, Calendar>,
    /// The git repositories that deliveries write to.
    pub repositories: BTreeMap<RepositoryName, Repository>,
    /// Where live gates get their numbers; none, where nothing is measured from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<Metrics>,
    /// The apps, each with its own view of the flow.
    pub apps: BTreeMap<AppName, App>,
}

impl Policy {
    /// The digest that names this policy in the ledger.
    pub fn digest(&self) -> Digest {
        Digest::of_value(self)
    }
}

/// An app and the flow it walks: the shared one, narrowed where the app asks for more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct App {
    /// The artifacts that each of its releases must bring.
    pub artifacts: Vec<String>,
    /// The environments as they are for this app.
    pub environments: BTreeMap<EnvironmentName, Environment>,
    /// The paths as they are for this app.
    pub paths: Vec<Path>,
}

impl App {
    /// The path between two environments.
    pub fn path(&self, from: &EnvironmentName, to: &EnvironmentName) -> Option<&Path> {
        self.paths
            .iter()
            .find(|path| path.from == *from && path.to == *to)
    }

    /// The paths that lead into an environment.
    pub fn into<'a>(&'a self, to: &'a EnvironmentName) -> impl Iterator<Item = &'a Path> {
        self.paths.iter().filter(move |path| path.to == *to)
    }

    /// The paths that lead out of an environment.
    pub fn out_of<'a>(&'a self, from: &'a EnvironmentName) -> impl Iterator<Item = &'a Path> {
        self.paths.iter().filter(move |path| path.from == *from)
    }

    /// The environments in an order in which every path leads onwards. What cannot be ordered (a
    /// cycle, which the policy reader refuses) is left out.
    pub fn in_order(&self) -> Vec<&EnvironmentName> {
        let mut done: Vec<&EnvironmentName> = Vec::new();
        let mut open: Vec<&EnvironmentName> = self.environments.keys().collect();
        loop {
            let ready = |name: &EnvironmentName| self.into(name).all(|path| done.contains(&&path.from));
            let Some(at) = open.iter().position(|name| ready(name)) else {
                return done;
            };
            done.push(open.remove(at));
        }
    }
}

/// A git repository that deliveries write to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    /// Where it is: a path, or an `https` or `ssh` address.
    pub url: String,
    /// The branch that is written.
    pub branch: String,
    /// How what was written is marked.
    #[serde(default, skip_serializing_if = "Marker::is_ref")]
    pub marker: Marker,
    /// How deliveries are written.
    #[serde(default, skip_serializing_if = "Mode::is_commit")]
    pub mode: Mode,
}

/// How deliveries are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// To the branch itself.
    #[default]
    Commit,
    /// To a branch of their own, which somebody merges.
    PullRequest,
}

impl Mode {
    fn is_commit(&self) -> bool {
        *self == Mode::Commit
    }
}

/// What bears the marker of a delivery, beside the commit itself, so that the delivery happens once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Marker {
    /// A ref of its own, which nobody fetches: `refs/gradus/…`.
    #[default]
    Ref,
    /// A tag, `gradus/…`, where a server takes no other refs.
    Tag,
    /// Nothing else: the trailer of the commit is looked for in the branch's history.
    Trailer,
}

impl Marker {
    /// Its name in the policy.
    pub fn name(self) -> &'static str {
        match self {
            Marker::Ref => "ref",
            Marker::Tag => "tag",
            Marker::Trailer => "trailer",
        }
    }

    fn is_ref(&self) -> bool {
        *self == Marker::Ref
    }
}
