//! Paths, and the names in them.

use super::{Kind, Sources, defined, flag, parts, period};
use crate::node::{Node, Value};
use crate::problem::Problems;
use gradus_model::{Approvers, EnvironmentName, Hotfix, Path, Period, PersonName, Policy, TeamName};
use std::collections::BTreeSet;

pub(super) fn paths(sources: &Sources<'_>, policy: &Policy, problems: &mut Problems) -> Vec<Path> {
    let mut all: Vec<Path> = Vec::new();
    for node in sources.items("paths") {
        names(node, policy, problems);
        let end = |key: &str| {
            node.get(key)
                .and_then(|node| EnvironmentName::new(node.as_text()?).ok())
        };
        let (Some(from), Some(to)) = (end("from"), end("to")) else {
            continue;
        };
        if from == to {
            problems.at(
                node,
                "policy.self_path",
                format!("this path leads from {from} to itself"),
            );
        } else if all.iter().any(|path| path.from == from && path.to == to) {
            problems.at(
                node,
                "policy.duplicate_path",
                format!("there is a path {from} → {to} already"),
            );
        } else {
            all.push(path(node, from, to, policy, problems));
        }
    }
    all
}

fn path(
    node: &Node,
    from: EnvironmentName,
    to: EnvironmentName,
    policy: &Policy,
    problems: &mut Problems,
) -> Path {
    let hotfix = node.get("hotfix").map(|own| Hotfix {
        gates: own.get("gates").map(|gates| parts(Kind::Gate, Some(gates))),
        approvals: own.get("approvals").map(|rules| approvals(Some(rules), problems)),
        wait: own.get("wait").map(|_| period(own, "wait", Period::ZERO)),
    });
    let path = Path {
        from,
        gates: parts(Kind::Gate, node.get("gates")),
        approvals: approvals(node.get("approvals"), problems),
        wait: period(node, "wait", Period::ZERO),
        auto: flag(node, "auto"),
        hotfix,
        to,
    };
    let protected = policy
        .environments
        .get(&path.to)
        .is_some_and(|place| place.protected);
    let hotfix_unasked = path
        .hotfix
        .as_ref()
        .and_then(|own| own.approvals.as_ref())
        .is_some_and(Vec::is_empty);
    if protected && (path.approvals.is_empty() || hotfix_unasked) {
        let message = format!(
            "{} is protected: every path there must ask for at least one approval",
            path.to
        );
        problems.at(node, "policy.unprotected", message);
    }
    path
}

/// Names in a path that nothing defines.
pub(super) fn names(node: &Node, policy: &Policy, problems: &mut Problems) {
    for end in ["from", "to"].into_iter().filter_map(|key| node.get(key)) {
        defined(
            end,
            "environment",
            policy.environments.keys(),
            EnvironmentName::as_str,
            problems,
        );
    }
    let own = node.get("hotfix").into_iter().chain([node]);
    for asking in own {
        if let Some(rules) = asking.get("approvals") {
            approver_names(rules, policy, problems);
        }
        for gate in asking.get("gates").map(Node::items).unwrap_or_default() {
            for (_, settings) in gate.pairs() {
                gate_names(settings, policy, problems);
            }
        }
    }
}

fn gate_names(settings: &Node, policy: &Policy, problems: &mut Problems) {
    let environments = settings
        .get("environments")
        .map(Node::items)
        .unwrap_or_default()
        .iter();
    for environment in environments.chain(settings.get("in")).chain(settings.get("with")) {
        defined(
            environment,
            "environment",
            policy.environments.keys(),
            EnvironmentName::as_str,
            problems,
        );
    }
    for team in settings.get("by").map(Node::items).unwrap_or_default() {
        defined(
            team,
            "team",
            policy.people.teams.keys(),
            TeamName::as_str,
            problems,
        );
    }
}

/// `{ sre: 1, qa: 1 }`, or a list of `{ from: […], count: n }`.
pub(super) fn approvals(node: Option<&Node>, _problems: &mut Problems) -> Vec<Approvers> {
    let Some(node) = node else { return Vec::new() };
    let count = |node: &Node| node.as_text()?.parse().ok();
    let team = |node: &Node| TeamName::new(node.as_text()?).ok();
    match &node.value {
        Value::Map(pairs) => {
            let one = |(name, asked): &(Node, Node)| {
                Some(Approvers {
                    from: vec![team(name)?],
                    count: count(asked)?,
                })
            };
            pairs.iter().filter_map(one).collect()
        }
        _ => {
            let one = |item: &Node| {
                let from = item.get("from")?.items().iter().filter_map(team).collect();
                Some(Approvers {
                    from,
                    count: count(item.get("count")?)?,
                })
            };
            node.items().iter().filter_map(one).collect()
        }
    }
}

/// Teams that are asked: they must be defined, and hold enough humans.
pub(super) fn approver_names(node: &Node, policy: &Policy, problems: &mut Problems) {
    let rules: Vec<(Vec<&Node>, &Node)> = match &node.value {
        Value::Map(pairs) => pairs.iter().map(|(name, count)| (vec![name], count)).collect(),
        _ => {
            let one = |item: &'_ Node| item.get("count").is_some() && item.get("from").is_some();
            let items = node.items().iter().filter(|item| one(item));
            items
                .filter_map(|item| Some((item.get("from")?.items().iter().collect(), item.get("count")?)))
                .collect()
        }
    };
    for (teams, count) in rules {
        let mut humans: BTreeSet<&PersonName> = BTreeSet::new();
        let mut known = true;
        for team in &teams {
            defined(
                team,
                "team",
                policy.people.teams.keys(),
                TeamName::as_str,
                problems,
            );
            let members = team
                .as_text()
                .and_then(|text| policy.people.teams.get(&TeamName::new(text).ok()?));
            known &= members.is_some();
            let human = |person: &&PersonName| {
                policy
                    .people
                    .known
                    .get(*person)
                    .is_some_and(|known| !known.machine)
            };
            humans.extend(members.into_iter().flatten().filter(human));
        }
        let wanted: usize = count.as_text().and_then(|text| text.parse().ok()).unwrap_or(0);
        if known && humans.len() < wanted {
            let message = format!(
                "{wanted} humans are asked for, and there are {} in these teams",
                humans.len()
            );
            problems.at(count, "policy.too_few_people", message);
        }
    }
}
