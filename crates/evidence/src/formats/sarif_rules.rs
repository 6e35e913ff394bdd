//! The rules of a SARIF run, and how a result finds its own.

use crate::Severity;
use crate::error::Result;
use crate::json::{Scalar, Slot};
use std::collections::HashMap;

/// What a rule says of its results.
#[derive(Debug, Default)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) level: Option<String>,
    pub(super) score: Option<Severity>,
    /// A severity among its tags, as Trivy writes it.
    pub(super) tag: Option<Severity>,
    /// Whether the score was a word, or no score at all.
    pub(super) worded: bool,
}

impl Rule {
    pub(super) fn read(slot: &mut dyn Slot) -> Result<Self> {
        let mut rule = Self::default();
        slot.object(&mut |key, slot| {
            match key {
                "id" => rule.id = slot.text()?.unwrap_or_default(),
                "defaultConfiguration" => slot.object(&mut |key, slot| {
                    if key == "level" {
                        rule.level = slot.text()?;
                    }
                    Ok(())
                })?,
                "properties" => slot.object(&mut |key, slot| {
                    match key {
                        "security-severity" => (rule.score, rule.worded) = score_of(&slot.scalar()?),
                        "tags" => rule.tag = tag_of(slot)?,
                        _ => {}
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(rule)
    }
}

/// The rules of the tool itself, or of one of its extensions.
#[derive(Debug, Default)]
pub(super) struct Component {
    rules: Vec<Rule>,
    by_id: HashMap<String, usize>,
}

impl Component {
    pub(super) fn new(rules: Vec<Rule>) -> Self {
        let by_id = rules
            .iter()
            .enumerate()
            .map(|(index, rule)| (rule.id.clone(), index))
            .collect();
        Self { rules, by_id }
    }
}

/// What a run says, but for its results.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) tool: Option<String>,
    pub(super) driver: Component,
    pub(super) extensions: Vec<Component>,
    pub(super) has_results: bool,
    /// Levels that the invocation gave to rules, by their ids.
    overrides: Vec<(Reference, String)>,
}

impl Run {
    pub(super) fn has_rules(&self) -> bool {
        !self.driver.rules.is_empty()
            || self
                .extensions
                .iter()
                .any(|extension| !extension.rules.is_empty())
    }

    /// The rule of a result: by index where there is one, or else by id, wherever it is.
    pub(super) fn rule(&self, reference: &Reference) -> Option<&Rule> {
        let own = match reference.component {
            Some(nth) => self.extensions.get(nth)?,
            None => &self.driver,
        };
        if let Some(rule) = reference.index.and_then(|index| own.rules.get(index)) {
            let id = reference.id.as_deref().unwrap_or(&rule.id);
            // An id may be more exact than its rule's, as in `CA1000/1`.
            if id == rule.id
                || id
                    .strip_prefix(&rule.id)
                    .is_some_and(|rest| rest.starts_with('/'))
            {
                return Some(rule);
            }
        }
        let id = reference.id.as_deref()?;
        let all = std::iter::once(own).chain([&self.driver]).chain(&self.extensions);
        let find = |id: &str| all.clone().find_map(|part| part.rules.get(*part.by_id.get(id)?));
        find(id).or_else(|| find(id.rsplit_once('/')?.0))
    }

    /// Gives the rules the levels that the invocation chose for them.
    pub(super) fn apply_overrides(&mut self) {
        for (reference, level) in std::mem::take(&mut self.overrides) {
            let part = match reference.component {
                Some(nth) => self.extensions.get_mut(nth),
                None => Some(&mut self.driver),
            };
            let Some(part) = part else { continue };
            let by_id = reference.id.and_then(|id| part.by_id.get(&id).copied());
            if let Some(rule) = reference
                .index
                .or(by_id)
                .and_then(|index| part.rules.get_mut(index))
            {
                rule.level = Some(level);
            }
        }
    }
}

/// How something names a rule.
#[derive(Debug, Default)]
pub(super) struct Reference {
    pub(super) id: Option<String>,
    pub(super) index: Option<usize>,
    /// Which extension it belongs to; none for the tool itself.
    component: Option<usize>,
}

impl Reference {
    pub(super) fn read(&mut self, slot: &mut dyn Slot) -> Result<()> {
        let whole = |number: Option<f64>| number.filter(|n| *n >= 0.0).map(|n| n as usize);
        slot.object(&mut |key, slot| {
            match key {
                "id" => self.id = slot.text()?.or(self.id.take()),
                "index" => self.index = whole(slot.number()?),
                "toolComponent" => slot.object(&mut |key, slot| {
                    if key == "index" {
                        self.component = whole(slot.number()?);
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })
    }
}

pub(super) fn overrides(slot: &mut dyn Slot, run: &mut Run) -> Result<()> {
    slot.list(&mut |slot| {
        let (mut reference, mut level) = (Reference::default(), None);
        slot.object(&mut |key, slot| match key {
            "descriptor" => reference.read(slot),
            "configuration" => slot.object(&mut |key, slot| {
                if key == "level" {
                    level = slot.text()?;
                }
                Ok(())
            }),
            _ => Ok(()),
        })?;
        if let Some(level) = level
            && run.overrides.len() < 10_000
        {
            run.overrides.push((reference, level));
        }
        Ok(())
    })
    .map(drop)
}

/// What a level amounts to where nothing better is known.
pub(super) fn level(word: &str) -> Severity {
    match word {
        "error" => Severity::High,
        "warning" => Severity::Medium,
        "note" => Severity::Low,
        "none" => Severity::None,
        _ => Severity::Unknown,
    }
}

/// A security severity, and whether it is anything but a score. A score of zero is no statement.
pub(super) fn score_of(scalar: &Scalar) -> (Option<Severity>, bool) {
    let score = match scalar {
        Scalar::Number(number) => Some(*number),
        Scalar::Text(text) => match text.trim().parse::<f64>() {
            Ok(number) => Some(number),
            Err(_) => return (Some(Severity::from_word(text)), true),
        },
        _ => None,
    };
    match score {
        Some(score) if score > 0.0 && score <= 10.0 => (Some(Severity::from_score(score)), false),
        Some(score) => (None, score != 0.0),
        None => (None, false),
    }
}

/// A severity among tags.
pub(super) fn tag_of(slot: &mut dyn Slot) -> Result<Option<Severity>> {
    let mut tags = Vec::new();
    slot.texts(&mut tags, 100)?;
    let severities = tags.iter().filter_map(|tag| match tag.as_str() {
        "CRITICAL" | "HIGH" | "MEDIUM" | "LOW" => Some(Severity::from_word(tag)),
        "UNKNOWN" => Some(Severity::Unknown),
        _ => None,
    });
    Ok(severities.max())
}
