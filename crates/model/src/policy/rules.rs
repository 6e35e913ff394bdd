//! The rules of one step: everything in the policy that bears on one release taking one path.

use super::{
    Access, App, Approvers, Environment, Observe, OnDrift, OnFailure, Part, Policy, Queue, Rollout, Strategy,
    Targets, Upstream, WindowUse,
};
use crate::{AppName, BranchPattern, Digest, EnvironmentName, Period, ReleaseKind};
use serde::{Deserialize, Serialize};

/// What the policy asks of one step. A plan binds to the digest of this, so that a change of
/// policy elsewhere voids nothing here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// The app.
    pub app: AppName,
    /// Where the release comes from; nowhere for a direct deployment and for a rollback.
    pub from: Option<EnvironmentName>,
    /// Where it goes.
    pub to: EnvironmentName,
    /// The source branches that are accepted there; empty for any.
    pub accepts: Vec<BranchPattern>,
    /// How many of `upstreams` must have verified the release.
    pub upstream: Upstream,
    /// The environments before it, without the optional ones that this step does not come from.
    pub upstreams: Vec<EnvironmentName>,
    /// The questions about evidence.
    pub gates: Vec<Part>,
    /// Who must agree.
    pub approvals: Vec<Approvers>,
    /// How long an approval counts.
    pub approvals_expire: Period,
    /// How long the request may wait.
    pub requests_expire: Period,
    /// How long to wait when all is agreed.
    pub wait: Period,
    /// When delivery is allowed.
    pub windows: Vec<WindowUse>,
    /// What happens to others that wait.
    pub queue: Queue,
    /// What happens on failure.
    pub on_failure: OnFailure,
    /// How the place rolls out.
    pub rollout: Rollout,
    /// The real places behind it; none, where it is one.
    #[serde(default, skip_serializing_if = "Targets::is_empty")]
    pub targets: Targets,
    /// How a delivery proceeds.
    #[serde(default, skip_serializing_if = "Strategy::is_direct")]
    pub strategy: Strategy,
    /// How long what was delivered is watched; only at once, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observe: Option<Observe>,
    /// Who may do what.
    pub access: Access,
    /// What a delivery does, in order.
    pub deliver: Vec<Part>,
    /// What is checked afterwards.
    pub verify: Vec<Part>,
}

impl Rules {
    /// The digest that a plan binds to.
    pub fn digest(&self) -> Digest {
        Digest::of_value(self)
    }
}

impl Policy {
    /// The rules for taking a release of this kind from one environment to another; none where
    /// there is no such path.
    pub fn rules_for_path(
        &self,
        app_name: &AppName,
        from: &EnvironmentName,
        to: &EnvironmentName,
        kind: ReleaseKind,
    ) -> Option<Rules> {
        let app = self.apps.get(app_name)?;
        let path = app.path(from, to)?;
        let mut rules = self.base(app_name, app, to)?;
        let optional =
            |name: &EnvironmentName| app.environments.get(name).is_some_and(|place| place.optional);
        rules.upstreams.retain(|name| name == from || !optional(name));
        let hotfix = path.hotfix.as_ref().filter(|_| kind == ReleaseKind::Hotfix);
        rules.from = Some(from.clone());
        rules.gates = hotfix
            .and_then(|own| own.gates.clone())
            .unwrap_or_else(|| path.gates.clone());
        rules.approvals = hotfix
            .and_then(|own| own.approvals.clone())
            .unwrap_or_else(|| path.approvals.clone());
        rules.wait = hotfix.and_then(|own| own.wait).unwrap_or(path.wait);
        rules.gates.extend(undrifted(app, &[from, to]));
        Some(rules)
    }

    /// The rules for putting a release into an environment directly; none where that is not
    /// allowed at all.
    pub fn rules_for_direct(&self, app_name: &AppName, to: &EnvironmentName) -> Option<Rules> {
        let app = self.apps.get(app_name)?;
        let rules = self.base(app_name, app, to)?;
        app.environments.get(to)?.direct.then_some(Rules {
            upstreams: Vec::new(),
            gates: undrifted(app, &[to]),
            ..rules
        })
    }

    /// The rules for bringing an earlier release back: no gates and no way to come by, but the
    /// same people's consent as for going there.
    pub fn rules_for_rollback(&self, app_name: &AppName, to: &EnvironmentName) -> Option<Rules> {
        let app = self.apps.get(app_name)?;
        let place = app.environments.get(to)?;
        let mut rules = self.base(app_name, app, to)?;
        rules.upstreams = Vec::new();
        rules.approvals = match &place.rollback_approvals {
            Some(own) => own.clone(),
            None => strictest(app, to),
        };
        if !place.windows_bind_rollback {
            rules.windows = Vec::new();
        }
        Some(rules)
    }

    /// What an environment asks of everything that comes to it.
    fn base(&self, app_name: &AppName, app: &App, to: &EnvironmentName) -> Option<Rules> {
        let place: &Environment = app.environments.get(to)?;
        let calendar = |name| {
            Some(WindowUse {
                name: Clone::clone(name),
                calendar: self.windows.get(name)?.clone(),
            })
        };
        Some(Rules {
            app: app_name.clone(),
            from: None,
            to: to.clone(),
            accepts: place.accepts.clone(),
            upstream: place.upstream,
            upstreams: app.into(to).map(|path| path.from.clone()).collect(),
            gates: Vec::new(),
            approvals: Vec::new(),
            approvals_expire: place.approvals_expire,
            requests_expire: place.requests_expire,
            wait: Period::ZERO,
            windows: place.windows.iter().filter_map(calendar).collect(),
            queue: place.queue,
            on_failure: place.on_failure,
            rollout: place.rollout,
            targets: place.targets.clone(),
            strategy: place.strategy.clone(),
            observe: place.observe,
            access: place.access.clone(),
            deliver: place.deliver.clone(),
            verify: place.verify.clone(),
        })
    }
}

/// The question whether these environments hold what was put there, where the policy says that a promotion
/// waits for it: hotfixes too, and never a rollback, which mends it.
fn undrifted(app: &App, places: &[&EnvironmentName]) -> Vec<Part> {
    let blocks = |name: &EnvironmentName| {
        let place = app.environments.get(name);
        place.is_some_and(|place| place.drift == OnDrift::Block)
    };
    let asked = places.iter().filter(|name| blocks(name));
    asked.map(|name| Part::drift_in(name)).collect()
}

/// The approvals of the path that asks for the most people: where several paths lead to a place,
/// a rollback there must not be the easy way in.
fn strictest(app: &App, to: &EnvironmentName) -> Vec<Approvers> {
    let people = |approvals: &[Approvers]| approvals.iter().map(|rule| rule.count).sum::<u32>();
    let asked = app.into(to).map(|path| &path.approvals);
    asked
        .max_by_key(|approvals| people(approvals))
        .cloned()
        .unwrap_or_default()
}
