//! YAML as a tree of values that know where they stand, read within a budget.
//!
//! Anchors, aliases and tags are refused: a policy is read by people, who should find each rule
//! where it holds, and an alias is how a small file becomes a huge one.

use crate::Problem;
use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use std::rc::Rc;

/// The largest text that is read.
const BYTES: usize = 1024 * 1024;
/// How deep values may be nested.
const DEPTH: usize = 32;
/// How many values a file may hold.
const NODES: usize = 100_000;

/// A value and its place.
#[derive(Debug, Clone)]
pub struct Node {
    /// The file it stands in.
    pub file: Rc<str>,
    /// Its line, from 1.
    pub line: usize,
    /// Its column, from 1.
    pub column: usize,
    /// What it is.
    pub value: Value,
}

/// What a value is.
#[derive(Debug, Clone)]
pub enum Value {
    /// A word, number or text; quoted texts are never anything else.
    Scalar {
        /// The text.
        text: String,
        /// Whether it stood in quotes.
        quoted: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of writing.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.pairs()
            .iter()
            .find(|(name, _)| name.as_text() == Some(key))
            .map(|(_, value)| value)
    }

    /// The pairs of a map; none of anything else.
    pub fn pairs(&self) -> &[(Node, Node)] {
        match &self.value {
            Value::Map(pairs) => pairs,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether nothing stands here.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, quoted: false } if text.is_empty() || text == "~" || text == "null")
    }

    /// What this is called in messages.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Scalar { .. } if self.is_null() => "nothing",
            Value::Scalar { .. } => "a value",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

struct Builder<'a> {
    file: Rc<str>,
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    count: usize,
}

/// Reads one document.
pub fn parse(file: &str, text: &str) -> Result<Node, Problem> {
    let problem = |line, column, code, message: String| Problem {
        file: file.to_owned(),
        line,
        column,
        code,
        message,
    };
    if text.len() > BYTES {
        return Err(problem(
            1,
            1,
            "policy.budget",
            format!("the file is larger than {BYTES} bytes"),
        ));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut builder = Builder {
        file: file.into(),
        parser: Parser::new_from_str(text),
        count: 0,
    };
    let mut root = None;
    loop {
        let (event, span) = builder.next()?;
        match event {
            Event::StreamEnd => break,
            Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
            _ if root.is_some() => {
                let message =
                    "a policy is one document: put the second into its own file and include it".to_owned();
                return Err(builder.problem(span, "policy.documents", message));
            }
            event => root = Some(builder.node(event, span, 0)?),
        }
    }
    root.ok_or_else(|| {
        problem(
            1,
            1,
            "policy.empty",
            "the file is empty; gradus init writes one to start from".to_owned(),
        )
    })
}

impl<'a> Builder<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Problem> {
        match self.parser.next_event() {
            Some(Ok(found)) => Ok(found),
            Some(Err(error)) => {
                let (line, column) = (error.marker().line(), error.marker().col() + 1);
                let (file, message) = (
                    self.file.to_string(),
                    format!("this is not YAML: {}", error.info()),
                );
                Err(Problem {
                    file,
                    line,
                    column,
                    code: "policy.yaml",
                    message,
                })
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn problem(&self, span: Span, code: &'static str, message: String) -> Problem {
        let (line, column) = (span.start.line(), span.start.col() + 1);
        Problem {
            file: self.file.to_string(),
            line,
            column,
            code,
            message,
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Problem> {
        self.count += 1;
        if depth > DEPTH || self.count > NODES {
            let message = format!("more than {DEPTH} levels or {NODES} values: no policy needs that");
            return Err(self.problem(span, "policy.budget", message));
        }
        let refuse = |this: &Self, what: &str| {
            let message = format!("{what} are not read here: write the value where it holds");
            Err(this.problem(span, "policy.alias", message))
        };
        let value = match event {
            Event::Alias(_) => return refuse(self, "aliases"),
            Event::Scalar(_, _, anchor, _)
            | Event::SequenceStart(anchor, _)
            | Event::MappingStart(anchor, _)
                if anchor > 0 =>
            {
                return refuse(self, "anchors");
            }
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, Some(_))
            | Event::MappingStart(_, Some(_)) => {
                return refuse(self, "tags");
            }
            Event::Scalar(text, style, _, _) => Value::Scalar {
                text: text.into_owned(),
                quoted: style != ScalarStyle::Plain,
            },
            Event::SequenceStart(..) => Value::List(self.list(depth)?),
            _ => Value::Map(self.map(depth)?),
        };
        let (line, column) = (span.start.line(), span.start.col() + 1);
        Ok(Node {
            file: self.file.clone(),
            line,
            column,
            value,
        })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, Problem> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(items),
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Vec<(Node, Node)>, Problem> {
        let mut pairs: Vec<(Node, Node)> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                return Ok(pairs);
            }
            let key = self.node(event, span, depth + 1)?;
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            pairs.push((key, value));
        }
    }
}
