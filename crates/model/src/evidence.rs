//! Evidence: facts about a release, with a subject, a source and a time.

use crate::{Answer, AppName, Commit, Digest, EnvironmentName, Timestamp, Version, Why};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The id of a piece of evidence: unique in its app's stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EvidenceId(pub u64);

impl fmt::Display for EvidenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "e{}", self.0)
    }
}

/// A fact about a release, and perhaps about an environment. Never edited; it can be revoked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Which piece this is.
    pub id: EvidenceId,
    /// What it tells of: `tests`, `coverage`, `slo` and so on; the gate of that name reads it.
    pub kind: String,
    /// Which one of several: a test suite, a named check. Empty where there is only one.
    pub name: String,
    /// What it is about.
    pub subject: Subject,
    /// The measured values.
    pub facts: BTreeMap<String, Fact>,
    /// Where it comes from.
    pub producer: Producer,
    /// When it was measured; by the producer's clock, and never later than when it came in.
    pub taken_at: Timestamp,
    /// From when on it no longer counts.
    pub expires_at: Option<Timestamp>,
}

/// What a piece of evidence is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The app.
    pub app: AppName,
    /// The version.
    pub version: Version,
    /// The release's digest, so that evidence never outlives what it was measured on.
    pub digest: Digest,
    /// The commit the producer measured, where it said so.
    pub commit: Option<Commit>,
    /// The environment it was measured in, where that matters.
    pub environment: Option<EnvironmentName>,
}

/// Where evidence comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Producer {
    /// The identity that handed it in.
    pub identity: String,
    /// The tool that made it, where known.
    pub tool: Option<String>,
    /// Where a person can look at it.
    pub link: Option<String>,
    /// The digest of the raw report, where there was one.
    pub raw: Option<Digest>,
    /// Which workflow made it, where the producer said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<String>,
    /// On which occasion it was made, such as `push` or `pull_request`, where the producer said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Whether Gradus measured it itself, for the gate whose settings the evidence is named after.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub measured: bool,
}

/// One measured value.
///
/// Numbers are finite: JSON has no other, and a gate that asks for a number must see that there is
/// none. What a producer wrote as `NaN` stays the text `NaN`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fact {
    /// Yes or no.
    Flag(bool),
    /// A finite number.
    Number(f64),
    /// Words.
    Text(String),
}

impl Fact {
    /// Reads a value as people type it. Percent signs are dropped: `99.9%` is the number 99.9.
    pub fn from_text(text: &str) -> Self {
        match text {
            "true" => return Fact::Flag(true),
            "false" => return Fact::Flag(false),
            _ => {}
        }
        let digits = text.strip_suffix('%').unwrap_or(text);
        let numeric = digits.starts_with(|c: char| c.is_ascii_digit() || "-+.".contains(c));
        match digits.parse::<f64>() {
            Ok(number) if numeric && number.is_finite() => Fact::Number(number),
            _ => Fact::Text(text.to_owned()),
        }
    }
}

impl Fact {
    /// What stands in place of a number that could not be had.
    pub fn unknown(why: Why, text: &str) -> Self {
        Fact::Text(format!("{}: {text}", Answer::Unknown(why)))
    }

    /// Why there is no number, where that is what stands here, and what is said about it.
    pub fn why(&self) -> Option<(Why, &str)> {
        let Fact::Text(text) = self else { return None };
        [Why::NoData, Why::Inconclusive, Why::Error]
            .into_iter()
            .find_map(|why| {
                let rest = text.strip_prefix(&Answer::Unknown(why).to_string())?;
                Some((why, rest.strip_prefix(": ")?))
            })
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fact::Flag(flag) => write!(f, "{flag}"),
            Fact::Number(number) => write!(f, "{number}"),
            Fact::Text(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_finite_numbers_become_numbers() {
        assert_eq!(Fact::from_text("99.95"), Fact::Number(99.95));
        assert_eq!(Fact::from_text("99.9%"), Fact::Number(99.9));
        assert_eq!(Fact::from_text("-1e3"), Fact::Number(-1000.0));
        for text in ["NaN", "inf", "-inf", "infinity", "1e999", "%", "", "passed"] {
            assert_eq!(Fact::from_text(text), Fact::Text(text.into()), "{text:?}");
        }
        assert_eq!(Fact::from_text("true"), Fact::Flag(true));
    }
}
