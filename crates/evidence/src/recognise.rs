//! What a report is, by its content. Its name is nobody's business.

use crate::error::{EvidenceError, Fault, Result};
use crate::json::{self, Scalar, Slot};
use crate::source::Bytes;
use crate::text::Lines;
use crate::xml::{Doctype, Node, Xml};
use crate::{Expect, FORMATS, Format};
use std::collections::BTreeMap;
use std::io::Read;

/// How many keys and lines are looked at.
const LOOKED_AT: usize = 64;

/// What a report looks like from outside.
#[derive(Debug)]
pub(crate) enum Head {
    /// The root element, its attributes' names, and the first element within it.
    Xml {
        root: String,
        attributes: Vec<String>,
        child: String,
    },
    Json(Peek),
    /// The first lines.
    Text(Vec<String>),
}

/// The outline of a JSON value: of lists only the first element.
#[derive(Debug)]
pub(crate) enum Peek {
    Null,
    Scalar,
    Text(String),
    List(Option<Box<Peek>>),
    Map(BTreeMap<String, Peek>),
}

impl Peek {
    pub(crate) fn get(&self, key: &str) -> Option<&Peek> {
        match self {
            Peek::Map(keys) => keys.get(key),
            _ => None,
        }
    }

    pub(crate) fn has(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.get(key).is_some())
    }

    pub(crate) fn says(&self, key: &str, text: &str) -> bool {
        matches!(self.get(key), Some(Peek::Text(found)) if found == text)
    }

    /// The first element of a list, or the value itself.
    pub(crate) fn first(&self) -> Option<&Peek> {
        match self {
            Peek::List(first) => first.as_deref(),
            other => Some(other),
        }
    }
}

impl Head {
    pub(crate) fn json(&self) -> Option<&Peek> {
        match self {
            Head::Json(peek) => Some(peek),
            _ => None,
        }
    }

    /// Whether it is JSON with all of these keys.
    pub(crate) fn has(&self, keys: &[&str]) -> bool {
        self.json().is_some_and(|peek| peek.has(keys))
    }

    pub(crate) fn root(&self) -> &str {
        match self {
            Head::Xml { root, .. } => root,
            _ => "",
        }
    }

    pub(crate) fn lines(&self) -> &[String] {
        match self {
            Head::Text(lines) => lines,
            _ => &[],
        }
    }

    fn words(&self) -> String {
        match self {
            Head::Xml { root, .. } => format!("an XML document with the root <{root}>"),
            Head::Json(Peek::Map(keys)) => {
                let keys: Vec<_> = keys.keys().take(6).map(String::as_str).collect();
                format!("a JSON object with the keys {}", keys.join(", "))
            }
            Head::Json(Peek::List(_)) => "a JSON list".to_owned(),
            Head::Json(_) => "a single JSON value".to_owned(),
            Head::Text(lines) => {
                let first: String = lines
                    .first()
                    .map_or("", String::as_str)
                    .chars()
                    .take(40)
                    .collect();
                format!("a text that begins with {first:?}")
            }
        }
    }
}

/// The one format that a report is of.
pub(crate) fn recognise(bytes: &mut Bytes<'_>, expect: &Expect<'_>) -> Result<&'static Format> {
    let head = head(bytes, expect)?;
    let known: Vec<_> = FORMATS
        .iter()
        .filter(|format| (format.recognise)(&head))
        .collect();
    match known.as_slice() {
        [only] => Ok(only),
        [] => {
            let what = format!("no reader knows {}", head.words());
            Err(EvidenceError::whole(Fault::UnknownFormat, what))
        }
        several => {
            let names: Vec<_> = several.iter().map(|format| format.name).collect();
            let what = format!("it could be any of {}", names.join(", "));
            Err(EvidenceError::whole(Fault::Ambiguous, what))
        }
    }
}

fn head(bytes: &mut Bytes<'_>, expect: &Expect<'_>) -> Result<Head> {
    match bytes.peek(first_byte)? {
        Some(b'<') => bytes.peek(|text| xml(text, expect))?,
        Some(b'{' | b'[') => bytes.pass(|text| {
            let look = |slot: &mut dyn Slot| peek(slot, 4);
            json::parse(text, &expect.limits, false, look).map(Head::Json)
        }),
        Some(b'n') if bytes.peek(is_null)? => Ok(Head::Json(Peek::Null)),
        _ => bytes.peek(|text| lines(text, expect)),
    }
}

fn first_byte(text: &mut dyn Read) -> Option<u8> {
    let mut one = [0];
    while text.read_exact(&mut one).is_ok() {
        if !one[0].is_ascii_whitespace() {
            return Some(one[0]);
        }
    }
    None
}

fn is_null(text: &mut dyn Read) -> bool {
    let mut all = String::new();
    text.take(64).read_to_string(&mut all).is_ok() && all.trim() == "null"
}

fn xml(text: &mut dyn Read, expect: &Expect<'_>) -> Result<Head> {
    let mut xml = Xml::new(text, Doctype::Named, &expect.limits);
    let mut found: Option<(String, Vec<String>)> = None;
    loop {
        let next = xml.next();
        match (next, found.take()) {
            (Ok(Node::Open(tag)), None) => found = Some((tag.name.to_owned(), tag.names())),
            (Ok(Node::Open(tag)), Some((root, attributes))) => {
                let child = tag.name.to_owned();
                return Ok(Head::Xml {
                    root,
                    attributes,
                    child,
                });
            }
            (Ok(Node::Close | Node::End) | Err(_), Some((root, attributes))) => {
                let child = String::new();
                return Ok(Head::Xml {
                    root,
                    attributes,
                    child,
                });
            }
            (Ok(_), before) => found = before,
            (Err(error), None) => return Err(error),
        }
    }
}

fn lines(text: &mut dyn Read, expect: &Expect<'_>) -> Head {
    let mut lines = Lines::new(text, &expect.limits);
    let mut found = Vec::new();
    while let Ok(Some(line)) = lines.next() {
        if !line.trim().is_empty() {
            found.push(line.chars().take(400).collect());
        }
        if found.len() == LOOKED_AT {
            break;
        }
    }
    Head::Text(found)
}

fn peek(slot: &mut dyn Slot, depth: usize) -> Result<Peek> {
    let mut keys = BTreeMap::new();
    let mut first = None;
    let scalar = slot.visit(
        &mut |key, slot| {
            if depth > 0 && keys.len() < LOOKED_AT {
                keys.insert(key.to_owned(), peek(slot, depth - 1)?);
            }
            Ok(())
        },
        &mut |slot| {
            if depth > 0 && first.is_none() {
                first = Some(Box::new(peek(slot, depth - 1)?));
            }
            Ok(())
        },
    )?;
    Ok(match scalar {
        Scalar::Map => Peek::Map(keys),
        Scalar::List => Peek::List(first),
        Scalar::Null => Peek::Null,
        Scalar::Text(text) => Peek::Text(text.chars().take(80).collect()),
        Scalar::Flag(_) | Scalar::Number(_) => Peek::Scalar,
    })
}
