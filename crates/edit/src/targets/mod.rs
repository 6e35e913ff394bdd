//! Targets: what a file means to the tool that reads it, and which of its leaves say what runs. One file
//! each.

use crate::proof::Want;
use crate::tree::Document;
use crate::{EditError, Format, New};

pub use argocd::ArgocdField;

macro_rules! registry {
    ($($file:ident::$type:ident, $variant:ident, $name:literal, $about:literal;)*) => {
        $(mod $file;)*
        $(pub use $file::$type;)*

        /// Which leaves of a file are written.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Target {
            $(#[doc = $about] $variant($type),)*
        }

        impl Target {
            /// Every kind of target: its name, and what it is in a sentence.
            pub const KINDS: &'static [(&'static str, &'static str)] = &[$(($name, $about)),*];

            /// The name of its kind.
            pub const fn name(&self) -> &'static str {
                match self { $(Target::$variant(_) => $name),* }
            }

            /// What the target makes of a file.
            pub(crate) fn meaning(&self) -> &dyn Meaning {
                match self { $(Target::$variant(target) => target),* }
            }
        }

        $(impl From<$type> for Target {
            fn from(target: $type) -> Self {
                Target::$variant(target)
            }
        })*
    };
}

registry! {
    by_path::ByPath, Path, "path", "One leaf of a YAML, JSON, TOML or HCL file, named by its path.";
    kustomize::Kustomize, Kustomize, "kustomize", "An entry under `images` of a kustomization.";
    helm::Helm, Helm, "helm", "The image in a values file.";
    manifest::Manifest, Manifest, "manifest", "The containers of plain manifests that run an image.";
    argocd::Argocd, Argocd, "argocd", "A field of the source of an Argo CD Application.";
    flux::Flux, Flux, "flux", "The image of a Flux HelmRelease or Kustomization.";
    plain::Plain, Plain, "plain", "One line of a file of lines.";
    set::Set, Set, "set", "A setting of a file, named by its path; it keeps its kind.";
}

/// What a target makes of a file.
pub(crate) trait Meaning {
    /// How its files are written.
    fn format(&self) -> Format;
    /// What should be so afterwards.
    fn wants(&self, document: &Document<'_>, new: &New<'_>) -> Result<Vec<Want>, EditError>;
}
