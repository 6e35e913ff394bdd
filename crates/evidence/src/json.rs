//! JSON as a stream: every value is looked at as it comes, and none is kept that nobody asked for.
//!
//! A [`Slot`] is a value that has not been read yet. Whoever is handed one reads it as a list, a map
//! or a scalar; what is left is skipped. No key is accepted twice, because two readers would then
//! see two documents.

use crate::error::{EvidenceError, Fault, Result};
use crate::guard::Guard;
use crate::source::Bytes;
use crate::stream::{Ours, fault};
use crate::{Expect, Limits};
use std::io::{BufReader, Read};

/// A value that is neither list nor map; or the news that it was one, and is gone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar {
    Null,
    Flag(bool),
    Number(f64),
    Text(String),
    List,
    Map,
}

pub(crate) type Keys<'f> = dyn FnMut(&str, &mut dyn Slot) -> Result<()> + 'f;
pub(crate) type Elements<'f> = dyn FnMut(&mut dyn Slot) -> Result<()> + 'f;

/// A value that has not been read yet.
pub(crate) trait Slot {
    /// Reads the value: lists and maps are given piece by piece to whom they are for.
    fn visit(&mut self, keys: &mut Keys<'_>, elements: &mut Elements<'_>) -> Result<Scalar>;

    /// Reads it as a map. Null is an empty one.
    fn object(&mut self, keys: &mut Keys<'_>) -> Result<()> {
        match self.visit(keys, &mut |_| Ok(()))? {
            Scalar::Map | Scalar::Null => Ok(()),
            other => Err(wrong("an object", &other)),
        }
    }

    /// Reads it as a list; whether it was one, and not null.
    fn list(&mut self, elements: &mut Elements<'_>) -> Result<bool> {
        match self.visit(&mut |_, _| Ok(()), elements)? {
            Scalar::List => Ok(true),
            Scalar::Null => Ok(false),
            other => Err(wrong("a list", &other)),
        }
    }

    fn scalar(&mut self) -> Result<Scalar> {
        self.visit(&mut |_, _| Ok(()), &mut |_| Ok(()))
    }

    /// A text as long as it is.
    fn whole_text(&mut self) -> Result<Option<String>> {
        match self.scalar()? {
            Scalar::Text(text) => Ok(Some(text)),
            Scalar::Null => Ok(None),
            other => Err(wrong("a text", &other)),
        }
    }

    /// A name, an id, a word: of more than that only the beginning is kept.
    fn text(&mut self) -> Result<Option<String>> {
        Ok(self.whole_text()?.map(beginning))
    }

    fn number(&mut self) -> Result<Option<f64>> {
        match self.scalar()? {
            Scalar::Number(number) => Ok(Some(number)),
            Scalar::Null => Ok(None),
            other => Err(wrong("a number", &other)),
        }
    }

    fn count(&mut self) -> Result<Option<u64>> {
        match self.number()? {
            Some(number) if number >= 0.0 && number.fract() == 0.0 && number < 9e15 => {
                Ok(Some(number as u64))
            }
            Some(number) => Err(EvidenceError::whole(
                Fault::Malformed,
                format!("{number} is not a count"),
            )),
            None => Ok(None),
        }
    }

    fn flag(&mut self) -> Result<Option<bool>> {
        match self.scalar()? {
            Scalar::Flag(flag) => Ok(Some(flag)),
            Scalar::Null => Ok(None),
            other => Err(wrong("true or false", &other)),
        }
    }

    /// Reads a severity as a word. None at all is unknown.
    fn severity(&mut self) -> Result<crate::Severity> {
        match self.scalar()? {
            Scalar::Text(word) => Ok(crate::Severity::from_word(&word)),
            _ => Ok(crate::Severity::Unknown),
        }
    }

    /// Reads a text or a whole number as a text, which is what ids may be.
    fn id(&mut self) -> Result<Option<String>> {
        match self.scalar()? {
            Scalar::Text(text) => Ok(Some(beginning(text))),
            Scalar::Number(number) => Ok(Some(number.to_string())),
            Scalar::Null => Ok(None),
            other => Err(wrong("an id", &other)),
        }
    }

    /// Reads the texts of a list, and of lists within it.
    fn texts(&mut self, found: &mut Vec<String>, most: usize) -> Result<()> {
        self.list(&mut |slot| {
            if let Scalar::Text(text) = slot.scalar()?
                && found.len() < most
            {
                found.push(beginning(text));
            }
            Ok(())
        })
        .map(drop)
    }
}

/// The beginning of a text that is kept. Names are shorter; what is not must not fill the memory.
pub(crate) fn beginning(mut text: String) -> String {
    const KEPT: usize = 4_096;
    if text.len() > KEPT {
        text = text.chars().take(KEPT / 4).collect();
    }
    text
}

fn wrong(wanted: &str, found: &Scalar) -> EvidenceError {
    let found = match found {
        Scalar::Null => "null",
        Scalar::Flag(_) => "true or false",
        Scalar::Number(_) => "a number",
        Scalar::Text(_) => "a text",
        Scalar::List => "a list",
        Scalar::Map => "an object",
    };
    EvidenceError::whole(Fault::Malformed, format!("there is {found} in place of {wanted}"))
}

/// Reads one document, which must be all there is.
pub(crate) fn read<T>(
    bytes: &mut Bytes<'_>,
    expect: &Expect<'_>,
    look: impl FnOnce(&mut dyn Slot) -> Result<T>,
) -> Result<T> {
    bytes.pass(|text| parse(text, &expect.limits, true, look))
}

/// Reads one document from a text. More text may follow unless it must be `whole`.
pub(crate) fn parse<T>(
    text: &mut dyn Read,
    limits: &Limits,
    whole: bool,
    look: impl FnOnce(&mut dyn Slot) -> Result<T>,
) -> Result<T> {
    buffered(text, 64 << 10, limits, whole, look)
}

/// Reads a document of one line, which is usually short.
pub(crate) fn line<T>(
    line: &str,
    limits: &Limits,
    look: impl FnOnce(&mut dyn Slot) -> Result<T>,
) -> Result<T> {
    buffered(
        &mut line.as_bytes(),
        line.len().clamp(1, 64 << 10),
        limits,
        true,
        look,
    )
}

/// Reads documents one after the other, whatever space is between them.
pub(crate) fn documents(
    text: &mut dyn Read,
    limits: &Limits,
    look: &mut dyn FnMut(&mut dyn Slot) -> Result<()>,
) -> Result<()> {
    let guarded = BufReader::with_capacity(64 << 10, Guard::new(text, limits));
    let mut deserializer = serde_json::Deserializer::from_reader(guarded);
    let ours = Ours::new(limits);
    // What is not the end is another document, or an error that reading it will bring up.
    while deserializer.end().is_err() {
        ours.hand_over(&mut deserializer, &mut *look)
            .map_err(|error| fault(error, &ours))?;
    }
    Ok(())
}

fn buffered<T>(
    text: &mut dyn Read,
    buffer: usize,
    limits: &Limits,
    whole: bool,
    look: impl FnOnce(&mut dyn Slot) -> Result<T>,
) -> Result<T> {
    let guarded = BufReader::with_capacity(buffer, Guard::new(text, limits));
    let mut deserializer = serde_json::Deserializer::from_reader(guarded);
    let ours = Ours::new(limits);
    let found = ours
        .hand_over(&mut deserializer, look)
        .map_err(|error| fault(error, &ours))?;
    if whole {
        deserializer.end().map_err(|error| fault(error, &ours))?;
    }
    Ok(found)
}
