//! What the workspace's stream adds up to: the policy in force, and what is stopped.

use gradus_model::{AppName, Digest, EnvironmentName, Event, Recorded, Scope, Timestamp};
use serde::{Deserialize, Serialize};

/// The policy in force, by digest, and every halt.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct WorkspaceState {
    /// The digest of the policy in force.
    pub policy: Option<Digest>,
    /// What is stopped.
    pub halts: Vec<Halt>,
}

/// One thing that is stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halt {
    /// What.
    pub scope: Scope,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// Since when.
    pub since: Timestamp,
}

impl WorkspaceState {
    /// The halts that bear on an app in an environment.
    pub fn halting<'a>(
        &'a self,
        app: &'a AppName,
        environment: &'a EnvironmentName,
    ) -> impl Iterator<Item = &'a Halt> {
        self.halts.iter().filter(move |halt| match &halt.scope {
            Scope::Workspace => true,
            Scope::App(name) => name == app,
            Scope::Environment(name) => name == environment,
        })
    }
}

/// What the workspace is after an event. Events of other streams change nothing.
pub fn evolve_workspace(mut state: WorkspaceState, recorded: &Recorded) -> WorkspaceState {
    match &recorded.event {
        Event::PolicyAdopted { digest, .. } => state.policy = Some(digest.clone()),
        Event::Halted { scope, reason } => state.halts.push(Halt {
            scope: scope.clone(),
            reason: reason.clone(),
            by: recorded.actor.identity.clone(),
            since: recorded.at,
        }),
        Event::Resumed { scope } => state.halts.retain(|halt| halt.scope != *scope),
        _ => {}
    }
    state
}
