//! A part of a text: what stands directly behind a mark, such as the version behind `?ref=`.

use crate::cursor::Cursor;
use crate::proof::Want;
use crate::tree::Kind;
use crate::{EditError, Why};

/// Characters that mean nothing but themselves, in every format and in every style.
fn bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._+-/:@".contains(c)
}

/// The part behind a mark that stands once in a text, and where it begins.
pub(crate) fn part_of<'t>(text: &'t str, mark: &str) -> Option<(usize, &'t str)> {
    let at = text.find(mark)? + mark.len();
    let rest = text.get(at..)?;
    let end = rest.find(|c| !bare(c)).unwrap_or(rest.len());
    (!mark.is_empty() && end > 0 && text.matches(mark).count() == 1).then(|| (at, &rest[..end]))
}

/// A text with another part behind the mark.
pub(crate) fn replaced(text: &str, mark: &str, value: &str) -> Option<String> {
    let (at, part) = part_of(text, mark)?;
    let mut text = text.to_owned();
    text.replace_range(at..at + part.len(), value);
    Some(text)
}

impl Cursor<'_> {
    /// Wants a part of this leaf to be a text. The rest may be computed, or stand on several lines.
    pub(crate) fn set_part(&self, mark: &str, value: &str) -> Result<Want, EditError> {
        self.through()?;
        if !matches!(self.node.kind, Kind::Text(_) | Kind::Expression(_)) {
            return self.refuse(self.shape("a text"));
        }
        if self.marked() {
            return self.refuse(Why::Marker);
        }
        if value.is_empty() || !value.chars().all(bare) {
            return self.refuse(Why::Value {
                value: value.to_owned(),
                reason: "a part of a text has only letters, digits and . _ + - / : @",
            });
        }
        let source = self.document.text.get(self.node.span.clone()).unwrap_or_default();
        if source.contains("{{") {
            return self.refuse(Why::Template);
        }
        let count = source.matches(mark).count();
        let what = format!("the mark {mark:?} in {}", self.path);
        match part_of(source, mark) {
            Some(_) => Ok(Want::Part {
                address: self.address.clone(),
                mark: mark.to_owned(),
                value: value.to_owned(),
                path: self.path.clone(),
            }),
            None if count > 1 && !mark.is_empty() => self.refuse(Why::Ambiguous {
                what,
                count,
                advice: "make the mark longer, so that it stands there once",
            }),
            None => self.refuse(Why::NotFound {
                what,
                hint: ", or nothing stands behind it: write the mark as it stands in the file".to_owned(),
            }),
        }
    }
}
