//! `kustomize`: an entry under `images` of a kustomization.

use super::Meaning;
use crate::cursor::Cursor;
use crate::error::hint;
use crate::image::{Pinned, Reference};
use crate::proof::{Added, Want};
use crate::tree::Document;
use crate::which::{Which, one};
use crate::{EditError, Format, New, Why};

/// An entry under `images` of a kustomization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kustomize {
    /// The entry's `name`, exactly as written there.
    pub image: String,
    /// What is written.
    pub reference: Reference,
}

impl Meaning for Kustomize {
    fn format(&self) -> Format {
        Format::Yaml
    }

    fn wants(&self, document: &Document<'_>, new: &New<'_>) -> Result<Vec<Want>, EditError> {
        let pinned = self.reference.of(new, Some(&self.image))?;
        entry(
            &one(document, &Which::default())?.need("images")?,
            &self.image,
            &pinned,
        )
    }
}

/// What one entry of a list of images should say.
///
/// A name that matches nothing changes nothing in the output, and nobody would be told; so it is refused.
pub(super) fn entry(images: &Cursor<'_>, image: &str, pinned: &Pinned<'_>) -> Result<Vec<Want>, EditError> {
    let mut found = Vec::new();
    let mut known = Vec::new();
    for item in images.items()? {
        let name = item.need("name")?.text()?.unwrap_or_default();
        known.push(name);
        if name == image {
            found.push(item);
        }
    }
    let entry = images.only(found, format!("an image called {image}"), || hint(image, known))?;
    let has = |key| {
        Ok::<_, EditError>(
            entry
                .get(key)?
                .map(|leaf| leaf.text())
                .transpose()?
                .flatten()
                .is_some(),
        )
    };
    if pinned.tag.is_none() && has("newTag")? {
        return entry.refuse(Why::Conflict(
            "the old newTag would stand beside the new digest: write both, or remove newTag".to_owned(),
        ));
    }
    if pinned.digest.is_none() && has("digest")? {
        return entry.refuse(Why::Conflict(
            "the old digest would win over the new tag: write both, or remove digest".to_owned(),
        ));
    }
    let mut wants = Vec::new();
    let mut behind = if entry.get("newName")?.is_some() {
        "newName"
    } else {
        "name"
    };
    // A bare 1.10 is a number, and a number is no tag: kustomize would not build.
    if let Some(tag) = &pinned.tag {
        wants.push(set_or_add(&entry, behind, "newTag", tag, true)?);
    }
    if entry.get("newTag")?.is_some() {
        behind = "newTag";
    }
    if let Some(digest) = pinned.digest {
        wants.push(set_or_add(&entry, behind, "digest", digest, false)?);
    }
    Ok(wants)
}

fn set_or_add(
    entry: &Cursor<'_>,
    behind: &str,
    key: &'static str,
    value: &str,
    quoted: bool,
) -> Result<Want, EditError> {
    match entry.get(key)? {
        Some(leaf) => leaf.set(value, quoted),
        None => entry.add(behind, key, Added::Text(value.to_owned(), quoted)),
    }
}
