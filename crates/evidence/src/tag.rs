//! The beginning of an XML element: its name and its attributes.

use crate::error::{EvidenceError, Fault, Result};
use crate::xml::malformed;
use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attributes;
use std::borrow::Cow;

/// An element that begins. Names come without their namespace's prefix.
pub(crate) struct Tag<'b> {
    pub(crate) name: &'b str,
    attributes: Vec<(&'b str, Cow<'b, str>)>,
}

impl Tag<'_> {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| value.as_ref())
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.attributes.iter().map(|(key, _)| (*key).to_owned()).collect()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(|(_, value)| value.as_ref())
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A finite number. Words that are none are nobody's zero.
    pub(crate) fn number(&self, name: &str) -> Result<Option<f64>> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ if text.trim().is_empty() => Ok(None),
            _ => Err(EvidenceError::whole(
                Fault::Malformed,
                format!("{name} of <{}> is {text:?}, not a number", self.name),
            )),
        }
    }

    /// A count. Some tools write `1.0` for one.
    pub(crate) fn count(&self, name: &str) -> Result<Option<u64>> {
        match self.number(name)? {
            None => Ok(None),
            Some(number) if number >= 0.0 && number.fract() == 0.0 && number < 9e15 => {
                Ok(Some(number as u64))
            }
            Some(number) => Err(EvidenceError::whole(
                Fault::Malformed,
                format!("{name} of <{}> is {number}, not a count", self.name),
            )),
        }
    }
}

/// How many attributes one element may have.
const ATTRIBUTES: usize = 256;

pub(crate) fn tag(content: &str, name: usize) -> Result<Tag<'_>> {
    let mut attributes = Vec::new();
    for attribute in Attributes::new(content, name) {
        let attribute = attribute.map_err(|error| malformed(&error))?;
        if attributes.len() == ATTRIBUTES {
            let what = format!("an element has more than {ATTRIBUTES} attributes");
            return Err(EvidenceError::whole(Fault::TooMany, what));
        }
        let value = if attribute.value.contains(['&', '\r', '\n', '\t']) {
            let plain = attribute.normalized_value(XmlVersion::Implicit1_0);
            Cow::Owned(plain.map_err(|error| escape(&error.to_string()))?.into_owned())
        } else {
            attribute.value
        };
        attributes.push((local(attribute.key.0), value));
    }
    let name = local(&content[..name]);
    Ok(Tag { name, attributes })
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn escape(why: &str) -> EvidenceError {
    let shown: String = why.chars().take(120).collect();
    EvidenceError::whole(
        Fault::Entity,
        format!("an attribute refers to something ({shown})"),
    )
}
