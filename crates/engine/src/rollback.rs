//! Where a rollback goes: to the last release that was healthy there, never past a change of the
//! schema that knows no way back, never to one that was denied.

use crate::state::{AppState, ReleaseState};
use gradus_model::{EnvironmentName, SchemaChange, Version};

/// Why there is nothing to go back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoTarget {
    /// No other release was ever healthy there, or all that were have been denied.
    NoneHealthy,
    /// The release named was never healthy there.
    NeverHealthy(Version),
    /// The release named was denied, and why.
    Denied(Version, String),
    /// A release in between changed the schema for good.
    ForwardOnly(Version),
}

impl NoTarget {
    /// The code of the refusal that it makes.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            NoTarget::NoneHealthy | NoTarget::NeverHealthy(_) => "rollback.no_target",
            NoTarget::Denied(..) => "release.denied",
            NoTarget::ForwardOnly(_) => "rollback.schema",
        }
    }
}

impl std::fmt::Display for NoTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NoTarget::NoneHealthy => f.write_str("no earlier release was healthy there"),
            NoTarget::NeverHealthy(version) => write!(f, "{version} was never healthy there"),
            NoTarget::Denied(version, reason) => write!(f, "{version} was denied: {reason}"),
            NoTarget::ForwardOnly(version) => {
                write!(
                    f,
                    "{version} changed the schema for good; the only way is forward"
                )
            }
        }
    }
}

/// The release that a rollback of `leaving` in an environment goes to, or to `wished`.
pub fn target(
    app: &AppState,
    environment: &EnvironmentName,
    leaving: &Version,
    wished: Option<&Version>,
) -> Result<Version, NoTarget> {
    let healthy = app
        .places
        .get(environment)
        .map(|place| place.healthy.as_slice())
        .unwrap_or_default();
    let denied = |version: &Version| {
        app.releases
            .get(version)
            .and_then(|release| release.denied.clone())
    };
    let target = match wished {
        Some(wished) if !healthy.contains(wished) => return Err(NoTarget::NeverHealthy(wished.clone())),
        Some(wished) => match denied(wished) {
            Some(reason) => return Err(NoTarget::Denied(wished.clone(), reason)),
            None => wished,
        },
        None => {
            let good = |version: &&Version| *version != leaving && denied(version).is_none();
            let usable = |version: &&Version| app.releases.contains_key(*version);
            healthy
                .iter()
                .rev()
                .filter(good)
                .find(usable)
                .ok_or(NoTarget::NoneHealthy)?
        }
    };
    match barrier(app, environment, target, leaving) {
        Some(version) => Err(NoTarget::ForwardOnly(version)),
        None => Ok(target.clone()),
    }
}

/// What changed the schema for good between `target` and the release that is left; or, however long
/// ago, took away in this environment what `target` still needs.
pub(crate) fn barrier(
    app: &AppState,
    environment: &EnvironmentName,
    target: &Version,
    leaving: &Version,
) -> Option<Version> {
    let (from, to) = (app.order(target)?, app.order(leaving)?);
    let mut barriers = app.releases.values().filter(|one| match one.release.schema {
        SchemaChange::ForwardOnly => from < one.order && one.order <= to,
        SchemaChange::Contract => {
            let needed = migration(app, one).is_none_or(|migrated| from < migrated);
            needed && came_to(app, environment, one)
        }
        _ => false,
    });
    barriers.next().map(|release| release.release.version.clone())
}

/// Whether a release was ever brought to an environment, well or badly.
fn came_to(app: &AppState, environment: &EnvironmentName, release: &ReleaseState) -> bool {
    let version = &release.release.version;
    let place = app.places.get(environment);
    let failed = place.is_some_and(|place| place.failed.contains(version));
    let now = app
        .current(environment)
        .is_some_and(|now| now.version == *version);
    failed || now || release.was_verified_in(environment)
}

/// The place in the order of the migration that a contract follows.
fn migration(app: &AppState, contract: &ReleaseState) -> Option<u64> {
    let mut releases = app.releases.values();
    let migrate = releases.find(|one| {
        one.release.schema == SchemaChange::Migrate && one.release.chain == contract.release.chain
    });
    migrate.map(|migrate| migrate.order)
}
