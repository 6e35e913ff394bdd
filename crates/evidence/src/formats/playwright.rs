//! Playwright's JSON.

use super::{Format, plain};
use crate::draft::{Draft, add, lacks};
use crate::error::Result;
use crate::json::{self, Scalar, Slot};
use crate::kinds::tests::{self, Declared, Tally};
use crate::source::Bytes;
use crate::{Expect, Kind};

pub(super) static FORMAT: Format = Format {
    name: "playwright",
    kind: Kind::Tests,
    about: "Playwright's JSON reporter.",
    empty_is_clean: false,
    recognise: |head| head.has(&["suites", "stats"]) && head.has(&["config"]),
    exit: plain,
    read,
};

#[derive(Default)]
struct Stats {
    expected: u64,
    unexpected: u64,
    flaky: u64,
    skipped: u64,
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    draft.tool = Some("playwright".to_owned());
    let mut tally = Tally::default();
    let (mut stats, mut outside) = (None, 0_u64);
    json::read(bytes, expect, |slot| {
        slot.object(&mut |key, slot| {
            match key {
                "suites" => suites(slot, &mut tally)?,
                "stats" => stats = Some(statistics(slot)?),
                "errors" => errors(slot, &mut outside, draft)?,
                _ => {}
            }
            Ok(())
        })
    })?;
    let Some(stats) = stats else {
        return Err(lacks("stats"));
    };
    // The numbers of all tests together are believed for what is red, the tests themselves for the rest.
    let declared = Declared {
        tests: Some(
            stats
                .expected
                .saturating_add(stats.unexpected)
                .saturating_add(stats.flaky)
                .saturating_add(stats.skipped),
        ),
        failed: Some(stats.unexpected),
        errors: None,
    };
    tally.errors = outside;
    let declared_tests = declared.tests.map(|tests| tests.saturating_add(outside));
    if stats.flaky != tally.flaky {
        draft.note(
            "counters",
            format!(
                "{} flaky tests are declared and {} listed",
                stats.flaky, tally.flaky
            ),
        );
    }
    tests::settle(
        draft,
        &tally,
        &Declared {
            tests: declared_tests,
            ..declared
        },
    );
    Ok(())
}

/// Errors outside of all tests, such as a file that cannot be parsed.
fn errors(slot: &mut dyn Slot, count: &mut u64, draft: &mut Draft) -> Result<()> {
    slot.list(&mut |slot| {
        add(count, 1);
        let mut message = String::new();
        slot.visit(
            &mut |key, slot| {
                if key == "message"
                    && let Scalar::Text(text) = slot.scalar()?
                {
                    message = text;
                }
                Ok(())
            },
            &mut |_| Ok(()),
        )?;
        draft.note(
            "error_outside",
            format!("an error outside of all tests: {message}"),
        );
        Ok(())
    })
    .map(drop)
}

fn statistics(slot: &mut dyn Slot) -> Result<Stats> {
    let mut stats = Stats::default();
    slot.object(&mut |key, slot| {
        let place = match key {
            "expected" => &mut stats.expected,
            "unexpected" => &mut stats.unexpected,
            "flaky" => &mut stats.flaky,
            "skipped" => &mut stats.skipped,
            _ => return Ok(()),
        };
        *place = slot.count()?.unwrap_or(0);
        Ok(())
    })?;
    Ok(stats)
}

fn suites(slot: &mut dyn Slot, tally: &mut Tally) -> Result<()> {
    slot.list(&mut |slot| {
        slot.object(&mut |key, slot| match key {
            "suites" => suites(slot, tally),
            "specs" => slot
                .list(&mut |slot| {
                    slot.object(&mut |key, slot| match key {
                        "tests" => slot.list(&mut |slot| test(slot, tally)).map(drop),
                        _ => Ok(()),
                    })
                })
                .map(drop),
            _ => Ok(()),
        })
    })
    .map(drop)
}

/// A spec's `ok` is true for flaky tests and for expected failures, so each test's own status counts.
fn test(slot: &mut dyn Slot, tally: &mut Tally) -> Result<()> {
    let mut status = None;
    slot.object(&mut |key, slot| {
        if key == "status" {
            status = slot.text()?;
        }
        Ok(())
    })?;
    match status.as_deref() {
        Some("expected") => add(&mut tally.passed, 1),
        Some("flaky") => {
            add(&mut tally.passed, 1);
            add(&mut tally.flaky, 1);
        }
        Some("skipped") => add(&mut tally.skipped, 1),
        _ => add(&mut tally.failed, 1),
    }
    Ok(())
}
