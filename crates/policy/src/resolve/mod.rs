//! The checked tree to a policy, and what only the whole can show.

mod apps;
mod environments;
mod graph;
mod metrics;
mod paths;
mod people;
mod strategy;
mod windows;

use crate::node::Node;
use crate::problem::{Problems, did_you_mean};
use gradus_model::{Marker, Mode, Part, Period, Policy, Repository, RepositoryName, Setting, Settings};
use gradus_parts::{CHECKS, Field, GATES, STEPS, Shape};
use std::collections::BTreeMap;

/// The files of a policy, read as one.
pub(crate) struct Sources<'a>(&'a [Node]);

impl<'a> Sources<'a> {
    /// A section that is a map, over all files, with the places of its keys.
    fn entries(&self, section: &str) -> Vec<(&'a Node, &'a Node)> {
        let sections = self.0.iter().filter_map(|root| root.get(section));
        sections
            .flat_map(Node::pairs)
            .map(|(key, value)| (key, value))
            .collect()
    }

    /// A section that is a list, over all files.
    fn items(&self, section: &str) -> Vec<&'a Node> {
        self.0
            .iter()
            .filter_map(|root| root.get(section))
            .flat_map(Node::items)
            .collect()
    }

    /// A field of a section that is one record, over all files.
    fn fields(&self, section: &str, field: &str) -> Vec<&'a Node> {
        self.0
            .iter()
            .filter_map(|root| root.get(section)?.get(field))
            .collect()
    }

    /// A section that is one record, from the first file that has it.
    fn section(&self, section: &str) -> Option<&'a Node> {
        self.0.iter().find_map(|root| root.get(section))
    }

    /// Names that two files define.
    fn doubles(&self, section: &str, problems: &mut Problems) {
        let entries = self.entries(section);
        for (at, (key, _)) in entries.iter().enumerate() {
            if entries[..at]
                .iter()
                .any(|(other, _)| other.as_text() == key.as_text())
            {
                let name = key.as_text().unwrap_or_default();
                problems.at(
                    key,
                    "policy.duplicate_key",
                    format!("{name} is defined in another file already"),
                );
            }
        }
    }
}

/// The policy that checked files make together.
pub(crate) fn resolve(roots: &[Node], problems: &mut Problems) -> Option<Policy> {
    let sources = Sources(roots);
    for section in ["environments", "windows", "repositories", "apps"] {
        sources.doubles(section, problems);
    }
    let people = people::people(&sources, problems);
    let windows = windows::windows(&sources, problems);
    let repositories = repositories(&sources);
    let environments = environments::environments(&sources, problems);
    let mut policy = Policy {
        environments,
        paths: Vec::new(),
        people,
        windows,
        repositories,
        metrics: metrics::metrics(&sources),
        apps: BTreeMap::new(),
    };
    let root = roots.first()?;
    for (section, empty) in [
        ("environments", policy.environments.is_empty()),
        ("apps", sources.entries("apps").is_empty()),
    ] {
        if empty {
            problems.at(
                root,
                "policy.missing_key",
                format!("{section} is missing: a policy needs at least one"),
            );
        }
    }
    policy.paths = paths::paths(&sources, &policy, problems);
    environments::names(&sources, &policy, problems);
    graph::check(&sources, &mut policy, problems);
    policy.apps = apps::apps(&sources, &policy, problems);
    Some(policy)
}

fn repositories(sources: &Sources<'_>) -> BTreeMap<RepositoryName, Repository> {
    let read = |(key, value): (&Node, &Node)| {
        let name = RepositoryName::new(key.as_text()?).ok()?;
        let url = value.get("url")?.as_text()?.to_owned();
        let branch = value
            .get("branch")
            .and_then(Node::as_text)
            .unwrap_or("main")
            .to_owned();
        let marker = match value.get("marker").and_then(Node::as_text) {
            Some("tag") => Marker::Tag,
            Some("trailer") => Marker::Trailer,
            _ => Marker::Ref,
        };
        let mode = match value.get("mode").and_then(Node::as_text) {
            Some("pull_request") => Mode::PullRequest,
            _ => Mode::Commit,
        };
        Some((
            name,
            Repository {
                url,
                branch,
                marker,
                mode,
            },
        ))
    };
    sources
        .entries("repositories")
        .into_iter()
        .filter_map(read)
        .collect()
}

/// A name that should be one of those that are defined.
fn defined<'n, T: 'n>(
    node: &Node,
    what: &str,
    known: impl IntoIterator<Item = &'n T>,
    text: impl Fn(&'n T) -> &'n str,
    problems: &mut Problems,
) {
    let Some(name) = node.as_text() else { return };
    let known: Vec<&str> = known.into_iter().map(text).collect();
    if !known.contains(&name) {
        let near = did_you_mean(name, known.iter().copied());
        let all = if known.is_empty() {
            "none is defined".to_owned()
        } else {
            format!("defined: {}", known.join(", "))
        };
        let message = format!("there is no {what} {name}{near} ({all})");
        problems.at(node, "policy.unknown_name", message);
    }
}

fn flag(node: &Node, key: &str) -> bool {
    node.get(key).and_then(Node::as_text) == Some("true")
}

fn period(node: &Node, key: &str, default: Period) -> Period {
    node.get(key)
        .and_then(Node::as_text)
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// A number, or a share of a hundred.
fn number(node: &Node) -> Option<f64> {
    let text = node.as_text()?;
    text.strip_suffix('%').unwrap_or(text).parse().ok()
}

fn texts(node: Option<&Node>) -> Vec<String> {
    node.map(Node::items)
        .unwrap_or_default()
        .iter()
        .filter_map(Node::as_text)
        .map(str::to_owned)
        .collect()
}

/// A list of gates, steps or checks.
/// What a list of parts is made of. A name may stand for a gate, a step and a check, each with its own settings.
#[derive(Clone, Copy)]
enum Kind {
    Gate,
    Step,
    Check,
}

impl Kind {
    fn fields(self, name: &str) -> &'static [Field] {
        let found = match self {
            Kind::Gate => GATES
                .iter()
                .find(|gate| gate.name == name)
                .map(|gate| gate.fields),
            Kind::Step => STEPS
                .iter()
                .find(|step| step.name == name)
                .map(|step| step.fields),
            Kind::Check => CHECKS
                .iter()
                .find(|check| check.name == name)
                .map(|check| check.fields),
        };
        found.unwrap_or_default()
    }
}

fn parts(kind: Kind, node: Option<&Node>) -> Vec<Part> {
    let read = |item: &Node| {
        let (name, own) = match item.pairs() {
            [(name, own)] => (name, Some(own)),
            _ => (item, None),
        };
        let name = name.as_text()?.to_owned();
        let settings = own
            .map(|node| settings(node, kind.fields(&name)))
            .unwrap_or_default();
        Some(Part { kind: name, settings })
    };
    let items = node.map(Node::items).unwrap_or_default();
    items.iter().filter_map(read).collect()
}

fn settings(node: &Node, fields: &[Field]) -> Settings {
    let read = |(key, value): &(Node, Node)| {
        let field = fields.iter().find(|field| Some(field.name) == key.as_text())?;
        Some((field.name.to_owned(), setting(value, &field.shape)?))
    };
    Settings(node.pairs().iter().filter_map(read).collect())
}

fn setting(node: &Node, shape: &Shape) -> Option<Setting> {
    let number = || {
        node.as_text()?
            .trim_end_matches('%')
            .trim()
            .parse()
            .ok()
            .map(Setting::Number)
    };
    match shape {
        Shape::Flag => Some(Setting::Flag(node.as_text()? == "true")),
        Shape::Count { .. } | Shape::Number | Shape::Percent => number(),
        Shape::List { .. } => Some(Setting::List(texts(Some(node)))),
        _ => Some(Setting::Text(node.as_text()?.to_owned())),
    }
}
