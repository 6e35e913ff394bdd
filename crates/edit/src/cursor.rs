//! Walking a tree: every step that an edit takes refuses what would change more than its leaf.

use crate::error::hint;
use crate::path::{Path, Step};
use crate::tree::{Document, Kind, Node, Pair};
use crate::{EditError, Format, Why};

/// A value and the way to it.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    /// The file.
    pub(crate) document: &'a Document<'a>,
    /// The value.
    pub(crate) node: &'a Node,
    /// The numbers on the way.
    pub(crate) address: Vec<usize>,
    /// The way in words.
    pub(crate) path: String,
}

impl<'a> Cursor<'a> {
    /// A refusal that points here.
    pub(crate) fn refuse<T>(&self, why: Why) -> Result<T, EditError> {
        self.document.refuse(self.node.span.start, why)
    }

    /// Refuses values that are written in one place and hold in another, or that a tag reads in its own way.
    pub(crate) fn through(&self) -> Result<(), EditError> {
        match &self.node.kind {
            Kind::Alias(_) => self.refuse(Why::Alias("an alias")),
            _ if self.node.anchor > 0 => self.refuse(Why::Alias("an anchor")),
            _ => match &self.node.tag {
                Some(tag) => self.refuse(Why::Tag(tag.clone())),
                None => Ok(()),
            },
        }
    }

    /// A text inside, without asking how it came there; only for looking, never for editing.
    pub(crate) fn peek(&self, keys: &[&str]) -> Option<&'a str> {
        let mut node = self.node;
        for key in keys {
            let Kind::Map(pairs) = &node.kind else { return None };
            node = &pairs.iter().find(|pair| pair.key == *key)?.value;
        }
        node.text()
    }

    /// The pairs of a map; none of anything else.
    pub(crate) fn pairs(&self) -> &'a [Pair] {
        match &self.node.kind {
            Kind::Map(pairs) => pairs,
            _ => &[],
        }
    }

    fn child(&self, at: usize, node: &'a Node, step: &Step) -> Self {
        let mut next = Cursor {
            document: self.document,
            node,
            address: self.address.clone(),
            path: self.path.clone(),
        };
        next.address.push(at);
        step.join(&mut next.path);
        next
    }

    /// The value under a key, if the key is there.
    pub(crate) fn get(&self, key: &str) -> Result<Option<Self>, EditError> {
        self.through()?;
        let pairs = self.pairs();
        if let Some(at) = pairs.iter().position(|pair| pair.key == key) {
            return Ok(Some(self.child(at, &pairs[at].value, &Step::Key(key.to_owned()))));
        }
        let merged = pairs
            .iter()
            .find(|pair| pair.key == "<<" && self.document.format == Format::Yaml);
        match merged {
            Some(pair) => self.document.refuse(pair.at, Why::Merge(key.to_owned())),
            None => Ok(None),
        }
    }

    /// The value under a key, which has to be there.
    pub(crate) fn need(&self, key: &str) -> Result<Self, EditError> {
        if let Some(found) = self.get(key)? {
            return Ok(found);
        }
        if !matches!(self.node.kind, Kind::Map(_) | Kind::Empty) {
            return self.refuse(self.shape("a map"));
        }
        let mut what = self.path.clone();
        Step::Key(key.to_owned()).join(&mut what);
        let hint = hint(key, self.pairs().iter().map(|pair| pair.key.as_str()));
        self.refuse(Why::NotFound { what, hint })
    }

    /// The value under several keys in a row, if they are all there.
    pub(crate) fn walk(&self, keys: &[&str]) -> Result<Option<Self>, EditError> {
        let mut here = self.clone();
        for key in keys {
            match here.get(key)? {
                Some(next) => here = next,
                None => return Ok(None),
            }
        }
        Ok(Some(here))
    }

    /// The items of a list.
    pub(crate) fn items(&self) -> Result<Vec<Self>, EditError> {
        self.through()?;
        match &self.node.kind {
            Kind::List(items) => Ok(items
                .iter()
                .enumerate()
                .map(|(at, node)| self.child(at, node, &Step::Index(at)))
                .collect()),
            Kind::Empty => Ok(Vec::new()),
            _ => self.refuse(self.shape("a list")),
        }
    }

    /// The leaf that a path names.
    pub(crate) fn follow(&self, path: &Path) -> Result<Self, EditError> {
        let mut here = self.clone();
        for step in path.steps() {
            here = here.step(step)?;
        }
        Ok(here)
    }

    fn step(&self, step: &Step) -> Result<Self, EditError> {
        let mut what = self.path.clone();
        step.join(&mut what);
        match step {
            Step::Key(key) => self.need(key),
            Step::Index(index) => {
                let items = self.items()?;
                let hint = format!(": the list has {} items, and the first is [0]", items.len());
                match items.into_iter().nth(*index) {
                    Some(item) => Ok(item),
                    None => self.refuse(Why::NotFound { what, hint }),
                }
            }
            Step::Where(key, value) => {
                let mut found = Vec::new();
                let mut known = Vec::new();
                for item in self.items()? {
                    // An item whose key cannot be read here might be the one.
                    if let Some(word) = item.get(key)? {
                        word.through()?;
                        known.extend(word.node.text());
                        if word.node.text() == Some(value) {
                            found.push(item);
                        }
                    }
                }
                self.only(found, what, || hint(value, known))
            }
        }
    }

    /// The one of several that is left.
    pub(crate) fn only(
        &self,
        mut found: Vec<Self>,
        what: String,
        hint: impl FnOnce() -> String,
    ) -> Result<Self, EditError> {
        match found.len() {
            0 => self.refuse(Why::NotFound { what, hint: hint() }),
            1 => Ok(found.remove(0)),
            count => found[1].refuse(Why::Ambiguous {
                what,
                count,
                advice: "readers disagree which one counts, so leave one",
            }),
        }
    }

    pub(crate) fn shape(&self, expected: &'static str) -> Why {
        let what = if self.path.is_empty() {
            "the file"
        } else {
            &self.path
        };
        Why::Shape {
            what: what.to_owned(),
            found: self.node.called(),
            expected,
        }
    }

    /// The text that stands here; none where the value is empty.
    pub(crate) fn text(&self) -> Result<Option<&'a str>, EditError> {
        self.through()?;
        match &self.node.kind {
            Kind::Text(text) | Kind::Word(text) => Ok(Some(text)),
            Kind::Empty => Ok(None),
            _ => self.refuse(self.shape("a text")),
        }
    }
}
