//! What an app's stream adds up to.

use gradus_model::{
    Actor, BreakGlass, Commit, Digest, EnvironmentName, Evidence, EvidenceId, PersonName, Plan, PromotionId,
    PromotionKind, Release, Rules, Status, TargetName, Timestamp, Version,
};
use gradus_parts::Stay;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Everything about one app that a decision may need.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AppState {
    /// The releases that still matter.
    pub releases: BTreeMap<Version, ReleaseState>,
    /// Every version ever taken in, with its digest, so that none is ever used for something else.
    pub known: BTreeMap<Version, Digest>,
    /// What has been said about those releases and was not revoked.
    pub evidence: BTreeMap<EvidenceId, Evidence>,
    /// What is where.
    pub places: BTreeMap<EnvironmentName, Place>,
    /// The promotions that move or wait, and the last that ended; by number.
    pub promotions: BTreeMap<u64, Promotion>,
    /// How many promotions there have been.
    pub promotions_counted: u64,
    /// How many pieces of evidence there have been.
    pub evidence_counted: u64,
    /// How many releases there have been.
    pub releases_counted: u64,
}

/// A release and what has become of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleaseState {
    /// The release.
    pub release: Release,
    /// Its place in the order of intake: later is newer.
    pub order: u64,
    /// When it was taken in.
    pub added_at: Timestamp,
    /// Why it was barred, if it was.
    pub denied: Option<String>,
    /// Where it has been verified, and how long it stayed: what it has earned so far.
    pub stays: Vec<KeptStay>,
}

/// A stay as it is kept; see [`Stay`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptStay {
    /// Where.
    pub environment: EnvironmentName,
    /// Since when it was verified there.
    pub since: Timestamp,
    /// Until when it was there; none if it still is.
    pub until: Option<Timestamp>,
}

impl ReleaseState {
    /// Whether it was ever verified in an environment.
    pub fn was_verified_in(&self, environment: &EnvironmentName) -> bool {
        self.stays.iter().any(|stay| stay.environment == *environment)
    }

    /// Its stays in the form that gates read.
    pub(crate) fn looked_at_stays(&self) -> Vec<Stay> {
        let look = |stay: &KeptStay| Stay {
            environment: stay.environment.clone(),
            since: stay.since,
            until: stay.until,
        };
        self.stays.iter().map(look).collect()
    }
}

/// One environment of the app.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// What is there now.
    pub current: Option<Deployment>,
    /// The versions that were verified there, the latest last.
    pub healthy: Vec<Version>,
    /// The versions whose last attempt to come here failed.
    pub failed: Vec<Version>,
    /// When deliveries into it failed, the latest last; only so many are kept.
    #[serde(default)]
    pub failures: Vec<Timestamp>,
    /// Failed checks of what had been good that did not count yet.
    #[serde(default)]
    pub doubts: Doubts,
    /// Set while what had been good here no longer is.
    #[serde(default)]
    pub lost: Option<Lost>,
    /// The version that holds automation back, if one does.
    pub automation_held: Option<Version>,
    /// The last commits with which something was put here, the latest last; only so many are kept.
    #[serde(default)]
    pub commits: Vec<Commit>,
}

/// What an environment holds, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// The version.
    pub version: Version,
    /// Since when.
    pub since: Timestamp,
    /// The promotion that brought it.
    pub promotion: PromotionId,
    /// When it was verified; none while that is open, or when it failed.
    pub verified_at: Option<Timestamp>,
}

/// One attempt to take one release along one path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Promotion {
    /// Its id.
    pub id: PromotionId,
    /// A promotion or a rollback.
    pub kind: PromotionKind,
    /// How far it has come.
    pub status: Status,
    /// Since when it has been there.
    pub since: Timestamp,
    /// What it would do.
    pub plan: Plan,
    /// The plan's digest.
    pub plan_digest: Digest,
    /// The rules it was asked under, and each set of rules that came into force while it waited.
    /// All of them hold: a policy that was tightened binds it, one that was loosened does not help.
    pub rules: Vec<Rules>,
    /// Whether an automation asked for it.
    pub automatic: bool,
    /// Who asked.
    pub requested_by: Actor,
    /// When.
    pub requested_at: Timestamp,
    /// Why.
    pub reason: Option<String>,
    /// The emergency way, if it was taken.
    pub break_glass: Option<BreakGlass>,
    /// Why the calendar is passed over, if it is.
    pub override_window: Option<String>,
    /// Who agreed, and to what.
    pub approvals: Vec<Approval>,
    /// When all had been agreed.
    pub ready_at: Option<Timestamp>,
    /// The number of the event that lets it change its environment now: the beginning of the
    /// delivery, of its present phase, or of the rollback.
    pub decided: u64,
    /// The evidence that the delivery rests on.
    #[serde(default)]
    pub rests_on: Vec<EvidenceId>,
    /// What of it was taken back since, in words.
    #[serde(default)]
    pub doubt: Option<String>,
    /// The phase that it is in, from 0.
    #[serde(default)]
    pub phase: u32,
    /// Whether its present phase is good, and a human must say that it goes on.
    #[serde(default)]
    pub paused: bool,
    /// When its delivery began.
    #[serde(default)]
    pub began_at: Option<Timestamp>,
    /// How many times a check has failed in this phase without counting, and when last.
    #[serde(default)]
    pub doubts: Doubts,
    /// The targets that failed while the others went on.
    #[serde(default)]
    pub failed_targets: BTreeSet<TargetName>,
    /// What the environment held when the delivery began.
    pub replaces: Option<Version>,
    /// The release that is being brought back.
    pub going_back_to: Option<Version>,
    /// How it ended, or what is the matter, in words.
    pub outcome: Option<String>,
    /// Whether a look at the emergency is still owed.
    pub review_owed: bool,
}

/// Failed checks that did not count yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Doubts {
    /// How many.
    pub count: u32,
    /// When the last was.
    pub last: Option<Timestamp>,
}

/// That what had been good in an environment no longer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// Since when.
    pub since: Timestamp,
    /// What the checks found.
    pub why: String,
    /// Whether it was tried to bring the release before back by itself: that happens once.
    pub answered: bool,
}

/// A person's yes to one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The plan.
    pub plan: Digest,
    /// The person.
    pub person: PersonName,
    /// The identity they used.
    pub identity: String,
    /// When.
    pub at: Timestamp,
}

impl AppState {
    /// A promotion that still matters, by id.
    pub fn promotion(&self, id: &PromotionId) -> Option<&Promotion> {
        self.promotions
            .get(&id.number())
            .filter(|promotion| promotion.id == *id)
    }

    /// The promotions that have not ended.
    pub fn moving(&self) -> impl Iterator<Item = &Promotion> {
        self.promotions
            .values()
            .filter(|promotion| !promotion.status.is_terminal())
    }

    /// The promotion that is changing an environment.
    pub fn lane(&self, environment: &EnvironmentName) -> Option<&Promotion> {
        self.moving()
            .find(|promotion| promotion.status.holds_lane() && promotion.plan.to == *environment)
    }

    /// What an environment holds.
    pub fn current(&self, environment: &EnvironmentName) -> Option<&Deployment> {
        self.places.get(environment)?.current.as_ref()
    }

    /// The place of a version in the order of intake.
    pub fn order(&self, version: &Version) -> Option<u64> {
        self.releases.get(version).map(|release| release.order)
    }
}
