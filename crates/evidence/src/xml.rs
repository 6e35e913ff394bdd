//! XML as a stream of elements, without document types, entities or surprises.
//!
//! Text comes in pieces: one for each run of characters, CDATA section and reference.

use crate::error::{EvidenceError, Fault, Place, Result, from_io};
use crate::source::Bytes;
use crate::strain::Strainer;
pub(crate) use crate::tag::Tag;
use crate::tag::tag;
use crate::{Expect, Limits};
use quick_xml::events::{BytesDecl, Event};
use std::io::{BufReader, Read};

/// Whether a document may name a document type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doctype {
    /// It must not.
    Refused,
    /// It may name an outside one, which is never looked at.
    Named,
}

/// What comes next.
pub(crate) enum Node<'b> {
    Open(Tag<'b>),
    Close,
    Text(&'b str),
    End,
}

pub(crate) struct Xml<'r> {
    reader: quick_xml::Reader<BufReader<Strainer<&'r mut dyn Read>>>,
    buffer: Vec<u8>,
    /// The tag or text that came last, and how long the tag's name is.
    last: String,
    name: usize,
    doctype: Doctype,
    depth: usize,
    most: usize,
    left: u64,
    /// Whether the root has been closed.
    over: bool,
    /// Whether the root has been opened, after which no document type may come.
    begun: bool,
}

/// Reads a document from its beginning to its end, and adds the place to what goes wrong.
pub(crate) fn read<T>(
    bytes: &mut Bytes<'_>,
    expect: &Expect<'_>,
    doctype: Doctype,
    look: impl FnOnce(&mut Xml<'_>) -> Result<T>,
) -> Result<T> {
    let mut at = None;
    let outcome = bytes.pass(|text| {
        let mut xml = Xml::new(text, doctype, &expect.limits);
        let outcome = look(&mut xml).and_then(|found| xml.finish().map(|()| found));
        at = Some(xml.offset());
        outcome
    });
    outcome.map_err(|error| error.or_at(|| at.map_or(Place::Whole, |at| bytes.place(at))))
}

impl<'r> Xml<'r> {
    pub(crate) fn new(text: &'r mut dyn Read, doctype: Doctype, limits: &Limits) -> Self {
        let strainer = Strainer::new(text, limits.text);
        let mut reader = quick_xml::Reader::from_reader(BufReader::with_capacity(64 << 10, strainer));
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
            last: String::new(),
            name: 0,
            doctype,
            depth: 0,
            most: limits.depth,
            left: limits.items,
            over: false,
            begun: false,
        }
    }

    fn offset(&self) -> u64 {
        let strained = self.reader.buffer_position();
        self.reader.get_ref().get_ref().original(strained)
    }

    /// Reads on until everything has been seen.
    fn finish(&mut self) -> Result<()> {
        while !matches!(self.next()?, Node::End) {}
        Ok(())
    }

    pub(crate) fn next(&mut self) -> Result<Node<'_>> {
        let step = loop {
            let mut buffer = std::mem::take(&mut self.buffer);
            buffer.clear();
            let event = self.reader.read_event_into(&mut buffer).map_err(fault)?;
            let step = self.take(event)?;
            self.buffer = buffer;
            if let Some(step) = step {
                break step;
            }
        };
        Ok(match step {
            Step::Open => Node::Open(tag(&self.last, self.name)?),
            Step::Close => Node::Close,
            Step::Text => Node::Text(&self.last),
            Step::End => Node::End,
        })
    }

    fn take(&mut self, event: Event<'_>) -> Result<Option<Step>> {
        self.last.clear();
        match event {
            Event::Start(start) => {
                self.open()?;
                self.name = start.name().as_ref().len();
                self.last.push_str(&start);
                return Ok(Some(Step::Open));
            }
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                self.over = self.depth == 0;
                return Ok(Some(Step::Close));
            }
            Event::Eof if self.over => return Ok(Some(Step::End)),
            Event::Eof => {
                let what = "the document ends before its root element does";
                return Err(EvidenceError::whole(Fault::Truncated, what));
            }
            Event::Text(text) => self.last.push_str(&text.xml10_content()),
            Event::CData(text) => self.last.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let found = match reference.resolve_char_ref().map_err(fault)? {
                    Some(found) => found,
                    None => predefined(&reference).ok_or_else(|| unknown_entity(&reference))?,
                };
                self.last.push(found);
            }
            Event::Decl(declaration) => return encoding(&declaration).map(|()| None),
            Event::DocType(text) => return self.doctype(&text).map(|()| None),
            Event::Comment(_) | Event::PI(_) | Event::Empty(_) => return Ok(None),
        }
        if self.depth == 0 && !self.last.trim().is_empty() {
            let what = "there is text outside of the root element";
            return Err(EvidenceError::whole(Fault::Malformed, what));
        }
        Ok((self.depth > 0).then_some(Step::Text))
    }

    fn open(&mut self) -> Result<()> {
        if self.over {
            let what = "there is a second root element";
            return Err(EvidenceError::whole(Fault::Malformed, what));
        }
        self.depth += 1;
        if self.depth > self.most {
            let what = format!("elements are nested more than {} deep", self.most);
            return Err(EvidenceError::whole(Fault::TooDeep, what));
        }
        self.begun = true;
        self.left = self.left.checked_sub(1).ok_or_else(|| {
            EvidenceError::whole(Fault::TooMany, "there are more elements than the limit allows")
        })?;
        Ok(())
    }

    fn doctype(&mut self, text: &str) -> Result<()> {
        let what = if self.doctype == Doctype::Refused {
            "the document names a document type"
        } else if text.contains('[') {
            "the document type brings declarations of its own"
        } else if self.begun {
            "the document type comes after the root element"
        } else {
            return Ok(());
        };
        Err(EvidenceError::whole(Fault::Doctype, what))
    }
}

enum Step {
    Open,
    Close,
    Text,
    End,
}

fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

fn unknown_entity(name: &str) -> EvidenceError {
    let shown: String = name.chars().take(40).collect();
    EvidenceError::whole(
        Fault::Entity,
        format!("&{shown}; is no entity that XML itself defines"),
    )
}

fn encoding(declaration: &BytesDecl<'_>) -> Result<()> {
    let Some(Ok(name)) = declaration.encoding() else {
        return Ok(());
    };
    if ["utf-8", "utf8", "us-ascii", "ascii"].contains(&name.to_ascii_lowercase().as_str()) {
        return Ok(());
    }
    let what = format!("the document says that it is {name}");
    Err(EvidenceError::whole(Fault::Encoding, what))
}

pub(crate) fn malformed(error: &dyn std::fmt::Display) -> EvidenceError {
    EvidenceError::whole(Fault::Malformed, format!("the XML is broken ({error})"))
}

fn fault(error: quick_xml::Error) -> EvidenceError {
    use quick_xml::Error;
    use quick_xml::errors::IllFormedError;
    match error {
        Error::Io(error) => match std::sync::Arc::try_unwrap(error) {
            Ok(error) => from_io(error),
            Err(error) => EvidenceError::whole(Fault::Unreadable, error.to_string()),
        },
        // Every syntax error of the parser is an end that came too early.
        Error::Syntax(_) => EvidenceError::whole(Fault::Truncated, format!("the XML is cut off ({error})")),
        Error::IllFormed(IllFormedError::MissingEndTag(_)) => {
            EvidenceError::whole(Fault::Truncated, format!("the XML is cut off ({error})"))
        }
        Error::Escape(_) => EvidenceError::whole(Fault::Entity, format!("a reference is broken ({error})")),
        Error::Encoding(_) => EvidenceError::whole(Fault::Encoding, error.to_string()),
        error => malformed(&error),
    }
}
