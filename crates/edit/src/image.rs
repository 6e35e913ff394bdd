//! References to images: `registry:port/path/name:tag@digest`, and how a release is written as one.

use crate::{EditError, New, Place, Template, Why};
use gradus_model::Artifact;

/// A reference, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Image<'a> {
    /// Registry and path.
    pub name: &'a str,
    /// The tag.
    pub tag: Option<&'a str>,
    /// The digest.
    pub digest: Option<&'a str>,
}

impl<'a> Image<'a> {
    /// Takes a reference apart. A colon begins a tag only behind the last slash: before it stands a port.
    pub fn parse(text: &'a str) -> Self {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        let path = rest.rfind('/').map_or(0, |at| at + 1);
        let (name, tag) = match rest[path..].find(':') {
            Some(at) => (&rest[..path + at], Some(&rest[path + at + 1..])),
            None => (rest, None),
        };
        Self { name, tag, digest }
    }
}

/// What of a release is written where an image is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pin {
    /// The tag for people, and the digest that counts.
    #[default]
    Both,
    /// Only the digest.
    Digest,
    /// Only the tag: for tools that cannot read a digest.
    Tag,
}

/// How a release is written where an image is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The artifact; not needed if there is only one, or if one is called as the image in the file.
    pub artifact: Option<String>,
    /// What is written of it.
    pub pin: Pin,
    /// The tag.
    pub tag: Template,
}

impl Default for Reference {
    fn default() -> Self {
        Self {
            artifact: None,
            pin: Pin::default(),
            tag: Template::version(),
        }
    }
}

/// What is to be written of a release.
#[derive(Debug, Clone)]
pub(crate) struct Pinned<'a> {
    pub(crate) artifact: Option<&'a Artifact>,
    pub(crate) tag: Option<String>,
    pub(crate) digest: Option<&'a str>,
}

impl Reference {
    /// What is written of a release for an image of this name in the file.
    pub(crate) fn of<'n>(&self, new: &New<'n>, image: Option<&str>) -> Result<Pinned<'n>, EditError> {
        let called = |name: &str| new.artifacts.iter().any(|artifact| artifact.name == name);
        let name = match &self.artifact {
            Some(name) => Some(name.as_str()),
            None => image.filter(|name| new.artifacts.len() > 1 && called(name)),
        };
        let artifact = match (self.pin, &self.artifact) {
            // A tag alone can be written without knowing what was built.
            (Pin::Tag, None) => new.artifact(name).ok(),
            _ => Some(new.artifact(name)?),
        };
        let tag = match self.pin {
            Pin::Digest => None,
            Pin::Both | Pin::Tag => Some(tag(self.tag.fill(new, name)?)?),
        };
        let digest = match self.pin {
            Pin::Tag => None,
            Pin::Both | Pin::Digest => artifact.map(|artifact| artifact.digest.as_str()),
        };
        Ok(Pinned {
            artifact,
            tag,
            digest,
        })
    }
}

impl Pinned<'_> {
    /// The whole reference, under the name that the file uses.
    pub(crate) fn reference(&self, name: &str) -> String {
        let tag = self.tag.as_ref().map(|tag| format!(":{tag}")).unwrap_or_default();
        let digest = self.digest.map(|digest| format!("@{digest}")).unwrap_or_default();
        format!("{name}{tag}{digest}")
    }
}

fn tag(text: String) -> Result<String, EditError> {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if text.starts_with(['.', '-']) || text.is_empty() || text.len() > 128 || !text.chars().all(inside) {
        let why = Why::Value {
            value: text,
            reason: "a tag has up to 128 letters, digits and . _ -, and begins with a letter, a digit or _",
        };
        let place = Place { line: 1, column: 1 };
        return Err(EditError { place, why });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::Image;

    #[test]
    fn references_come_apart() {
        for (text, name, tag, digest) in [
            ("nginx", "nginx", None, None),
            ("nginx:1.25", "nginx", Some("1.25"), None),
            ("reg:5000/app", "reg:5000/app", None, None),
            ("reg:5000/app:v1", "reg:5000/app", Some("v1"), None),
            ("reg:5000/a/b@sha256:0f", "reg:5000/a/b", None, Some("sha256:0f")),
            (
                "ghcr.io/acme/web:v1@sha256:0f",
                "ghcr.io/acme/web",
                Some("v1"),
                Some("sha256:0f"),
            ),
            ("localhost:5000", "localhost", Some("5000"), None),
            ("", "", None, None),
        ] {
            assert_eq!(Image::parse(text), Image { name, tag, digest }, "{text}");
        }
    }
}
