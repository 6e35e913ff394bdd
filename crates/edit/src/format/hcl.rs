//! HCL: the spans of `hcl-edit`. A block is a map under its word and its labels; blocks that repeat are a
//! list.

use super::{Format, no_parse};
use crate::proof::Splice;
use crate::tree::{Budget, Document, Kind, Node, Pair, Style};
use crate::{EditError, Why};
use hcl_edit::Span;
use hcl_edit::expr::{Expression, Object, ObjectKey};
use hcl_edit::structure::{Block, BlockLabel, Body, Structure};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

struct Builder<'a> {
    text: &'a str,
    /// The bytes of a mark at the beginning, which the parser does not take.
    mark: usize,
    budget: Budget,
}

/// Reads a text.
pub(super) fn read(text: &str) -> Result<Vec<Node>, EditError> {
    let budget = Budget::start(text)?;
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = text.len() - bare.len();
    let body = hcl_edit::parser::parse_body(bare).map_err(|error| {
        let line: usize = bare
            .split_inclusive('\n')
            .take(error.location().line().saturating_sub(1))
            .map(str::len)
            .sum();
        let at = line + error.location().column().saturating_sub(1);
        no_parse(text, mark + at, Format::Hcl, error.message())
    })?;
    let mut builder = Builder { text, mark, budget };
    Ok(vec![builder.body(&body, mark..text.len(), 0)?])
}

impl Builder<'_> {
    fn span(&self, span: Option<Range<usize>>) -> Range<usize> {
        span.map_or(0..0, |span| self.mark + span.start..self.mark + span.end)
    }

    fn body(&mut self, body: &Body, span: Range<usize>, depth: usize) -> Result<Node, EditError> {
        self.budget.spend(self.text, span.start, depth)?;
        let mut words = Words::default();
        for structure in body {
            let (at, added) = match structure {
                Structure::Attribute(attribute) => {
                    let value = self.expression(&attribute.value, depth + 1)?;
                    let key = attribute.key.as_str().to_owned();
                    let at = self.span(attribute.key.span()).start;
                    (at, words.add(&[key], at, Entry::Value(value)))
                }
                Structure::Block(block) => {
                    let names = names(block);
                    let body = self.body(&block.body, self.span(block.span()), depth + names.len())?;
                    let at = self.span(block.ident.span()).start;
                    (at, words.add(&names, at, Entry::Bodies(vec![body])))
                }
            };
            added.map_err(|key| EditError::new(self.text, at, Why::Duplicate(key)))?;
        }
        Ok(Node::new(span, Style::Plain, words.map()))
    }

    fn expression(&mut self, expression: &Expression, depth: usize) -> Result<Node, EditError> {
        let span = self.span(expression.span());
        self.budget.spend(self.text, span.start, depth)?;
        let source = self.text.get(span.clone()).unwrap_or_default();
        Ok(match expression {
            Expression::Null(_) => Node::new(span, Style::Plain, Kind::Empty),
            Expression::Bool(_) | Expression::Number(_) => {
                Node::new(span, Style::Plain, Kind::Word(source.to_owned()))
            }
            Expression::String(text) => Node::new(span, Style::Double, Kind::Text(text.as_str().to_owned())),
            Expression::Array(array) => {
                let mut items = Vec::new();
                for item in array {
                    items.push(self.expression(item, depth + 1)?);
                }
                Node::new(span, Style::Flow, Kind::List(items))
            }
            Expression::Object(object) => self.object(object, span, depth)?,
            _ => Node::new(span, Style::Plain, Kind::Expression(source.to_owned())),
        })
    }

    fn object(&mut self, object: &Object, span: Range<usize>, depth: usize) -> Result<Node, EditError> {
        let mut pairs = Vec::new();
        let mut seen = BTreeSet::new();
        for (key, value) in object {
            let key_span = self.span(match key {
                ObjectKey::Ident(word) => word.span(),
                ObjectKey::Expression(expression) => expression.span(),
            });
            let word = match key {
                ObjectKey::Ident(word) => word.as_str().to_owned(),
                ObjectKey::Expression(Expression::String(text)) => text.as_str().to_owned(),
                ObjectKey::Expression(_) => self.text.get(key_span.clone()).unwrap_or_default().to_owned(),
            };
            let value = self.expression(value.expr(), depth + 1)?;
            // `a` and `"a"` are one key.
            if !seen.insert(word.clone()) {
                return Err(EditError::new(self.text, key_span.start, Why::Duplicate(word)));
            }
            pairs.push(Pair {
                key: word,
                at: key_span.start,
                value,
            });
        }
        Ok(Node::new(span, Style::Flow, Kind::Map(pairs)))
    }
}

/// The word of a block and its labels.
fn names(block: &Block) -> Vec<String> {
    let labels = block.labels.iter().map(|label| match label {
        BlockLabel::Ident(word) => word.as_str().to_owned(),
        BlockLabel::String(text) => text.as_str().to_owned(),
    });
    [block.ident.as_str().to_owned()]
        .into_iter()
        .chain(labels)
        .collect()
}

/// What stands in a body, by its words, in the order of writing.
#[derive(Default)]
struct Words {
    entries: Vec<(String, usize, Entry)>,
    places: BTreeMap<String, usize>,
}

enum Entry {
    /// An attribute.
    Value(Node),
    /// Blocks of the same words; one, unless they repeat.
    Bodies(Vec<Node>),
    /// Blocks with one more label.
    Labels(Words),
}

impl Words {
    /// Puts something under its words; the word that is taken, if one is.
    fn add(&mut self, words: &[String], at: usize, entry: Entry) -> Result<(), String> {
        let Some((first, rest)) = words.split_first() else {
            return Ok(());
        };
        let place = *self.places.entry(first.clone()).or_insert_with(|| {
            let empty = match (&entry, rest) {
                (_, [_, ..]) => Entry::Labels(Words::default()),
                _ => Entry::Bodies(Vec::new()),
            };
            self.entries.push((first.clone(), at, empty));
            self.entries.len() - 1
        });
        match (self.entries.get_mut(place).map(|(.., found)| found), entry, rest) {
            (Some(Entry::Labels(labels)), entry, [_, ..]) => labels.add(rest, at, entry),
            (Some(Entry::Bodies(bodies)), Entry::Bodies(body), []) => {
                bodies.extend(body);
                Ok(())
            }
            (Some(found @ Entry::Bodies(_)), Entry::Value(value), []) if found.is_new() => {
                *found = Entry::Value(value);
                Ok(())
            }
            _ => Err(first.clone()),
        }
    }

    fn map(self) -> Kind {
        let pairs = self.entries.into_iter().map(|(key, at, entry)| {
            let value = match entry {
                Entry::Value(value) => value,
                Entry::Labels(words) => Node::new(at..at, Style::Plain, words.map()),
                Entry::Bodies(mut bodies) => match (bodies.pop(), bodies.is_empty()) {
                    (Some(body), true) => body,
                    (last, _) => {
                        bodies.extend(last);
                        Node::new(at..at, Style::Plain, Kind::List(bodies))
                    }
                },
            };
            Pair { key, at, value }
        });
        Kind::Map(pairs.collect())
    }
}

impl Entry {
    fn is_new(&self) -> bool {
        matches!(self, Entry::Bodies(bodies) if bodies.is_empty())
    }
}

/// The splice that makes a leaf a text.
pub(super) fn leaf(document: &Document<'_>, node: &Node, value: &str) -> Result<Splice, EditError> {
    let escaped = value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace("${", "$${")
        .replace("%{", "%%{");
    match node.kind {
        Kind::Text(_) | Kind::Empty => Ok(Splice {
            span: node.span.clone(),
            text: format!("\"{escaped}\""),
        }),
        _ => document.refuse(node.span.start, super::NOT_A_TEXT),
    }
}
