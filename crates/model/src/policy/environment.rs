//! Environments: what a place asks of everything that comes to it.

use super::{Approvers, Observe, Part, Strategy, Targets};
use crate::release::words;
use crate::{BranchPattern, Period, TeamName, WindowName};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A place a release can be in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    /// What it is for, in words.
    pub purpose: String,
    /// The source branches whose releases may be here; empty for any.
    pub accepts: Vec<BranchPattern>,
    /// Whether a release may come here directly, without having been somewhere else before.
    pub direct: bool,
    /// Whether the newest accepted release comes here by itself.
    pub auto: bool,
    /// Whether every path here must ask for at least one approval.
    pub protected: bool,
    /// Whether the environments behind may be reached without this one.
    pub optional: bool,
    /// How many of the environments before it must have verified a release.
    pub upstream: Upstream,
    /// The calendars that say when something may be delivered here.
    pub windows: Vec<WindowName>,
    /// Whether rollbacks keep to the calendars too.
    pub windows_bind_rollback: bool,
    /// How long an approval counts.
    pub approvals_expire: Period,
    /// How long a request may wait before it is given up.
    pub requests_expire: Period,
    /// What happens to waiting promotions when another comes.
    pub queue: Queue,
    /// What happens when a delivery or its verification fails.
    pub on_failure: OnFailure,
    /// How the place rolls out what is written to it.
    pub rollout: Rollout,
    /// The real places behind it; none, where it is one.
    #[serde(default, skip_serializing_if = "Targets::is_empty")]
    pub targets: Targets,
    /// How a delivery proceeds.
    #[serde(default, skip_serializing_if = "Strategy::is_direct")]
    pub strategy: Strategy,
    /// How long what was delivered is watched; only at once, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observe: Option<Observe>,
    /// Who may do what here.
    pub access: Access,
    /// Who must agree to a rollback here; none: whoever the paths here ask for.
    pub rollback_approvals: Option<Vec<Approvers>>,
    /// What a delivery does, in order.
    pub deliver: Vec<Part>,
    /// What is checked after a delivery.
    pub verify: Vec<Part>,
    /// What it means for promotions that it holds something else than was put there.
    #[serde(default, skip_serializing_if = "OnDrift::is_warn")]
    pub drift: OnDrift,
    /// How it may be otherwise than others.
    #[serde(default, skip_serializing_if = "Otherwise::is_empty")]
    pub parity: Otherwise,
}

/// How an environment may be otherwise than others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Otherwise {
    /// The keys in its files whose values are its own, such as `replicas` and `resources.*`.
    pub ignore: Vec<String>,
}

impl Otherwise {
    fn is_empty(&self) -> bool {
        self.ignore.is_empty()
    }
}

/// What it means for promotions from and to an environment that it has drifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDrift {
    /// Nothing.
    Ignore,
    /// It is said.
    #[default]
    Warn,
    /// They wait until it no longer has.
    Block,
}

impl OnDrift {
    fn is_warn(&self) -> bool {
        *self == OnDrift::Warn
    }
}

/// How many of the environments before must have verified a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Upstream {
    /// Each of them.
    All,
    /// At least the one it comes from.
    Any,
    /// So many of them.
    AtLeast(u32),
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Upstream::All => f.write_str("all"),
            Upstream::Any => f.write_str("any"),
            Upstream::AtLeast(count) => write!(f, "at least {count}"),
        }
    }
}

/// What happens to waiting promotions when another one comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    /// A newer release takes the place of a waiting older one.
    LatestWins,
    /// Each has its turn.
    InOrder,
}

/// What happens when a delivery or its verification fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// The last healthy release comes back.
    Rollback,
    /// The failed release stays until a mended one follows.
    RollForward,
    /// Nothing moves until a human has looked.
    Hold,
}

/// How the place rolls out what is written to it. Its own machinery does that; Gradus must know
/// whether two versions run side by side, because they would then share one schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rollout {
    /// The new version takes the place of the old.
    Direct,
    /// Both run; the traffic is switched.
    BlueGreen,
    /// Both run; the traffic is shifted by and by.
    Canary,
}

words! {
    Queue { LatestWins: "latest_wins", InOrder: "in_order" }
    OnFailure { Rollback: "rollback", RollForward: "roll_forward", Hold: "hold" }
    OnDrift { Ignore: "ignore", Warn: "warn", Block: "block" }
    Rollout { Direct: "direct", BlueGreen: "blue_green", Canary: "canary" }
    Permission {
        Release: "release",
        Promote: "promote",
        Approve: "approve",
        RollBack: "roll_back",
        Halt: "halt",
        BreakGlass: "break_glass",
        OverrideWindow: "override_window",
    }
}

/// Something that a person may or may not do in an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Put a release there directly.
    Release,
    /// Bring a release there along a path.
    Promote,
    /// Agree to that.
    Approve,
    /// Bring an earlier release back.
    RollBack,
    /// Stop everything, and let it go on.
    Halt,
    /// Go past gates and approvals in an emergency.
    BreakGlass,
    /// Deliver outside the calendar.
    OverrideWindow,
}

/// Who may do what in an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Put a release there directly.
    pub release: Who,
    /// Bring a release there along a path.
    pub promote: Who,
    /// Agree to that, beside being in the team that is asked.
    pub approve: Who,
    /// Bring an earlier release back.
    pub roll_back: Who,
    /// Stop everything, and let it go on.
    pub halt: Who,
    /// Go past gates and approvals in an emergency.
    pub break_glass: Who,
    /// Deliver outside the calendar.
    pub override_window: Who,
}

impl Access {
    /// Who has one permission.
    pub fn who(&self, permission: Permission) -> &Who {
        match permission {
            Permission::Release => &self.release,
            Permission::Promote => &self.promote,
            Permission::Approve => &self.approve,
            Permission::RollBack => &self.roll_back,
            Permission::Halt => &self.halt,
            Permission::BreakGlass => &self.break_glass,
            Permission::OverrideWindow => &self.override_window,
        }
    }
}

/// A set of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Everybody.
    Anyone,
    /// No one.
    Nobody,
    /// The members of these teams.
    Teams(Vec<TeamName>),
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Who::Anyone => f.write_str("anyone"),
            Who::Nobody => f.write_str("nobody"),
            Who::Teams(teams) => {
                let names: Vec<_> = teams.iter().map(TeamName::as_str).collect();
                f.write_str(&names.join(" or "))
            }
        }
    }
}
