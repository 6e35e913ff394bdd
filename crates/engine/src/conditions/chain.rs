//! Schema chains: the shape of the data changes in three releases. `expand` adds the new shape beside the
//! old one, `migrate` moves what there is and no longer needs the old one, `contract` takes it away.
//! Each can be taken back as long as the next one has not come.

use super::condition;
use crate::state::{ReleaseState, World};
use crate::step::Step;
use gradus_model::{Condition, ConditionKind, EnvironmentName, PromotionKind, SchemaChange};

/// The release of a chain that makes this change, if it is known.
pub(crate) fn link<'a>(world: &World<'a>, chain: &str, change: SchemaChange) -> Option<&'a ReleaseState> {
    let mut releases = world.app.releases.values();
    releases.find(|one| one.release.chain.as_deref() == Some(chain) && one.release.schema == change)
}

pub(super) fn chain(world: &World<'_>, step: &Step<'_>) -> Option<Condition> {
    let release = &step.release.release;
    let chain = release.chain.as_deref()?;
    if step.kind == PromotionKind::Rollback {
        return None;
    }
    let before = match release.schema {
        SchemaChange::Migrate => SchemaChange::Expand,
        SchemaChange::Contract => SchemaChange::Migrate,
        _ => return None,
    };
    let name = format!("schema {chain}");
    let wanted = match before {
        SchemaChange::Expand => format!("expanded in {} before", step.to),
        _ => "nobody needs the old shape any more".to_owned(),
    };
    let unmet = |observed: String, remedy: String| {
        let mut unmet = condition(ConditionKind::Chain, &name, false, wanted.clone(), observed);
        unmet.remedy = remedy;
        Some(unmet)
    };
    let promote =
        |version, place: &EnvironmentName| format!("promote {}@{version} to {place} first", release.app);
    let Some(earlier) = link(world, chain, before) else {
        return unmet(
            format!("no release of {chain} is known that would {before}"),
            format!("take it in: gradus release add … --schema {before} --chain {chain}"),
        );
    };
    let version = &earlier.release.version;
    if !earlier.was_verified_in(&step.to) {
        let observed = format!("{version}, which would {before}, was never good in {}", step.to);
        return unmet(observed, promote(version, &step.to));
    }
    let needs = old_shape(world, earlier).filter(|_| release.schema == SchemaChange::Contract);
    if let Some((place, held)) = needs {
        return unmet(
            format!("{place} still needs the old shape: it holds {held}"),
            promote(version, place),
        );
    }
    let observed = format!("{version} was good in {}", step.to);
    Some(condition(ConditionKind::Chain, &name, true, wanted, observed))
}

/// An environment that holds a release from before the migration, and so needs the old shape.
fn old_shape<'a>(
    world: &World<'a>,
    migrate: &ReleaseState,
) -> Option<(&'a EnvironmentName, &'a gradus_model::Version)> {
    let held = world
        .app
        .places
        .iter()
        .filter_map(|(place, it)| Some((place, it.current.as_ref()?)));
    held.into_iter()
        .find(|(_, now)| world.app.order(&now.version) < Some(migrate.order))
        .map(|(place, now)| (place, &now.version))
}
