//! `path`: one leaf, named by its path.

use super::Meaning;
use crate::proof::Want;
use crate::tree::Document;
use crate::which::{Which, one};
use crate::{EditError, Format, New, Path, Template};

/// One leaf of a file, named by its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByPath {
    /// How the file is written.
    pub format: Format,
    /// Which of its documents.
    pub which: Which,
    /// The path.
    pub path: Path,
    /// If only a part of the text is to be written: what stands directly before it, such as `?ref=`.
    pub behind: Option<String>,
    /// What to write.
    pub value: Template,
    /// The artifact that the value speaks of; not needed if there is only one.
    pub artifact: Option<String>,
}

impl Meaning for ByPath {
    fn format(&self) -> Format {
        self.format
    }

    fn wants(&self, document: &Document<'_>, new: &New<'_>) -> Result<Vec<Want>, EditError> {
        let value = self.value.fill(new, self.artifact.as_deref())?;
        let leaf = one(document, &self.which)?.follow(&self.path)?;
        let want = match &self.behind {
            Some(mark) => leaf.set_part(mark, &value)?,
            None => leaf.set(&value, false)?,
        };
        Ok(vec![want])
    }
}
