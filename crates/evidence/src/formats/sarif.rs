//! SARIF 2.1.0: code scanners of every kind.
//!
//! Whether a result is bad is said in the result, or else in its rule, which may come after it. So
//! the document is read twice: first rules and how the run went, then results.

use super::sarif_results::SarifResult;
use super::sarif_rules::{Component, Rule, Run, level, overrides};
use super::{Format, plain};
use crate::draft::{Draft, add, lacks};
use crate::error::{EvidenceError, Fault, Result};
use crate::json::{self, Slot};
use crate::source::Bytes;
use crate::{Expect, Finding, Kind, Severity};

pub(super) static FORMAT: Format = Format {
    name: "sarif",
    kind: Kind::Vulnerabilities,
    about: "SARIF 2.1.0, which code scanners of every kind write.",
    empty_is_clean: false,
    recognise: |head| head.has(&["runs", "version"]) || head.has(&["runs", "$schema"]),
    exit: plain,
    read,
};

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    let runs = outline(bytes, expect, draft)?;
    let mut tools: Vec<_> = runs.iter().filter_map(|run| run.tool.clone()).collect();
    tools.dedup();
    draft.tool = (!tools.is_empty()).then(|| tools.join(", "));
    let mut counts = Counts::default();
    let mut nth = 0;
    json::read(bytes, expect, |slot| {
        slot.object(&mut |key, slot| {
            if key != "runs" {
                return Ok(());
            }
            slot.list(&mut |slot| {
                let Some(run) = runs.get(nth) else { return Ok(()) };
                nth += 1;
                slot.object(&mut |key, slot| {
                    if key == "results" {
                        slot.list(&mut |slot| counts.result(slot, run, expect, draft))?;
                    }
                    Ok(())
                })
            })
            .map(drop)
        })
    })?;
    counts.settle(draft);
    Ok(())
}

/// How many runs one report, and how many extensions one run may have.
const PARTS: usize = 1_000;

/// Everything but the results.
fn outline(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<Vec<Run>> {
    let (mut version, mut runs, mut listed) = (None, Vec::new(), false);
    // How many rules all runs together may still bring.
    let mut rules = expect.limits.remembered / 4;
    json::read(bytes, expect, |slot| {
        slot.object(&mut |key, slot| {
            match key {
                "version" => version = slot.text()?,
                "runs" => {
                    listed = slot.list(&mut |slot| {
                        if runs.len() == PARTS {
                            return Err(EvidenceError::whole(Fault::TooMany, "there are too many runs"));
                        }
                        runs.push(run(slot, &mut rules, draft)?);
                        Ok(())
                    })?;
                }
                _ => {}
            }
            Ok(())
        })
    })?;
    let Some(version) = version else {
        return Err(lacks("version"));
    };
    if !version.starts_with("2.1") {
        let what = format!("the report is SARIF {version}");
        return Err(EvidenceError::whole(Fault::Unsupported, what));
    }
    if !listed || runs.is_empty() {
        draft.doubt("nothing_examined", "the report holds no run");
    }
    Ok(runs)
}

fn run(slot: &mut dyn Slot, rules: &mut usize, draft: &mut Draft) -> Result<Run> {
    let mut run = Run::default();
    let mut elsewhere = false;
    slot.object(&mut |key, slot| {
        match key {
            "tool" => slot.object(&mut |key, slot| {
                match key {
                    "driver" => run.driver = component(slot, rules, &mut run.tool)?,
                    "extensions" => drop(slot.list(&mut |slot| {
                        if run.extensions.len() == PARTS {
                            return Err(EvidenceError::whole(
                                Fault::TooMany,
                                "there are too many extensions",
                            ));
                        }
                        run.extensions.push(component(slot, rules, &mut None)?);
                        Ok(())
                    })?),
                    _ => {}
                }
                Ok(())
            })?,
            "results" => run.has_results = slot.list(&mut |_| Ok(()))?,
            "invocations" => drop(slot.list(&mut |slot| invocation(slot, &mut run, draft))?),
            "externalPropertyFileReferences" => slot.object(&mut |key, _| {
                elsewhere |= key == "results";
                Ok(())
            })?,
            "versionControlProvenance" => drop(slot.list(&mut |slot| {
                slot.object(&mut |key, slot| {
                    if key == "revisionId"
                        && let Some(commit) = slot.text()?
                    {
                        draft.commit(&commit);
                    }
                    Ok(())
                })
            })?),
            _ => {}
        }
        Ok(())
    })?;
    run.apply_overrides();
    if elsewhere {
        draft.doubt("elsewhere", "a run keeps results in another file");
    } else if !run.has_results {
        draft.doubt("no_list", "a run has no list of results, so its scan did not run");
    }
    Ok(run)
}

fn invocation(slot: &mut dyn Slot, run: &mut Run, draft: &mut Draft) -> Result<()> {
    slot.object(&mut |key, slot| {
        match key {
            "executionSuccessful" if slot.flag()? == Some(false) => {
                draft.doubt("not_scanned", "a run says that it did not end well");
            }
            "exitCode" => {
                if let Some(code) = slot.number()?.filter(|code| *code != 0.0) {
                    draft.note(
                        "tool_exit_code",
                        format!("a run says that its tool ended with exit code {code}"),
                    );
                }
            }
            "ruleConfigurationOverrides" => overrides(slot, run)?,
            _ => {}
        }
        Ok(())
    })
}

fn component(slot: &mut dyn Slot, left: &mut usize, name: &mut Option<String>) -> Result<Component> {
    let mut rules = Vec::new();
    slot.object(&mut |key, slot| {
        match key {
            "name" => *name = slot.text()?,
            "rules" => drop(slot.list(&mut |slot| {
                *left = left
                    .checked_sub(1)
                    .ok_or_else(|| EvidenceError::whole(Fault::TooMany, "there are too many rules"))?;
                rules.push(Rule::read(slot)?);
                Ok(())
            })?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(Component::new(rules))
}

/// What is worth telling about all results together.
#[derive(Default)]
struct Counts {
    levels: [u64; 4],
    lost: u64,
    words: u64,
    disagree: u64,
    by_level: u64,
}

const LEVELS: [&str; 4] = ["error", "warning", "note", "none"];

impl Counts {
    fn result(
        &mut self,
        slot: &mut dyn Slot,
        run: &Run,
        expect: &Expect<'_>,
        draft: &mut Draft,
    ) -> Result<()> {
        let result = SarifResult::read(slot)?;
        let rule = run.rule(&result.reference);
        if rule.is_none() && run.has_rules() {
            add(&mut self.lost, 1);
        }
        let severity = self.severity(&result, rule, run);
        let id = result
            .reference
            .id
            .clone()
            .or_else(|| rule.map(|rule| rule.id.clone()));
        let mut finding = Finding::new(id, severity, result.file);
        finding.suppressed = result.suppressed;
        draft.scan().add(finding, expect)
    }

    fn severity(&mut self, result: &SarifResult, rule: Option<&Rule>, run: &Run) -> Severity {
        if result.kind.as_deref().is_some_and(|kind| kind != "fail") {
            add(&mut self.levels[3], 1);
            return Severity::None;
        }
        let said = result
            .level
            .as_deref()
            .or_else(|| rule.and_then(|rule| rule.level.as_deref()));
        // Without its rule nobody knows the level that the rule would have given.
        let unknown = said.is_none() && rule.is_none() && run.has_rules();
        let said = said.unwrap_or("warning");
        if let Some(nth) = LEVELS.iter().position(|level| *level == said) {
            add(&mut self.levels[nth], 1);
        }
        let score = result.score.or(rule.and_then(|rule| rule.score));
        let tag = result.tag.or(rule.and_then(|rule| rule.tag));
        add(
            &mut self.words,
            u64::from(rule.is_some_and(|rule| rule.worded) || result.worded),
        );
        match (score, tag) {
            (Some(score), Some(tag)) if score != tag => {
                add(&mut self.disagree, 1);
                score.max(tag)
            }
            (Some(found), _) | (None, Some(found)) => found,
            (None, None) if unknown => Severity::Unknown,
            (None, None) => {
                add(&mut self.by_level, 1);
                level(said)
            }
        }
    }

    fn settle(&self, draft: &mut Draft) {
        for (name, count) in LEVELS.iter().zip(self.levels) {
            draft.fact_count(&format!("level_{name}"), count);
        }
        for (count, code, text) in [
            (self.lost, "no_rule", "results name a rule that is not there"),
            (
                self.words,
                "words",
                "results have a security severity in words or out of range",
            ),
            (
                self.disagree,
                "labels",
                "results have a score that disagrees with their label; the worse one counts",
            ),
            (
                self.by_level,
                "by_level",
                "results have only a level, which cannot tell critical from high",
            ),
        ] {
            if count > 0 {
                draft.note(code, format!("{count} {text}"));
            }
        }
    }
}
