//! Paths: the edges of the graph, and what they ask.

use crate::{EnvironmentName, Period, Setting, Settings, TeamName};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A way from one environment to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Path {
    /// Where a release must have been verified.
    pub from: EnvironmentName,
    /// Where it goes.
    pub to: EnvironmentName,
    /// The questions about evidence.
    pub gates: Vec<Part>,
    /// Who must agree.
    pub approvals: Vec<Approvers>,
    /// How long to wait when all is agreed, so that somebody can still stop it.
    pub wait: Period,
    /// Whether the newest release that passes goes by itself.
    pub auto: bool,
    /// What a hotfix is asked instead.
    pub hotfix: Option<Hotfix>,
}

/// What a hotfix is asked instead of the path's own list; what is left out stays as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hotfix {
    /// The questions about evidence.
    pub gates: Option<Vec<Part>>,
    /// Who must agree.
    pub approvals: Option<Vec<Approvers>>,
    /// How long to wait.
    pub wait: Option<Period>,
}

/// So many different people out of these teams.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Approvers {
    /// The teams; a member of any of them may agree.
    pub from: Vec<TeamName>,
    /// How many humans must.
    pub count: u32,
}

impl fmt::Display for Approvers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let teams: Vec<_> = self.from.iter().map(TeamName::as_str).collect();
        write!(f, "{} of {}", self.count, teams.join(" or "))
    }
}

/// A gate, a delivery step or a check: its kind, and the settings that the policy gave it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Which one: the name in the registry.
    pub kind: String,
    /// Its settings, checked against its own table.
    pub settings: Settings,
}

impl Part {
    /// The gate that asks whether an environment holds what was put there.
    pub fn drift_in(place: &EnvironmentName) -> Self {
        let place = Setting::Text(place.to_string());
        Self {
            kind: "drift".to_owned(),
            settings: Settings([("in".to_owned(), place)].into()),
        }
    }
}
