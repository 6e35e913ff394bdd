//! Parity: how alike what two environments hold is, value by value.

mod declared;
mod names;

use crate::hands::Hands;
use declared::{Declared, about};
use gradus_connect::Trouble;
use gradus_edit::{Format, Leaf, leaves};
use gradus_engine::{Step, World, files_held};
use gradus_model::EnvironmentName;
use names::nameless;
use std::collections::BTreeMap;

/// How alike two environments are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parity {
    /// How many different values both have together, each counted once.
    pub values: usize,
    /// Those that differ.
    pub different: Vec<Difference>,
    /// How many more differ as the policy declares.
    pub declared: usize,
}

/// A value that two environments do not share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The file, with the environment's name taken for `${environment}`.
    pub file: String,
    /// The way to the value.
    pub path: String,
    /// What it is about: `replicas`, `image`, `version`, `resources`, or a `value`; a `key` that only one has.
    pub about: &'static str,
    /// What the first has; nothing, if it has no such key.
    pub one: Option<String>,
    /// What the second has.
    pub two: Option<String>,
}

/// What an environment's files say, by file and path, with its own name taken for `${environment}`.
type Said = BTreeMap<(String, String), Leaf>;

impl Parity {
    /// The share of values that both have, in percent. Never rounded up: 99.999% is not all of them.
    pub fn score(&self) -> f64 {
        match self.values {
            0 => 100.0,
            values => ((values - self.different.len()) * 10_000 / values) as f64 / 100.0,
        }
    }
}

/// Compares two environments of an app.
pub(crate) fn parity(
    hands: &dyn Hands,
    world: &World<'_>,
    one: &EnvironmentName,
    two: &EnvironmentName,
) -> Result<Parity, Trouble> {
    let (first, second) = (said(hands, world, one)?, said(hands, world, two)?);
    let places = world
        .rules()
        .into_iter()
        .flat_map(|app| [one, two].map(|name| app.environments.get(name)));
    let patterns = places.flatten().flat_map(|place| &place.parity.ignore);
    let patterns: Vec<Declared> = patterns.map(|text| Declared::new(text)).collect();
    Ok(compare(&first, &second, &patterns))
}

/// What an environment's files say. Where nothing was put there yet, they are those of the newest release.
fn said(hands: &dyn Hands, world: &World<'_>, place: &EnvironmentName) -> Result<Said, Trouble> {
    let newest = || world.app.releases.values().max_by_key(|release| release.order);
    let there = world.app.current(place).map(|now| &now.version);
    let version = there.or_else(|| newest().map(|release| &release.release.version));
    let nothing = || Trouble::no_data(format!("nothing was ever put into {place}"));
    let step = Step::back(world, version.ok_or_else(nothing)?, place).ok_or_else(nothing)?;
    let rules = step.rules.as_ref().ok_or_else(nothing)?;
    let needed = files_held(&step, rules).map_err(|error| Trouble::error(error.message))?;
    if needed.is_empty() {
        return Err(Trouble::no_data(format!("nothing is written for {place}")));
    }
    let seen = hands.look(&needed, None);
    let seen = seen.map_err(|error| Trouble::error(error.message))?;
    let mut all = Said::new();
    for (address, text) in &seen.files {
        let Some(text) = text else { continue };
        let file = nameless(&address.path, place.as_str());
        for leaf in read(&address.path, text) {
            let leaf = Leaf {
                path: nameless(&leaf.path, place.as_str()),
                value: nameless(&leaf.value, place.as_str()),
                keys: leaf.keys,
            };
            all.insert((file.clone(), leaf.path.clone()), leaf);
        }
    }
    match all.is_empty() {
        true => Err(nothing()),
        false => Ok(all),
    }
}

/// What a file says: where nobody knows how it is written, each of its lines.
fn read(path: &str, text: &str) -> Vec<Leaf> {
    let known = Format::of(path).and_then(|format| leaves(text, format).ok());
    known.unwrap_or_else(|| {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let leaf = |line: &str| Leaf {
            path: line.trim_end().to_owned(),
            keys: Vec::new(),
            value: String::new(),
        };
        lines.map(leaf).collect()
    })
}

fn compare(first: &Said, second: &Said, patterns: &[Declared]) -> Parity {
    let mut all: Vec<_> = first.keys().chain(second.keys()).collect();
    all.sort();
    all.dedup();
    let (mut different, mut declared) = (Vec::new(), 0);
    for place in &all {
        let (one, two) = (first.get(place), second.get(place));
        let value = |leaf: Option<&Leaf>| leaf.map(|leaf| leaf.value.clone());
        let Some(leaf) = one.or(two).filter(|_| value(one) != value(two)) else {
            continue;
        };
        if patterns.iter().any(|pattern| pattern.fits(leaf)) {
            declared += 1;
            continue;
        }
        let only_one = one.is_none() || two.is_none();
        different.push(Difference {
            file: place.0.clone(),
            path: leaf.path.clone(),
            about: if only_one { "key" } else { about(leaf) },
            one: value(one),
            two: value(two),
        });
    }
    Parity {
        values: all.len(),
        different,
        declared,
    }
}
