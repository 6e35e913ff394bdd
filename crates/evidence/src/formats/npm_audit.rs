//! `npm audit --json`, of npm 6 (version 1) and later (version 2).

use super::{Format, plain};
use crate::draft::{Draft, add, lacks};
use crate::error::{EvidenceError, Fault, Result};
use crate::json::{self, Scalar, Slot};
use crate::source::Bytes;
use crate::{Expect, Finding, Kind, Severity};
use std::collections::BTreeMap;

pub(super) static FORMAT: Format = Format {
    name: "npm-audit",
    kind: Kind::Vulnerabilities,
    about: "`npm audit --json`, of every npm there is.",
    empty_is_clean: false,
    recognise: |head| {
        let failed = head.json().and_then(|peek| peek.get("error"));
        head.has(&["auditReportVersion"])
            || head.has(&["advisories", "metadata"])
            || (!head.has(&["ok"])
                && failed.is_some_and(|error| error.has(&["summary"]) || error.has(&["code"])))
    },
    exit: plain,
    read,
};

#[derive(Default)]
struct Audit {
    version: Option<u64>,
    listed: bool,
    failed: Option<String>,
    /// What the report counts of each severity, and what we do: paths in version 1, packages in 2.
    declared: BTreeMap<Severity, u64>,
    counted: BTreeMap<Severity, u64>,
    dependencies: Option<u64>,
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    draft.tool = Some("npm".to_owned());
    let mut audit = Audit::default();
    json::read(bytes, expect, |slot| {
        slot.object(&mut |key, slot| audit.field(key, slot, expect, draft))
    })?;
    if let Some(failed) = audit.failed {
        draft.broken(
            "tool_error",
            format!("npm could not ask for advisories: {failed}"),
        );
        return Ok(());
    }
    if audit.version.is_some_and(|version| version != 2) {
        let what = "the report's auditReportVersion is not 2";
        return Err(EvidenceError::whole(Fault::Unsupported, what));
    }
    if !audit.listed {
        return Err(lacks("vulnerabilities or advisories"));
    }
    if audit.dependencies == Some(0) {
        draft.doubt("nothing_examined", "npm saw no dependency");
    }
    for (severity, declared) in &audit.declared {
        let counted = audit.counted.get(severity).copied().unwrap_or(0);
        if *declared != counted {
            let text = format!("{declared} of severity {severity} are declared and {counted} listed");
            draft.note("counters", text);
        }
        if *declared > counted {
            draft.scan().declare(*severity, *declared, expect)?;
        }
    }
    Ok(())
}

impl Audit {
    fn field(
        &mut self,
        key: &str,
        slot: &mut dyn Slot,
        expect: &Expect<'_>,
        draft: &mut Draft,
    ) -> Result<()> {
        match key {
            "auditReportVersion" => self.version = slot.count()?,
            "error" => self.failed = failure(slot)?,
            "vulnerabilities" => {
                self.listed = true;
                slot.object(&mut |name, slot| self.package(name, slot, expect, draft))?;
            }
            "advisories" => {
                self.listed = true;
                slot.object(&mut |_, slot| self.advisory(slot, expect, draft))?;
            }
            "metadata" => slot.object(&mut |key, slot| match key {
                "vulnerabilities" => slot.object(&mut |key, slot| {
                    if key != "total"
                        && let Some(count) = slot.count()?
                    {
                        add(self.declared.entry(Severity::from_word(key)).or_insert(0), count);
                    }
                    Ok(())
                }),
                "totalDependencies" => {
                    self.dependencies = slot.count()?;
                    Ok(())
                }
                "dependencies" => slot
                    .visit(
                        &mut |key, slot| {
                            if key == "total" {
                                self.dependencies = slot.count()?;
                            }
                            Ok(())
                        },
                        &mut |_| Ok(()),
                    )
                    .map(drop),
                _ => Ok(()),
            })?,
            _ => {}
        }
        Ok(())
    }

    /// Version 2: a package and the advisories that hit it itself; texts name what it inherits from.
    fn package(
        &mut self,
        name: &str,
        slot: &mut dyn Slot,
        expect: &Expect<'_>,
        draft: &mut Draft,
    ) -> Result<()> {
        let mut worst = Severity::Unknown;
        slot.object(&mut |key, slot| match key {
            "severity" => {
                worst = slot.severity()?;
                Ok(())
            }
            "via" => slot
                .list(&mut |slot| match via(slot)? {
                    Some(mut found) => {
                        found.package = Some(name.to_owned());
                        draft.scan().add(found, expect)
                    }
                    None => Ok(()),
                })
                .map(drop),
            _ => Ok(()),
        })?;
        add(self.counted.entry(worst).or_insert(0), 1);
        Ok(())
    }

    /// Version 1: an advisory and all the paths that lead to it.
    fn advisory(&mut self, slot: &mut dyn Slot, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
        let mut found = Finding::new(None, Severity::Unknown, None);
        let mut paths = 0;
        slot.object(&mut |key, slot| {
            match key {
                "id" => found.id = slot.id()?.unwrap_or_default(),
                "severity" => found.severity = slot.severity()?,
                "module_name" => found.package = slot.text()?,
                "findings" => drop(slot.list(&mut |slot| {
                    slot.object(&mut |key, slot| {
                        if key == "paths" {
                            slot.list(&mut |_| {
                                paths += 1;
                                Ok(())
                            })?;
                        }
                        Ok(())
                    })
                })?),
                _ => {}
            }
            Ok(())
        })?;
        let paths = paths.max(1);
        add(self.counted.entry(found.severity).or_insert(0), paths);
        for _ in 0..paths {
            draft.scan().add(found.clone(), expect)?;
        }
        Ok(())
    }
}

fn via(slot: &mut dyn Slot) -> Result<Option<Finding>> {
    let mut found = Finding::new(None, Severity::Unknown, None);
    let mut url = None;
    let scalar = slot.visit(
        &mut |key, slot| {
            match key {
                "source" => found.id = slot.id()?.unwrap_or_default(),
                "url" => url = slot.text()?,
                "severity" => found.severity = slot.severity()?,
                _ => {}
            }
            Ok(())
        },
        &mut |_| Ok(()),
    )?;
    if let Some(advisory) = url.as_deref().and_then(|url| url.rsplit('/').next())
        && advisory.starts_with("GHSA-")
    {
        found.id = advisory.to_owned();
    }
    Ok((scalar == Scalar::Map).then_some(found))
}

fn failure(slot: &mut dyn Slot) -> Result<Option<String>> {
    let mut why = None;
    let scalar = slot.visit(
        &mut |key, slot| {
            if matches!(key, "summary" | "code")
                && let Scalar::Text(text) = slot.scalar()?
                && !text.is_empty()
            {
                why = Some(text);
            }
            Ok(())
        },
        &mut |_| Ok(()),
    )?;
    Ok(match scalar {
        Scalar::Null => None,
        Scalar::Text(text) => Some(text),
        _ => Some(why.unwrap_or_else(|| "it does not say why".to_owned())),
    })
}
