//! JSON as a stream: every value is looked at as it comes, and none is kept that nobody asked for.
//!
//! A [`Slot`] is a value that has not been read yet. Whoever is handed one reads it as a list, a map
//! or a scalar; what is left is skipped. No key is accepted twice, because two readers would then
//! see two documents.

use crate::error::{EvidenceError, Fault, Place, Result, from_io};
use crate::guard::Guard;
use crate::source::Bytes;
use crate::{Expect, Limits};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::fmt;
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

    fn text(&mut self) -> Result<Option<String>> {
        match self.scalar()? {
            Scalar::Text(text) => Ok(Some(text)),
            Scalar::Null => Ok(None),
            other => Err(wrong("a text", &other)),
        }
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
            Scalar::Text(text) => Ok(Some(text)),
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
                found.push(text);
            }
            Ok(())
        })
        .map(drop)
    }
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

/// What the layers of serde cannot carry: an error of ours, and how many values are still allowed.
struct Ours {
    error: RefCell<Option<EvidenceError>>,
    left: Cell<u64>,
}

impl Ours {
    fn new(limits: &Limits) -> Self {
        Self {
            error: RefCell::new(None),
            left: Cell::new(limits.items),
        }
    }

    /// Hands an unread value to somebody, and skips it if nobody reads it. An error of serde goes up
    /// as it is; one of ours is put aside until the top is reached.
    fn hand_over<'de, D: Deserializer<'de>, T>(
        &self,
        deserializer: D,
        look: impl FnOnce(&mut dyn Slot) -> Result<T>,
    ) -> std::result::Result<T, D::Error> {
        let mut held = Held {
            deserializer: Some(deserializer),
            failed: None,
            ours: self,
        };
        let outcome = look(&mut held);
        if let Some(error) = held.failed {
            return Err(error);
        }
        let found = outcome.map_err(|error| self.aside(error))?;
        if let Some(unread) = held.deserializer {
            unread.deserialize_ignored_any(IgnoredAny)?;
        }
        Ok(found)
    }

    fn aside<E: serde::de::Error>(&self, error: EvidenceError) -> E {
        *self.error.borrow_mut() = Some(error);
        E::custom("stopped")
    }

    /// Tells the error that was put aside, if any, on which step of the path it happened.
    fn step(&self, step: impl FnOnce() -> String) {
        let mut aside = self.error.borrow_mut();
        *aside = aside.take().map(|error| error.within(&step()));
    }

    fn spend<E: serde::de::Error>(&self) -> std::result::Result<(), E> {
        let Some(less) = self.left.get().checked_sub(1) else {
            let what = "there are more values than the limit allows";
            return Err(self.aside(EvidenceError::whole(Fault::TooMany, what)));
        };
        self.left.set(less);
        Ok(())
    }
}

fn fault(error: serde_json::Error, ours: &Ours) -> EvidenceError {
    if let Some(own) = ours.error.borrow_mut().take() {
        return own;
    }
    if error.is_io() {
        return from_io(error.into());
    }
    let (line, column) = (error.line() as u64, error.column() as u64);
    let (fault, what) = if error.is_eof() {
        (Fault::Truncated, "the JSON is cut off".to_owned())
    } else {
        (Fault::Malformed, format!("the JSON is broken ({error})"))
    };
    EvidenceError::new(fault, Place::At { line, column }, what)
}

/// A value that serde stands in front of.
struct Held<'o, D, E> {
    deserializer: Option<D>,
    failed: Option<E>,
    ours: &'o Ours,
}

impl<'de, D: Deserializer<'de>> Slot for Held<'_, D, D::Error> {
    fn visit(&mut self, keys: &mut Keys<'_>, elements: &mut Elements<'_>) -> Result<Scalar> {
        let Some(deserializer) = self.deserializer.take() else {
            return Ok(Scalar::Null);
        };
        let ours = self.ours;
        let look = Look { keys, elements, ours };
        deserializer.deserialize_any(look).map_err(|error| {
            self.failed = Some(error);
            EvidenceError::whole(Fault::Malformed, "the JSON is broken")
        })
    }
}

struct Look<'f, 'g, 'o> {
    keys: &'f mut Keys<'g>,
    elements: &'f mut Elements<'g>,
    ours: &'o Ours,
}

impl<'de> Visitor<'de> for Look<'_, '_, '_> {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> std::result::Result<Scalar, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> std::result::Result<Scalar, E> {
        Ok(Scalar::Flag(flag))
    }

    fn visit_u64<E>(self, number: u64) -> std::result::Result<Scalar, E> {
        Ok(Scalar::Number(number as f64))
    }

    fn visit_i64<E>(self, number: i64) -> std::result::Result<Scalar, E> {
        Ok(Scalar::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> std::result::Result<Scalar, E> {
        Ok(Scalar::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Scalar, A::Error> {
        let (elements, ours) = (self.elements, self.ours);
        for index in 0_usize.. {
            let look = |slot: &mut dyn Slot| elements(slot);
            let found = list.next_element_seed(Hand { look, ours });
            let found = found.inspect_err(|_| ours.step(|| format!("[{index}]")))?;
            if found.is_none() {
                break;
            }
            ours.spend()?;
        }
        Ok(Scalar::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Scalar, A::Error> {
        let (keys, ours) = (self.keys, self.ours);
        let mut seen = Seen::default();
        while let Some(key) = map.next_key::<String>()? {
            ours.spend()?;
            let look = |slot: &mut dyn Slot| keys(&key, slot);
            let found = map.next_value_seed(Hand { look, ours });
            found.inspect_err(|_| ours.step(|| key.clone()))?;
            seen.add(key).map_err(|error| ours.aside(error))?;
        }
        Ok(Scalar::Map)
    }
}

/// How many keys one object may have.
const KEYS: usize = 200_000;

/// The keys of one object so far. Most objects have few, and are spared the hashing.
#[derive(Default)]
struct Seen {
    few: Vec<String>,
    many: HashSet<String>,
}

impl Seen {
    fn add(&mut self, key: String) -> Result<()> {
        if self.few.contains(&key) || self.many.contains(&key) {
            let shown: String = key.chars().take(40).collect();
            let what = format!("the key {shown:?} is there twice");
            return Err(EvidenceError::whole(Fault::Malformed, what));
        }
        if self.many.len() == KEYS {
            let what = format!("an object has more than {KEYS} keys");
            return Err(EvidenceError::whole(Fault::TooMany, what));
        }
        if self.few.len() < 24 {
            self.few.push(key);
        } else {
            self.many.insert(key);
        }
        Ok(())
    }
}

/// Hands the next value to a function.
struct Hand<'o, F> {
    look: F,
    ours: &'o Ours,
}

impl<'de, F: FnOnce(&mut dyn Slot) -> Result<()>> DeserializeSeed<'de> for Hand<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<(), D::Error> {
        self.ours.hand_over(deserializer, self.look)
    }
}
