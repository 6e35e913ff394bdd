//! Writes a version into somebody else's file.
//!
//! The files of other teams are full of comments, habits and traps. So an edit here finds the one leaf,
//! replaces its bytes, and then proves what it did: the result reads well, only that leaf is different, no
//! other byte moved, and a second time changes nothing. Whatever cannot be proved is refused, with a place
//! in the file and a word on what to do.
//!
//! Start with [`edit`]. The crate is pure: texts come in and go out.

mod copy;
mod cursor;
mod error;
mod format;
mod glob;
mod image;
mod leaves;
mod part;
mod path;
mod proof;
mod release;
mod targets;
mod tree;
mod want;
mod which;

pub use copy::{Copied, Files, copy};
pub use error::{EditError, Place, Why};
pub use format::Format;
pub use glob::Glob;
pub use image::{Image, Pin, Reference};
pub use leaves::{Leaf, leaves};
pub use path::Path;
pub use proof::{Changed, Edited};
pub use release::{New, Template};
pub use targets::{Argocd, ArgocdField, ByPath, Flux, Helm, Kustomize, Manifest, Plain, Set, Target};
pub use which::Which;

/// Writes what is new into a text, as the target says.
pub fn edit(text: &str, target: &Target, new: &New<'_>) -> Result<Edited, EditError> {
    let target = target.meaning();
    proof::carry_out(text, target.format(), |document| target.wants(document, new))
}
