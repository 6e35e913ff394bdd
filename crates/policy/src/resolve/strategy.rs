//! Strategies: from what is written to data, and what only the whole environment can show.

use super::{Kind, flag, number, parts, period, settings, texts};
use crate::node::{Node, Value};
use crate::problem::{Problems, did_you_mean};
use gradus_model::{BlueGreen, Canary, Observe, Period, Share, Strategy, TargetName, Targets, Waves};
use gradus_parts::placeholders;
use gradus_parts::steps::LEAF;
use std::collections::{BTreeMap, BTreeSet};

const EVERY: Period = Period::from_secs(30);

pub(super) fn targets(node: Option<&Node>) -> Targets {
    let Some(node) = node else { return Targets::new() };
    let name = |node: &Node| TargetName::new(node.as_text()?).ok();
    let bare = node
        .items()
        .iter()
        .filter_map(|item| Some((name(item)?, BTreeMap::new())));
    let values = |node: &Node| -> BTreeMap<String, String> {
        let text =
            |(key, value): &(Node, Node)| Some((key.as_text()?.to_owned(), value.as_text()?.to_owned()));
        node.pairs().iter().filter_map(text).collect()
    };
    let own = node
        .pairs()
        .iter()
        .filter_map(|(key, value)| Some((name(key)?, values(value))));
    bare.chain(own).collect()
}

pub(super) fn strategy(node: Option<&Node>) -> Strategy {
    let way = |name: &str| node.and_then(|node| node.get(name));
    let canary = way("canary").map(|node| Strategy::Canary(canary(node)));
    let pair = || way("blue_green").map(|node| Strategy::BlueGreen(blue_green(node)));
    let waves = || way("waves").map(|node| Strategy::Waves(waves(node)));
    canary.or_else(pair).or_else(waves).unwrap_or_default()
}

fn canary(node: &Node) -> Canary {
    let share = |node: &Node| {
        Some(Share {
            weight: number(node.get("weight")?)?,
            hold: period(node, "hold", Period::ZERO),
            pause: flag(node, "pause"),
        })
    };
    let steps = node.get("steps").map(Node::items).unwrap_or_default();
    Canary {
        steps: steps.iter().filter_map(share).collect(),
        shift: parts(Kind::Step, node.get("shift")),
        verify: parts(Kind::Check, node.get("verify")),
        finish: parts(Kind::Step, node.get("finish")),
    }
}

fn blue_green(node: &Node) -> BlueGreen {
    let mut colours = texts(node.get("colours"));
    if colours.is_empty() {
        colours = vec!["blue".to_owned(), "green".to_owned()];
    }
    BlueGreen {
        live: node
            .get("live")
            .map(|node| settings(node, &LEAF))
            .unwrap_or_default(),
        colours,
        verify: parts(Kind::Check, node.get("verify")),
        keep: period(node, "keep", Period::ZERO),
        retire: parts(Kind::Step, node.get("retire")),
    }
}

fn waves(node: &Node) -> Waves {
    let order = node.get("order").map(Node::items).unwrap_or_default();
    let wave = |node: &Node| {
        let names = node
            .items()
            .iter()
            .filter_map(|item| TargetName::new(item.as_text()?).ok());
        names.collect()
    };
    Waves {
        order: order.iter().map(wave).collect(),
        hold: period(node, "hold", Period::ZERO),
        pause: flag(node, "pause"),
        failures: node
            .get("failures")
            .and_then(number)
            .map_or(0, |number| number as u32),
    }
}

pub(super) fn observe(node: &Node) -> Observe {
    Observe {
        lasting: period(node, "for", Period::ZERO),
        every: period(node, "every", EVERY).max(Period::from_secs(1)),
        failures: node
            .get("failures")
            .and_then(number)
            .map_or(0, |number| number as u32),
        afterwards: period(node, "afterwards", Period::ZERO),
    }
}

/// What is wrong with an environment's targets and strategy together.
pub(super) fn check(environment: &Node, problems: &mut Problems) {
    let strategy = environment.get("strategy");
    let targets = targets(environment.get("targets"));
    let way = |name: &str| strategy.and_then(|node| node.get(name));
    if let Some(node) = strategy.filter(|node| matches!(node.value, Value::Map(_)) && node.pairs().len() != 1)
    {
        let message = "one of canary, blue_green and waves is expected here".to_owned();
        problems.at(node, "policy.strategy", message);
    }
    if let Some(node) = way("canary").and_then(|canary| canary.get("steps")) {
        growing(node, problems);
    }
    if let Some(pair) = way("blue_green") {
        two_colours(pair, problems);
    }
    if let Some(order) = way("waves").and_then(|waves| waves.get("order")) {
        each_once(order, &targets, problems);
    }
    let place = Place {
        targets: &targets,
        colour: way("blue_green").is_some(),
    };
    for key in ["deliver", "verify", "strategy"] {
        if let Some(node) = environment.get(key) {
            place.walk(node, way("canary").is_some(), problems);
        }
    }
}

fn growing(steps: &Node, problems: &mut Problems) {
    let mut before = -1.0;
    for step in steps.items() {
        let Some(weight) = step.get("weight").and_then(number) else {
            continue;
        };
        if weight <= before {
            let message = format!("the shares must grow: {weight}% stands behind {before}%");
            problems.at(step, "policy.strategy", message);
        }
        before = weight;
    }
}

fn two_colours(pair: &Node, problems: &mut Problems) {
    let Some(node) = pair.get("colours") else { return };
    let colours = texts(Some(node));
    if colours.len() != 2 || colours.first() == colours.get(1) {
        let message = "there are two colours, and they are not the same".to_owned();
        problems.at(node, "policy.strategy", message);
    }
}

fn each_once(order: &Node, targets: &Targets, problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for node in order.items().iter().flat_map(Node::items) {
        let Some(name) = node.as_text() else { continue };
        let known = targets.keys().map(TargetName::as_str);
        if !targets.keys().any(|target| target.as_str() == name) {
            let near = did_you_mean(name, known);
            let message = format!("the environment has no target {name}{near}");
            problems.at(node, "policy.unknown_name", message);
        } else if !seen.insert(name) {
            problems.at(node, "policy.strategy", format!("{name} is in two waves"));
        }
    }
    let left: Vec<_> = targets
        .keys()
        .map(TargetName::as_str)
        .filter(|name| !seen.contains(name))
        .collect();
    if !left.is_empty() {
        let message = format!("no wave reaches {}", left.join(", "));
        problems.at(order, "policy.strategy", message);
    }
}

/// Which placeholders mean something here.
struct Place<'a> {
    targets: &'a Targets,
    colour: bool,
}

impl Place<'_> {
    fn walk(&self, node: &Node, weight: bool, problems: &mut Problems) {
        for text in node.as_text().into_iter().flat_map(placeholders) {
            if let Some(missing) = self.missing(text, weight) {
                problems.at(node, "policy.placeholder", missing);
            }
        }
        let values = node.pairs().iter().map(|(_, value)| value);
        for inside in values.chain(node.items()) {
            self.walk(inside, weight, problems);
        }
    }

    fn missing(&self, name: &str, weight: bool) -> Option<String> {
        match (name, name.strip_prefix("target.")) {
            ("weight", _) if !weight => Some("there is no ${weight} without a canary".to_owned()),
            ("colour", _) if !self.colour => Some("there is no ${colour} without blue_green".to_owned()),
            ("target", _) | (_, Some(_)) if self.targets.is_empty() => Some(format!(
                "there is no ${{{name}}} where the environment has no targets"
            )),
            (_, Some(value)) => {
                let lacking = self.targets.iter().find(|(_, own)| !own.contains_key(value));
                lacking.map(|(target, _)| format!("target {target} says no {value}"))
            }
            _ => None,
        }
    }
}
