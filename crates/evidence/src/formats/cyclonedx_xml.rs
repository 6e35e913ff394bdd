//! CycloneDX as XML.

use super::cyclonedx::supported;
use super::{Format, plain};
use crate::draft::{Draft, add, lacks};
use crate::error::Result;
use crate::kinds::inventory::Inventory;
use crate::recognise::Head;
use crate::source::Bytes;
use crate::xml::{self, Doctype, Node, Xml};
use crate::{Expect, Kind};

pub(super) static FORMAT: Format = Format {
    name: "cyclonedx-xml",
    kind: Kind::Sbom,
    about: "An inventory as CycloneDX XML.",
    empty_is_clean: false,
    recognise: |head| matches!(head, Head::Xml { root, .. } if root == "bom"),
    exit: plain,
    read,
};

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    let mut inventory = Inventory::default();
    let version = xml::read(bytes, expect, Doctype::Refused, |xml| {
        walk(xml, &mut inventory, expect, draft)
    })?;
    supported(version.as_deref())?;
    inventory.settle(draft);
    Ok(())
}

/// Reads to the end; the version is in the namespace's address.
fn walk(
    xml: &mut Xml<'_>,
    inventory: &mut Inventory,
    expect: &Expect<'_>,
    draft: &mut Draft,
) -> Result<Option<String>> {
    let mut open: Vec<String> = Vec::new();
    let mut licences: Vec<Vec<String>> = Vec::new();
    let (mut version, mut text, mut algorithm) = (None, String::new(), None);
    loop {
        match xml.next()? {
            Node::Open(tag) => {
                if open.is_empty() {
                    if tag.name != "bom" {
                        return Err(lacks("the root <bom>"));
                    }
                    let space = tag
                        .values()
                        .find(|value| value.contains("cyclonedx.org/schema/bom/"));
                    version = space
                        .and_then(|space| space.rsplit('/').next())
                        .map(str::to_owned);
                }
                match tag.name {
                    "component" => licences.push(Vec::new()),
                    "hash" => algorithm = tag.text("alg"),
                    "vulnerability" => add(&mut inventory.vulnerabilities, 1),
                    _ => {}
                }
                open.push(tag.name.to_owned());
                text.clear();
            }
            Node::Text(more) if text.len() < 1_000 => text.push_str(more),
            Node::Text(_) => {}
            Node::Close => {
                let closed = open.pop().unwrap_or_default();
                let parent = open.last().map_or("", String::as_str);
                let in_metadata = open.iter().any(|name| name == "metadata");
                match (closed.as_str(), parent) {
                    ("id" | "name", "license") | ("expression", "licenses") => {
                        if let Some(component) = licences.last_mut().filter(|list| list.len() < 100) {
                            component.push(std::mem::take(&mut text));
                        }
                    }
                    ("name", "component") if in_metadata => draft.name = Some(std::mem::take(&mut text)),
                    ("hash", "hashes") if in_metadata && algorithm.as_deref() == Some("SHA-256") => {
                        draft.digest(&text);
                    }
                    ("component", _) => {
                        let mut own = licences.pop().unwrap_or_default();
                        if !in_metadata {
                            inventory.add(&mut own, expect)?;
                        }
                    }
                    _ => {}
                }
            }
            Node::End => return Ok(version),
        }
    }
}
