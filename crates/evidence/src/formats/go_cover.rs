//! Go's coverprofile.

use super::{Format, plain};
use crate::draft::{Draft, lacks};
use crate::error::{EvidenceError, Fault, Result};
use crate::kinds::coverage::{self, Coverage};
use crate::source::Bytes;
use crate::text;
use crate::{Expect, Kind};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

pub(super) static FORMAT: Format = Format {
    name: "go-cover",
    kind: Kind::Coverage,
    about: "Go's coverprofile, `go test -coverprofile`.",
    empty_is_clean: false,
    recognise: |head| {
        head.lines()
            .first()
            .is_some_and(|line| line.starts_with("mode: "))
    },
    exit: plain,
    read,
};

/// Blocks by place: how many statements each has, and whether any profile reached it.
#[derive(Default)]
struct Blocks {
    known: HashMap<u64, (u64, bool)>,
    repeated: u64,
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    let mut blocks = Blocks::default();
    text::read(bytes, expect, |lines| {
        match lines.next()? {
            Some(line) if mode(line) => {}
            _ => return Err(lacks("the line mode: set, count or atomic")),
        }
        while let Some(line) = lines.next()? {
            let line = line.trim();
            // Profiles that were put together keep their first lines.
            if !line.is_empty() && !mode(line) {
                blocks.add(line, expect)?;
            }
        }
        if lines.ended() {
            return Ok(());
        }
        Err(EvidenceError::whole(Fault::Truncated, "the last line has no end"))
    })?;
    let mut coverage = Coverage::default();
    let statements = coverage.statements.get_or_insert_default();
    for (count, hit) in blocks.known.values() {
        statements.plus(if *hit { *count } else { 0 }, *count);
    }
    // Go counts statements, and calls the share of them coverage; so do we where lines are asked for.
    coverage.lines = coverage.statements;
    if blocks.repeated > 0 {
        draft.note(
            "repeated",
            format!("{} blocks are listed again and count once", blocks.repeated),
        );
    }
    draft.note(
        "statements",
        "Go counts statements, not lines; packages that did not build are missing",
    );
    coverage::settle(draft, &coverage, "statements");
    Ok(())
}

fn mode(line: &str) -> bool {
    matches!(line.trim(), "mode: set" | "mode: count" | "mode: atomic")
}

impl Blocks {
    /// `file.go:3.10,5.2 2 1`: where from, where to, how many statements, how often.
    fn add(&mut self, line: &str, expect: &Expect<'_>) -> Result<()> {
        let wrong = || {
            let shown: String = line.chars().take(60).collect();
            EvidenceError::whole(Fault::Malformed, format!("{shown:?} is no block"))
        };
        let (rest, count) = line.rsplit_once(' ').ok_or_else(wrong)?;
        let (place, statements) = rest.rsplit_once(' ').ok_or_else(wrong)?;
        if !place.contains(':') || !place.contains(',') {
            return Err(wrong());
        }
        let count: u64 = count.parse().map_err(|_| wrong())?;
        let statements: u32 = statements.parse().map_err(|_| wrong())?;
        let mut hasher = DefaultHasher::new();
        place.hash(&mut hasher);
        if self.known.len() >= expect.limits.remembered.saturating_mul(2) {
            return Err(EvidenceError::whole(Fault::TooMany, "there are too many blocks"));
        }
        match self.known.get_mut(&hasher.finish()) {
            Some(block) => {
                block.1 |= count > 0;
                self.repeated += 1;
            }
            None => drop(
                self.known
                    .insert(hasher.finish(), (u64::from(statements), count > 0)),
            ),
        }
        Ok(())
    }
}
