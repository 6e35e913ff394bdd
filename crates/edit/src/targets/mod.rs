//! Targets: what a file means to the tool that reads it, and which of its leaves say what runs. One file
//! each.

mod argocd;
mod by_path;
mod flux;
mod helm;
mod kustomize;
mod manifest;
mod plain;

use crate::proof::Want;
use crate::tree::Document;
use crate::{EditError, Format, New};

pub use argocd::{Argocd, ArgocdField};
pub use by_path::ByPath;
pub use flux::Flux;
pub use helm::Helm;
pub use kustomize::Kustomize;
pub use manifest::Manifest;
pub use plain::Plain;

/// Which leaves of a file are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One leaf, named by its path.
    Path(ByPath),
    /// An entry under `images` of a kustomization.
    Kustomize(Kustomize),
    /// The image in a values file.
    Helm(Helm),
    /// Containers of plain manifests.
    Manifest(Manifest),
    /// The source of an Argo CD Application.
    Argocd(Argocd),
    /// The image of a Flux HelmRelease or Kustomization.
    Flux(Flux),
    /// One line of a file of lines.
    Plain(Plain),
}

impl Target {
    /// What the target makes of a file. This is the registry.
    pub(crate) fn meaning(&self) -> &dyn Meaning {
        match self {
            Target::Path(target) => target,
            Target::Kustomize(target) => target,
            Target::Helm(target) => target,
            Target::Manifest(target) => target,
            Target::Argocd(target) => target,
            Target::Flux(target) => target,
            Target::Plain(target) => target,
        }
    }
}

/// What a target makes of a file.
pub(crate) trait Meaning {
    /// How its files are written.
    fn format(&self) -> Format;
    /// What should be so afterwards.
    fn wants(&self, document: &Document<'_>, new: &New<'_>) -> Result<Vec<Want>, EditError>;
}
