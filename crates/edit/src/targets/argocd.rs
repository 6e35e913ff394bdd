//! `argocd`: the source of an Argo CD Application or ApplicationSet, or its write-back file.

use super::Meaning;
use crate::cursor::Cursor;
use crate::error::hint;
use crate::image::{Image, Pin, Reference};
use crate::proof::{Added, Want};
use crate::tree::Document;
use crate::which::{Which, one};
use crate::{EditError, Format, New, Path, Template, Why};

/// A field of an Application's source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argocd {
    /// Which Application of the file.
    pub which: Which,
    /// Which of its `sources`, from 0; not needed if there is only one.
    pub source: Option<usize>,
    /// The field.
    pub field: ArgocdField,
    /// The artifact that is written; not needed if there is only one.
    pub artifact: Option<String>,
}

/// Which field of the source says what runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArgocdField {
    /// `targetRevision`: a chart's version, a tag or a branch.
    Revision(Template),
    /// The value of the parameter of that name under `helm.parameters`.
    Parameter(String, Template),
    /// A leaf of `helm.valuesObject`.
    Value(Path, Template),
    /// The entry for the image of that name under `kustomize.images`.
    Image(String),
}

impl Meaning for Argocd {
    fn format(&self) -> Format {
        Format::Yaml
    }

    fn wants(&self, document: &Document<'_>, new: &New<'_>) -> Result<Vec<Want>, EditError> {
        let source = self.source(&one(document, &self.which)?)?;
        let fill = |template: &Template| template.fill(new, self.artifact.as_deref());
        match &self.field {
            ArgocdField::Revision(template) => {
                Ok(vec![source.need("targetRevision")?.set(&fill(template)?, false)?])
            }
            ArgocdField::Parameter(name, template) => parameter(&source, name, &fill(template)?),
            ArgocdField::Value(path, template) => {
                let values = source.need("helm")?.need("valuesObject")?;
                Ok(vec![values.follow(path)?.set(&fill(template)?, false)?])
            }
            ArgocdField::Image(name) => {
                let reference = Reference {
                    artifact: self.artifact.clone(),
                    pin: Pin::Digest,
                    ..Reference::default()
                };
                let pinned = reference.of(new, Some(name))?;
                image(&source, name, |new_name| pinned.reference(new_name))
            }
        }
    }
}

impl Argocd {
    fn source<'a>(&self, root: &Cursor<'a>) -> Result<Cursor<'a>, EditError> {
        let spec = match root.peek(&["kind"]) {
            Some("Application") => root.need("spec")?,
            Some("ApplicationSet") => root.need("spec")?.need("template")?.need("spec")?,
            // A write-back file is a source by itself.
            None if root.get("helm")?.is_some() || root.get("kustomize")?.is_some() => {
                return Ok(root.clone());
            }
            kind => {
                let kind = kind.unwrap_or("document without a kind");
                return root.refuse(Why::Conflict(format!(
                    "this is a {kind}, not an Argo CD Application"
                )));
            }
        };
        let sources = match spec.get("sources")? {
            Some(list) => list.items()?,
            None => vec![spec.need("source")?],
        };
        let count = sources.len();
        match self.source {
            None if count > 1 => spec.refuse(Why::Ambiguous {
                what: "a source".to_owned(),
                count,
                advice: "say which by its number, from 0",
            }),
            index => match sources.into_iter().nth(index.unwrap_or(0)) {
                Some(source) => Ok(source),
                None => spec.refuse(Why::NotFound {
                    what: format!("source {}", index.unwrap_or(0)),
                    hint: format!(": there are {count}, and the first is 0"),
                }),
            },
        }
    }
}

/// A Helm parameter. Helm makes numbers and truths of what looks like them unless told not to.
fn parameter(source: &Cursor<'_>, name: &str, value: &str) -> Result<Vec<Want>, EditError> {
    let parameters = source.need("helm")?.need("parameters")?;
    let entry = named(&parameters, name)?;
    let mut wants = vec![entry.need("value")?.set(value, false)?];
    if Format::misread(value) {
        match entry.get("forceString")? {
            None => wants.push(entry.add("value", "forceString", Added::True)?),
            Some(leaf) if leaf.text()? == Some("true") => {}
            Some(leaf) => {
                return leaf.refuse(Why::Conflict(format!(
                    "Helm would take {value} for a number or another word: set forceString to true"
                )));
            }
        }
    }
    Ok(wants)
}

fn named<'a>(list: &Cursor<'a>, name: &str) -> Result<Cursor<'a>, EditError> {
    let mut found = Vec::new();
    let mut known = Vec::new();
    for item in list.items()? {
        let word = item.need("name")?.text()?.unwrap_or_default();
        known.push(word);
        if word == name {
            found.push(item);
        }
    }
    list.only(found, format!("a parameter called {name}"), || hint(name, known))
}

/// An override of an image. It is always written as `name=new@digest`: what Argo CD compares is what
/// stands before the first `=`, then `:`, then `@`, so that without a `=` a port would be taken for a tag.
fn image(
    source: &Cursor<'_>,
    name: &str,
    reference: impl Fn(&str) -> String,
) -> Result<Vec<Want>, EditError> {
    let images = source.need("kustomize")?.need("images")?;
    let mut found = Vec::new();
    let mut known = Vec::new();
    for item in images.items()? {
        let text = item.text()?.unwrap_or_default();
        let (old, new) = text.split_once('=').unwrap_or((Image::parse(text).name, text));
        known.push(old);
        if old == name {
            found.push((item, Image::parse(new).name));
        }
    }
    let new_name = found.first().map_or("", |(_, name)| name);
    let items = found.into_iter().map(|(item, _)| item).collect();
    let entry = images.only(items, format!("an image called {name}"), || hint(name, known))?;
    Ok(vec![
        entry.set(&format!("{name}={}", reference(new_name)), false)?,
    ])
}
