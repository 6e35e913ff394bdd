//! Every target against files as people write them: one leaf changes, every other byte stays; and what must
//! be refused is refused, at its place.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests may stop at the first surprise"
)]

mod argocd;
mod copy;
mod documents;
mod files;
mod flux;
mod hcl;
mod helm;
mod house;
mod json;
mod kustomize;
mod manifest;
mod parts;
mod paths;
mod plain;
mod properties;
mod set;
mod toml;
mod yaml;

use gradus_edit::{ByPath, EditError, Edited, Format, New, Path, Target, Template, Which, edit};
use gradus_model::{Artifact, Digest, Version};

/// The digest that the tests write.
const DIGEST: &str = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
/// The digest that stands in the files.
const OLD: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
/// The image that the tests promote.
const IMAGE: &str = "ghcr.io/acme/web";

/// An artifact with the digest of the tests.
fn artifact(name: &str) -> Artifact {
    Artifact {
        name: name.to_owned(),
        digest: Digest::new(DIGEST).unwrap(),
    }
}

/// Promotes one image at a version.
fn promote(text: &str, target: &Target, version: &str) -> Result<Edited, EditError> {
    let version = Version::new(version).unwrap();
    let artifacts = [artifact(IMAGE)];
    let new = New {
        version: &version,
        artifacts: &artifacts,
    };
    edit(text, target, &new)
}

/// A leaf by its path, with any text as its value.
fn by_path(format: Format, path: &str, value: &str) -> Target {
    Target::Path(ByPath {
        format,
        which: Which::default(),
        path: Path::new(path).unwrap(),
        behind: None,
        value: Template::new(value).unwrap(),
        artifact: None,
    })
}

/// Demands that exactly these fragments change, each of which stands in the text once, and that doing it
/// again changes nothing.
#[track_caller]
fn changes(text: &str, target: &Target, version: &str, fragments: &[(&str, &str)]) {
    let mut expected = text.to_owned();
    for (old, new) in fragments {
        assert_eq!(
            text.matches(old).count(),
            1,
            "{old:?} has to stand in the text once"
        );
        expected = expected.replacen(old, new, 1);
    }
    let edited =
        promote(text, target, version).unwrap_or_else(|error| panic!("{} {error}\n{text}", error.code()));
    assert_eq!(edited.text, expected);
    let again = promote(&edited.text, target, version).unwrap();
    assert_eq!((again.text, again.changes), (edited.text, Vec::new()));
}

/// Demands a refusal with this code at this place.
#[track_caller]
fn refuses(text: &str, target: &Target, code: &str, place: &str) {
    match promote(text, target, "2.0.0") {
        Err(error) => assert_eq!(
            (error.code(), error.place.to_string().as_str()),
            (code, place),
            "{error}"
        ),
        Ok(edited) => panic!("not refused:\n{}", edited.text),
    }
}
