//! `set`: one leaf, named by its path, given another value of its own kind.

use super::Meaning;
use crate::cursor::Cursor;
use crate::proof::Want;
use crate::tree::{Document, Kind, Style};
use crate::which::{Which, one};
use crate::{EditError, Format, New, Path, Why};

/// One leaf whose value is a setting and not a version: a weight, a number of replicas, the colour
/// that is live. A number stays a number, a truth stays a truth, a text stays a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// How the file is written.
    pub format: Format,
    /// Which of its documents.
    pub which: Which,
    /// The path.
    pub path: Path,
    /// The new value.
    pub value: String,
}

impl Meaning for Set {
    fn format(&self) -> Format {
        self.format
    }

    fn wants(&self, document: &Document<'_>, _: &New<'_>) -> Result<Vec<Want>, EditError> {
        let leaf = one(document, &self.which)?.follow(&self.path)?;
        Ok(vec![leaf.keep_kind(&self.value)?])
    }
}

impl Set {
    /// What the leaf holds now; none where it is empty.
    pub fn present(&self, text: &str) -> Result<Option<String>, EditError> {
        let document = self.format.read(text)?;
        let leaf = one(&document, &self.which)?.follow(&self.path)?;
        Ok(leaf.text()?.map(str::to_owned))
    }
}

impl Cursor<'_> {
    fn keep_kind(&self, value: &str) -> Result<Want, EditError> {
        self.through()?;
        let word = match &self.node.kind {
            Kind::Word(word) if self.node.style == Style::Plain => word,
            _ => return self.set(value, false),
        };
        if self.marked() {
            return self.refuse(Why::Marker);
        }
        let reason = match (kind(word), kind(value)) {
            (Some(old), Some(new)) if old == new => {
                return Ok(Want::Word {
                    address: self.address.clone(),
                    value: value.to_owned(),
                    path: self.path.clone(),
                });
            }
            (Some("number"), _) => "a number stands here, and its readers want one",
            (Some(_), _) => "a truth stands here: write true or false",
            (None, _) => "what stands here is neither a text nor a number nor a truth",
        };
        let value = value.to_owned();
        self.refuse(Why::Value { value, reason })
    }
}

/// What every reader takes this word for.
fn kind(word: &str) -> Option<&'static str> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, part) = word.split_once('.').unwrap_or((word, "0"));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    // A leading zero is an octal number for some and a decimal one for others.
    let number = digits(whole) && digits(part) && (whole == "0" || !whole.starts_with('0'));
    match word {
        "true" | "false" => Some("truth"),
        _ if number => Some("number"),
        _ => None,
    }
}
