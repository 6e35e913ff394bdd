//! The settings of a gate, a delivery step or a check, as the policy gave them.

use crate::Period;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One value of a setting. Percentages are numbers (80 for 80%), lengths of time are texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Setting {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(f64),
    /// Words.
    Text(String),
    /// Several words.
    List(Vec<String>),
}

/// Settings by name. The policy has checked them against the part's own table, so a getter
/// answers `None` only for what was left out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(pub BTreeMap<String, Setting>);

impl Settings {
    /// The setting of that name.
    pub fn get(&self, name: &str) -> Option<&Setting> {
        self.0.get(name)
    }

    /// A yes or no; no where it was left out.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Setting::Flag(true)))
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Setting::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Setting::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A list; empty where it was left out.
    pub fn list(&self, name: &str) -> &[String] {
        match self.get(name) {
            Some(Setting::List(items)) => items,
            _ => &[],
        }
    }

    /// A length of time.
    pub fn period(&self, name: &str) -> Option<Period> {
        self.text(name)?.parse().ok()
    }

    /// The same settings with `change` applied to every text in them.
    pub fn map_text(&self, change: impl Fn(&str) -> String) -> Settings {
        let each = |setting: &Setting| match setting {
            Setting::Text(text) => Setting::Text(change(text)),
            Setting::List(items) => Setting::List(items.iter().map(|item| change(item)).collect()),
            other => other.clone(),
        };
        Settings(
            self.0
                .iter()
                .map(|(name, setting)| (name.clone(), each(setting)))
                .collect(),
        )
    }
}
