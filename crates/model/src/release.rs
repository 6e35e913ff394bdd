//! Releases: built once, deployed many times.

use crate::{AppName, Commit, Digest, EnvironmentName, Version};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An immutable version of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The app.
    pub app: AppName,
    /// The version; one per app, for ever.
    pub version: Version,
    /// What kind of change it is.
    pub kind: ReleaseKind,
    /// What was built, pinned by digest.
    pub artifacts: Vec<Artifact>,
    /// The commit it was built from, where known.
    pub commit: Option<Commit>,
    /// The branch it was built from.
    pub branch: String,
    /// The identities whose commits it holds.
    pub authors: Vec<String>,
    /// What it does to the data's shape.
    pub schema: SchemaChange,
    /// The chain of releases that change the shape together, for those that do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<String>,
    /// The one environment it was built for; such a release is refused, the field says why.
    pub built_for: Option<EnvironmentName>,
    /// What changed, in words.
    pub notes: String,
}

impl Release {
    /// The digest that stands for this release wherever evidence or a plan points at it: over
    /// what runs (artifacts) and where it comes from (commit), not over its notes.
    pub fn digest(&self) -> Digest {
        Digest::of_value(&(&self.app, &self.version, &self.artifacts, &self.commit))
    }
}

/// One built thing: an image, a package, a module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Artifact {
    /// Where it is kept, such as `ghcr.io/acme/web`.
    pub name: String,
    /// Exactly which one.
    pub digest: Digest,
}

/// What kind of change a release is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseKind {
    /// An ordinary release.
    Standard,
    /// An urgent mend: shorter gates where the policy says so, ahead of others, never around them.
    Hotfix,
    /// Only dependencies changed.
    Dependency,
}

/// What a release does to the shape of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchemaChange {
    /// Nothing.
    None,
    /// The release before it still works on the new shape.
    BackwardCompatible,
    /// The release before it does not: the only way is on.
    ForwardOnly,
    /// The new shape comes beside the old one.
    Expand,
    /// What there is moves to the new shape; the old one is no longer needed.
    Migrate,
    /// The old shape is taken away.
    Contract,
}

macro_rules! words {
    ($($type:ident { $($variant:ident: $word:literal),* $(,)? })*) => {$(
        impl $type {
            /// Every value, in order.
            pub const ALL: &'static [$type] = &[$($type::$variant),*];

            /// The word that is written in policies, commands and output.
            pub const fn word(self) -> &'static str {
                match self { $($type::$variant => $word),* }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }

        impl std::str::FromStr for $type {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().find(|value| value.word() == text).copied().ok_or_else(|| {
                    let words: Vec<_> = Self::ALL.iter().map(|value| value.word()).collect();
                    format!("{text:?} is none of {}", words.join(", "))
                })
            }
        }
    )*};
}
pub(crate) use words;

words! {
    ReleaseKind { Standard: "standard", Hotfix: "hotfix", Dependency: "dependency" }
    SchemaChange { None: "none", BackwardCompatible: "backward_compatible", ForwardOnly: "forward_only", Expand: "expand", Migrate: "migrate", Contract: "contract" }
}
