//! HCL: the spans of `hcl-edit`. A block is a map under its word and its labels; blocks that repeat are a
//! list.

use super::{Format, no_parse};
use crate::proof::Splice;
use crate::tree::{Budget, Document, Kind, Node, Pair, Style};
use crate::{EditError, Why};
use hcl_edit::Span;
use hcl_edit::expr::{Expression, Object, ObjectKey};
use hcl_edit::structure::{Block, BlockLabel, Body, Structure};
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
        let mut pairs: Vec<Pair> = Vec::new();
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    let at = self.span(attribute.key.span()).start;
                    let key = attribute.key.as_str().to_owned();
                    if pairs.iter().any(|pair| pair.key == key) {
                        return Err(EditError::new(self.text, at, Why::Duplicate(key)));
                    }
                    let value = self.expression(&attribute.value, depth + 1)?;
                    pairs.push(Pair { key, at, value });
                }
                Structure::Block(block) => self.block(&mut pairs, block, depth + 1)?,
            }
        }
        Ok(Node::new(span, Style::Plain, Kind::Map(pairs)))
    }

    fn block(&mut self, pairs: &mut Vec<Pair>, block: &Block, depth: usize) -> Result<(), EditError> {
        let span = self.span(block.span());
        let at = self.span(block.ident.span()).start;
        let labels = block.labels.iter().map(|label| match label {
            BlockLabel::Ident(word) => word.as_str().to_owned(),
            BlockLabel::String(text) => text.as_str().to_owned(),
        });
        let words: Vec<String> = [block.ident.as_str().to_owned()]
            .into_iter()
            .chain(labels)
            .collect();
        let body = self.body(&block.body, span.clone(), depth + words.len())?;
        insert(pairs, &words, at, body).map_err(|key| EditError::new(self.text, at, Why::Duplicate(key)))
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
            if pairs.iter().any(|pair: &Pair| pair.key == word) {
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

/// Puts a block under its words.
fn insert(pairs: &mut Vec<Pair>, words: &[String], at: usize, body: Node) -> Result<(), String> {
    let Some((first, rest)) = words.split_first() else {
        return Ok(());
    };
    let found = pairs.iter_mut().find(|pair| pair.key == *first);
    let Some(pair) = found else {
        let value = match rest {
            [] => body,
            _ => {
                let mut inner = Vec::new();
                let span = body.span.clone();
                insert(&mut inner, rest, at, body)?;
                Node::new(span, Style::Plain, Kind::Map(inner))
            }
        };
        pairs.push(Pair {
            key: first.clone(),
            at,
            value,
        });
        return Ok(());
    };
    let is_block = pair.value.style == Style::Plain;
    match (&mut pair.value.kind, rest) {
        (Kind::Map(inner), [_, ..]) if is_block => insert(inner, rest, at, body),
        (Kind::List(items), []) if is_block => {
            items.push(body);
            Ok(())
        }
        (Kind::Map(_), []) if is_block => {
            let node = Node::new(pair.value.span.clone(), Style::Plain, Kind::List(Vec::new()));
            let one = std::mem::replace(&mut pair.value, node);
            pair.value.kind = Kind::List(vec![one, body]);
            Ok(())
        }
        _ => Err(first.clone()),
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
