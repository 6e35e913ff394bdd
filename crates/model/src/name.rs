//! Names: checked once, where they enter, so that nothing behind has to ask again.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A name that may not be used, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a valid {what}: {rule}")]
pub struct NameError {
    /// What was being named.
    pub what: &'static str,
    /// The text that was refused.
    pub value: String,
    /// The rule that it broke.
    pub rule: &'static str,
}

/// The alphabet of a kind of name: which characters may stand inside, beside letters and digits.
struct Alphabet {
    upper: bool,
    inside: &'static str,
    rule: &'static str,
}

/// Names that become folders, branches and host names: the narrow alphabet.
const SLUG: Alphabet = Alphabet {
    upper: false,
    inside: "-",
    rule: "use 1 to 63 lower-case letters, digits and dashes, starting with a letter or digit",
};

/// Versions: what semantic versions, dates and build numbers need, and nothing that git, a shell
/// or a path would read as its own.
const VERSION: Alphabet = Alphabet {
    upper: true,
    inside: "-._+",
    rule: "use 1 to 63 letters, digits and . _ + -, starting with a letter or digit, without two dots in a row",
};

/// People: a login or a mail address.
const PERSON: Alphabet = Alphabet {
    upper: true,
    inside: "-._+@:",
    rule: "use 1 to 63 letters, digits and . _ + - @ :, starting with a letter or digit",
};

impl Alphabet {
    fn check(&self, what: &'static str, text: &str) -> Result<(), NameError> {
        let letter =
            |c: char| c.is_ascii_digit() || c.is_ascii_lowercase() || (self.upper && c.is_ascii_uppercase());
        let starts_well = text.chars().next().is_some_and(letter);
        let ends_well = !text.ends_with(['.', '-']) && !text.ends_with(".lock");
        let inside = text.chars().all(|c| letter(c) || self.inside.contains(c));
        if starts_well && ends_well && inside && text.len() <= 63 && !text.contains("..") {
            return Ok(());
        }
        Err(NameError {
            what,
            value: text.to_owned(),
            rule: self.rule,
        })
    }
}

macro_rules! names {
    ($($(#[$doc:meta])* $type:ident: $what:literal, $alphabet:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// Checks `text` and makes the name of it.
            pub fn new(text: impl Into<String>) -> Result<Self, NameError> {
                let text = text.into();
                $alphabet.check($what, &text)?;
                Ok(Self(text))
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $type {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, NameError> {
                Self::new(text)
            }
        }

        impl std::str::FromStr for $type {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::new(text)
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> String {
                name.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    )*};
}

names! {
    /// An app: a thing that is released.
    AppName: "app name", SLUG;
    /// An environment: a place a release can be in.
    EnvironmentName: "environment name", SLUG;
    /// A team: a set of people who may agree to something.
    TeamName: "team name", SLUG;
    /// A git repository that the policy knows.
    RepositoryName: "repository name", SLUG;
    /// A real place behind an environment: a cluster, a region.
    TargetName: "target name", SLUG;
    /// A calendar of allowed and denied times.
    WindowName: "window name", SLUG;
    /// One human or machine, however many identities they use.
    PersonName: "person name", PERSON;
    /// The version of a release.
    Version: "version", VERSION;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_reach_into_git_or_paths_are_refused() {
        for bad in [
            "",
            "-x",
            "--upload-pack=id",
            "a/b",
            "a b",
            "..",
            "1..2",
            "x.lock",
            "a\n",
            "é",
            "$(id)",
            "x.",
        ] {
            assert!(Version::new(bad).is_err(), "{bad:?}");
        }
        for bad in ["Web", "web_1", "web.", "-web", &"a".repeat(64)] {
            assert!(AppName::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn versions_of_every_usual_form_are_names() {
        for good in [
            "1.4.0",
            "v2.0.0-rc.1+build.5",
            "2025-01-03",
            "20250103.1",
            "abc123f",
        ] {
            assert!(Version::new(good).is_ok(), "{good:?}");
        }
    }
}
