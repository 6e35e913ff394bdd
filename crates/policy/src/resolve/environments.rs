//! Environments, and the names in them.

use super::paths::approvals;
use super::{Kind, Sources, defined, flag, parts, period, strategy};
use crate::node::{Node, Value};
use crate::problem::Problems;
use gradus_model::{
    Access, BranchPattern, Environment, EnvironmentName, OnFailure, Otherwise, Period, Policy, Queue,
    RepositoryName, Rollout, Strategy, TeamName, Upstream, Who, WindowName,
};
use std::collections::BTreeMap;

const APPROVALS_EXPIRE: Period = Period::from_secs(7 * 86_400);
const REQUESTS_EXPIRE: Period = Period::from_secs(30 * 86_400);

pub(super) fn environments(
    sources: &Sources<'_>,
    problems: &mut Problems,
) -> BTreeMap<EnvironmentName, Environment> {
    let mut all = BTreeMap::new();
    for (key, node) in sources.entries("environments") {
        if let Some(name) = key.as_text().and_then(|text| EnvironmentName::new(text).ok()) {
            all.insert(name, environment(node, problems));
        }
    }
    all
}

fn environment(node: &Node, problems: &mut Problems) -> Environment {
    let word = |key: &str| node.get(key).and_then(Node::as_text);
    let windows = match node.get("windows") {
        Some(list) if !list.items().is_empty() => list.items().iter().collect(),
        one => one.into_iter().collect::<Vec<_>>(),
    };
    let patterns = super::texts(node.get("accepts"));
    let strategy = strategy::strategy(node.get("strategy"));
    Environment {
        purpose: word("purpose").unwrap_or_default().to_owned(),
        accepts: patterns
            .into_iter()
            .filter_map(|text| BranchPattern::new(text).ok())
            .collect(),
        direct: flag(node, "direct"),
        auto: flag(node, "auto"),
        protected: flag(node, "protected"),
        optional: flag(node, "optional"),
        upstream: upstream(node.get("upstream")),
        windows: windows
            .iter()
            .filter_map(|node| WindowName::new(node.as_text()?).ok())
            .collect(),
        windows_bind_rollback: flag(node, "windows_bind_rollback"),
        approvals_expire: period(node, "approvals_expire", APPROVALS_EXPIRE),
        requests_expire: period(node, "requests_expire", REQUESTS_EXPIRE),
        queue: word("queue")
            .and_then(|text| text.parse().ok())
            .unwrap_or(Queue::LatestWins),
        on_failure: word("on_failure")
            .and_then(|text| text.parse().ok())
            .unwrap_or(OnFailure::Rollback),
        rollout: word("rollout")
            .and_then(|text| text.parse().ok())
            .unwrap_or(match strategy {
                Strategy::Canary(_) => Rollout::Canary,
                Strategy::BlueGreen(_) => Rollout::BlueGreen,
                Strategy::Direct | Strategy::Waves(_) => Rollout::Direct,
            }),
        targets: strategy::targets(node.get("targets")),
        strategy,
        observe: node.get("observe").map(strategy::observe),
        access: access(node.get("access")),
        rollback_approvals: node
            .get("rollback_approvals")
            .map(|node| approvals(Some(node), problems)),
        deliver: parts(Kind::Step, node.get("deliver")),
        verify: parts(Kind::Check, node.get("verify")),
        parity: Otherwise {
            ignore: super::texts(node.get("parity").and_then(|node| node.get("ignore"))),
        },
        drift: word("drift")
            .and_then(|text| text.parse().ok())
            .unwrap_or_default(),
    }
}

/// The steps and checks by which it can be seen what an environment holds.
const SEEN_BY: [&str; 4] = ["write", "edit", "set", "argocd"];

/// What would wait for ever for an answer that nobody can give.
fn seeable(node: &Node, problems: &mut Problems) {
    let Some(drift) = node.get("drift").filter(|node| node.as_text() == Some("block")) else {
        return;
    };
    let lists = [node.get("deliver"), node.get("verify")].into_iter().flatten();
    let named = lists.flat_map(Node::items).flat_map(Node::pairs);
    let mut names = named.filter_map(|(name, _)| name.as_text());
    if !names.any(|name| SEEN_BY.contains(&name)) {
        let message = "nobody can see whether it has drifted: nothing is written for it, and no application of Argo CD is named";
        problems.at(drift, "policy.drift", message.to_owned());
    }
}

fn upstream(node: Option<&Node>) -> Upstream {
    let count = node.and_then(|node| node.get("at_least")?.as_text()?.parse().ok());
    match (count, node.and_then(Node::as_text)) {
        (Some(count), _) => Upstream::AtLeast(count),
        (None, Some("any")) => Upstream::Any,
        _ => Upstream::All,
    }
}

/// The short form says who may release, promote and roll back; the long one says each.
fn access(node: Option<&Node>) -> Access {
    let short = node.filter(|node| matches!(node.value, Value::List(_))).map(who);
    let each = |key: &str, default: &Who| node.and_then(|node| node.get(key)).map_or(default.clone(), who);
    let common = short.unwrap_or(Who::Anyone);
    Access {
        release: each("release", &common),
        promote: each("promote", &common),
        roll_back: each("roll_back", &common),
        approve: each("approve", &Who::Anyone),
        halt: each("halt", &Who::Anyone),
        break_glass: each("break_glass", &Who::Nobody),
        override_window: each("override_window", &Who::Nobody),
    }
}

fn who(node: &Node) -> Who {
    match node.as_text() {
        Some("anyone") => Who::Anyone,
        Some(_) => Who::Nobody,
        None if node.items().is_empty() => Who::Nobody,
        None => Who::Teams(
            node.items()
                .iter()
                .filter_map(|item| TeamName::new(item.as_text()?).ok())
                .collect(),
        ),
    }
}

/// Names in environments that nothing defines.
pub(super) fn names(sources: &Sources<'_>, policy: &Policy, problems: &mut Problems) {
    for (_, node) in sources.entries("environments") {
        if let Some(windows) = node.get("windows") {
            let all: Vec<&Node> = if windows.items().is_empty() {
                vec![windows]
            } else {
                windows.items().iter().collect()
            };
            for window in all {
                defined(
                    window,
                    "window",
                    policy.windows.keys(),
                    WindowName::as_str,
                    problems,
                );
            }
        }
        if let Some(access) = node.get("access") {
            let lists = access.pairs().iter().map(|(_, value)| value).chain([access]);
            for team in lists.flat_map(Node::items) {
                defined(
                    team,
                    "team",
                    policy.people.teams.keys(),
                    TeamName::as_str,
                    problems,
                );
            }
        }
        if let Some(rule) = node.get("rollback_approvals") {
            super::paths::approver_names(rule, policy, problems);
        }
        strategy::check(node, problems);
        seeable(node, problems);
        for step in steps(node) {
            if let Some(repository) = step.get("repository") {
                defined(
                    repository,
                    "repository",
                    policy.repositories.keys(),
                    RepositoryName::as_str,
                    problems,
                );
            }
        }
    }
}

/// The settings of every step that a delivery here may take.
fn steps(node: &Node) -> Vec<&Node> {
    let strategy = node.get("strategy");
    let way = |way: &str, part: &str| strategy?.get(way)?.get(part);
    let lists = [
        node.get("deliver"),
        way("canary", "shift"),
        way("canary", "finish"),
        way("blue_green", "retire"),
    ];
    let items = lists.into_iter().flatten().flat_map(Node::items);
    let settings = items.flat_map(|step| step.pairs().iter().map(|(_, settings)| settings));
    settings.chain(way("blue_green", "live")).collect()
}
