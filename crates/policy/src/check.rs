//! The tree against the grammar: unknown keys, missing ones, values of the wrong kind.

use crate::grammar::POLICY;
use crate::node::{Node, Value};
use crate::problem::{Problems, did_you_mean};
use gradus_model::{
    AppName, BranchPattern, EnvironmentName, Period, PersonName, RepositoryName, TargetName, TeamName,
    WindowName,
};
use gradus_parts::{CHECKS, Field, GATES, NameOf, STEPS, Shape, unknown_placeholders};
use std::collections::BTreeSet;

/// Checks a whole file.
pub(crate) fn check(root: &Node, problems: &mut Problems) {
    record(root, POLICY, problems);
}

fn shape(node: &Node, wanted: &Shape, problems: &mut Problems) {
    match wanted {
        Shape::Record(fields) => record(node, fields, problems),
        Shape::List { of, least } => list(node, of, *least, problems),
        Shape::Map { key, of } => map(node, *key, of, problems),
        Shape::Either(choices) => either(node, choices, problems),
        Shape::Gates => parts(
            node,
            "gate",
            GATES
                .iter()
                .map(|gate| (gate.name, gate.fields, gate.needs_settings)),
            problems,
        ),
        Shape::Steps => parts(
            node,
            "step",
            STEPS.iter().map(|step| (step.name, step.fields, true)),
            problems,
        ),
        Shape::Checks => parts(
            node,
            "check",
            CHECKS.iter().map(|check| (check.name, check.fields, true)),
            problems,
        ),
        scalar => self::scalar(node, scalar, problems),
    }
}

fn wrong_kind(node: &Node, wanted: &str, problems: &mut Problems) {
    problems.at(
        node,
        "policy.type",
        format!("expected {wanted}, found {}", node.kind()),
    );
}

fn record(node: &Node, fields: &[Field], problems: &mut Problems) {
    // `staging:` with nothing behind it is an environment with nothing to say.
    if !matches!(node.value, Value::Map(_)) && !node.is_null() {
        return wrong_kind(node, "a map", problems);
    }
    unique_keys(node, problems);
    for (key, value) in node.pairs() {
        let Some(name) = key.as_text() else { continue };
        match fields.iter().find(|field| field.name == name) {
            Some(field) => shape(value, &field.shape, problems),
            None => {
                let names = fields.iter().map(|field| field.name);
                let near = did_you_mean(name, names.clone());
                let known: Vec<_> = names.collect();
                let message = format!("there is no {name} here{near} Known: {}", known.join(", "));
                problems.at(
                    key,
                    "policy.unknown_key",
                    message.replace("here Known", "here. Known"),
                );
            }
        }
    }
    for field in fields
        .iter()
        .filter(|field| field.required && node.get(field.name).is_none())
    {
        problems.at(
            node,
            "policy.missing_key",
            format!("{} is missing: {}", field.name, field.about),
        );
    }
}

fn unique_keys(node: &Node, problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for (key, _) in node.pairs() {
        match key.as_text() {
            None => wrong_kind(key, "a name", problems),
            Some(name) if !seen.insert(name) => {
                problems.at(
                    key,
                    "policy.duplicate_key",
                    format!("{name} stands here twice; which one holds?"),
                );
            }
            Some(_) => {}
        }
    }
}

fn list(node: &Node, of: &Shape, least: usize, problems: &mut Problems) {
    let Value::List(items) = &node.value else {
        return wrong_kind(node, "a list", problems);
    };
    if items.len() < least {
        problems.at(
            node,
            "policy.empty_list",
            "an empty list selects nothing: leave the key out, or name something".to_owned(),
        );
    }
    for item in items {
        shape(item, of, problems);
    }
}

fn map(node: &Node, key: NameOf, of: &Shape, problems: &mut Problems) {
    if !matches!(node.value, Value::Map(_)) && !node.is_null() {
        return wrong_kind(node, &format!("a map of {}s", key.word()), problems);
    }
    unique_keys(node, problems);
    for (name, value) in node.pairs() {
        scalar(name, &Shape::Name(key), problems);
        shape(value, of, problems);
    }
}

/// The choices differ in kind: a word, a list, a map. The one of the same kind is meant.
fn either(node: &Node, choices: &[Shape], problems: &mut Problems) {
    let same_kind = |choice: &&Shape| match choice {
        Shape::List { .. } => matches!(node.value, Value::List(_)),
        Shape::Map { .. } | Shape::Record(_) => matches!(node.value, Value::Map(_)),
        _ => matches!(node.value, Value::Scalar { .. }) && !node.is_null(),
    };
    match choices.iter().find(same_kind) {
        Some(choice) => shape(node, choice, problems),
        None => {
            let words: Vec<_> = choices.iter().map(word).collect();
            wrong_kind(node, &words.join(" or "), problems);
        }
    }
}

fn word(shape: &Shape) -> String {
    match shape {
        Shape::List { .. } => "a list".to_owned(),
        Shape::Map { .. } | Shape::Record(_) => "a map".to_owned(),
        Shape::Choice(words) => words.join(" or "),
        _ => "a name".to_owned(),
    }
}

type PartRow = (&'static str, &'static [Field], bool);

/// A list of maps with one key each: the part's name, and its settings behind it.
fn parts(node: &Node, what: &str, known: impl Iterator<Item = PartRow> + Clone, problems: &mut Problems) {
    let Value::List(items) = &node.value else {
        return wrong_kind(node, &format!("a list of {what}s"), problems);
    };
    for item in items {
        let (name, settings) = match (&item.value, item.pairs()) {
            (Value::Map(_), [(name, settings)]) => (name, Some(settings)),
            (Value::Scalar { .. }, _) if !item.is_null() => (item, None),
            _ => {
                let message = format!("one {what}, such as `- name: {{ setting: value }}`, is expected here");
                problems.at(item, "policy.type", message);
                continue;
            }
        };
        let text = name.as_text().unwrap_or_default();
        let Some((_, fields, needs)) = known.clone().find(|(known, ..)| *known == text) else {
            let near = did_you_mean(text, known.clone().map(|(name, ..)| name));
            let all: Vec<_> = known.clone().map(|(name, ..)| name).collect();
            let message = format!("there is no {what} {text}{near} Known: {}", all.join(", "));
            problems.at(
                name,
                "policy.unknown_part",
                message.replace(&format!("{text} Known"), &format!("{text}. Known")),
            );
            continue;
        };
        if let Some(settings) = settings {
            record(settings, fields, problems);
        }
        if needs && settings.is_none_or(|settings| settings.pairs().is_empty()) {
            let names: Vec<_> = fields.iter().map(|field| field.name).collect();
            problems.at(
                name,
                "policy.empty_part",
                format!("{text} asks nothing: give it one of {}", names.join(", ")),
            );
        }
    }
}

fn scalar(node: &Node, wanted: &Shape, problems: &mut Problems) {
    let Some(text) = node.as_text().filter(|_| !node.is_null()) else {
        return wrong_kind(node, describe(wanted), problems);
    };
    let number = text
        .strip_suffix('%')
        .unwrap_or(text)
        .trim()
        .parse::<f64>()
        .ok()
        .filter(|n| n.is_finite());
    let (ok, code) = match wanted {
        Shape::Flag => (matches!(text, "true" | "false"), "policy.type"),
        Shape::Count { least } => match text.parse::<u64>() {
            Ok(count) if count < *least => {
                let message = format!("{count} is too few: at least {least}, or leave it out");
                return problems.at(node, "policy.count", message);
            }
            counted => (counted.is_ok_and(|count| count <= 1_000_000), "policy.type"),
        },
        Shape::Number => (text.parse::<f64>().is_ok_and(f64::is_finite), "policy.type"),
        Shape::Percent => (
            number.is_some_and(|n| (0.0..=100.0).contains(&n)),
            "policy.percent",
        ),
        Shape::Period => match text.parse::<Period>() {
            Err(error) => return problems.at(node, "policy.period", error.to_string()),
            Ok(_) => (true, ""),
        },
        Shape::Choice(words) if !words.contains(&text) => {
            let near = did_you_mean(text, words.iter().copied());
            return problems.at(
                node,
                "policy.choice",
                format!("{text} is none of {}{near}", words.join(", ")),
            );
        }
        Shape::Branch => match BranchPattern::new(text) {
            Err(error) => return problems.at(node, "policy.branch", error.to_string()),
            Ok(_) => (true, ""),
        },
        Shape::Name(of) => return name(node, text, *of, problems),
        Shape::Text => return placeholders(node, text, problems),
        _ => (true, ""),
    };
    if !ok {
        problems.at(node, code, format!("expected {}, found {text}", describe(wanted)));
    }
}

fn placeholders(node: &Node, text: &str, problems: &mut Problems) {
    for name in unknown_placeholders(text) {
        let near = did_you_mean(
            &name,
            [
                "app",
                "environment",
                "release.version",
                "from",
                "target",
                "colour",
                "weight",
            ],
        );
        let end = if near.is_empty() { "." } else { "" };
        let message = format!(
            "nothing fills in ${{{name}}}{near}{end} There are ${{app}}, ${{environment}} and ${{release.version}}, and in deliveries ${{from}}, ${{target}}, ${{colour}} and ${{weight}}"
        );
        problems.at(node, "policy.placeholder", message);
    }
}

fn name(node: &Node, text: &str, of: NameOf, problems: &mut Problems) {
    let refused = match of {
        NameOf::App => AppName::new(text).err(),
        NameOf::Environment => EnvironmentName::new(text).err(),
        NameOf::Team => TeamName::new(text).err(),
        NameOf::Person => PersonName::new(text).err(),
        NameOf::Repository => RepositoryName::new(text).err(),
        NameOf::Window => WindowName::new(text).err(),
        NameOf::Target | NameOf::Value => TargetName::new(text).err(),
    };
    if let Some(error) = refused {
        problems.at(node, "policy.name", error.to_string());
    }
}

fn describe(shape: &Shape) -> &'static str {
    match shape {
        Shape::Flag => "true or false",
        Shape::Count { .. } => "a whole number",
        Shape::Number => "a number",
        Shape::Percent => "a share from 0% to 100%",
        Shape::Period => "a length of time, such as 15m",
        Shape::Branch => "a branch",
        Shape::Name(_) => "a name",
        _ => "a text",
    }
}
