//! What can be wanted of a file, and what it comes to.

use crate::tree::Kind;
use std::ops::Range;

/// Something that should be so.
#[derive(Debug, Clone)]
pub(crate) enum Want {
    /// A leaf should be this text.
    Leaf {
        /// Where: the number of the document, then of the item or pair on each level.
        address: Vec<usize>,
        /// The text.
        value: String,
        /// Whether it should stand in quotes even where it could go without.
        quoted: bool,
        /// Its path, for people.
        path: String,
    },
    /// A number or a truth should be another one.
    Word {
        /// Where.
        address: Vec<usize>,
        /// The new one.
        value: String,
        /// Its path, for people.
        path: String,
    },
    /// A part of a leaf should be this text.
    Part {
        /// Where.
        address: Vec<usize>,
        /// The mark behind which the part stands.
        mark: String,
        /// The text.
        value: String,
        /// The leaf's path, for people.
        path: String,
    },
    /// A map should have one more key.
    Key {
        /// Which map.
        address: Vec<usize>,
        /// The number of the pair after which it should stand.
        after: usize,
        /// The key.
        key: &'static str,
        /// Its value.
        value: Added,
        /// The path of the new leaf, for people.
        path: String,
    },
}

/// The value of a key that is added.
#[derive(Debug, Clone)]
pub(crate) enum Added {
    /// A text, which may have to stand in quotes.
    Text(String, bool),
    /// The word `true`.
    True,
}

/// Bytes to be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Splice {
    /// Which.
    pub(crate) span: Range<usize>,
    /// By what.
    pub(crate) text: String,
}

impl Want {
    /// The place that it is about.
    pub(super) fn address(&self) -> &[usize] {
        match self {
            Want::Leaf { address, .. }
            | Want::Word { address, .. }
            | Want::Part { address, .. }
            | Want::Key { address, .. } => address,
        }
    }
}

impl Added {
    pub(crate) fn text(&self) -> &str {
        match self {
            Added::Text(text, _) => text,
            Added::True => "true",
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Added::Text(text, _) => Kind::Text(text.clone()),
            Added::True => Kind::Word("true".to_owned()),
        }
    }
}
