//! Between our readers and serde: values are handed over one by one, and errors find their way out.

use crate::Limits;
use crate::error::{EvidenceError, Fault, Place, Result, from_io};
use crate::json::{Elements, Keys, Scalar, Slot};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::fmt;

/// What the layers of serde cannot carry: an error of ours, and how many values are still allowed.
pub(crate) struct Ours {
    error: RefCell<Option<EvidenceError>>,
    left: Cell<u64>,
    /// How many bytes the keys of all open objects may still take.
    keys: Cell<usize>,
}

impl Ours {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            error: RefCell::new(None),
            left: Cell::new(limits.items),
            keys: Cell::new(KEYS),
        }
    }

    /// Hands an unread value to somebody, and skips it if nobody reads it. An error of serde goes up
    /// as it is; one of ours is put aside until the top is reached.
    pub(crate) fn hand_over<'de, D: Deserializer<'de>, T>(
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

pub(crate) fn fault(error: serde_json::Error, ours: &Ours) -> EvidenceError {
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
            seen.add(key, &ours.keys).map_err(|error| ours.aside(error))?;
        }
        ours.keys.set(ours.keys.get().saturating_add(seen.taken));
        Ok(Scalar::Map)
    }
}

/// How many bytes the keys of all open objects may take.
const KEYS: usize = 16 << 20;

/// The keys of one object so far. Most objects have few, and are spared the hashing.
#[derive(Default)]
struct Seen {
    few: Vec<String>,
    many: HashSet<String>,
    /// How many bytes of the common budget these take.
    taken: usize,
}

impl Seen {
    fn add(&mut self, key: String, budget: &Cell<usize>) -> Result<()> {
        if self.few.contains(&key) || self.many.contains(&key) {
            let shown: String = key.chars().take(40).collect();
            let what = format!("the key {shown:?} is there twice");
            return Err(EvidenceError::whole(Fault::Malformed, what));
        }
        let needed = key.len() + 32;
        let Some(left) = budget.get().checked_sub(needed) else {
            return Err(EvidenceError::whole(
                Fault::TooMany,
                "the objects have too many keys",
            ));
        };
        budget.set(left);
        self.taken += needed;
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
