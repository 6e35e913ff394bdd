//! `explain`: every condition, who can resolve it, and when it is asked again.

use crate::conditions::{conditions, in_the_way};
use crate::decide::expires_at;
use crate::refusal::Refusal;
use crate::state::{Promotion, World};
use crate::step::Step;
use crate::warnings::warnings;
use gradus_model::{
    AppName, Condition, ConditionKind, Digest, EnvironmentName, PromotionId, Status, Timestamp, Version,
};
use serde::Serialize;

/// May this release go there, and if not, why not?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The release.
    pub version: Version,
    /// Where it would come from; found by itself where only one way makes sense.
    pub from: Option<EnvironmentName>,
    /// Where it would go.
    pub to: EnvironmentName,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The app.
    pub app: AppName,
    /// The version.
    pub version: Version,
    /// Where it would come from.
    pub from: Option<EnvironmentName>,
    /// Where it would go.
    pub to: EnvironmentName,
    /// Whether it is there already, and good.
    pub arrived: bool,
    /// The promotion that is on its way, if one is.
    pub promotion: Option<PromotionId>,
    /// How far it has come.
    pub status: Option<Status>,
    /// The plan that people approve.
    pub plan: Option<Digest>,
    /// Every condition, in the order of asking.
    pub conditions: Vec<Condition>,
    /// What is said beside them, and keeps nothing back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The first thing in the way, if anything is.
    pub blocked_by: Option<ConditionKind>,
    /// When it is looked at again by itself.
    pub next: Option<Timestamp>,
}

/// Answers a question with the same conditions on which `decide` decides.
pub fn explain(world: &World<'_>, question: &Question, now: Timestamp) -> Result<Explanation, Refusal> {
    let Question { version, from, to } = question;
    let promotion = newest(world, version, to);
    let from = match (from, promotion) {
        (Some(from), _) => Some(from.clone()),
        (None, Some(promotion)) => promotion.plan.from.clone(),
        (None, None) => Step::way_in(world, version, to).flatten(),
    };
    let step = match promotion {
        Some(promotion) => Step::of(world, promotion),
        None => Step::forward(world, version, from.as_ref(), to),
    };
    let step = step.ok_or_else(|| {
        let message = format!("there is no release {}@{version}", world.name);
        Refusal::unknown(
            "release.unknown",
            message,
            format!("gradus release ls {} lists them", world.name),
        )
    })?;
    let conditions = conditions(world, &step, None, now);
    let blocked_by = conditions
        .iter()
        .find(|condition| in_the_way(condition, &step, now))
        .map(|first| first.kind);
    let open = conditions
        .iter()
        .filter(|condition| in_the_way(condition, &step, now));
    let looks = open
        .filter_map(|condition| condition.next)
        .chain(promotion.map(expires_at));
    let next = looks.filter(|next| *next > now).min();
    let current = world.app.current(to);
    Ok(Explanation {
        app: world.name.clone(),
        version: version.clone(),
        from,
        to: to.clone(),
        arrived: current.is_some_and(|current| current.version == *version && current.verified_at.is_some()),
        promotion: promotion.map(|promotion| promotion.id.clone()),
        status: promotion.map(|promotion| promotion.status),
        plan: promotion.map(|promotion| promotion.plan_digest.clone()),
        warnings: warnings(world, &step, now),
        conditions,
        blocked_by,
        next,
    })
}

/// The promotion of that release to that environment that has not ended.
fn newest<'a>(world: &World<'a>, version: &Version, to: &EnvironmentName) -> Option<&'a Promotion> {
    let moving = world
        .app
        .moving()
        .filter(|promotion| promotion.plan.version == *version);
    moving.filter(|promotion| promotion.plan.to == *to).last()
}
