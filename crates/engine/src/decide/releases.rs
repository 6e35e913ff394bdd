//! Releases: taken in once, under one version, for every environment.

use super::no_release;
use crate::conditions::chain::link;
use crate::refusal::Refusal;
use crate::state::World;
use gradus_model::{Actor, Event, Permission, Release, SchemaChange, Version};
use std::collections::BTreeSet;

pub(super) fn add(world: &World<'_>, release: &Release) -> Result<Vec<Event>, Refusal> {
    let Some(app) = world.rules() else {
        let known: Vec<_> = world.policy.apps.keys().map(ToString::to_string).collect();
        let message = format!("the policy knows no app {}", release.app);
        return Err(Refusal::unknown(
            "app.unknown",
            message,
            format!("it knows {}", known.join(", ")),
        ));
    };
    if let Some(environment) = &release.built_for {
        return Err(Refusal::blocked(
            "release.environment_specific",
            format!(
                "{}@{} was built for {environment} only",
                release.app, release.version
            ),
            "build once, without anything of an environment in it, and give it its configuration where it runs",
        ));
    }
    match world.app.known.get(&release.version) {
        Some(known) if *known == release.digest() => return Ok(Vec::new()),
        Some(known) => {
            return Err(Refusal::blocked(
                "release.changed",
                format!(
                    "{}@{} is already known with other contents ({}, now {})",
                    release.app,
                    release.version,
                    known.short(),
                    release.digest().short()
                ),
                "a version stands for one build for ever: give the new build a new version",
            ));
        }
        None => {}
    }
    artifacts(release, &app.artifacts)?;
    chained(world, release)?;
    Ok(vec![Event::ReleaseAdded {
        release: release.clone(),
    }])
}

/// A chain has a name, one release for each of its changes, and they come in order.
fn chained(world: &World<'_>, release: &Release) -> Result<(), Refusal> {
    use SchemaChange::{Contract, Expand, Migrate};
    let refuse = |message: String, hint: &str| Err(Refusal::blocked("release.chain", message, hint));
    let change = release.schema;
    let links = [Expand, Migrate, Contract].contains(&change);
    let Some(chain) = release.chain.as_deref() else {
        let message = format!("{change} without the name of the chain that it belongs to");
        return if links {
            refuse(message, "say which: --chain NAME")
        } else {
            Ok(())
        };
    };
    if !links {
        let message = format!("{change} belongs to no chain");
        return refuse(message, "a chain is made of expand, migrate and contract");
    }
    if let Some(same) = link(world, chain, change) {
        let message = format!("{} is the {change} of {chain} already", same.release.version);
        return refuse(message, "begin another chain for another change");
    }
    let before = match change {
        Migrate => Expand,
        Contract => Migrate,
        _ => return Ok(()),
    };
    match link(world, chain, before) {
        Some(_) => Ok(()),
        None => refuse(
            format!("{chain} has no release yet that would {before}"),
            "take the releases of a chain in in their order: expand, migrate, contract",
        ),
    }
}

/// Each artifact that the policy names, once, pinned; and no other.
fn artifacts(release: &Release, wanted: &[String]) -> Result<(), Refusal> {
    let given: BTreeSet<&str> = release
        .artifacts
        .iter()
        .map(|artifact| artifact.name.as_str())
        .collect();
    let missing = wanted.iter().find(|name| !given.contains(name.as_str()));
    if let Some(name) = missing {
        return Err(Refusal::blocked(
            "release.artifact_missing",
            format!("{}@{} does not bring {name}", release.app, release.version),
            format!("add --artifact {name}@sha256:…"),
        ));
    }
    let strange = given
        .iter()
        .find(|name| !wanted.is_empty() && !wanted.iter().any(|known| known == *name));
    if let Some(name) = strange {
        return Err(Refusal::blocked(
            "release.artifact_unknown",
            format!("the policy knows no artifact {name} of {}", release.app),
            format!("it knows {}", wanted.join(", ")),
        ));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._/:".contains(c);
    let odd = given
        .iter()
        .find(|name| name.is_empty() || !name.chars().all(plain));
    if odd.is_some() || given.len() != release.artifacts.len() {
        return Err(Refusal::blocked(
            "release.artifact_invalid",
            format!(
                "{}@{} names an artifact twice, or with characters that no registry has",
                release.app, release.version
            ),
            "write each once, as host/path@sha256:…",
        ));
    }
    Ok(())
}

/// Denying is a stop, and a stop is for everybody who may halt anything that the app goes through.
fn may_halt(world: &World<'_>, actor: &Actor) -> Result<(), Refusal> {
    let person = world.policy.people.who(&actor.identity).map(|(name, _)| name);
    let places = world.rules().map(|app| &app.environments);
    let mut halts = places
        .into_iter()
        .flatten()
        .map(|(_, place)| place.access.who(Permission::Halt));
    if actor.is_system() || halts.any(|who| world.policy.people.includes(who, person)) {
        return Ok(());
    }
    let message = format!("{actor} may not deny or allow releases of {}", world.name);
    Err(Refusal::not_permitted(
        "access.denied",
        message,
        "that is for those who may halt one of its environments",
    ))
}

pub(super) fn deny(
    world: &World<'_>,
    actor: &Actor,
    version: &Version,
    reason: &str,
) -> Result<Vec<Event>, Refusal> {
    may_halt(world, actor)?;
    let release = world
        .app
        .releases
        .get(version)
        .ok_or_else(|| no_release(world, version))?;
    if release.denied.is_some() {
        return Ok(Vec::new());
    }
    let waiting = world
        .app
        .moving()
        .filter(|promotion| promotion.status.is_waiting());
    let of_it = waiting.filter(|promotion| promotion.plan.version == *version);
    let cancelled = of_it.map(|promotion| Event::PromotionCancelled {
        promotion: promotion.id.clone(),
        reason: format!("{version} was denied: {reason}"),
    });
    let denied = Event::ReleaseDenied {
        version: version.clone(),
        reason: reason.to_owned(),
    };
    Ok(std::iter::once(denied).chain(cancelled).collect())
}

pub(super) fn allow(
    world: &World<'_>,
    actor: &Actor,
    version: &Version,
    reason: &str,
) -> Result<Vec<Event>, Refusal> {
    may_halt(world, actor)?;
    let release = world
        .app
        .releases
        .get(version)
        .ok_or_else(|| no_release(world, version))?;
    match release.denied {
        None => Ok(Vec::new()),
        Some(_) => Ok(vec![Event::ReleaseAllowed {
            version: version.clone(),
            reason: reason.to_owned(),
        }]),
    }
}
