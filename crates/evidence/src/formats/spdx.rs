//! SPDX 2 as JSON.

use super::{Format, plain};
use crate::draft::{Draft, lacks};
use crate::error::{EvidenceError, Fault, Result};
use crate::json::{self, Slot};
use crate::kinds::inventory::Inventory;
use crate::recognise::Head;
use crate::source::Bytes;
use crate::{Expect, Kind};
use std::collections::HashMap;

pub(super) static FORMAT: Format = Format {
    name: "spdx",
    kind: Kind::Sbom,
    about: "An inventory as SPDX 2 JSON.",
    empty_is_clean: false,
    recognise,
    exit: plain,
    read,
};

/// Version 3 is recognised, so that it can be refused by name.
fn recognise(head: &Head) -> bool {
    head.has(&["spdxVersion"]) || (head.has(&["@context", "@graph"]))
}

#[derive(Default)]
struct Document {
    version: Option<String>,
    newer: bool,
    inventory: Inventory,
    described: Vec<String>,
    /// The digests of packages, by their ids in the document.
    digests: HashMap<String, String>,
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    let mut document = Document::default();
    json::read(bytes, expect, |slot| {
        slot.object(&mut |key, slot| document.field(key, slot, expect, draft))
    })?;
    match document.version.as_deref() {
        Some(version) if version.starts_with("SPDX-2.") => {}
        Some(version) => {
            return Err(EvidenceError::whole(
                Fault::Unsupported,
                format!("the inventory is {version}"),
            ));
        }
        None if document.newer => {
            return Err(EvidenceError::whole(
                Fault::Unsupported,
                "the inventory is SPDX 3",
            ));
        }
        None => return Err(lacks("spdxVersion")),
    }
    for id in &document.described {
        if let Some(digest) = document.digests.get(id) {
            draft.digest(digest);
        }
    }
    document.inventory.settle(draft);
    Ok(())
}

impl Document {
    fn field(
        &mut self,
        key: &str,
        slot: &mut dyn Slot,
        expect: &Expect<'_>,
        draft: &mut Draft,
    ) -> Result<()> {
        match key {
            "spdxVersion" => self.version = slot.text()?,
            "@graph" => self.newer = true,
            "name" => draft.name = slot.text()?,
            "documentDescribes" => slot.texts(&mut self.described, 1_000)?,
            "creationInfo" => slot.object(&mut |key, slot| {
                let mut creators = Vec::new();
                if key == "creators" {
                    slot.texts(&mut creators, 100)?;
                }
                let tool = creators.iter().find_map(|creator| creator.strip_prefix("Tool: "));
                draft.tool = tool.map(str::to_owned).or(draft.tool.take());
                Ok(())
            })?,
            "packages" => drop(slot.list(&mut |slot| self.package(slot, expect))?),
            "relationships" => drop(slot.list(&mut |slot| self.relationship(slot))?),
            _ => {}
        }
        Ok(())
    }

    fn package(&mut self, slot: &mut dyn Slot, expect: &Expect<'_>) -> Result<()> {
        let (mut id, mut digest, mut licences) = (None, None, Vec::new());
        slot.object(&mut |key, slot| {
            match key {
                "SPDXID" => id = slot.text()?,
                "licenseConcluded" | "licenseDeclared" => licences.extend(slot.text()?),
                "checksums" => drop(slot.list(&mut |slot| {
                    let (mut algorithm, mut value) = (None, None);
                    slot.object(&mut |key, slot| {
                        match key {
                            "algorithm" => algorithm = slot.text()?,
                            "checksumValue" => value = slot.text()?,
                            _ => {}
                        }
                        Ok(())
                    })?;
                    if algorithm.as_deref() == Some("SHA256") {
                        digest = value;
                    }
                    Ok(())
                })?),
                _ => {}
            }
            Ok(())
        })?;
        if let (Some(id), Some(digest)) = (id, digest)
            && self.digests.len() < expect.limits.remembered / 4
        {
            self.digests.insert(id, digest);
        }
        self.inventory.add(&mut licences, expect)
    }

    fn relationship(&mut self, slot: &mut dyn Slot) -> Result<()> {
        let (mut kind, mut to) = (None, None);
        slot.object(&mut |key, slot| {
            match key {
                "relationshipType" => kind = slot.text()?,
                "relatedSpdxElement" => to = slot.text()?,
                _ => {}
            }
            Ok(())
        })?;
        if kind.as_deref() == Some("DESCRIBES") && self.described.len() < 1_000 {
            self.described.extend(to);
        }
        Ok(())
    }
}
