//! `due`: what ought to be happening.
//!
//! The answer depends on the state alone, not on what was asked before: whoever asks again gets the
//! same answer until somebody has done it. Each piece of work has a key that stays the same, so
//! that doing it twice can be told from doing it once.

use crate::automation;
use crate::conditions::{conditions, in_the_way};
use crate::decide::expires_at;
use crate::measuring;
use crate::state::{Deployment, Place, Promotion, World};
use crate::step::Step;
use gradus_model::{EnvironmentName, PromotionId, Status, Timestamp, Version};
use serde::{Deserialize, Serialize};

/// Something that the runtime ought to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Take a waiting promotion as far as it may go.
    Advance(PromotionId),
    /// Measure what its live gates ask.
    Measure(PromotionId),
    /// Carry out its steps.
    Deliver(PromotionId),
    /// Look whether what was delivered is good.
    Verify(PromotionId),
    /// Bring the release before it back.
    RollBack(PromotionId),
    /// Look whether what was good is still good, in the environment that this promotion filled.
    Watch(PromotionId),
    /// Ask for the release before to come back: what was good no longer is.
    Answer {
        /// Where.
        environment: EnvironmentName,
        /// What comes back.
        version: Version,
        /// Why.
        why: String,
    },
    /// Ask for a promotion, because the policy says that it goes by itself.
    Request {
        /// The release.
        version: Version,
        /// Where from.
        from: Option<EnvironmentName>,
        /// Where to.
        to: EnvironmentName,
    },
}

/// An effect, and from when on it is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The key of the work: the same for the same work.
    pub key: String,
    /// What to do.
    pub effect: Effect,
    /// From when on.
    pub at: Timestamp,
}

/// Everything that ought to be done about an app, now or later.
pub fn due(world: &World<'_>, now: Timestamp) -> Vec<Due> {
    let moving = world.app.moving().filter_map(|promotion| {
        let id = promotion.id.clone();
        let (word, effect, at) = match promotion.status {
            Status::Held | Status::Ready => {
                ("advance", Effect::Advance(id), next_look(world, promotion, now))
            }
            Status::Delivering => ("deliver", Effect::Deliver(id), promotion.since),
            Status::Verifying => ("verify", Effect::Verify(id), next_check(promotion)),
            Status::RollingBack => ("roll-back", Effect::RollBack(id), promotion.since),
            _ => return None,
        };
        Some(Due {
            key: format!("{word}/{}", promotion.id),
            effect,
            at,
        })
    });
    let measures = world.app.moving().filter_map(|promotion| {
        let at = measuring::next(world, promotion, now)?;
        Some(Due {
            key: format!("measure/{}", promotion.id),
            effect: Effect::Measure(promotion.id.clone()),
            at,
        })
    });
    let automatic = automation::candidates(world, now).into_iter().map(|candidate| {
        let automation::Candidate {
            version,
            from,
            to,
            at,
        } = candidate;
        Due {
            key: format!("request/{}/{to}/{version}", world.name),
            effect: Effect::Request { version, from, to },
            at,
        }
    });
    moving
        .chain(measures)
        .chain(automatic)
        .chain(watches(world, now))
        .collect()
}

/// A check that failed without counting yet is asked again a while later.
fn next_check(promotion: &Promotion) -> Timestamp {
    let observe = promotion.rules.last().and_then(|rules| rules.observe);
    let again = observe.and_then(|observe| Some(observe.every.after(promotion.doubts.last?)));
    again.unwrap_or(promotion.since)
}

/// What is to be watched after it was found good, and what answers where it no longer is.
fn watches(world: &World<'_>, now: Timestamp) -> Vec<Due> {
    let mut due = Vec::new();
    for (environment, place) in &world.app.places {
        if world.app.lane(environment).is_some() {
            continue;
        }
        if let Some((version, why)) = automation::answer(world, environment) {
            let effect = Effect::Answer {
                environment: environment.clone(),
                version,
                why,
            };
            let key = format!("answer/{}/{environment}", world.name);
            due.push(Due { key, effect, at: now });
        }
        due.extend(
            place
                .current
                .as_ref()
                .and_then(|there| watch(world, environment, (place, there), now)),
        );
    }
    due
}

fn watch(
    world: &World<'_>,
    environment: &EnvironmentName,
    (place, there): (&Place, &Deployment),
    now: Timestamp,
) -> Option<Due> {
    let rules = world.policy.rules_for_rollback(world.name, environment)?;
    let observe = rules.observe.filter(|_| !rules.verify.is_empty())?;
    let good = there.verified_at?;
    let last = place.doubts.last.unwrap_or(good);
    let over = observe.afterwards.after(good) <= now;
    (!over && !observe.afterwards.is_zero()).then(|| Due {
        key: format!("watch/{}/{environment}/{}", world.name, there.promotion),
        effect: Effect::Watch(there.promotion.clone()),
        at: observe.every.after(last),
    })
}

/// When a waiting promotion should be looked at: now if something could happen, else when time
/// alone may change an answer, at the latest when it expires.
fn next_look(world: &World<'_>, promotion: &Promotion, now: Timestamp) -> Timestamp {
    let end = expires_at(promotion);
    let Some(step) = Step::of(world, promotion) else {
        return end;
    };
    let rules_changed = step
        .rules
        .as_ref()
        .is_some_and(|rules| rules.digest() != promotion.plan.rules);
    if rules_changed || could_move(world, promotion, now) {
        return now;
    }
    let asked = conditions(world, &step, None, now);
    let open = asked.iter().filter(|condition| in_the_way(condition, &step, now));
    let changes = open.filter_map(|condition| condition.next);
    changes.filter(|next| *next > now).min().unwrap_or(end).min(end)
}

/// Whether advancing the promotion now would change anything, short of reading its files.
fn could_move(world: &World<'_>, promotion: &Promotion, now: Timestamp) -> bool {
    use crate::command::Command;
    let advance = Command::Advance {
        promotion: promotion.id.clone(),
        fresh: None,
    };
    let system = gradus_model::Actor::system();
    let moves = crate::decide(world, &system, &advance, now).is_ok_and(|events| !events.is_empty());
    moves || promotion.status == Status::Ready && is_free(world, promotion, now)
}

/// Whether nothing at all is in the way any more.
fn is_free(world: &World<'_>, promotion: &Promotion, now: Timestamp) -> bool {
    let Some(step) = Step::of(world, promotion) else {
        return false;
    };
    !conditions(world, &step, None, now)
        .iter()
        .any(|condition| in_the_way(condition, &step, now))
}
