//! The overview: what each environment of an app holds, and how it stands to the others.

use crate::state::{AppState, Deployment, ReleaseState, World};
use gradus_model::{App, Digest, EnvironmentName, Evidence, Fact, PromotionId, Timestamp, Version};
use serde::Serialize;

/// One environment of an app.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overview {
    /// Which.
    pub environment: EnvironmentName,
    /// What it holds; none, where nothing was ever put there.
    #[serde(flatten)]
    pub there: Option<There>,
    /// Whether it holds what was put there, as it was last looked at.
    pub drift: Option<LastDrift>,
    /// How many releases further others are.
    pub behind: Behind,
}

/// What an environment holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct There {
    /// The version.
    pub version: Version,
    /// The release's digest.
    pub digest: Option<Digest>,
    /// Since when.
    pub since: Timestamp,
    /// The promotion that brought it.
    pub promotion: PromotionId,
    /// When it was found good; none while that is open, and when it is not.
    pub verified_at: Option<Timestamp>,
    /// Since when it no longer is, though it was.
    pub lost_at: Option<Timestamp>,
}

/// What a look found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LastDrift {
    /// When it was.
    pub at: Timestamp,
    /// How many things were otherwise; none, if nobody could tell.
    pub count: Option<u64>,
    /// What was otherwise, or why nobody could tell.
    pub what: String,
}

/// How many releases further others are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Behind {
    /// How many.
    pub releases: usize,
    /// The newest of them.
    pub newest: Option<Version>,
}

/// Every environment of an app, in order.
pub fn overview(world: &World<'_>) -> Vec<Overview> {
    let Some(app) = world.rules() else {
        return Vec::new();
    };
    let row = |place: &EnvironmentName| Overview {
        environment: place.clone(),
        there: world.app.current(place).map(|now| there(world.app, place, now)),
        drift: last_drift(world.app, place).map(told),
        behind: behind(world.app, app, place),
    };
    app.in_order().into_iter().map(row).collect()
}

fn there(state: &AppState, place: &EnvironmentName, now: &Deployment) -> There {
    let release = state.releases.get(&now.version);
    let lost = state.places.get(place).and_then(|place| place.lost.as_ref());
    There {
        version: now.version.clone(),
        digest: release.map(|release| release.release.digest()),
        since: now.since,
        promotion: now.promotion.clone(),
        verified_at: now.verified_at,
        lost_at: lost.map(|lost| lost.since),
    }
}

/// The last look at what is in an environment now; what was seen before it came says nothing about it.
pub fn last_drift<'a>(state: &'a AppState, place: &EnvironmentName) -> Option<&'a Evidence> {
    let since = state.current(place)?.since;
    let own = |evidence: &&Evidence| {
        let here = evidence.subject.environment.as_ref() == Some(place);
        evidence.producer.measured && evidence.kind == "drift" && here && evidence.taken_at >= since
    };
    state.evidence.values().rev().find(own)
}

fn told(evidence: &Evidence) -> LastDrift {
    let (count, why) = match evidence.facts.get("differs") {
        Some(Fact::Number(count)) => (Some(*count as u64), String::new()),
        other => (None, other.map(ToString::to_string).unwrap_or_default()),
    };
    let what = evidence.facts.get("what").map(ToString::to_string);
    LastDrift {
        at: evidence.taken_at,
        count,
        what: what.unwrap_or(why),
    }
}

/// The newer releases that were found good in an environment before this one; where none is before it, those
/// that it accepts.
fn behind(state: &AppState, app: &App, place: &EnvironmentName) -> Behind {
    let here = state.current(place).and_then(|now| state.order(&now.version));
    let before: Vec<_> = app.into(place).map(|path| &path.from).collect();
    let accepts = app.environments.get(place).map(|place| place.accepts.as_slice());
    let accepts = accepts.unwrap_or_default();
    let could_come = |release: &&ReleaseState| {
        let branch = &release.release.branch;
        match before.is_empty() {
            true => accepts.is_empty() || accepts.iter().any(|pattern| pattern.matches(branch)),
            false => before.iter().any(|from| release.was_verified_in(from)),
        }
    };
    let newer = state
        .releases
        .values()
        .filter(|release| Some(release.order) > here);
    let newer: Vec<_> = newer
        .filter(|release| release.denied.is_none())
        .filter(could_come)
        .collect();
    let newest = newer.iter().max_by_key(|release| release.order);
    Behind {
        releases: newer.len(),
        newest: newest.map(|release| release.release.version.clone()),
    }
}
