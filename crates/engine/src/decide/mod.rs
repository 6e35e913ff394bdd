//! `decide`: what may happen.
//!
//! This file is the table of contents; each line leads to the file that knows that kind of command.

mod advance;
mod evidence;
mod people;
mod releases;
mod request;
mod results;
mod watched;
mod workspace;

use crate::approvals::permitted;
use crate::command::Command;
use crate::refusal::Refusal;
use crate::state::{Promotion, World};
use gradus_model::{Actor, Event, Permission, PromotionId, Rules, Timestamp, Version};

pub(crate) use advance::expires_at;
pub use workspace::decide_workspace;

/// What a command makes happen, or why it may not. No events and no refusal: it has already
/// happened, and asking again changes nothing.
pub fn decide(
    world: &World<'_>,
    actor: &Actor,
    command: &Command,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    use Command::{
        AddEvidence, AddRelease, Advance, AllowRelease, Approve, Cancel, Delivered, DenyRelease, Measured,
        Reject, ReleaseAutomation, Request, Resolve, Review, RevokeEvidence, RolledBack, Verified, Waits,
        Watched,
    };
    match command {
        AddRelease(release) => releases::add(world, release),
        DenyRelease { version, reason } => releases::deny(world, actor, version, reason),
        AllowRelease { version, reason } => releases::allow(world, actor, version, reason),
        AddEvidence(given) => evidence::add(world, actor, given, now),
        Measured(measured) => evidence::measured(world, actor, measured, now),
        RevokeEvidence { id, reason } => evidence::revoke(world, *id, reason),
        Request { .. } => request::request(world, actor, command, now),
        Approve {
            promotion,
            plan,
            note,
        } => people::approve(world, actor, promotion, plan, note.as_ref(), now),
        Reject { promotion, reason } => people::reject(world, actor, promotion, reason),
        Cancel { promotion, reason } => people::cancel(world, actor, promotion, reason),
        Resolve {
            promotion,
            resolution,
            reason,
        } => people::resolve(world, actor, promotion, *resolution, reason),
        Review { promotion, note } => people::review(world, actor, promotion, note),
        ReleaseAutomation { environment } => people::release_automation(world, actor, environment),
        Advance { promotion, fresh } => advance::advance(world, promotion, fresh.as_ref(), now),
        Delivered { promotion, result } => results::delivered(world, promotion, result),
        Verified { promotion, result } => results::verified(world, promotion, result),
        Waits { promotion, why } => results::waits(world, promotion, why),
        Watched { promotion, findings } => watched::watched(world, promotion, findings),
        RolledBack {
            promotion,
            result,
            arrived,
        } => results::rolled_back(world, promotion, result, *arrived),
    }
}

/// The promotion of that id, or the refusal that there is none.
fn find<'a>(world: &World<'a>, id: &PromotionId) -> Result<&'a Promotion, Refusal> {
    world.app.promotion(id).ok_or_else(|| {
        let hint = format!("gradus promotion ls --app {} lists them", world.name);
        Refusal::unknown(
            "promotion.unknown",
            format!("there is no promotion {id} that still matters"),
            hint,
        )
    })
}

/// The refusal that a version was never taken in.
fn no_release(world: &World<'_>, version: &Version) -> Refusal {
    let message = format!("there is no release {}@{version}", world.name);
    Refusal::unknown(
        "release.unknown",
        message,
        format!(
            "gradus release ls {} lists them; gradus release add takes one in",
            world.name
        ),
    )
}

/// Refuses an actor who lacks a permission under any set of rules that binds.
fn require(
    world: &World<'_>,
    actor: &Actor,
    permission: Permission,
    rules: &[&Rules],
) -> Result<(), Refusal> {
    if permitted(world, actor, permission, rules) {
        return Ok(());
    }
    let who = rules
        .iter()
        .map(|rules| rules.access.who(permission))
        .find(|who| {
            let person = world.policy.people.who(&actor.identity).map(|(name, _)| name);
            !world.policy.people.includes(who, person)
        });
    let whoever = who.map(ToString::to_string).unwrap_or_default();
    let place = rules
        .first()
        .map(|rules| rules.to.to_string())
        .unwrap_or_default();
    Err(Refusal::not_permitted(
        "access.denied",
        format!(
            "{actor} may not {} in {place}",
            permission.word().replace('_', " ")
        ),
        format!("that is for {whoever}"),
    ))
}
