//! The queue: whose turn it is, and whether somebody else is changing the environment.

use super::condition;
use crate::state::{Promotion, World};
use crate::step::Step;
use gradus_model::{Condition, ConditionKind, PromotionKind, Queue, ReleaseKind};

/// Who goes before whom: rollbacks, then hotfixes, then by number.
fn rank(world: &World<'_>, promotion: &Promotion) -> (u8, u64) {
    let release = world.app.releases.get(&promotion.plan.version);
    let urgent = release.is_some_and(|release| release.release.kind == ReleaseKind::Hotfix);
    let class = match promotion.kind {
        PromotionKind::Rollback => 0,
        PromotionKind::Promotion if urgent => 1,
        PromotionKind::Promotion => 2,
    };
    (class, promotion.id.number())
}

pub(super) fn queue(world: &World<'_>, step: &Step<'_>) -> Option<Condition> {
    let promotion = step.promotion?;
    let in_order = promotion
        .rules
        .last()
        .is_some_and(|rules| rules.queue == Queue::InOrder);
    let own = rank(world, promotion);
    let waiting = world
        .app
        .moving()
        .filter(|other| other.status.is_waiting() && other.plan.to == step.to);
    // Only a queue in order keeps everybody's turn; elsewhere only the more urgent go first, and
    // only once nothing but the queue keeps them.
    let before = |other: &&Promotion| {
        let theirs = rank(world, other);
        let urgent = theirs.0 < own.0 && other.status == gradus_model::Status::Ready;
        theirs < own && (in_order || urgent)
    };
    let first = waiting.filter(before).min_by_key(|other| rank(world, other));
    let observed = first.map_or("its turn".to_owned(), |other| {
        format!("{} is before it", other.id)
    });
    let mut found = condition(
        ConditionKind::Queue,
        "queue",
        first.is_none(),
        "its turn".to_owned(),
        observed,
    );
    if let Some(other) = first {
        found.remedy = format!(
            "{} goes first; who asked for it can withdraw it: gradus cancel {}",
            other.id, other.id
        );
    }
    Some(found)
}

pub(super) fn lane(world: &World<'_>, step: &Step<'_>) -> Condition {
    let own = step.promotion.map(|promotion| &promotion.id);
    let other = world.app.lane(&step.to).filter(|other| Some(&other.id) != own);
    let observed = other.map_or("free".to_owned(), |other| {
        format!("{} is {}", other.id, other.status)
    });
    let mut lane = condition(
        ConditionKind::Lane,
        "lane",
        other.is_none(),
        "free".to_owned(),
        observed,
    );
    if let Some(other) = other {
        lane.since = Some(other.since);
        lane.remedy = format!("{} ends by itself; it is asked again then", other.id);
    }
    lane
}
