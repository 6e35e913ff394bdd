//! What is wanted of a place in a file, and what can never be wanted.

use crate::cursor::Cursor;
use crate::path::Step;
use crate::proof::{Added, Want};
use crate::{EditError, Format, Why};

impl Cursor<'_> {
    /// Wants this leaf to be a text.
    pub(crate) fn set(&self, value: &str, quoted: bool) -> Result<Want, EditError> {
        if self.text()?.is_some_and(|text| text.contains("{{")) {
            return self.refuse(Why::Template);
        }
        if self.marked() {
            return self.refuse(Why::Marker);
        }
        if let Some(reason) = unwritable(value) {
            let value = value.to_owned();
            return self.refuse(Why::Value { value, reason });
        }
        Ok(Want::Leaf {
            address: self.address.clone(),
            value: value.to_owned(),
            quoted,
            path: self.path.clone(),
        })
    }

    /// Whether the rest of this line says that an image policy writes it.
    pub(crate) fn marked(&self) -> bool {
        if self.document.format != Format::Yaml {
            return false;
        }
        let rest = self.document.text.get(self.node.span.end..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        line.split_once('#')
            .is_some_and(|(_, comment)| comment.contains("$imagepolicy"))
    }

    /// Wants this map to have one more key, behind one that it has.
    pub(crate) fn add(&self, behind: &str, key: &'static str, value: Added) -> Result<Want, EditError> {
        self.through()?;
        let Some(after) = self.pairs().iter().position(|pair| pair.key == behind) else {
            return self.refuse(self.shape("a map with a name"));
        };
        if let Some(reason) = unwritable(value.text()) {
            let value = value.text().to_owned();
            return self.refuse(Why::Value { value, reason });
        }
        let mut path = self.path.clone();
        Step::Key(key.to_owned()).join(&mut path);
        Ok(Want::Key {
            address: self.address.clone(),
            after,
            key,
            value,
            path,
        })
    }
}

/// Why no format should be asked to hold this value.
fn unwritable(value: &str) -> Option<&'static str> {
    let strange = |c: char| {
        c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') || (c as u32 & 0xfffe) == 0xfffe
    };
    if value.is_empty() {
        Some("an empty value says nothing")
    } else if value.chars().any(strange) {
        Some("it has control characters or line breaks")
    } else if value.contains("{{") {
        Some("it is template text")
    } else {
        None
    }
}
