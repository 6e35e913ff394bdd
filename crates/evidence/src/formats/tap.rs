//! TAP, the Test Anything Protocol, versions 12 to 14.

use super::{Format, plain};
use crate::draft::{Draft, lacks};
use crate::error::{EvidenceError, Fault, Result};
use crate::kinds::tests::{self, Declared, Tally};
use crate::source::Bytes;
use crate::text;
use crate::{Expect, Kind};
use std::collections::HashSet;

pub(super) static FORMAT: Format = Format {
    name: "tap",
    kind: Kind::Tests,
    about: "TAP, the Test Anything Protocol.",
    empty_is_clean: false,
    recognise: |head| {
        let plain = |line: &&String| !line.starts_with('#');
        head.lines().iter().find(plain).is_some_and(|line| {
            line.starts_with("TAP version ")
                || plan(line).is_some()
                || test(line).is_some()
                || line.starts_with("Bail out!")
        })
    },
    exit: plain,
    read,
};

#[derive(Default)]
struct Run {
    tally: Tally,
    planned: Option<u64>,
    numbers: HashSet<u64>,
    seen: u64,
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    let mut run = Run::default();
    text::read(bytes, expect, |lines| {
        let mut yaml = false;
        while let Some(line) = lines.next()? {
            // Diagnostics in YAML stand between two marks; results are never indented.
            match line.trim() {
                "---" if line.starts_with(' ') => yaml = true,
                "..." if yaml => yaml = false,
                _ if yaml || line.starts_with([' ', '\t']) => {}
                _ => run.line(line, expect, draft)?,
            }
        }
        if yaml || !lines.ended() {
            draft.doubt("cut_off", "the last line has no end, or its diagnostics do not");
        }
        Ok(())
    })?;
    run.settle(draft)
}

impl Run {
    fn line(&mut self, line: &str, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
        if let Some(count) = plan(line) {
            if self.planned.replace(count).is_some() {
                return Err(EvidenceError::whole(Fault::Malformed, "there is a second plan"));
            }
            return Ok(());
        }
        if line.starts_with("Bail out!") {
            self.tally.errors += 1;
            draft.note("bail_out", line);
            return Ok(());
        }
        let Some((ok, rest)) = test(line) else {
            return Ok(());
        };
        self.seen += 1;
        let number = rest
            .split_whitespace()
            .next()
            .and_then(|word| word.parse::<u64>().ok());
        if let Some(number) = number
            && self.numbers.len() < expect.limits.remembered
            && !self.numbers.insert(number)
        {
            draft.red();
            draft.note(
                "numbers",
                format!("there are two results with the number {number}"),
            );
        }
        let place = match (ok, directive(rest)) {
            (_, Some("skip")) => &mut self.tally.skipped,
            // Expected to fail, and does.
            (false, Some("todo")) => &mut self.tally.skipped,
            (true, _) => &mut self.tally.passed,
            (false, _) => &mut self.tally.failed,
        };
        *place += 1;
        Ok(())
    }

    fn settle(&self, draft: &mut Draft) -> Result<()> {
        match self.planned {
            None if self.seen == 0 && self.tally.errors == 0 => return Err(lacks("any result or plan")),
            None => draft.doubt(
                "no_plan",
                "without a plan nobody knows how many tests were to run",
            ),
            Some(planned) if planned != self.seen => {
                draft.red();
                draft.note(
                    "counters",
                    format!("{planned} tests were planned and {} ran", self.seen),
                );
            }
            Some(planned) => {
                if let Some(number) = self
                    .numbers
                    .iter()
                    .find(|number| **number > planned || **number == 0)
                {
                    draft.red();
                    draft.note(
                        "numbers",
                        format!("the number {number} is not in the plan of {planned}"),
                    );
                }
            }
        }
        tests::settle(draft, &self.tally, &Declared::default());
        Ok(())
    }
}

/// `1..N`, and what comes after it.
fn plan(line: &str) -> Option<u64> {
    let rest = line.strip_prefix("1..")?;
    rest.split([' ', '#']).next()?.parse().ok()
}

/// Whether a result is good, and what comes after that.
fn test(line: &str) -> Option<(bool, &str)> {
    let (ok, rest) = match line.strip_prefix("not ok") {
        Some(rest) => (false, rest),
        None => (true, line.strip_prefix("ok")?),
    };
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then_some((ok, rest))
}

/// `# SKIP why` or `# TODO why`, but not `\# skip`.
fn directive(rest: &str) -> Option<&'static str> {
    let (before, after) = rest.split_once('#')?;
    if before.ends_with('\\') {
        return directive(after);
    }
    let word: String = after.trim_start().chars().take(4).collect();
    match word.to_ascii_lowercase().as_str() {
        "skip" => Some("skip"),
        "todo" => Some("todo"),
        _ => None,
    }
}
