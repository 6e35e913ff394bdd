//! Conditions: what has to hold before something may happen, each with its answer.

use crate::release::words;
use crate::{EvidenceId, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The answer to a question. There are three, and only one of them lets anything pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes, seen.
    Pass,
    /// No, seen.
    Fail,
    /// Not known, and why not.
    Unknown(Why),
}

impl Answer {
    /// Pass or fail, from a comparison.
    pub fn of(met: bool) -> Self {
        if met { Answer::Pass } else { Answer::Fail }
    }

    /// Whether this lets anything pass.
    pub fn is_pass(self) -> bool {
        self == Answer::Pass
    }
}

/// Why an answer is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Nobody has said anything yet, or what was said no longer counts.
    NoData,
    /// There is data, and it says neither yes nor no.
    Inconclusive,
    /// What was said cannot be read.
    Error,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Answer::Pass => "pass",
            Answer::Fail => "fail",
            Answer::Unknown(Why::NoData) => "unknown: no data",
            Answer::Unknown(Why::Inconclusive) => "unknown: inconclusive",
            Answer::Unknown(Why::Error) => "unknown: error",
        })
    }
}

/// What a gate says of a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The answer.
    pub answer: Answer,
    /// What the policy wants, in words.
    pub wanted: String,
    /// What was seen, in words.
    pub observed: String,
    /// The evidence that was looked at.
    pub evidence: Vec<EvidenceId>,
    /// When the answer may change by the passing of time alone.
    pub next: Option<Timestamp>,
}

/// One thing that has to hold before a step may be taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// What kind of thing it is; conditions are asked in the order of their kinds.
    pub kind: ConditionKind,
    /// Which one: `coverage`, `approval of sre`, `window office-hours`.
    pub name: String,
    /// The answer.
    pub answer: Answer,
    /// What is wanted, in words.
    pub wanted: String,
    /// What was seen, in words.
    pub observed: String,
    /// Who can do what about it; empty where it holds.
    pub remedy: String,
    /// Since when the answer is what it is, where that is known.
    pub since: Option<Timestamp>,
    /// When it will be asked again by itself; none where only an action can change it.
    pub next: Option<Timestamp>,
    /// The evidence that was looked at.
    pub evidence: Vec<EvidenceId>,
}

impl Condition {
    /// Whether it holds.
    pub fn is_met(&self) -> bool {
        self.answer.is_pass()
    }
}

/// The kinds of conditions, in the order in which they are asked: what is cheap and cannot change
/// comes first, people come after the machines, and the queue comes last, because waiting holds
/// nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConditionKind {
    /// There is such a way.
    Path,
    /// The release was built from an accepted branch.
    Branch,
    /// The release was not denied.
    Denied,
    /// What the release does to the schema fits the rollout.
    Schema,
    /// Nothing has been stopped.
    Halt,
    /// The environments before have verified it.
    Upstream,
    /// What its schema change builds on is there, and nobody needs what it takes away.
    Chain,
    /// The calendar is open.
    Window,
    /// A question about evidence.
    Gate,
    /// The plan is still what would be done.
    Plan,
    /// People agree.
    Approval,
    /// The time to object has passed.
    Wait,
    /// Its turn has come.
    Queue,
    /// Nobody else is changing the environment.
    Lane,
}

words! {
    ConditionKind {
        Path: "path", Branch: "branch", Denied: "denied", Schema: "schema", Halt: "halt", Upstream: "upstream", Chain: "chain",
        Window: "window", Gate: "gate", Plan: "plan", Approval: "approval", Wait: "wait", Queue: "queue",
        Lane: "lane",
    }
}
