//! The security reports of GitLab's scanners: `gl-*-report.json`, versions 14 and 15.

use super::{Format, plain};
use crate::draft::{Draft, lacks};
use crate::error::{EvidenceError, Fault, Result};
use crate::json::{self, Slot};
use crate::source::Bytes;
use crate::{Expect, Finding, Kind, Severity};

pub(super) static FORMAT: Format = Format {
    name: "gitlab",
    kind: Kind::Vulnerabilities,
    about: "The security reports of GitLab's scanners, `gl-*-report.json`.",
    empty_is_clean: false,
    recognise: |head| head.has(&["version", "vulnerabilities"]) && !head.has(&["bomFormat"]),
    exit: plain,
    read,
};

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    let (mut version, mut listed) = (None, false);
    json::read(bytes, expect, |slot| {
        slot.object(&mut |key, slot| {
            match key {
                "version" => version = slot.text()?,
                "vulnerabilities" => {
                    listed = slot.list(&mut |slot| draft.scan().add(finding(slot)?, expect))?;
                }
                "scan" => scan(slot, draft)?,
                _ => {}
            }
            Ok(())
        })
    })?;
    let major = version.as_deref().and_then(|version| version.split('.').next());
    if !matches!(major, Some("14" | "15")) {
        let what = format!(
            "the report's version is {}",
            version.as_deref().unwrap_or("not there")
        );
        return Err(EvidenceError::whole(Fault::Unsupported, what));
    }
    if listed {
        Ok(())
    } else {
        Err(lacks("vulnerabilities"))
    }
}

/// Versions differ in where a finding's name is: identifiers first, then the id, then the old `cve`.
fn finding(slot: &mut dyn Slot) -> Result<Finding> {
    let mut found = Finding::new(None, Severity::Unknown, None);
    let (mut id, mut old, mut name) = (None, None, None);
    slot.object(&mut |key, slot| {
        match key {
            "id" => id = slot.id()?,
            "cve" => old = slot.text()?,
            "severity" => found.severity = slot.severity()?,
            "location" => found.package = location(slot)?,
            "identifiers" => drop(slot.list(&mut |slot| {
                slot.object(&mut |key, slot| {
                    if key == "value" && name.is_none() {
                        name = slot.id()?;
                    }
                    Ok(())
                })
            })?),
            _ => {}
        }
        Ok(())
    })?;
    let given = [name, id, old]
        .into_iter()
        .flatten()
        .find(|text| !text.is_empty());
    found.id = given.unwrap_or_default();
    Ok(found)
}

fn location(slot: &mut dyn Slot) -> Result<Option<String>> {
    let (mut file, mut package) = (None, None);
    slot.object(&mut |key, slot| match key {
        "file" | "image" => {
            file = slot.text()?;
            Ok(())
        }
        "dependency" => slot.object(&mut |key, slot| {
            if key != "package" {
                return Ok(());
            }
            slot.object(&mut |key, slot| {
                if key == "name" {
                    package = slot.text()?;
                }
                Ok(())
            })
        }),
        _ => Ok(()),
    })?;
    Ok(package.or(file))
}

fn scan(slot: &mut dyn Slot, draft: &mut Draft) -> Result<()> {
    slot.object(&mut |key, slot| match key {
        "status" => {
            let status = slot.text()?.unwrap_or_default();
            if status != "success" {
                draft.doubt("not_scanned", format!("the scan's status is {status:?}"));
            }
            Ok(())
        }
        "scanner" => slot.object(&mut |key, slot| {
            if key == "name" {
                draft.tool = slot.text()?;
            }
            Ok(())
        }),
        "type" => {
            draft.name = slot.text()?;
            Ok(())
        }
        _ => Ok(()),
    })
}
