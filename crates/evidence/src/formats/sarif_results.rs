//! One result of a SARIF run.

use super::sarif_rules::{Reference, score_of, tag_of};
use crate::Severity;
use crate::error::Result;
use crate::json::{Scalar, Slot};

#[derive(Default)]
pub(super) struct SarifResult {
    pub(super) reference: Reference,
    pub(super) level: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) file: Option<String>,
    pub(super) suppressed: Option<String>,
    pub(super) score: Option<Severity>,
    pub(super) tag: Option<Severity>,
    pub(super) worded: bool,
}

impl SarifResult {
    pub(super) fn read(slot: &mut dyn Slot) -> Result<Self> {
        let mut found = Self::default();
        slot.object(&mut |key, slot| {
            match key {
                "ruleId" => found.reference.id = slot.text()?,
                "ruleIndex" => {
                    found.reference.index = slot.number()?.filter(|n| *n >= 0.0).map(|n| n as usize);
                }
                "rule" => found.reference.read(slot)?,
                "level" => found.level = slot.text()?,
                "kind" => found.kind = slot.text()?,
                "suppressions" => {
                    if let Some(why) = suppressions(slot)? {
                        found.suppressed = Some(why);
                    }
                }
                "baselineState" if slot.text()?.as_deref() == Some("absent") => {
                    found.suppressed = Some("baseline: absent".to_owned());
                }
                "locations" => found.file = file(slot)?,
                "properties" => slot.object(&mut |key, slot| {
                    match key {
                        "security-severity" => (found.score, found.worded) = score_of(&slot.scalar()?),
                        "tags" => found.tag = tag_of(slot)?,
                        _ => {}
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(found)
    }
}

/// Why a result does not count: somebody set it aside, and nobody still doubts it.
fn suppressions(slot: &mut dyn Slot) -> Result<Option<String>> {
    let (mut why, mut open) = (None, false);
    slot.list(&mut |slot| {
        let (mut kind, mut reason) = (None, None);
        slot.object(&mut |key, slot| {
            match key {
                "kind" => kind = slot.text()?,
                "justification" => reason = slot.text()?,
                "status" | "state" => {
                    let status = slot.text()?.unwrap_or_default();
                    open |= matches!(status.as_str(), "underReview" | "rejected");
                }
                _ => {}
            }
            Ok(())
        })?;
        why = Some(reason.or(kind).unwrap_or_else(|| "suppressed".to_owned()));
        Ok(())
    })?;
    Ok(why.filter(|_| !open))
}

fn file(slot: &mut dyn Slot) -> Result<Option<String>> {
    let mut found = None;
    slot.list(&mut |slot| {
        slot.object(&mut |key, slot| match key {
            "physicalLocation" => slot.object(&mut |key, slot| match key {
                "artifactLocation" => slot.object(&mut |key, slot| {
                    if key == "uri"
                        && let Scalar::Text(uri) = slot.scalar()?
                    {
                        found.get_or_insert(uri);
                    }
                    Ok(())
                }),
                _ => Ok(()),
            }),
            _ => Ok(()),
        })
    })?;
    Ok(found)
}
