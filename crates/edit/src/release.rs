//! What is written: the version and the digests of a release, and texts made of them.

use crate::{EditError, Place, Why};
use gradus_model::{Artifact, Version};

/// What a release brings.
#[derive(Debug, Clone, Copy)]
pub struct New<'a> {
    /// Its version.
    pub version: &'a Version,
    /// What was built.
    pub artifacts: &'a [Artifact],
}

/// A text with placeholders: `${version}`, `${name}`, `${digest}` and `${hex}` (the digest without its
/// `sha256:`).
///
/// The last three speak of the target's artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(String);

const NOWHERE: Place = Place { line: 1, column: 1 };

impl Template {
    /// Checks a template.
    pub fn new(text: &str) -> Result<Self, EditError> {
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let known = ["${version}", "${name}", "${digest}", "${hex}"];
            let Some(word) = known.iter().find(|word| rest[start..].starts_with(**word)) else {
                let why = Why::Artifact(format!(
                    "{text:?} has a placeholder that is none of {}",
                    known.join(", ")
                ));
                return Err(EditError { place: NOWHERE, why });
            };
            rest = &rest[start + word.len()..];
        }
        Ok(Self(text.to_owned()))
    }

    /// The version as it is.
    pub fn version() -> Self {
        Self("${version}".to_owned())
    }

    /// The text for a release.
    pub(crate) fn fill(&self, new: &New<'_>, artifact: Option<&str>) -> Result<String, EditError> {
        let text = self.0.replace("${version}", new.version.as_str());
        if !text.contains("${") {
            return Ok(text);
        }
        let artifact = new.artifact(artifact)?;
        let hex = artifact.digest.as_str().trim_start_matches("sha256:");
        Ok(text
            .replace("${name}", &artifact.name)
            .replace("${digest}", artifact.digest.as_str())
            .replace("${hex}", hex))
    }
}

impl<'a> New<'a> {
    /// The artifact of that name, or the only one.
    pub(crate) fn artifact(&self, name: Option<&str>) -> Result<&'a Artifact, EditError> {
        let mut found = self
            .artifacts
            .iter()
            .filter(|artifact| name.is_none_or(|name| artifact.name == name));
        let names = || {
            self.artifacts
                .iter()
                .map(|artifact| artifact.name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let refuse = |text: String| {
            let why = Why::Artifact(text);
            Err(EditError { place: NOWHERE, why })
        };
        match (found.next(), found.next(), name) {
            (Some(artifact), None, _) => Ok(artifact),
            (Some(_), Some(_), _) => refuse(format!(
                "the release has several artifacts: say which of {}",
                names()
            )),
            (None, _, Some(name)) => {
                refuse(format!("the release has no artifact {name}: it has {}", names()))
            }
            (None, _, None) => {
                refuse("the release has no artifact, so there is no digest to write".to_owned())
            }
        }
    }
}
