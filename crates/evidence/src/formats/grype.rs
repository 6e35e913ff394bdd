//! Grype's JSON.

use super::{Format, plain};
use crate::draft::{Draft, add, lacks};
use crate::error::Result;
use crate::json::{self, Slot};
use crate::source::Bytes;
use crate::{Expect, Finding, Kind, Severity};

pub(super) static FORMAT: Format = Format {
    name: "grype",
    kind: Kind::Vulnerabilities,
    about: "Grype's JSON.",
    empty_is_clean: false,
    recognise: |head| {
        let around = ["descriptor", "source", "distro"];
        head.has(&["matches"]) && around.iter().any(|key| head.has(&[key]))
    },
    exit: plain,
    read,
};

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    let (mut listed, mut fixable) = (false, 0);
    json::read(bytes, expect, |slot| {
        slot.object(&mut |key, slot| {
            match key {
                "matches" => {
                    listed = slot.list(&mut |slot| {
                        let (finding, fixed) = matched(slot)?;
                        add(&mut fixable, u64::from(fixed));
                        draft.scan().add(finding, expect)
                    })?;
                }
                "ignoredMatches" => drop(slot.list(&mut |slot| {
                    let (mut finding, _) = matched(slot)?;
                    finding.suppressed.get_or_insert_with(|| "ignored".to_owned());
                    draft.scan().add(finding, expect)
                })?),
                "descriptor" => slot.object(&mut |key, slot| {
                    if key == "name" {
                        draft.tool = slot.text()?;
                    }
                    Ok(())
                })?,
                "source" => source(slot, draft)?,
                _ => {}
            }
            Ok(())
        })
    })?;
    if !listed {
        return Err(lacks("matches"));
    }
    draft.fact_count("fixable", fixable);
    Ok(())
}

fn matched(slot: &mut dyn Slot) -> Result<(Finding, bool)> {
    let mut found = Finding::new(None, Severity::Unknown, None);
    let mut fixable = false;
    slot.object(&mut |key, slot| match key {
        "vulnerability" => slot.object(&mut |key, slot| {
            match key {
                "id" => found.id = slot.text()?.unwrap_or_default(),
                "severity" => found.severity = slot.severity()?,
                "fix" => slot.object(&mut |key, slot| {
                    if key == "state" {
                        fixable = slot.text()?.as_deref() == Some("fixed");
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        }),
        "artifact" => slot.object(&mut |key, slot| {
            if key == "name" {
                found.package = slot.text()?;
            }
            Ok(())
        }),
        "appliedIgnoreRules" => slot
            .list(&mut |slot| {
                slot.object(&mut |key, slot| {
                    if matches!(key, "vex-status" | "reason")
                        && let Some(why) = slot.text()?.filter(|why| !why.is_empty())
                    {
                        found.suppressed = Some(why);
                    }
                    Ok(())
                })
            })
            .map(drop),
        _ => Ok(()),
    })?;
    Ok((found, fixable))
}

fn source(slot: &mut dyn Slot, draft: &mut Draft) -> Result<()> {
    slot.object(&mut |key, slot| {
        if key != "target" {
            return Ok(());
        }
        let mut name = None;
        // The target of a folder is a text, that of an image an object.
        let plain = slot.visit(
            &mut |key, slot| {
                match key {
                    "userInput" => name = slot.text()?,
                    "repoDigests" => {
                        let mut digests = Vec::new();
                        slot.texts(&mut digests, 100)?;
                        digests.iter().for_each(|digest| draft.digest(digest));
                    }
                    _ => {}
                }
                Ok(())
            },
            &mut |_| Ok(()),
        )?;
        draft.name = match plain {
            json::Scalar::Text(text) => Some(text),
            _ => name,
        };
        Ok(())
    })
}
