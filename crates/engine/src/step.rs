//! A step: one release on one way, whether or not a promotion for it exists yet.

use crate::state::{Promotion, ReleaseState, World};
use gradus_model::{EnvironmentName, PromotionKind, Rules, Version};

/// One release on one way.
#[derive(Debug, Clone)]
pub struct Step<'a> {
    /// The release.
    pub release: &'a ReleaseState,
    /// A promotion or a rollback.
    pub kind: PromotionKind,
    /// Where it comes from.
    pub from: Option<EnvironmentName>,
    /// Where it goes.
    pub to: EnvironmentName,
    /// The rules as the policy in force has them; none where there is no such way.
    pub rules: Option<Rules>,
    /// The promotion, where there is one.
    pub promotion: Option<&'a Promotion>,
}

impl<'a> Step<'a> {
    /// The step from one environment to another, or directly into one.
    pub fn forward(
        world: &World<'a>,
        version: &Version,
        from: Option<&EnvironmentName>,
        to: &EnvironmentName,
    ) -> Option<Step<'a>> {
        let release = world.app.releases.get(version)?;
        let rules = match from {
            Some(from) => world
                .policy
                .rules_for_path(world.name, from, to, release.release.kind),
            None => world.policy.rules_for_direct(world.name, to),
        };
        let kind = PromotionKind::Promotion;
        Some(Step {
            release,
            kind,
            from: from.cloned(),
            to: to.clone(),
            rules,
            promotion: None,
        })
    }

    /// The step back to an earlier release of the same environment.
    pub fn back(world: &World<'a>, version: &Version, to: &EnvironmentName) -> Option<Step<'a>> {
        let release = world.app.releases.get(version)?;
        let rules = world.policy.rules_for_rollback(world.name, to);
        Some(Step {
            release,
            kind: PromotionKind::Rollback,
            from: None,
            to: to.clone(),
            rules,
            promotion: None,
        })
    }

    /// The step that a promotion takes, under the rules of today.
    pub fn of(world: &World<'a>, promotion: &'a Promotion) -> Option<Step<'a>> {
        let plan = &promotion.plan;
        let step = match promotion.kind {
            PromotionKind::Promotion => Step::forward(world, &plan.version, plan.from.as_ref(), &plan.to),
            PromotionKind::Rollback => Step::back(world, &plan.version, &plan.to),
        };
        step.map(|step| Step {
            promotion: Some(promotion),
            ..step
        })
    }

    /// Every set of rules that binds this step: today's, and those that came into force while its
    /// promotion was waiting. Each must be met, so that loosening a rule never helps what is
    /// already under way.
    pub(crate) fn binding(&self) -> Vec<&Rules> {
        let earlier = self
            .promotion
            .map(|promotion| promotion.rules.as_slice())
            .unwrap_or_default();
        let today = self.rules.iter().filter(|rules| !earlier.contains(rules));
        earlier.iter().chain(today).collect()
    }

    /// Where a release would have to come from: the environment from which a declared path leads
    /// to `to` and in which the release was verified; else any such environment.
    pub fn way_in(
        world: &World<'_>,
        version: &Version,
        to: &EnvironmentName,
    ) -> Option<Option<EnvironmentName>> {
        let app = world.rules()?;
        let release = world.app.releases.get(version);
        let verified = |from: &EnvironmentName| release.is_some_and(|release| release.was_verified_in(from));
        let mut ways: Vec<_> = app.into(to).map(|path| path.from.clone()).collect();
        ways.sort_by_key(|from| !verified(from));
        let direct = app.environments.get(to)?.direct;
        match ways.into_iter().next() {
            Some(from) if verified(&from) || !direct => Some(Some(from)),
            _ if direct => Some(None),
            _ => None,
        }
    }
}
