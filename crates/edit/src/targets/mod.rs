//! Targets: what a file means to the tool that reads it, and which of its leaves say what runs. One file
//! each.

mod by_path;

use crate::proof::Want;
use crate::tree::Document;
use crate::{EditError, Format, New};

pub use by_path::ByPath;

/// Which leaves of a file are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One leaf, named by its path.
    Path(ByPath),
}

impl Target {
    /// What the target makes of a file. This is the registry.
    pub(crate) fn meaning(&self) -> &dyn Meaning {
        match self {
            Target::Path(target) => target,
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
