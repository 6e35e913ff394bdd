//! LCOV tracefiles, versions 1 and 2.
//!
//! Several records may be about one file, as after a merge. They are brought together line by line,
//! so that a file counts once, however often it is named.

use super::{Format, plain};
use crate::draft::{Draft, lacks};
use crate::error::{EvidenceError, Fault, Result};
use crate::kinds::coverage::{self, Coverage, Ratio};
use crate::source::Bytes;
use crate::text::{self, Lines};
use crate::{Expect, Kind};
use std::collections::HashMap;

pub(super) static FORMAT: Format = Format {
    name: "lcov",
    kind: Kind::Coverage,
    about: "LCOV tracefiles, `lcov.info`.",
    empty_is_clean: false,
    recognise: |head| {
        let record = |line: &String| line.starts_with("SF:");
        let known = |line: &String| line.starts_with('#') || line.contains(':');
        head.lines().first().is_some_and(known) && head.lines().iter().any(record)
    },
    exit: plain,
    read,
};

/// What is known of one file. Functions and branches go by name, because their numbers may move.
#[derive(Default)]
struct File {
    lines: HashMap<u64, bool>,
    branches: HashMap<u64, bool>,
    functions: HashMap<u64, bool>,
    /// What a record declares, where it lists nothing.
    declared: [Option<Ratio>; 3],
}

#[derive(Default)]
struct Trace {
    files: HashMap<u64, File>,
    remembered: usize,
    disagree: u64,
    records: u64,
    repeated: u64,
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    let mut trace = Trace::default();
    text::read(bytes, expect, |lines| trace.read(lines, expect))?;
    if trace.records == 0 {
        return Err(lacks("any record: a line SF: to a line end_of_record"));
    }
    trace.settle(draft);
    Ok(())
}

/// The record that is being read: its file, and what it lists and declares itself.
#[derive(Default)]
struct Record {
    file: u64,
    listed: [Ratio; 3],
    declared: [(Option<u64>, Option<u64>); 3],
    aliases: HashMap<String, u64>,
}

impl Trace {
    fn read(&mut self, lines: &mut Lines<'_>, expect: &Expect<'_>) -> Result<()> {
        let mut record: Option<Record> = None;
        while let Some(line) = lines.next()? {
            let line = line.trim();
            if line == "end_of_record" {
                let done = record
                    .take()
                    .ok_or_else(|| broken("end_of_record", "no record is open"))?;
                self.close(&done, expect)?;
                continue;
            }
            let Some((word, rest)) = line.split_once(':').filter(|_| !line.starts_with('#')) else {
                if line.is_empty() || line.starts_with('#') {
                    continue;
                }
                return Err(broken(line, "this is no line of a tracefile"));
            };
            match (word, &mut record) {
                ("SF", None) => {
                    let file = hash(&[&rest.replace('\\', "/")]);
                    record = Some(Record {
                        file,
                        ..Record::default()
                    });
                }
                ("SF", Some(_)) => return Err(broken(line, "the record before it is not closed")),
                (word, Some(record)) => self.line(word, rest, record, expect)?,
                (_, None) => {}
            }
        }
        match record {
            Some(_) => {
                let what = "the last record is not closed";
                Err(EvidenceError::whole(Fault::Truncated, what))
            }
            None => Ok(()),
        }
    }

    fn line(&mut self, word: &str, rest: &str, record: &mut Record, expect: &Expect<'_>) -> Result<()> {
        let fields: Vec<&str> = rest.split(',').collect();
        let count = |nth: usize| -> Result<u64> {
            let text = fields.get(nth).copied().unwrap_or_default().trim();
            // Some tools count so high that they need an exponent; negative counts are a known bug of gcov.
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            number
                .map(|number| number.max(0.0) as u64)
                .ok_or_else(|| broken(rest, "there is no count"))
        };
        let whole = |text: &str| {
            text.trim()
                .parse::<u64>()
                .map_err(|_| broken(text, "this is no count"))
        };
        match word {
            "DA" => self.hit(0, record, hash(&[fields[0]]), count(1)? > 0, expect),
            "BRDA" => {
                // line, block (with e before it for exceptions), branch, taken: - is never reached.
                let taken = rest.rsplit(',').next().unwrap_or_default();
                let id = rest.rsplit_once(',').map_or(rest, |(id, _)| id);
                self.hit(1, record, hash(&[id]), taken != "-" && whole(taken)? > 0, expect)
            }
            "FNDA" => {
                let hits = count(0)?;
                self.hit(2, record, hash(&[&fields[1..].join(",")]), hits > 0, expect)
            }
            // Version 2: FNL:index,line and FNA:index,hits,name.
            "FNL" => {
                let id = hash(&["line", fields.get(1).copied().unwrap_or_default()]);
                record.aliases.insert(fields[0].to_owned(), id);
                self.hit(2, record, id, false, expect)
            }
            "FNA" => {
                let hits = count(1)?;
                let id = record.aliases.get(fields[0]).copied();
                self.hit(
                    2,
                    record,
                    id.unwrap_or_else(|| hash(&fields[2.min(fields.len())..])),
                    hits > 0,
                    expect,
                )
            }
            "LF" => whole(rest).map(|n| record.declared[0].1 = Some(n)),
            "LH" => whole(rest).map(|n| record.declared[0].0 = Some(n)),
            "BRF" => whole(rest).map(|n| record.declared[1].1 = Some(n)),
            "BRH" => whole(rest).map(|n| record.declared[1].0 = Some(n)),
            "FNF" => whole(rest).map(|n| record.declared[2].1 = Some(n)),
            "FNH" => whole(rest).map(|n| record.declared[2].0 = Some(n)),
            _ => Ok(()),
        }
    }

    fn hit(
        &mut self,
        what: usize,
        record: &mut Record,
        id: u64,
        hit: bool,
        expect: &Expect<'_>,
    ) -> Result<()> {
        if self.remembered >= expect.limits.remembered.saturating_mul(4) {
            return Err(EvidenceError::whole(
                Fault::TooMany,
                "there are too many lines of code",
            ));
        }
        let file = self.files.entry(record.file).or_default();
        let map = match what {
            0 => &mut file.lines,
            1 => &mut file.branches,
            _ => &mut file.functions,
        };
        let before = map.insert(id, hit);
        self.remembered += usize::from(before.is_none());
        if before == Some(true) {
            map.insert(id, true);
        }
        record.listed[what].plus(u64::from(hit), 1);
        Ok(())
    }

    fn close(&mut self, record: &Record, expect: &Expect<'_>) -> Result<()> {
        self.records += 1;
        if self.files.len() > expect.limits.remembered / 4 {
            return Err(EvidenceError::whole(Fault::TooMany, "there are too many files"));
        }
        let file = self.files.entry(record.file).or_default();
        for what in 0..3 {
            let (Some(covered), Some(valid)) = record.declared[what] else {
                continue;
            };
            let listed = record.listed[what];
            if listed.valid == 0 && valid > 0 {
                let kept = file.declared[what].get_or_insert_default();
                *kept = Ratio {
                    covered: kept.covered.max(covered),
                    valid: kept.valid.max(valid),
                };
            } else if what == 0 && (listed != Ratio { covered, valid }) {
                self.disagree += 1;
            }
        }
        Ok(())
    }

    fn settle(&mut self, draft: &mut Draft) {
        let mut sums = [Ratio::default(); 3];
        for file in self.files.values() {
            for (what, map) in [&file.lines, &file.branches, &file.functions]
                .into_iter()
                .enumerate()
            {
                let covered = map.values().filter(|hit| **hit).count() as u64;
                sums[what].plus(covered, map.len() as u64);
                if let Some(declared) = file.declared[what].filter(|_| map.is_empty()) {
                    sums[what].plus(declared.covered, declared.valid);
                }
            }
        }
        self.repeated = self.records.saturating_sub(self.files.len() as u64);
        draft.fact_count("files", self.files.len() as u64);
        if self.repeated > 0 {
            draft.note(
                "repeated",
                format!("{} records are about a file that had one already", self.repeated),
            );
        }
        if self.disagree > 0 {
            draft.note(
                "counters",
                format!("{} records declare other lines than they list", self.disagree),
            );
        }
        let coverage = Coverage {
            lines: Some(sums[0]),
            branches: Some(sums[1]),
            functions: Some(sums[2]),
            ..Coverage::default()
        };
        coverage::settle(draft, &coverage, "lines");
    }
}

fn broken(line: &str, why: &str) -> EvidenceError {
    let shown: String = line.chars().take(40).collect();
    EvidenceError::whole(Fault::Malformed, format!("{why} ({shown:?})"))
}

fn hash(parts: &[&str]) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}
