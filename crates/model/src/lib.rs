//! The words of Gradus as types.
//!
//! Everything that is decided, stored, sent or shown is made of the types in this crate: what a
//! [`Release`] is, what [`Evidence`] says about it, what a [`Policy`] asks of it, what a [`Plan`]
//! would do with it, and which [`Event`]s tell what happened. The crate holds data and the few
//! rules that belong to one value alone (a name is well formed, a digest is a digest). It reads no
//! clock, no file and no network: time and ids come in as values.
//!
//! Start with [`Event`]: the ledger is a list of them, and everything else is derived.

mod actor;
mod branch;
mod condition;
mod digest;
mod event;
mod evidence;
mod name;
mod period;
mod plan;
mod policy;
mod promotion;
mod release;
mod settings;

pub use actor::{Actor, Via};
pub use branch::{BranchPattern, BranchPatternError};
pub use condition::{Answer, Condition, ConditionKind, Verdict, Why};
pub use digest::{Commit, Digest, DigestError, canonical};
pub use event::{Event, FORMAT, Recorded, Stream, StreamError};
pub use evidence::{Evidence, EvidenceId, Fact, Producer, Subject};
pub use jiff::Timestamp;
pub use name::{
    AppName, EnvironmentName, NameError, PersonName, RepositoryName, TargetName, TeamName, Version,
    WindowName,
};
pub use period::{Period, PeriodError};
pub use plan::{Decision, FileAddress, FileEdit, Phase, Placed, Plan, Receipt};
pub use policy::{
    Access, App, Approvers, BlueGreen, Calendar, Canary, Environment, Hotfix, Marker, Metrics, Mode, Observe,
    OnDrift, OnFailure, Otherwise, Part, Path, People, Permission, Person, Policy, Queue, Repository,
    Rollout, Rules, Share, Slot, Strategy, Targets, Upstream, Waves, Who, WindowUse,
};
pub use promotion::{BreakGlass, Failure, Finding, PromotionId, PromotionKind, Resolution, Scope, Status};
pub use release::{Artifact, Release, ReleaseKind, SchemaChange};
pub use settings::{Setting, Settings};
