//! TOML: the spans of `toml_edit`.

use super::{Format, no_parse};
use crate::EditError;
use crate::proof::Splice;
use crate::tree::{Budget, Document, Kind, Node, Pair, Style};
use std::ops::Range;
use toml_edit::{Item, TableLike, Value};

struct Builder<'a> {
    text: &'a str,
    /// The bytes of a mark at the beginning, which the parser does not see.
    mark: usize,
    budget: Budget,
}

/// Reads a text.
pub(super) fn read(text: &str) -> Result<Vec<Node>, EditError> {
    let budget = Budget::start(text)?;
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = text.len() - bare.len();
    let read = toml_edit::Document::parse(bare).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        no_parse(text, mark + at, Format::Toml, error.message())
    })?;
    let mut builder = Builder { text, mark, budget };
    Ok(vec![builder.table(read.as_table(), 0..0, 0)?])
}

impl Builder<'_> {
    fn span(&self, span: Option<Range<usize>>) -> Range<usize> {
        span.map_or(0..0, |span| self.mark + span.start..self.mark + span.end)
    }

    fn table(&mut self, table: &dyn TableLike, span: Range<usize>, depth: usize) -> Result<Node, EditError> {
        self.budget.spend(self.text, span.start, depth)?;
        let mut pairs = Vec::new();
        for (word, item) in table.iter() {
            let key = table.get_key_value(word).and_then(|(key, _)| key.span());
            pairs.push(Pair {
                key: word.to_owned(),
                at: self.span(key).start,
                value: self.item(item, depth + 1)?,
            });
        }
        Ok(Node::new(span, Style::Plain, Kind::Map(pairs)))
    }

    fn item(&mut self, item: &Item, depth: usize) -> Result<Node, EditError> {
        let span = self.span(item.span());
        match item {
            Item::None => Ok(Node::new(span, Style::Plain, Kind::Empty)),
            Item::Value(value) => self.value(value, depth),
            Item::Table(table) => self.table(table, span, depth),
            Item::ArrayOfTables(tables) => {
                self.budget.spend(self.text, span.start, depth)?;
                let mut items = Vec::new();
                for table in tables {
                    let span = self.span(table.span());
                    items.push(self.table(table, span, depth + 1)?);
                }
                Ok(Node::new(span, Style::Plain, Kind::List(items)))
            }
        }
    }

    fn value(&mut self, value: &Value, depth: usize) -> Result<Node, EditError> {
        let span = self.span(value.span());
        self.budget.spend(self.text, span.start, depth)?;
        let source = self.text.get(span.clone()).unwrap_or_default();
        match value {
            Value::String(text) => {
                let style = match source {
                    _ if source.starts_with("\"\"\"") || source.starts_with("'''") => Style::Block,
                    _ if source.starts_with('\'') => Style::Single,
                    _ => Style::Double,
                };
                Ok(Node::new(span, style, Kind::Text(text.value().clone())))
            }
            Value::Array(array) => {
                let mut items = Vec::new();
                for item in array {
                    items.push(self.value(item, depth + 1)?);
                }
                Ok(Node::new(span, Style::Flow, Kind::List(items)))
            }
            Value::InlineTable(table) => self.table(table, span, depth),
            _ => Ok(Node::new(span, Style::Plain, Kind::Word(source.to_owned()))),
        }
    }
}

/// The splice that makes a leaf a text.
pub(super) fn leaf(document: &Document<'_>, node: &Node, value: &str) -> Result<Splice, EditError> {
    let text = match (&node.kind, node.style) {
        // Nothing can be escaped between single quotes.
        (Kind::Text(_), Style::Single) if !value.contains('\'') => format!("'{value}'"),
        (Kind::Text(_), _) => format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")),
        _ => return document.refuse(node.span.start, super::NOT_A_TEXT),
    };
    Ok(Splice {
        span: node.span.clone(),
        text,
    })
}
