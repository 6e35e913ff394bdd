//! Istanbul's `json-summary`: nyc, c8, jest and vitest.

use super::{Format, plain};
use crate::draft::{Draft, lacks};
use crate::error::Result;
use crate::json::{self, Slot};
use crate::kinds::coverage::{self, Coverage, Ratio};
use crate::source::Bytes;
use crate::{Expect, Kind};

pub(super) static FORMAT: Format = Format {
    name: "istanbul",
    kind: Kind::Coverage,
    about: "Istanbul's `json-summary`.",
    empty_is_clean: false,
    recognise: |head| {
        let total = head.json().and_then(|peek| peek.get("total"));
        total.is_some_and(|total| total.has(&["lines", "statements"]))
    },
    exit: plain,
    read,
};

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    let mut coverage = Coverage::default();
    // The files' own numbers are only a check on the total.
    let mut files = Ratio::default();
    json::read(bytes, expect, |slot| {
        slot.object(&mut |key, slot| {
            slot.object(&mut |metric, slot| {
                let place = match (key, metric) {
                    ("total", "lines") => &mut coverage.lines,
                    ("total", "statements") => &mut coverage.statements,
                    ("total", "functions") => &mut coverage.functions,
                    ("total", "branches") => &mut coverage.branches,
                    (_, "lines") if key != "total" => {
                        if let Some(file) = ratio(slot)? {
                            files.plus(file.covered, file.valid);
                        }
                        return Ok(());
                    }
                    _ => return Ok(()),
                };
                *place = ratio(slot)?;
                Ok(())
            })
        })
    })?;
    let Some(lines) = coverage.lines else {
        return Err(lacks("total.lines"));
    };
    if files.valid > 0 && files != lines {
        let text = format!(
            "the total has {} of {} lines, its files {} of {}",
            lines.covered, lines.valid, files.covered, files.valid
        );
        draft.note("counters", text);
    }
    coverage::settle(draft, &coverage, "lines");
    Ok(())
}

/// `pct` is left alone: it may be a word, and says 100 of nothing.
fn ratio(slot: &mut dyn Slot) -> Result<Option<Ratio>> {
    let (mut covered, mut total) = (None, None);
    slot.object(&mut |key, slot| {
        match key {
            "covered" => covered = slot.count()?,
            "total" => total = slot.count()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(covered
        .zip(total)
        .map(|(covered, valid)| Ratio { covered, valid }))
}
