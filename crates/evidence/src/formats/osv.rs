//! OSV-Scanner's JSON.

use super::Format;
use crate::draft::{Draft, add, lacks};
use crate::error::{EvidenceError, Fault, Result};
use crate::json::{self, Scalar, Slot};
use crate::recognise::{Head, Peek};
use crate::source::Bytes;
use crate::{Expect, Finding, Kind, Severity, cvss};
use std::collections::BTreeMap;

pub(super) static FORMAT: Format = Format {
    name: "osv-scanner",
    kind: Kind::Vulnerabilities,
    about: "OSV-Scanner's JSON.",
    // With nothing found, some versions write nothing at all.
    empty_is_clean: true,
    recognise,
    exit: |code| match code {
        127 => Some("osv-scanner failed"),
        128 => Some("osv-scanner found no package to look at"),
        129.. => Some("osv-scanner was ended"),
        _ => None,
    },
    read,
};

fn recognise(head: &Head) -> bool {
    let Some(Peek::Map(keys)) = head.json() else {
        return false;
    };
    match keys.get("results") {
        Some(Peek::List(Some(first))) => first.has(&["packages"]),
        Some(Peek::List(None) | Peek::Null) => keys.keys().all(|key| {
            key == "results"
                || key.starts_with("experimental")
                || key.starts_with("image_")
                || key.starts_with("license_")
        }),
        _ => false,
    }
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    draft.tool = Some("osv-scanner".to_owned());
    let (mut there, mut listed, mut packages) = (false, false, 0);
    json::read(bytes, expect, |slot| {
        slot.object(&mut |key, slot| {
            if key == "results" {
                there = true;
                listed = slot.list(&mut |slot| {
                    slot.object(&mut |key, slot| {
                        if key == "packages" {
                            slot.list(&mut |slot| {
                                add(&mut packages, 1);
                                package(slot, expect, draft)
                            })?;
                        }
                        Ok(())
                    })
                })?;
            }
            Ok(())
        })
    })?;
    if !there {
        return Err(lacks("results"));
    }
    if !listed {
        draft.doubt("no_list", "the results are null");
    }
    draft.fact_count("packages", packages);
    Ok(())
}

/// A package: several of its entries may be one vulnerability, and its groups say which.
#[derive(Default)]
struct Package {
    name: Option<String>,
    /// The severities of the entries, by id.
    entries: BTreeMap<String, Severity>,
    groups: Vec<Group>,
}

#[derive(Default)]
struct Group {
    ids: Vec<String>,
    /// The name that all packages agree on: the first of all ids and aliases.
    aliases: Vec<String>,
    severity: Option<Severity>,
}

fn package(slot: &mut dyn Slot, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    let mut package = Package::default();
    slot.object(&mut |key, slot| match key {
        "package" => slot.object(&mut |key, slot| {
            if key == "name" {
                package.name = slot.text()?;
            }
            Ok(())
        }),
        "vulnerabilities" => slot
            .list(&mut |slot| {
                let (id, severity) = entry(slot)?;
                limit(package.entries.len(), expect)?;
                let known = package.entries.entry(id).or_insert(severity);
                *known = (*known).max(severity);
                Ok(())
            })
            .map(drop),
        "groups" => slot
            .list(&mut |slot| {
                limit(package.groups.len(), expect)?;
                package.groups.push(group(slot)?);
                Ok(())
            })
            .map(drop),
        _ => Ok(()),
    })?;
    package.settle(expect, draft)
}

fn limit(len: usize, expect: &Expect<'_>) -> Result<()> {
    if len < expect.limits.remembered {
        return Ok(());
    }
    Err(EvidenceError::whole(
        Fault::TooMany,
        "a package has too many findings",
    ))
}

impl Package {
    fn settle(mut self, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
        for group in std::mem::take(&mut self.groups) {
            let members: Vec<_> = group
                .ids
                .iter()
                .filter_map(|id| self.entries.remove(id))
                .collect();
            // A severity that is known says more than one that is not.
            let known = members
                .iter()
                .filter(|severity| **severity != Severity::Unknown)
                .max();
            let severity = group.severity.or(known.copied()).unwrap_or(Severity::Unknown);
            let id = group.ids.into_iter().chain(group.aliases).min();
            draft
                .scan()
                .add(Finding::new(id, severity, self.name.clone()), expect)?;
        }
        for (id, severity) in self.entries {
            draft
                .scan()
                .add(Finding::new(Some(id), severity, self.name.clone()), expect)?;
        }
        Ok(())
    }
}

fn group(slot: &mut dyn Slot) -> Result<Group> {
    let mut group = Group::default();
    slot.object(&mut |key, slot| {
        match key {
            "ids" => slot.texts(&mut group.ids, 1_000)?,
            "aliases" => slot.texts(&mut group.aliases, 1_000)?,
            "max_severity" => {
                let score = match slot.scalar()? {
                    Scalar::Text(text) => text.trim().parse().ok(),
                    Scalar::Number(number) => Some(number),
                    _ => None,
                };
                group.severity = score.map(Severity::from_score);
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(group)
}

fn entry(slot: &mut dyn Slot) -> Result<(String, Severity)> {
    let (mut id, mut word, mut scored) = (String::new(), None, None);
    slot.object(&mut |key, slot| match key {
        "id" => {
            id = slot.text()?.unwrap_or_default();
            Ok(())
        }
        "database_specific" => slot.object(&mut |key, slot| {
            if key == "severity"
                && let Scalar::Text(text) = slot.scalar()?
            {
                word = Some(Severity::from_word(&text)).filter(|severity| *severity != Severity::Unknown);
            }
            Ok(())
        }),
        "severity" => slot
            .list(&mut |slot| {
                slot.object(&mut |key, slot| {
                    if key == "score"
                        && let Scalar::Text(vector) = slot.scalar()?
                    {
                        let severity = cvss::severity(&vector);
                        scored = scored.max(Some(severity).filter(|found| *found != Severity::Unknown));
                    }
                    Ok(())
                })
            })
            .map(drop),
        _ => Ok(()),
    })?;
    Ok((id, scored.max(word).unwrap_or(Severity::Unknown)))
}
