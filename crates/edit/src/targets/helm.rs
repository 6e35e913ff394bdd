//! `helm`: the image in a values file, in one of the usual layouts.

use super::Meaning;
use crate::cursor::Cursor;
use crate::image::{Image, Pinned, Reference};
use crate::proof::Want;
use crate::tree::{Document, Kind};
use crate::which::{Which, one};
use crate::{EditError, Format, New, Path, Why};

/// The image in a values file.
///
/// Which keys count is the chart's choice. Where it is none of the usual layouts, name the leaf with
/// [`Target::Path`](crate::Target::Path).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Helm {
    /// The part of the values that holds the `image`, such as `web` in an umbrella chart.
    pub component: Option<Path>,
    /// What is written.
    pub reference: Reference,
}

impl Meaning for Helm {
    fn format(&self) -> Format {
        Format::Yaml
    }

    fn wants(&self, document: &Document<'_>, new: &New<'_>) -> Result<Vec<Want>, EditError> {
        let values = one(document, &Which::default())?;
        values_of(&values, self.component.as_ref(), &self.reference, new)
    }
}

/// What the values of a chart should say.
pub(super) fn values_of(
    values: &Cursor<'_>,
    component: Option<&Path>,
    reference: &Reference,
    new: &New<'_>,
) -> Result<Vec<Want>, EditError> {
    let root = match component {
        Some(path) => values.follow(path)?,
        None => values.clone(),
    };
    let image = find(&root)?;
    if matches!(image.node.kind, Kind::Map(_)) {
        let name = repository(&image)?;
        let pinned = reference.of(new, name.as_deref())?;
        return map(&image, name.as_deref(), &pinned);
    }
    let Some(text) = image.text()? else {
        return image.refuse(image.shape("a map or a reference to an image"));
    };
    let name = Image::parse(text).name;
    let pinned = reference.of(new, Some(name))?;
    same_image(&image, name, &pinned)?;
    Ok(vec![image.set(&pinned.reference(name), false)?])
}

/// The image of a component: under `image`, under `global.image`, or the component itself.
fn find<'a>(root: &Cursor<'a>) -> Result<Cursor<'a>, EditError> {
    let own = root.get("image")?;
    let global = root.walk(&["global", "image"])?;
    match (own, global) {
        (Some(_), Some(global)) => global.refuse(Why::Conflict(
            "image and global.image are both here, and only the chart knows which one counts: name the leaf by its path".to_owned(),
        )),
        (Some(image), None) | (None, Some(image)) => Ok(image),
        (None, None) if root.get("repository")?.is_some() => Ok(root.clone()),
        (None, None) => root.need("image"),
    }
}

/// The name of the image that a map speaks of, if it says.
fn repository(image: &Cursor<'_>) -> Result<Option<String>, EditError> {
    let word = |key| Ok::<_, EditError>(image.get(key)?.map(|leaf| leaf.text()).transpose()?.flatten());
    let repository = word("repository")?.filter(|name| !name.is_empty());
    let registry = word("registry")?.filter(|name| !name.is_empty());
    Ok(repository.map(|name| match registry {
        Some(registry) => format!("{registry}/{name}"),
        None => name.to_owned(),
    }))
}

/// What a map of repository, tag and digest should say.
fn map(image: &Cursor<'_>, name: Option<&str>, pinned: &Pinned<'_>) -> Result<Vec<Want>, EditError> {
    if let Some(name) = name {
        same_image(image, name, pinned)?;
    }
    let filled = |key| {
        let leaf: Option<Cursor<'_>> = image.get(key)?;
        let text = leaf.map(|leaf| leaf.text()).transpose()?.flatten();
        Ok::<_, EditError>(text.is_some_and(|text| !text.is_empty()))
    };
    let mut wants = Vec::new();
    match &pinned.tag {
        Some(tag) => wants.push(image.need("tag")?.set(tag, false)?),
        None if filled("tag")? => {
            return image.refuse(Why::Conflict(
                "the old tag would stand beside the new digest: write both, or empty the tag".to_owned(),
            ));
        }
        None => {}
    }
    match pinned.digest {
        Some(digest) => match image.get("digest")? {
            Some(leaf) => wants.push(leaf.set(digest, false)?),
            None => {
                return image.refuse(Why::NotFound {
                    what: format!("{}.digest", image.path).trim_start_matches('.').to_owned(),
                    hint: ": where the chart reads a digest, add the key once; where it does not, write the tag alone".to_owned(),
                });
            }
        },
        None if filled("digest")? => {
            return image.refuse(Why::Conflict(
                "the old digest would win over the new tag: write both, or empty the digest".to_owned(),
            ));
        }
        None => {}
    }
    Ok(wants)
}

/// A digest belongs to one image; beside the name of another it would name nothing that exists.
fn same_image(at: &Cursor<'_>, name: &str, pinned: &Pinned<'_>) -> Result<(), EditError> {
    match pinned.artifact {
        Some(artifact) if artifact.name != name => at.refuse(Why::Artifact(format!(
            "the image here is {name}, and the release has {}: name the component, or the leaf by its path",
            artifact.name
        ))),
        _ => Ok(()),
    }
}
