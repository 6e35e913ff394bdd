//! Automation: the newest release that passes goes on by itself.

use crate::conditions::conditions;
use crate::measuring::is_measured_here;
use crate::rollback;
use crate::state::{ReleaseState, World};
use crate::step::Step;
use gradus_model::{
    Answer, Condition, ConditionKind, EnvironmentName, Event, OnFailure, Plan, PromotionKind, Timestamp,
    Version,
};

/// A release that automation would bring somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) version: Version,
    pub(crate) from: Option<EnvironmentName>,
    pub(crate) to: EnvironmentName,
    /// From when on; now, or when time alone lets it pass.
    pub(crate) at: Timestamp,
}

/// The ways on which automation is on: where from, and where to.
fn ways(world: &World<'_>) -> Vec<(Option<EnvironmentName>, EnvironmentName)> {
    let Some(app) = world.rules() else {
        return Vec::new();
    };
    let direct = app
        .environments
        .iter()
        .filter(|(_, place)| place.auto && place.direct);
    let direct = direct.map(|(name, _)| (None, name.clone()));
    let along = app.paths.iter().filter(|path| path.auto);
    direct
        .chain(along.map(|path| (Some(path.from.clone()), path.to.clone())))
        .collect()
}

/// What automation would do, now or later.
pub(crate) fn candidates(world: &World<'_>, now: Timestamp) -> Vec<Candidate> {
    ways(world)
        .into_iter()
        .filter_map(|(from, to)| candidate(world, from, to, now))
        .collect()
}

fn candidate(
    world: &World<'_>,
    from: Option<EnvironmentName>,
    to: EnvironmentName,
    now: Timestamp,
) -> Option<Candidate> {
    let place = world.app.places.get(&to);
    if place.is_some_and(|place| place.automation_held.is_some()) {
        return None;
    }
    let here = world
        .app
        .current(&to)
        .and_then(|current| world.app.order(&current.version))
        .unwrap_or(0);
    let failed = |version: &Version| place.is_some_and(|place| place.failed.contains(version));
    let on_its_way = world.app.moving().filter(|promotion| promotion.plan.to == to);
    let underway = on_its_way
        .filter_map(|promotion| world.app.order(&promotion.plan.version))
        .max()
        .unwrap_or(0);
    let mut newer: Vec<&ReleaseState> = world
        .app
        .releases
        .values()
        .filter(|release| release.order > here.max(underway) && !failed(&release.release.version))
        .collect();
    newer.sort_by_key(|release| std::cmp::Reverse(release.order));
    // The newest that passes goes now; failing that, the first that time alone will let pass.
    let chances = newer.into_iter().filter_map(|release| {
        let version = &release.release.version;
        Some((version, chance(world, version, from.as_ref(), &to, now)?))
    });
    let chances: Vec<_> = chances.collect();
    let passing = chances.iter().find(|(_, at)| *at <= now);
    let (version, at) = passing.or_else(|| chances.iter().min_by_key(|(_, at)| *at))?;
    Some(Candidate {
        version: (*version).clone(),
        from,
        to,
        at: *at,
    })
}

/// When a release passes all that is asked before people are, or none if time alone does not help.
fn chance(
    world: &World<'_>,
    version: &Version,
    from: Option<&EnvironmentName>,
    to: &EnvironmentName,
    now: Timestamp,
) -> Option<Timestamp> {
    let step = Step::forward(world, version, from, to)?;
    let asked = conditions(world, &step, None, now);
    let machines = asked
        .iter()
        .filter(|condition| condition.kind <= ConditionKind::Gate);
    let machines = machines.filter(|condition| condition.kind != ConditionKind::Window);
    // What is measured from here is measured once it is asked for.
    let open = |condition: &Condition| {
        matches!(condition.answer, Answer::Unknown(_)) && is_measured_here(world, &step, condition)
    };
    machines
        .filter(|condition| !condition.is_met() && !open(condition))
        .try_fold(now, |at, condition| Some(at.max(condition.next?)))
}

/// The release that should come back to an environment by itself, and why: what was good there no
/// longer is, the policy says rollback, and it has not been tried yet. What was itself brought back
/// is for a human.
pub(crate) fn answer(world: &World<'_>, environment: &EnvironmentName) -> Option<(Version, String)> {
    let place = world.app.places.get(environment)?;
    let lost = place.lost.as_ref().filter(|lost| !lost.answered)?;
    let current = place.current.as_ref()?;
    let rules = world.policy.rules_for_rollback(world.name, environment)?;
    let brought = world.app.promotion(&current.promotion)?;
    let forward = brought.kind == PromotionKind::Promotion && brought.going_back_to.is_none();
    if rules.on_failure != OnFailure::Rollback || !forward {
        return None;
    }
    let target = rollback::target(world.app, environment, &current.version, None).ok()?;
    Some((target, lost.why.clone()))
}

/// What a promotion by hand means for the automation of its environment: the newest release lets
/// it go on, an older one holds it back.
pub(crate) fn after_hand(world: &World<'_>, plan: &Plan) -> Option<Event> {
    let automatic = ways(world).into_iter().find(|(_, to)| *to == plan.to)?;
    let eligible = world.app.releases.values().filter(|release| match &automatic.0 {
        Some(from) => release.denied.is_none() && release.was_verified_in(from),
        None => release.denied.is_none(),
    });
    let newest = eligible.max_by_key(|release| release.order)?;
    let environment = plan.to.clone();
    let held = world
        .app
        .places
        .get(&environment)
        .is_some_and(|place| place.automation_held.is_some());
    let is_newest = newest.release.version == plan.version && plan.kind == PromotionKind::Promotion;
    match (is_newest, held) {
        (true, true) => Some(Event::AutomationReleased { environment }),
        (true, false) => None,
        (false, _) => Some(Event::AutomationHeld {
            environment,
            version: plan.version.clone(),
        }),
    }
}
