//! `manifest`: containers of plain Kubernetes manifests, in every document of a file.

use super::Meaning;
use crate::cursor::Cursor;
use crate::error::hint;
use crate::image::{Image, Reference};
use crate::proof::Want;
use crate::tree::{Document, Kind};
use crate::which::{Which, documents};
use crate::{EditError, Format, New, Why};

/// The containers that run an image.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Manifest {
    /// The documents to look at; all, if nothing is said.
    pub which: Which,
    /// The image's name in the file; the artifact's, if nothing is said.
    pub image: Option<String>,
    /// The container's name; any, if nothing is said.
    pub container: Option<String>,
    /// What is written.
    pub reference: Reference,
}

/// Where the description of a pod stands, from the document.
const PODS: [&[&str]; 4] = [
    &["spec"],
    &["spec", "template", "spec"],
    &["spec", "jobTemplate", "spec", "template", "spec"],
    &["template", "spec"],
];
/// Its lists of containers.
const LISTS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

impl Meaning for Manifest {
    fn format(&self) -> Format {
        Format::Yaml
    }

    fn wants(&self, document: &Document<'_>, new: &New<'_>) -> Result<Vec<Want>, EditError> {
        let pinned = self.reference.of(new, self.image.as_deref())?;
        let wanted = match (&self.image, pinned.artifact) {
            (Some(image), _) => image.as_str(),
            (None, Some(artifact)) => &artifact.name,
            (None, None) => {
                let text = "the release has no artifact, so the target has to name the image";
                return document.refuse(0, Why::Artifact(text.to_owned()));
            }
        };
        let mut wants = Vec::new();
        let mut known = Vec::new();
        for root in documents(document, &self.which) {
            for container in containers(&root)? {
                let name = container.peek(&["name"]);
                if self.container.is_some() && self.container.as_deref() != name {
                    continue;
                }
                let Some(leaf) = container.get("image")? else {
                    continue;
                };
                let Some(text) = leaf.text()? else { continue };
                let image = Image::parse(text);
                known.push(image.name);
                if image.name == wanted {
                    wants.push(leaf.set(&pinned.reference(image.name), false)?);
                }
            }
        }
        if wants.is_empty() {
            known.sort_unstable();
            known.dedup();
            let what = format!("a container with the image {wanted}");
            return document.refuse(
                0,
                Why::NotFound {
                    what,
                    hint: hint(wanted, known),
                },
            );
        }
        Ok(wants)
    }
}

/// Every container of a document, or of the items of a `List`.
fn containers<'a>(root: &Cursor<'a>) -> Result<Vec<Cursor<'a>>, EditError> {
    let mut found = Vec::new();
    if !matches!(root.node.kind, Kind::Map(_)) {
        return Ok(found);
    }
    if root.peek(&["kind"]).is_some_and(|kind| kind.ends_with("List")) {
        for item in root
            .get("items")?
            .map(|items| items.items())
            .transpose()?
            .unwrap_or_default()
        {
            found.extend(containers(&item)?);
        }
        return Ok(found);
    }
    for way in PODS {
        let Some(pod) = known(root, way)? else { continue };
        for list in LISTS {
            if let Some(list) = pod
                .get(list)?
                .filter(|list| matches!(list.node.kind, Kind::List(_) | Kind::Alias(_)))
            {
                found.extend(list.items()?);
            }
        }
    }
    Ok(found)
}

/// The map at the end of a way, if every step of it is a map.
fn known<'a>(root: &Cursor<'a>, way: &[&str]) -> Result<Option<Cursor<'a>>, EditError> {
    let mut here = root.clone();
    for key in way {
        // What stands in documents of other kinds under the same words is not looked through.
        let pairs = here.pairs();
        let has = pairs.iter().any(|pair| pair.key == *key || pair.key == "<<");
        match if has { here.get(key)? } else { None } {
            Some(next) => here = next,
            None => return Ok(None),
        }
    }
    let is_map = matches!(here.node.kind, Kind::Map(_) | Kind::Alias(_));
    Ok(is_map.then_some(here))
}
