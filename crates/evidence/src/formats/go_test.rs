//! `go test -json`: one event on each line.

use super::{Format, plain};
use crate::draft::{Draft, lacks};
use crate::error::{EvidenceError, Fault, Result};
use crate::json::{self, Scalar};
use crate::kinds::tests::{self, Declared, Tally};
use crate::source::Bytes;
use crate::text;
use crate::{Expect, Kind, Limits};
use std::collections::{HashMap, HashSet};

pub(super) static FORMAT: Format = Format {
    name: "go-test",
    kind: Kind::Tests,
    about: "`go test -json`.",
    empty_is_clean: false,
    recognise: |head| {
        let event = |peek: &crate::recognise::Peek| {
            peek.has(&["Action"]) && (peek.has(&["Package"]) || peek.has(&["ImportPath"]))
        };
        head.json().is_some_and(event)
    },
    exit: plain,
    read,
};

#[derive(Default)]
struct Event {
    action: String,
    package: String,
    test: Option<String>,
}

#[derive(Default)]
struct Run {
    tally: Tally,
    /// Tests that have begun and not ended, by package.
    running: HashMap<u64, HashSet<u64>>,
    passed: HashSet<u64>,
    /// Packages that have begun and not ended; and those in which a test has failed.
    packages: HashSet<u64>,
    blamed: HashSet<u64>,
    events: u64,
    noise: u64,
    remembered: usize,
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    let mut run = Run::default();
    text::read(bytes, expect, |lines| {
        while let Some(line) = lines.next()? {
            let line = line.trim();
            if line.starts_with('{') {
                let event = event(line, &expect.limits)?;
                run.event(event, expect, draft)?;
            } else if !line.is_empty() {
                run.noise(line, draft);
            }
        }
        Ok(())
    })?;
    if run.events == 0 {
        return Err(lacks("any event with Action and Package"));
    }
    run.settle(draft);
    Ok(())
}

fn event(line: &str, limits: &Limits) -> Result<Event> {
    let mut event = Event::default();
    json::line(line, limits, |slot| {
        slot.object(&mut |key, slot| {
            match key {
                "Action" => event.action = slot.text()?.unwrap_or_default(),
                "Package" | "ImportPath" => event.package = slot.text()?.unwrap_or_default(),
                "Test" => {
                    if let Scalar::Text(test) = slot.scalar()? {
                        event.test = Some(test);
                    }
                }
                _ => {}
            }
            Ok(())
        })
    })
    // The line within the report is known further out; the one within the line says nothing.
    .map_err(|error| EvidenceError::whole(error.fault(), "the event on this line is broken"))?;
    Ok(event)
}

impl Run {
    fn noise(&mut self, line: &str, draft: &mut Draft) {
        self.noise += 1;
        if line.starts_with("FAIL") || line.starts_with("panic:") {
            self.tally.errors += 1;
            let shown: String = line.chars().take(100).collect();
            draft.note("package_error", format!("among the events is the line {shown:?}"));
        }
    }

    fn event(&mut self, event: Event, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
        if event.action.is_empty() {
            return Ok(());
        }
        self.events += 1;
        match event.test {
            Some(test) => self.test(&event.action, &event.package, &test),
            None => self.package(&event.action, &event.package, draft),
        }
        let known = [
            self.running.len(),
            self.packages.len(),
            self.blamed.len(),
            self.remembered,
        ];
        if known.iter().any(|count| *count > expect.limits.remembered) {
            let what = "there are too many packages, or tests that run at once";
            return Err(EvidenceError::whole(Fault::TooMany, what));
        }
        if self.passed.len() > expect.limits.remembered.saturating_mul(2) {
            return Err(EvidenceError::whole(Fault::TooMany, "there are too many tests"));
        }
        Ok(())
    }

    fn test(&mut self, action: &str, package: &str, test: &str) {
        let (id, package) = (hash(&[package, test]), hash(&[package]));
        match action {
            "run" => {
                let new = self.running.entry(package).or_default().insert(id);
                self.remembered += usize::from(new);
                return;
            }
            "pass" if !self.passed.insert(id) => self.tally.repeated += 1,
            "pass" => self.tally.passed += 1,
            "fail" => {
                self.tally.failed += 1;
                self.blamed.insert(package);
            }
            "skip" => self.tally.skipped += 1,
            _ => return,
        }
        if self
            .running
            .get_mut(&package)
            .is_some_and(|tests| tests.remove(&id))
        {
            self.remembered -= 1;
        }
    }

    fn package(&mut self, action: &str, name: &str, draft: &mut Draft) {
        let package = hash(&[name]);
        match action {
            "start" => drop(self.packages.insert(package)),
            "pass" | "skip" => drop(self.packages.remove(&package)),
            "fail" => {
                self.packages.remove(&package);
                let unfinished = self.running.remove(&package).unwrap_or_default().len();
                self.remembered -= unfinished.min(self.remembered);
                self.tally.errors += unfinished as u64;
                if unfinished > 0 {
                    draft.note(
                        "unfinished",
                        format!("{unfinished} tests of {name} began and never ended"),
                    );
                } else if !self.blamed.contains(&package) {
                    self.tally.errors += 1;
                    draft.note("package_error", format!("{name} failed outside of its tests"));
                }
            }
            "build-fail" => {
                self.tally.errors += 1;
                self.blamed.insert(package);
                draft.note("package_error", format!("{name} did not build"));
            }
            _ => {}
        }
    }

    fn settle(&mut self, draft: &mut Draft) {
        let unfinished: usize = self.running.values().map(HashSet::len).sum();
        if unfinished > 0 {
            self.tally.errors += unfinished as u64;
            draft.note("unfinished", format!("{unfinished} tests began and never ended"));
        }
        if !self.packages.is_empty() {
            draft.doubt(
                "unfinished",
                format!("{} packages began and never ended", self.packages.len()),
            );
        }
        if self.noise > 0 {
            draft.note("noise", format!("{} lines are no events", self.noise));
        }
        tests::settle(draft, &self.tally, &Declared::default());
    }
}

fn hash(parts: &[&str]) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}
