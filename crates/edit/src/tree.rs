//! What every format is read into: values that know which bytes they are.

use crate::{EditError, Format, Why};
use std::ops::Range;

/// How deep values may be nested.
pub(crate) const DEPTH: usize = 64;
/// How many values a file may hold.
const NODES: usize = 200_000;
/// The largest text that is read.
const BYTES: usize = 4 * 1024 * 1024;

/// A value and the bytes that it is written with.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// The bytes; for an empty value, where it would begin.
    pub(crate) span: Range<usize>,
    /// How it is written.
    pub(crate) style: Style,
    /// The number of its anchor, if it has one.
    pub(crate) anchor: usize,
    /// Its tag, if it has one.
    pub(crate) tag: Option<String>,
    /// What it is.
    pub(crate) kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// A text, for every reader.
    Text(String),
    /// Something that some reader takes for another thing than a text: a number, a truth, a date.
    Word(String),
    /// Nothing.
    Empty,
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of writing.
    Map(Vec<Pair>),
    /// The value of an anchor, by its number.
    Alias(usize),
    /// Something that is computed, as it is written.
    Expression(String),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pair {
    /// The key.
    pub(crate) key: String,
    /// The first byte of the key.
    pub(crate) at: usize,
    /// The value.
    pub(crate) value: Node,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Without quotes; containers in block style.
    Plain,
    /// In single quotes.
    Single,
    /// In double quotes.
    Double,
    /// Over several lines in its own notation.
    Block,
    /// A container in brackets.
    Flow,
}

/// Two values are the same if a reader cannot tell them apart; how and where they are written does not
/// count.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        (self.anchor, &self.tag) == (other.anchor, &other.tag) && same_kind(&self.kind, &other.kind)
    }
}

fn same_kind(one: &Kind, other: &Kind) -> bool {
    match (one, other) {
        (Kind::Text(a), Kind::Text(b))
        | (Kind::Word(a), Kind::Word(b))
        | (Kind::Expression(a), Kind::Expression(b)) => a == b,
        (Kind::Empty, Kind::Empty) => true,
        (Kind::List(a), Kind::List(b)) => a == b,
        (Kind::Map(a), Kind::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key && a.value == b.value)
        }
        (Kind::Alias(a), Kind::Alias(b)) => a == b,
        _ => false,
    }
}

impl Node {
    /// A value without anchor and tag.
    pub(crate) fn new(span: Range<usize>, style: Style, kind: Kind) -> Self {
        Self {
            span,
            style,
            anchor: 0,
            tag: None,
            kind,
        }
    }

    /// What this is called in messages.
    pub(crate) fn called(&self) -> &'static str {
        match &self.kind {
            Kind::Text(_) => "a text",
            Kind::Word(_) => "a number or another word",
            Kind::Empty => "empty",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
            Kind::Alias(_) => "an alias",
            Kind::Expression(_) => "an expression",
        }
    }

    /// The text of a scalar, whatever readers make of it.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) | Kind::Word(text) => Some(text),
            _ => None,
        }
    }

    /// The value at an address inside this one.
    pub(crate) fn at(&self, address: &[usize]) -> Option<&Node> {
        let Some((first, rest)) = address.split_first() else {
            return Some(self);
        };
        match &self.kind {
            Kind::List(items) => items.get(*first)?.at(rest),
            Kind::Map(pairs) => pairs.get(*first)?.value.at(rest),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub(crate) fn at_mut(&mut self, address: &[usize]) -> Option<&mut Node> {
        let Some((first, rest)) = address.split_first() else {
            return Some(self);
        };
        match &mut self.kind {
            Kind::List(items) => items.get_mut(*first)?.at_mut(rest),
            Kind::Map(pairs) => pairs.get_mut(*first)?.value.at_mut(rest),
            _ => None,
        }
    }
}

/// A file that was read.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    /// Its text.
    pub(crate) text: &'a str,
    /// Its format.
    pub(crate) format: Format,
    /// Its documents; one, except in YAML.
    pub(crate) roots: Vec<Node>,
}

impl Document<'_> {
    /// A refusal that points at a byte.
    pub(crate) fn refuse<T>(&self, offset: usize, why: Why) -> Result<T, EditError> {
        Err(EditError::new(self.text, offset, why))
    }
}

/// Counts what is read, so that no file costs more than it may.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    nodes: usize,
}

impl Budget {
    /// Refuses texts that are too large.
    pub(crate) fn start(text: &str) -> Result<Self, EditError> {
        if text.len() > BYTES {
            return Err(EditError::new(text, 0, Why::Budget("4 MiB")));
        }
        Ok(Self::default())
    }

    /// Counts one value.
    pub(crate) fn spend(&mut self, text: &str, offset: usize, depth: usize) -> Result<(), EditError> {
        self.nodes += 1;
        let why = match () {
            () if depth > DEPTH => Why::Budget("64 levels"),
            () if self.nodes > NODES => Why::Budget("200000 values"),
            () => return Ok(()),
        };
        Err(EditError::new(text, offset, why))
    }
}
