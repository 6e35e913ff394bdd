//! TRX: Visual Studio's and `dotnet test`'s results.

use super::{Format, plain};
use crate::draft::{Draft, lacks};
use crate::error::Result;
use crate::kinds::tests::{self, Declared, Tally};
use crate::source::Bytes;
use crate::xml::{self, Doctype, Node, Tag, Xml};
use crate::{Expect, Kind};

pub(super) static FORMAT: Format = Format {
    name: "trx",
    kind: Kind::Tests,
    about: "TRX, the test results of `dotnet test --logger trx`.",
    empty_is_clean: false,
    recognise: |head| head.root() == "TestRun",
    exit: plain,
    read,
};

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    xml::read(bytes, expect, Doctype::Refused, |xml| {
        let mut run = Run::default();
        run.read(xml, draft)?;
        tests::settle(draft, &run.tally, &run.declared);
        Ok(())
    })
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Passed,
    Failed,
    Error,
    Skipped,
}

/// A result that is open. Data-driven tests hold the results of their rows.
struct Open {
    end: End,
    rows: bool,
    red_row: bool,
}

#[derive(Default)]
struct Run {
    tally: Tally,
    declared: Declared,
    results: Vec<Open>,
}

impl Run {
    fn read(&mut self, xml: &mut Xml<'_>, draft: &mut Draft) -> Result<()> {
        let mut open: Vec<bool> = Vec::new();
        loop {
            match xml.next()? {
                Node::Open(tag) => {
                    if open.is_empty() && tag.name != "TestRun" {
                        return Err(lacks("the root <TestRun>"));
                    }
                    let result = [
                        "UnitTestResult",
                        "TestResult",
                        "GenericTestResult",
                        "ManualTestResult",
                    ]
                    .contains(&tag.name);
                    if result {
                        self.begin(&tag);
                    } else {
                        self.around(&tag, draft)?;
                    }
                    open.push(result);
                }
                Node::Close => {
                    if open.pop() == Some(true) {
                        self.end();
                    }
                }
                Node::Text(_) => {}
                Node::End => return Ok(()),
            }
        }
    }

    fn begin(&mut self, tag: &Tag<'_>) {
        let end = match tag.get("outcome").unwrap_or_default() {
            "Passed" | "PassedButRunAborted" | "Warning" | "Completed" => End::Passed,
            "NotExecuted" | "NotRunnable" | "Inconclusive" | "Pending" | "" => End::Skipped,
            "Failed" => End::Failed,
            // Error, Timeout, Aborted, Disconnected, InProgress, and words yet to come.
            _ => End::Error,
        };
        self.results.push(Open {
            end,
            rows: false,
            red_row: false,
        });
    }

    fn end(&mut self) {
        let Some(done) = self.results.pop() else { return };
        let red = matches!(done.end, End::Failed | End::Error);
        if let Some(around) = self.results.last_mut() {
            around.rows = true;
            around.red_row |= red || done.red_row;
        }
        // The rows have been counted; what holds them counts only where it knows of more.
        if done.rows && (done.red_row || !red) {
            return;
        }
        let place = match done.end {
            End::Passed => &mut self.tally.passed,
            End::Failed => &mut self.tally.failed,
            End::Error => &mut self.tally.errors,
            End::Skipped => &mut self.tally.skipped,
        };
        *place += 1;
    }

    fn around(&mut self, tag: &Tag<'_>, draft: &mut Draft) -> Result<()> {
        match tag.name {
            "TestRun" => draft.name = tag.text("name"),
            "ResultSummary" => {
                let outcome = tag.get("outcome").unwrap_or_default();
                if !matches!(outcome, "Completed" | "Passed" | "Failed" | "") {
                    self.tally.errors += 1;
                    draft.note("run_outcome", format!("the run as a whole is {outcome}"));
                }
                if outcome == "Failed" {
                    draft.red();
                }
            }
            "Counters" => {
                self.declared.tests = tag.count("total")?;
                self.declared.failed = tag.count("failed")?;
                for name in ["error", "timeout", "aborted", "disconnected"] {
                    Declared::plus(&mut self.declared.errors, tag.count(name)?);
                }
            }
            "RunInfo" if tag.get("outcome") == Some("Error") => {
                self.tally.errors += 1;
                draft.note("run_error", "the run tells of an error outside of its tests");
            }
            _ => {}
        }
        Ok(())
    }
}
