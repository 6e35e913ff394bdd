//! `llvm-cov export`, as cargo-llvm-cov writes it too.

use super::{Format, plain};
use crate::draft::{Draft, lacks};
use crate::error::Result;
use crate::json::{self, Slot};
use crate::kinds::coverage::{self, Coverage, Ratio};
use crate::source::Bytes;
use crate::{Expect, Kind};

pub(super) static FORMAT: Format = Format {
    name: "llvm-cov",
    kind: Kind::Coverage,
    about: "`llvm-cov export` and `cargo llvm-cov --json`.",
    empty_is_clean: false,
    recognise: |head| {
        head.json()
            .is_some_and(|peek| peek.says("type", "llvm.coverage.json.export"))
    },
    exit: plain,
    read,
};

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    draft.tool = Some("llvm-cov".to_owned());
    let (mut coverage, mut parts) = (Coverage::default(), 0_u64);
    json::read(bytes, expect, |slot| {
        slot.object(&mut |key, slot| {
            if key != "data" {
                return Ok(());
            }
            slot.list(&mut |slot| {
                slot.object(&mut |key, slot| {
                    if key == "totals" {
                        parts += 1;
                        totals(slot, &mut coverage)?;
                    }
                    Ok(())
                })
            })
            .map(drop)
        })
    })?;
    if parts == 0 {
        return Err(lacks("data[0].totals"));
    }
    coverage::settle(draft, &coverage, "lines");
    Ok(())
}

fn totals(slot: &mut dyn Slot, coverage: &mut Coverage) -> Result<()> {
    slot.object(&mut |key, slot| {
        let place = match key {
            "lines" => &mut coverage.lines,
            "functions" => &mut coverage.functions,
            "branches" => &mut coverage.branches,
            // Regions are the finest thing that LLVM counts.
            "regions" => &mut coverage.instructions,
            _ => return Ok(()),
        };
        let (mut covered, mut count) = (0, 0);
        slot.object(&mut |key, slot| {
            match key {
                "covered" => covered = slot.count()?.unwrap_or(0),
                "count" => count = slot.count()?.unwrap_or(0),
                _ => {}
            }
            Ok(())
        })?;
        place.get_or_insert_with(Ratio::default).plus(covered, count);
        Ok(())
    })
}
