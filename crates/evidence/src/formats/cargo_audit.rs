//! `cargo audit --json`.

use super::Format;
use crate::draft::{Draft, add, lacks};
use crate::error::Result;
use crate::json::{self, Scalar, Slot};
use crate::source::Bytes;
use crate::{Expect, Finding, Kind, Severity, cvss};

pub(super) static FORMAT: Format = Format {
    name: "cargo-audit",
    kind: Kind::Vulnerabilities,
    about: "`cargo audit --json`.",
    empty_is_clean: false,
    recognise: |head| head.has(&["lockfile", "vulnerabilities"]) && !head.has(&["version"]),
    exit: |code| (code == 2).then_some("cargo audit failed"),
    read,
};

#[derive(Default)]
struct Audit {
    advisories: Option<u64>,
    dependencies: Option<u64>,
    declared: Option<u64>,
    found: bool,
    listed: Option<u64>,
    unscored: u64,
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    draft.tool = Some("cargo-audit".to_owned());
    let mut audit = Audit::default();
    json::read(bytes, expect, |slot| {
        slot.object(&mut |key, slot| audit.field(key, slot, expect, draft))
    })?;
    audit.settle(expect, draft)
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
            "database" => slot.object(&mut |key, slot| {
                if key == "advisory-count" {
                    self.advisories = slot.count()?;
                }
                Ok(())
            }),
            "lockfile" => slot.object(&mut |key, slot| {
                if key == "dependency-count" {
                    self.dependencies = slot.count()?;
                }
                Ok(())
            }),
            "settings" => slot.object(&mut |key, slot| {
                let mut ignored = Vec::new();
                if key == "ignore" {
                    slot.texts(&mut ignored, 100)?;
                }
                if !ignored.is_empty() {
                    draft.note("ignored", format!("not looked for: {}", ignored.join(", ")));
                }
                Ok(())
            }),
            "vulnerabilities" => slot.object(&mut |key, slot| {
                match key {
                    "found" => self.found = slot.flag()? == Some(true),
                    "count" => self.declared = slot.count()?,
                    "list" => {
                        let listed = slot.list(&mut |slot| {
                            let found = finding(slot)?;
                            add(self.listed.get_or_insert(0), 1);
                            add(&mut self.unscored, u64::from(found.severity == Severity::Unknown));
                            draft.scan().add(found, expect)
                        })?;
                        if listed {
                            self.listed.get_or_insert(0);
                        }
                    }
                    _ => {}
                }
                Ok(())
            }),
            "warnings" => slot.object(&mut |kind, slot| warnings(kind, slot, draft)),
            _ => Ok(()),
        }
    }

    fn settle(&self, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
        let Some(listed) = self.listed else {
            return Err(lacks("vulnerabilities.list"));
        };
        if self.advisories == Some(0) {
            draft.doubt("nothing_examined", "the advisory database is empty");
        }
        if self.dependencies == Some(0) {
            draft.doubt("nothing_examined", "the lockfile holds no dependency");
        }
        if self.unscored > 0 {
            let text = format!("{} findings have no severity that can be read", self.unscored);
            draft.note("unknown_severity", text);
        }
        let declared = self.declared.unwrap_or(0).max(u64::from(self.found));
        if self.declared.is_some_and(|declared| declared != listed) || (self.found && listed == 0) {
            draft.note(
                "counters",
                format!("{declared} findings are declared and {listed} listed"),
            );
        }
        if declared > listed {
            let known = draft.scan().count(Severity::Unknown);
            draft
                .scan()
                .declare(Severity::Unknown, known.saturating_add(declared - listed), expect)?;
        }
        Ok(())
    }
}

fn finding(slot: &mut dyn Slot) -> Result<Finding> {
    let mut found = Finding::new(None, Severity::Unknown, None);
    slot.object(&mut |key, slot| match key {
        "advisory" => slot.object(&mut |key, slot| {
            match key {
                "id" => found.id = slot.text()?.unwrap_or_default(),
                "package" => found.package = slot.text()?,
                "cvss" => {
                    if let Scalar::Text(vector) = slot.scalar()? {
                        found.severity = cvss::severity(&vector);
                    }
                }
                _ => {}
            }
            Ok(())
        }),
        _ => Ok(()),
    })?;
    Ok(found)
}

/// Unmaintained, unsound and yanked crates: told apart from vulnerabilities, and counted by kind.
fn warnings(kind: &str, slot: &mut dyn Slot, draft: &mut Draft) -> Result<()> {
    let mut count = 0;
    slot.list(&mut |_| {
        count += 1;
        Ok(())
    })?;
    if ["unmaintained", "unsound", "yanked", "notice"].contains(&kind) {
        draft.fact_count(kind, count);
    }
    if count > 0 {
        draft.note(
            "warnings",
            format!("{count} warnings of kind {kind}, which are not counted as findings"),
        );
    }
    Ok(())
}
