//! `flux`: the image of a Flux HelmRelease or Kustomization.

use super::helm::values_of;
use super::{Meaning, kustomize};
use crate::image::Reference;
use crate::proof::Want;
use crate::tree::Document;
use crate::which::{Which, one};
use crate::{EditError, Format, New, Path, Why};

/// The image of a Flux HelmRelease or Kustomization.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flux {
    /// Which document of the file.
    pub which: Which,
    /// The part of a HelmRelease's values that holds the `image`.
    pub component: Option<Path>,
    /// The `name` of the entry under a Kustomization's `images`; the artifact's, if nothing is said.
    pub image: Option<String>,
    /// What is written.
    pub reference: Reference,
}

impl Meaning for Flux {
    fn format(&self) -> Format {
        Format::Yaml
    }

    fn wants(&self, document: &Document<'_>, new: &New<'_>) -> Result<Vec<Want>, EditError> {
        let root = one(document, &self.which)?;
        match root.peek(&["kind"]) {
            Some("HelmRelease") => {
                let values = root.need("spec")?.need("values")?;
                values_of(&values, self.component.as_ref(), &self.reference, new)
            }
            Some("Kustomization") => {
                let pinned = self.reference.of(new, self.image.as_deref())?;
                let artifact = pinned.artifact.map(|artifact| artifact.name.as_str());
                let Some(image) = self.image.as_deref().or(artifact) else {
                    let text = "the release has no artifact, so the target has to name the image";
                    return root.refuse(Why::Artifact(text.to_owned()));
                };
                kustomize::entry(&root.need("spec")?.need("images")?, image, &pinned)
            }
            kind => {
                let kind = kind.unwrap_or("document without a kind");
                root.refuse(Why::Conflict(format!(
                    "this is a {kind}, not a HelmRelease or a Kustomization"
                )))
            }
        }
    }
}
