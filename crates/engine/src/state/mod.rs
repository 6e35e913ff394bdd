//! State: what the events of a stream add up to.
//!
//! State is bounded. What has ended and is old leaves it and stays in the ledger; see `prune`.

mod app;
mod evolve;
mod workspace;

pub use app::{AppState, Approval, Deployment, Doubts, Lost, Place, Promotion, ReleaseState};
pub use evolve::evolve;
pub use workspace::{Halt, WorkspaceState, evolve_workspace};

use gradus_model::{App, AppName, Policy};

/// Everything that a decision about one app rests on.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The app's name.
    pub name: &'a AppName,
    /// What its stream adds up to.
    pub app: &'a AppState,
    /// What the workspace's stream adds up to.
    pub workspace: &'a WorkspaceState,
    /// The policy in force.
    pub policy: &'a Policy,
}

impl<'a> World<'a> {
    /// The app as the policy has it; none if the policy does not know it any more.
    pub fn rules(&self) -> Option<&'a App> {
        self.policy.apps.get(self.name)
    }
}
