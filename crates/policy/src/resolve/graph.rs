//! The graph: no cycle, nothing out of reach, and a rule wherever several ways meet.

use super::Sources;
use crate::node::Node;
use crate::problem::Problems;
use gradus_model::{App, EnvironmentName, Policy, Upstream};

pub(super) fn check(sources: &Sources<'_>, policy: &mut Policy, problems: &mut Problems) {
    // An environment that nothing leads to is where releases come in.
    let entries: Vec<EnvironmentName> = policy.environments.keys().cloned().collect();
    for name in entries {
        let led_to = policy.paths.iter().any(|path| path.to == name);
        if let Some(place) = policy.environments.get_mut(&name).filter(|_| !led_to) {
            // Where paths exist at all, an environment outside of them must say that it is meant.
            let stands_alone = !policy.paths.iter().any(|path| path.from == name);
            let meant = place.direct || !stands_alone || policy.paths.is_empty() || !place.accepts.is_empty();
            if !meant {
                let message = format!("nothing leads to {name}: add a path, or say direct: true");
                problems.at(key(sources, &name), "policy.unreachable", message);
            }
            place.direct = true;
        }
    }
    cycles(sources, policy, problems);
    for (name, place) in &policy.environments {
        let at = key(sources, name);
        let node = node(sources, name);
        let ways = policy.paths.iter().filter(|path| path.to == *name).count();
        let said = node.is_some_and(|node| node.get("upstream").is_some());
        if ways > 1 && !said {
            let message = format!("{ways} paths lead to {name}: say upstream: all, any or {{ at_least: n }}");
            problems.at(at, "policy.upstream", message);
        }
        if let Upstream::AtLeast(count) = place.upstream
            && count as usize > ways
        {
            let message = format!("{count} environments before {name} are asked for, and there are {ways}");
            problems.at(at, "policy.upstream", message);
        }
        if place.auto && !place.direct {
            let message = format!("{name} is reached by paths: put auto: true on the path");
            problems.at(at, "policy.auto", message);
        }
    }
}

fn cycles(sources: &Sources<'_>, policy: &Policy, problems: &mut Problems) {
    let flow = App {
        artifacts: Vec::new(),
        environments: policy.environments.clone(),
        paths: policy.paths.clone(),
    };
    let ordered = flow.in_order();
    let stuck: Vec<_> = policy
        .environments
        .keys()
        .filter(|name| !ordered.contains(name))
        .collect();
    let Some(first) = stuck.first() else { return };
    // Walk backwards inside what is stuck until an environment comes again: that is the circle.
    let mut walk = vec![*first];
    loop {
        let last = walk[walk.len() - 1];
        let Some(before) = flow
            .paths
            .iter()
            .find(|path| path.to == *last && stuck.contains(&&path.from))
        else {
            return;
        };
        if let Some(at) = walk.iter().position(|name| **name == before.from) {
            let mut circle: Vec<_> = walk[at..].iter().rev().map(ToString::to_string).collect();
            circle.push(circle[0].clone());
            let message = format!("these paths lead in a circle: {}", circle.join(" → "));
            problems.at(key(sources, walk[at]), "policy.cycle", message);
            return;
        }
        walk.push(&before.from);
    }
}

/// The place where an environment is named.
fn key<'a>(sources: &Sources<'a>, name: &EnvironmentName) -> &'a Node {
    let entries = sources.entries("environments");
    let found = entries
        .into_iter()
        .find(|(key, _)| key.as_text() == Some(name.as_str()));
    found.map_or(&sources.0[0], |(key, _)| key)
}

fn node<'a>(sources: &Sources<'a>, name: &EnvironmentName) -> Option<&'a Node> {
    let entries = sources.entries("environments");
    entries
        .into_iter()
        .find(|(key, _)| key.as_text() == Some(name.as_str()))
        .map(|(_, value)| value)
}
