//! CycloneDX as JSON.

use super::{Format, plain};
use crate::draft::{Draft, add, lacks};
use crate::error::{EvidenceError, Fault, Result};
use crate::json::{self, Scalar, Slot};
use crate::kinds::inventory::Inventory;
use crate::source::Bytes;
use crate::{Expect, Kind};

pub(super) static FORMAT: Format = Format {
    name: "cyclonedx",
    kind: Kind::Sbom,
    about: "An inventory as CycloneDX JSON.",
    empty_is_clean: false,
    recognise: |head| {
        head.json()
            .is_some_and(|peek| peek.says("bomFormat", "CycloneDX"))
    },
    exit: plain,
    read,
};

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    let (mut version, mut inventory, mut listed) = (None, Inventory::default(), false);
    json::read(bytes, expect, |slot| {
        slot.object(&mut |key, slot| {
            match key {
                "specVersion" => version = slot.text()?,
                "metadata" => metadata(slot, draft)?,
                "components" => listed = components(slot, &mut inventory, expect)?,
                "vulnerabilities" => drop(slot.list(&mut |_| {
                    add(&mut inventory.vulnerabilities, 1);
                    Ok(())
                })?),
                _ => {}
            }
            Ok(())
        })
    })?;
    supported(version.as_deref())?;
    if !listed {
        draft.note("no_list", "the inventory has no list of components");
    }
    inventory.settle(draft);
    Ok(())
}

/// Any version 1.
pub(super) fn supported(version: Option<&str>) -> Result<()> {
    match version {
        Some(version) if version.starts_with("1.") => Ok(()),
        Some(version) => {
            let what = format!("the inventory is CycloneDX {version}");
            Err(EvidenceError::whole(Fault::Unsupported, what))
        }
        None => Err(lacks("its version")),
    }
}

fn metadata(slot: &mut dyn Slot, draft: &mut Draft) -> Result<()> {
    slot.object(&mut |key, slot| match key {
        "component" => slot.object(&mut |key, slot| {
            match key {
                "name" => draft.name = slot.text()?,
                "hashes" => drop(slot.list(&mut |slot| hash(slot, draft))?),
                // An image's version is its digest, for some tools.
                "version" => {
                    if let Some(version) = slot.text()?.filter(|version| version.starts_with("sha256:")) {
                        draft.digest(&version);
                    }
                }
                _ => {}
            }
            Ok(())
        }),
        _ => Ok(()),
    })
}

fn hash(slot: &mut dyn Slot, draft: &mut Draft) -> Result<()> {
    let (mut algorithm, mut content) = (None, None);
    slot.object(&mut |key, slot| {
        match key {
            "alg" => algorithm = slot.text()?,
            "content" => content = slot.text()?,
            _ => {}
        }
        Ok(())
    })?;
    if algorithm.as_deref() == Some("SHA-256")
        && let Some(content) = content
    {
        draft.digest(&content);
    }
    Ok(())
}

fn components(slot: &mut dyn Slot, inventory: &mut Inventory, expect: &Expect<'_>) -> Result<bool> {
    slot.list(&mut |slot| {
        let mut licences = Vec::new();
        slot.object(&mut |key, slot| match key {
            "licenses" => slot.list(&mut |slot| licence(slot, &mut licences)).map(drop),
            "components" => components(slot, inventory, expect).map(drop),
            _ => Ok(()),
        })?;
        inventory.add(&mut licences, expect)
    })
}

fn licence(slot: &mut dyn Slot, found: &mut Vec<String>) -> Result<()> {
    let mut keep = |scalar: Scalar| {
        if let Scalar::Text(text) = scalar
            && found.len() < 100
        {
            found.push(json::beginning(text));
        }
    };
    slot.object(&mut |key, slot| match key {
        "expression" => {
            keep(slot.scalar()?);
            Ok(())
        }
        "license" => slot.object(&mut |key, slot| {
            if matches!(key, "id" | "name") {
                keep(slot.scalar()?);
            }
            Ok(())
        }),
        _ => Ok(()),
    })
}
