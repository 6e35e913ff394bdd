//! Branch patterns: which source branches an environment accepts.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A pattern such as `main`, `release/*`, `release/v{semver}` or `release/{date}`.
///
/// `*` stands for one or more characters except `/`; `{semver}` for a semantic version, `{date}`
/// for a calendar date `YYYY-MM-DD`. Everything else stands for itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BranchPattern(String);

/// A text that is not a branch pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a branch pattern: write a branch such as main, release/*, release/v{{semver}} or release/{{date}}"
)]
pub struct BranchPatternError(String);

impl BranchPattern {
    /// Checks a pattern.
    pub fn new(text: impl Into<String>) -> Result<Self, BranchPatternError> {
        let text = text.into();
        let literal = text.replace("{semver}", "").replace("{date}", "");
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._/*".contains(c);
        let wild = text.matches(['*', '{']).count();
        let well_formed = !text.is_empty() && !text.starts_with(['-', '/']) && !text.ends_with('/');
        if well_formed && literal.chars().all(plain) && wild <= 1 && !text.contains("..") {
            Ok(Self(text))
        } else {
            Err(BranchPatternError(text))
        }
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `branch` fits.
    pub fn matches(&self, branch: &str) -> bool {
        let Some(start) = self.0.find(['*', '{']) else {
            return self.0 == branch;
        };
        let (before, wild) = self.0.split_at(start);
        let end = if wild.starts_with('*') {
            1
        } else {
            wild.find('}').map_or(wild.len(), |at| at + 1)
        };
        let (wild, after) = wild.split_at(end);
        let middle = branch
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after));
        middle.is_some_and(|text| match wild {
            "*" => !text.is_empty() && !text.contains('/'),
            "{semver}" => is_semver(text),
            _ => text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10,
        })
    }
}

/// Three numbers without leading zeros, then perhaps a pre-release and build part.
fn is_semver(text: &str) -> bool {
    let (core, extra) = match text.find(['-', '+']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let number = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let parts: Vec<&str> = core.split('.').collect();
    let identifier = |c: char| c.is_ascii_alphanumeric() || "-.+".contains(c);
    parts.len() == 3
        && parts.into_iter().all(number)
        && extra.is_none_or(|tail| !tail.is_empty() && tail.chars().all(identifier))
}

impl TryFrom<String> for BranchPattern {
    type Error = BranchPatternError;
    fn try_from(text: String) -> Result<Self, BranchPatternError> {
        Self::new(text)
    }
}

impl From<BranchPattern> for String {
    fn from(pattern: BranchPattern) -> String {
        pattern.0
    }
}

impl fmt::Display for BranchPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_what_they_say() {
        let cases = [
            ("main", "main", true),
            ("main", "main2", false),
            ("release/*", "release/v1", true),
            ("release/*", "release/a/b", false),
            ("release/*", "release/", false),
            ("release/v{semver}", "release/v1.2.3", true),
            ("release/v{semver}", "release/v1.2.3-rc.1", true),
            ("release/v{semver}", "release/v1.2", false),
            ("release/v{semver}", "release/v01.2.3", false),
            ("release/{date}", "release/2025-01-03", true),
            ("release/{date}", "release/2025-13-03", false),
            ("release/{date}", "release/next", false),
            ("feature/*", "main", false),
        ];
        for (pattern, branch, expected) in cases {
            assert_eq!(
                BranchPattern::new(pattern).unwrap().matches(branch),
                expected,
                "{pattern} ~ {branch}"
            );
        }
    }

    #[test]
    fn patterns_that_cannot_be_meant_are_refused() {
        for bad in ["", "*/*", "-x", "/x", "a b", "{version}", "a..b", "release/"] {
            assert!(BranchPattern::new(bad).is_err(), "{bad:?}");
        }
    }
}
