//! Apps: each walks the shared flow, and may ask for more than it, never for less.

use super::paths::{approvals, names};
use super::{Kind, Sources, parts, period};
use crate::node::Node;
use crate::problem::Problems;
use gradus_model::{
    App, AppName, BlueGreen, Canary, Environment, EnvironmentName, Hotfix, Part, Path, Period, Policy,
    Settings, Strategy,
};
use gradus_parts::substitute;
use std::collections::BTreeMap;

pub(super) fn apps(
    sources: &Sources<'_>,
    policy: &Policy,
    problems: &mut Problems,
) -> BTreeMap<AppName, App> {
    let mut all = BTreeMap::new();
    for (key, node) in sources.entries("apps") {
        let Some(name) = key.as_text().and_then(|text| AppName::new(text).ok()) else {
            continue;
        };
        let mut paths = policy.paths.clone();
        for narrowing in node.get("narrow").map(Node::items).unwrap_or_default() {
            names(narrowing, policy, problems);
            narrow(narrowing, &mut paths, problems);
        }
        let app = App {
            artifacts: super::texts(node.get("artifacts")),
            environments: policy
                .environments
                .iter()
                .map(|(place, own)| (place.clone(), fill_in(own, &name, place)))
                .collect(),
            paths,
        };
        all.insert(name, app);
    }
    all
}

/// Adds to what a path asks: more gates, more approvals, a longer wait. There is no way to take
/// anything away, so that no check is needed that nothing was. Hotfixes are asked for it as well.
fn narrow(node: &Node, paths: &mut [Path], problems: &mut Problems) {
    let end = |key: &str| {
        node.get(key)
            .and_then(|node| EnvironmentName::new(node.as_text()?).ok())
    };
    let (Some(from), Some(to)) = (end("from"), end("to")) else {
        return;
    };
    let Some(path) = paths.iter_mut().find(|path| path.from == from && path.to == to) else {
        let message = format!("there is no path {from} → {to} to narrow");
        return problems.at(node, "policy.unknown_path", message);
    };
    let gates = parts(Kind::Gate, node.get("gates"));
    let agree = approvals(node.get("approvals"), problems);
    let wait = period(node, "wait", Period::ZERO);
    if node.get("wait").is_some() && wait < path.wait {
        let message = format!(
            "the shared flow waits {} here; an app may wait longer, not {wait}",
            path.wait
        );
        return problems.at(node, "policy.loosened", message);
    }
    if let Some(Hotfix {
        gates: own_gates,
        approvals: own_approvals,
        wait: own_wait,
    }) = &mut path.hotfix
    {
        own_gates.iter_mut().for_each(|own| own.extend(gates.clone()));
        own_approvals.iter_mut().for_each(|own| own.extend(agree.clone()));
        own_wait.iter_mut().for_each(|own| *own = (*own).max(wait));
    }
    path.gates.extend(gates);
    path.approvals.extend(agree);
    path.wait = path.wait.max(wait);
}

/// An environment as it is for one app: with the names filled in.
fn fill_in(place: &Environment, app: &AppName, name: &EnvironmentName) -> Environment {
    let values = [("app", app.as_str()), ("environment", name.as_str())];
    let settings = |settings: &Settings| settings.map_text(|text| substitute(text, &values));
    let fill = |parts: &[Part]| -> Vec<Part> {
        let one = |part: &Part| Part {
            kind: part.kind.clone(),
            settings: settings(&part.settings),
        };
        parts.iter().map(one).collect()
    };
    let strategy = match place.strategy.clone() {
        Strategy::Canary(canary) => Strategy::Canary(Canary {
            shift: fill(&canary.shift),
            verify: fill(&canary.verify),
            finish: fill(&canary.finish),
            ..canary
        }),
        Strategy::BlueGreen(pair) => Strategy::BlueGreen(BlueGreen {
            live: settings(&pair.live),
            verify: fill(&pair.verify),
            retire: fill(&pair.retire),
            ..pair
        }),
        other => other,
    };
    Environment {
        deliver: fill(&place.deliver),
        verify: fill(&place.verify),
        strategy,
        ..place.clone()
    }
}
