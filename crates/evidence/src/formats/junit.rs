//! JUnit XML: pytest, Surefire, jest-junit, cargo-nextest, gotestsum, Playwright and many more.

use super::{Format, plain};
use crate::draft::{Draft, lacks};
use crate::error::Result;
use crate::kinds::tests::{self, Declared, Tally};
use crate::source::Bytes;
use crate::xml::{self, Doctype, Node, Tag, Xml};
use crate::{Expect, Kind};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

pub(super) static FORMAT: Format = Format {
    name: "junit",
    kind: Kind::Tests,
    about: "Test results as JUnit XML, which nearly every test runner can write.",
    empty_is_clean: false,
    recognise: |head| matches!(head.root(), "testsuites" | "testsuite"),
    exit: plain,
    read,
};

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    xml::read(bytes, expect, Doctype::Refused, |xml| {
        let mut suites = Suites {
            remembered: expect.limits.remembered,
            ..Suites::default()
        };
        suites.read(xml, draft)?;
        suites.settle(draft);
        Ok(())
    })
}

/// How a test case ended. The later ones win over the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum End {
    #[default]
    Passed,
    Skipped,
    Failed,
    Error,
}

/// The case that is being read.
#[derive(Debug, Default)]
struct Case {
    end: End,
    flaky: bool,
    id: u64,
}

/// Which element one is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum In {
    Suite,
    Case,
    Other,
}

#[derive(Debug, Default)]
struct Suites {
    tally: Tally,
    /// What the root says, and what the outermost suites say together.
    root: Declared,
    suites: Declared,
    /// Whether the root is `<testsuites>`, which stands above the outermost suites.
    rooted: bool,
    open: Vec<In>,
    /// The names of the open suites, as hashes.
    names: Vec<u64>,
    case: Case,
    /// The cases that passed, by suite, class and name.
    seen: HashSet<u64>,
    suite_errors: u64,
    remembered: usize,
}

impl Suites {
    fn read(&mut self, xml: &mut Xml<'_>, draft: &mut Draft) -> Result<()> {
        loop {
            match xml.next()? {
                Node::Open(tag) => {
                    let inside = self.opened(&tag, draft)?;
                    self.open.push(inside);
                }
                Node::Close => match self.open.pop() {
                    Some(In::Case) => self.closed(),
                    Some(In::Suite) => drop(self.names.pop()),
                    _ => {}
                },
                Node::Text(_) => {}
                Node::End => return Ok(()),
            }
        }
    }

    fn opened(&mut self, tag: &Tag<'_>, draft: &mut Draft) -> Result<In> {
        let parent = self.open.last().copied();
        match (tag.name, parent) {
            ("testsuites", None) => {
                self.root = declared(tag)?;
                self.rooted = true;
                self.names.push(0);
                draft.name = tag.text("name");
                Ok(In::Suite)
            }
            ("testsuite", None | Some(In::Suite)) => {
                self.suite(tag, draft)?;
                Ok(In::Suite)
            }
            ("testcase", Some(In::Suite)) => {
                self.case = self.case(tag);
                Ok(In::Case)
            }
            // Nothing that a runner writes; whoever reads it otherwise sees other results.
            ("testcase" | "testsuite" | "testsuites", _) => {
                draft.doubt("misplaced", format!("<{}> is where none belongs", tag.name));
                Ok(In::Other)
            }
            (name, Some(In::Case)) => {
                self.mark(name);
                Ok(In::Other)
            }
            ("error" | "failure", Some(In::Suite)) => {
                self.suite_errors += 1;
                let why = tag
                    .text("message")
                    .or_else(|| tag.text("type"))
                    .unwrap_or_default();
                draft.note(
                    "suite_error",
                    format!("a suite failed outside of its cases: {why}"),
                );
                Ok(In::Other)
            }
            (_, None) => Err(lacks("the root <testsuites> or <testsuite>")),
            _ => Ok(In::Other),
        }
    }

    fn suite(&mut self, tag: &Tag<'_>, draft: &mut Draft) -> Result<()> {
        let claims = declared(tag)?;
        // A suite's counters include those of the suites within it, so only the outermost are added.
        if self.names.len() == usize::from(self.rooted) {
            Declared::plus(&mut self.suites.tests, claims.tests);
            Declared::plus(&mut self.suites.failed, claims.failed);
            Declared::plus(&mut self.suites.errors, claims.errors);
        } else if claims.red() && !self.suites.red() {
            draft.red();
            draft.note(
                "counters",
                "a suite declares failures that the suite around it does not",
            );
        }
        if draft.name.is_none() && self.open.is_empty() {
            draft.name = tag.text("name");
        }
        self.names.push(hash(&[tag.get("name").unwrap_or_default()]));
        Ok(())
    }

    fn case(&self, tag: &Tag<'_>) -> Case {
        // Some runners say in an attribute what others say in an element.
        let status = tag
            .get("status")
            .or_else(|| tag.get("result"))
            .unwrap_or_default();
        let end = match status.to_ascii_lowercase().as_str() {
            "failed" | "failure" | "fail" => End::Failed,
            "error" | "errored" | "broken" | "timedout" | "crashed" => End::Error,
            "skipped" | "notrun" | "disabled" | "ignored" | "suppressed" => End::Skipped,
            _ => End::Passed,
        };
        let names = ["classname", "file", "name"].map(|name| tag.get(name).unwrap_or_default());
        let suite = self.names.last().copied().unwrap_or_default();
        let id = hash(&names) ^ suite.rotate_left(1);
        Case {
            end,
            flaky: false,
            id,
        }
    }

    /// A child of a case. Failing once and passing in the end is a pass, and worth knowing.
    fn mark(&mut self, child: &str) {
        let end = match child {
            "failure" | "rerunFailure" => End::Failed,
            "error" | "rerunError" => End::Error,
            "skipped" | "disabled" => End::Skipped,
            "flakyFailure" | "flakyError" => {
                self.case.flaky = true;
                return;
            }
            _ => return,
        };
        self.case.end = self.case.end.max(end);
    }

    fn closed(&mut self) {
        match self.case.end {
            End::Passed if self.seen.contains(&self.case.id) => self.tally.repeated += 1,
            End::Passed => {
                if self.seen.len() < self.remembered {
                    self.seen.insert(self.case.id);
                }
                self.tally.passed += 1;
                self.tally.flaky += u64::from(self.case.flaky);
            }
            End::Skipped => self.tally.skipped += 1,
            End::Failed => self.tally.failed += 1,
            End::Error => self.tally.errors += 1,
        }
    }

    fn settle(&self, draft: &mut Draft) {
        let larger = |root: Option<u64>, suites: Option<u64>| root.max(suites);
        let declared = Declared {
            tests: self.root.tests.or(self.suites.tests),
            failed: larger(self.root.failed, self.suites.failed),
            errors: larger(self.root.errors, self.suites.errors),
        };
        for (what, root, suites) in [
            ("tests", self.root.tests, self.suites.tests),
            ("failures", self.root.failed, self.suites.failed),
            ("errors", self.root.errors, self.suites.errors),
        ] {
            if let (Some(root), Some(suites)) = (root, suites)
                && root != suites
            {
                let text = format!("the root declares {root} {what}, its suites {suites}");
                draft.note("counters", text);
            }
        }
        let mut tally = self.tally;
        tally.errors += self.suite_errors;
        if self.seen.len() == self.remembered {
            draft.note(
                "not_remembered",
                "there are too many tests to see which of them repeat",
            );
        }
        tests::settle(draft, &tally, &declared);
    }
}

fn declared(tag: &Tag<'_>) -> Result<Declared> {
    Ok(Declared {
        tests: tag.count("tests")?,
        failed: tag.count("failures")?,
        errors: tag.count("errors")?,
    })
}

fn hash(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}
