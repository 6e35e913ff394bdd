//! YAML: events to a tree of byte spans.

use super::{Format, no_parse};
use crate::tree::{Budget, Kind, Node, Pair, Style};
use crate::{EditError, Why};
use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use std::collections::BTreeSet;

struct Builder<'a> {
    text: &'a str,
    /// The bytes of a mark at the beginning, which the parser does not see.
    mark: usize,
    /// Where each character begins, if not all are one byte: the parser counts characters.
    offsets: Option<Vec<usize>>,
    parser: Parser<'a, StrInput<'a>>,
    budget: Budget,
}

/// Reads every document of a text.
pub(super) fn read(text: &str) -> Result<Vec<Node>, EditError> {
    let budget = Budget::start(text)?;
    // Line ends for readers of YAML 1.1, characters for this parser: a comment would hide a key from one.
    if let Some(at) = text.find(['\u{85}', '\u{2028}', '\u{2029}']) {
        return Err(no_parse(
            text,
            at,
            Format::Yaml,
            "a character that only some readers take for a line end",
        ));
    }
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let offsets = (!bare.is_ascii()).then(|| {
        let starts = bare.char_indices().map(|(at, _)| at);
        starts.chain([bare.len()]).collect()
    });
    let mut builder = Builder {
        text,
        mark: text.len() - bare.len(),
        offsets,
        parser: Parser::new_from_str(bare),
        budget,
    };
    let mut roots = Vec::new();
    loop {
        let (event, span) = builder.next()?;
        match event {
            Event::StreamEnd => return Ok(roots),
            Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
            event => roots.push(builder.node(event, span, 0)?),
        }
    }
}

impl<'a> Builder<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), EditError> {
        match self.parser.next_event() {
            Some(Ok(found)) => Ok(found),
            Some(Err(error)) => {
                if let Some(at) = template(self.text) {
                    return Err(EditError::new(self.text, at, Why::Template));
                }
                let at = self.byte(error.marker().index());
                Err(no_parse(self.text, at, Format::Yaml, error.info()))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn byte(&self, index: usize) -> usize {
        let at = match &self.offsets {
            Some(offsets) => offsets.get(index).or(offsets.last()).copied().unwrap_or(0),
            None => index,
        };
        (self.mark + at).min(self.text.len())
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, EditError> {
        let start = self.byte(span.start.index());
        self.budget.spend(self.text, start, depth)?;
        let mut node = match event {
            Event::Alias(number) => {
                let end = self.byte(span.end.index());
                return Ok(Node::new(start..end, Style::Plain, Kind::Alias(number)));
            }
            Event::Scalar(text, style, anchor, tag) => {
                let mut node = self.scalar(
                    &text,
                    style,
                    start,
                    self.byte(span.end.index()),
                    anchor > 0 || tag.is_some(),
                )?;
                node.anchor = anchor;
                node.tag = tag.map(|tag| tag.to_string());
                return Ok(node);
            }
            Event::SequenceStart(anchor, tag) => {
                let (items, end) = self.list(depth)?;
                let mut node = Node::new(start..end, Style::Plain, Kind::List(items));
                node.anchor = anchor;
                node.tag = tag.map(|tag| tag.to_string());
                node
            }
            Event::MappingStart(anchor, tag) => {
                let (pairs, end) = self.map(depth)?;
                let mut node = Node::new(start..end, Style::Plain, Kind::Map(pairs));
                node.anchor = anchor;
                node.tag = tag.map(|tag| tag.to_string());
                node
            }
            _ => return Err(no_parse(self.text, start, Format::Yaml, "a value is missing")),
        };
        if matches!(self.text.as_bytes().get(start), Some(b'{' | b'[')) && self.is_flow(&node) {
            node.style = Style::Flow;
        }
        Ok(node)
    }

    /// A block container begins where its first child does, which may be in brackets itself.
    fn is_flow(&self, node: &Node) -> bool {
        match &node.kind {
            Kind::Map(pairs) => pairs.first().is_none_or(|pair| pair.at != node.span.start),
            Kind::List(items) => items
                .first()
                .is_none_or(|item| item.span.start != node.span.start),
            _ => false,
        }
    }

    fn scalar(
        &self,
        text: &str,
        style: ScalarStyle,
        start: usize,
        end: usize,
        marked: bool,
    ) -> Result<Node, EditError> {
        let kind = |text: &str| Kind::Text(text.to_owned());
        let quote = |style, quote| match closing(self.text, start, quote) {
            Some(end) => Ok(Node::new(start..end, style, kind(text))),
            None if marked => Ok(Node::new(start..end.max(start), style, kind(text))),
            None => Err(no_parse(
                self.text,
                start,
                Format::Yaml,
                "a quote is not where it should be",
            )),
        };
        match style {
            ScalarStyle::SingleQuoted => quote(Style::Single, b'\''),
            ScalarStyle::DoubleQuoted => quote(Style::Double, b'"'),
            ScalarStyle::Plain if text.is_empty() => {
                // For the parser, an empty value stands on its colon.
                let colon = self.text.as_bytes().get(start) == Some(&b':');
                let start = start + usize::from(colon);
                Ok(Node::new(start..start, Style::Plain, Kind::Empty))
            }
            ScalarStyle::Plain => {
                let kind = if super::yaml_words::misread(text) {
                    Kind::Word(text.to_owned())
                } else {
                    kind(text)
                };
                Ok(Node::new(start..end.max(start), Style::Plain, kind))
            }
            _ => Ok(Node::new(start..end.max(start), Style::Block, kind(text))),
        }
    }

    fn list(&mut self, depth: usize) -> Result<(Vec<Node>, usize), EditError> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, span) => return Ok((items, self.byte(span.end.index()))),
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<(Vec<Pair>, usize), EditError> {
        let mut pairs: Vec<Pair> = Vec::new();
        let mut seen = BTreeSet::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                return Ok((pairs, self.byte(span.end.index())));
            }
            let key = self.node(event, span, depth + 1)?;
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            let at = key.span.start;
            let refuse = |why| Err(EditError::new(self.text, at, why));
            let word = match key.kind {
                _ if key.anchor > 0 => return refuse(Why::Alias("an anchor on a key")),
                Kind::Alias(_) => return refuse(Why::Alias("an alias as a key")),
                Kind::Text(word) | Kind::Word(word) => word,
                Kind::Empty => String::new(),
                _ if self.text[at..].starts_with('{') => return refuse(Why::Template),
                _ => {
                    return Err(no_parse(
                        self.text,
                        at,
                        Format::Yaml,
                        "a list or a map is a key here",
                    ));
                }
            };
            if let Some(tag) = key.tag {
                return refuse(Why::Tag(tag));
            }
            if !seen.insert(word.clone()) {
                return refuse(Why::Duplicate(word));
            }
            pairs.push(Pair { key: word, at, value });
        }
    }
}

/// The byte behind the quote that closes the one at `start`.
fn closing(text: &str, start: usize, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    (bytes.get(start) == Some(&quote)).then_some(())?;
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 2,
            byte if *byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// Where template text begins, outside of comments that fill a line.
fn template(text: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim_start().starts_with('#')
            && let Some(at) = line.find("{{")
        {
            return Some(start + at);
        }
        start += line.len();
    }
    None
}
