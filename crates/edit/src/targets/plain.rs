//! `plain`: one line of a file of `key: value` or `key=value` lines.

use super::Meaning;
use crate::proof::Want;
use crate::tree::Document;
use crate::which::{Which, one};
use crate::{EditError, Format, New, Template};

/// One line of a file of lines, such as `.env` or a properties file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    /// The key, exactly as written.
    pub key: String,
    /// What to write.
    pub value: Template,
    /// The artifact that the value speaks of; not needed if there is only one.
    pub artifact: Option<String>,
}

impl Meaning for Plain {
    fn format(&self) -> Format {
        Format::Lines
    }

    fn wants(&self, document: &Document<'_>, new: &New<'_>) -> Result<Vec<Want>, EditError> {
        let value = self.value.fill(new, self.artifact.as_deref())?;
        let leaf = one(document, &Which::default())?.need(&self.key)?;
        Ok(vec![leaf.set(&value, false)?])
    }
}
