//! Trivy's own JSON: images, file systems and clusters.

use super::{Format, plain};
use crate::draft::{Draft, add, lacks};
use crate::error::{EvidenceError, Fault, Result};
use crate::json::{self, Scalar, Slot};
use crate::recognise::{Head, Peek};
use crate::source::Bytes;
use crate::{Expect, Finding, Kind, Severity};

pub(super) static FORMAT: Format = Format {
    name: "trivy",
    kind: Kind::Vulnerabilities,
    about: "Trivy's JSON, of images, file systems and clusters.",
    empty_is_clean: false,
    recognise,
    exit: plain,
    read,
};

fn recognise(head: &Head) -> bool {
    let whole = head.has(&["ArtifactName"]) || head.has(&["ClusterName"]);
    match head.json() {
        Some(Peek::Null) => true,
        Some(list @ Peek::List(_)) => list.first().is_some_and(|first| first.has(&["Target"])),
        _ => whole,
    }
}

/// The lists of a result, each with its name in facts.
const CLASSES: [(&str, &str); 4] = [
    ("Vulnerabilities", "in_packages"),
    ("Misconfigurations", "in_configuration"),
    ("Secrets", "in_secrets"),
    ("Licenses", "in_licences"),
];

#[derive(Default)]
struct Report {
    classes: [u64; 4],
    /// Checks that passed.
    met: u64,
    results: u64,
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    let mut report = Report::default();
    let mut known = false;
    let found = json::read(bytes, expect, |slot| {
        let mut stray = Report::default();
        let mut plain = Draft::default();
        // Two closures would both need the draft, so the old form, a bare list, has its own.
        let scalar = slot.visit(
            &mut |key, slot| {
                known |= matches!(key, "ArtifactName" | "ClusterName");
                report.top(key, slot, expect, draft)
            },
            &mut |slot| stray.result(slot, expect, &mut plain),
        )?;
        Ok((scalar, stray, plain))
    })?;
    match found {
        (Scalar::Null, _, _) if expect.exit_code == Some(0) => {
            draft.note(
                "null",
                "the report is null, which old versions write when they find nothing",
            );
        }
        (Scalar::Null, _, _) => {
            let text = "the report is null: hand in the exit code to tell a clean scan from a failed one";
            draft.doubt("null", text);
        }
        (Scalar::List, stray, plain) => {
            *draft = plain;
            report = stray;
            if report.results == 0 {
                draft.doubt("nothing_examined", "the report holds no result");
            }
            draft.tool = Some("trivy".to_owned());
        }
        _ if !known => return Err(lacks("ArtifactName")),
        _ => draft.tool = Some("trivy".to_owned()),
    }
    for ((_, name), count) in CLASSES.iter().zip(report.classes) {
        draft.fact_count(name, count);
    }
    draft.fact_count("checks_met", report.met);
    Ok(())
}

impl Report {
    fn top(&mut self, key: &str, slot: &mut dyn Slot, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
        match key {
            "SchemaVersion" => {
                let version = slot.number()?;
                if version.is_some_and(|version| version != 2.0) {
                    let what = "the report's SchemaVersion is not 2";
                    return Err(EvidenceError::whole(Fault::Unsupported, what));
                }
            }
            "ArtifactName" | "ClusterName" => draft.name = slot.text()?,
            "Metadata" => slot.object(&mut |key, slot| {
                let mut digests = Vec::new();
                if key == "RepoDigests" {
                    slot.texts(&mut digests, 100)?;
                }
                digests.iter().for_each(|digest| draft.digest(digest));
                Ok(())
            })?,
            "Results" => self.results(slot, expect, draft)?,
            // Clusters: each resource has results of its own.
            "Resources" | "Vulnerabilities" | "Misconfigurations" => drop(slot.list(&mut |slot| {
                slot.object(&mut |key, slot| match key {
                    "Results" => self.results(slot, expect, draft),
                    "Error" => {
                        if let Some(error) = slot.text()?.filter(|error| !error.is_empty()) {
                            draft.doubt("not_scanned", format!("a resource was not scanned: {error}"));
                        }
                        Ok(())
                    }
                    _ => Ok(()),
                })
            })?),
            _ => {}
        }
        Ok(())
    }

    fn results(&mut self, slot: &mut dyn Slot, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
        slot.list(&mut |slot| self.result(slot, expect, draft)).map(drop)
    }

    fn result(&mut self, slot: &mut dyn Slot, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
        add(&mut self.results, 1);
        slot.object(&mut |key, slot| {
            if key == "ExperimentalModifiedFindings" {
                return self.modified(slot, expect, draft);
            }
            let Some(class) = CLASSES.iter().position(|(name, _)| *name == key) else {
                return Ok(());
            };
            slot.list(&mut |slot| {
                let (finding, met) = finding(slot)?;
                if met {
                    add(&mut self.met, 1);
                    return Ok(());
                }
                add(&mut self.classes[class], 1);
                draft.scan().add(finding, expect)
            })
            .map(drop)
        })
    }

    /// Findings that somebody has set aside.
    fn modified(&mut self, slot: &mut dyn Slot, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
        slot.list(&mut |slot| {
            let (mut why, mut found) = (None, None);
            slot.object(&mut |key, slot| {
                match key {
                    "Status" | "Statement" => why = slot.text()?.or(why.take()),
                    "Finding" => found = Some(finding(slot)?.0),
                    _ => {}
                }
                Ok(())
            })?;
            let Some(mut found) = found else { return Ok(()) };
            found.suppressed = Some(why.unwrap_or_else(|| "ignored".to_owned()));
            draft.scan().add(found, expect)
        })
        .map(drop)
    }
}

/// A finding, and whether it is a check that was met.
fn finding(slot: &mut dyn Slot) -> Result<(Finding, bool)> {
    let mut found = Finding::new(None, Severity::Unknown, None);
    let mut met = false;
    let mut misnamed = None;
    slot.object(&mut |key, slot| {
        match key {
            "VulnerabilityID" | "RuleID" | "ID" => found.id = slot.text()?.unwrap_or_default(),
            "Name" => misnamed = slot.text()?,
            "PkgName" => found.package = slot.text()?,
            "Severity" => found.severity = slot.severity()?,
            "Status" => match slot.text()?.as_deref() {
                Some("PASS") => met = true,
                Some("not_affected") => found.suppressed = Some("not_affected".to_owned()),
                Some("EXCEPTION") => found.suppressed = Some("exception".to_owned()),
                _ => {}
            },
            _ => {}
        }
        Ok(())
    })?;
    if found.id.is_empty() {
        found.id = misnamed.unwrap_or_default();
    }
    Ok((found, met))
}
