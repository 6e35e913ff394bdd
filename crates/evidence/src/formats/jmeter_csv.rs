//! JMeter's results as CSV, with a header and without.

use super::jmeter_xml::TRANSACTION;
use super::{Format, plain};
use crate::draft::{Draft, add, lacks};
use crate::error::{EvidenceError, Fault, Result};
use crate::kinds::load::Load;
use crate::source::Bytes;
use crate::text;
use crate::{Expect, Kind};

pub(super) static FORMAT: Format = Format {
    name: "jmeter-csv",
    kind: Kind::Performance,
    about: "JMeter's results as CSV, `.jtl` or `.csv`.",
    empty_is_clean: false,
    recognise: |head| head.lines().first().is_some_and(|line| columns(line).is_some()),
    exit: plain,
    read,
};

/// Where in a record things are.
#[derive(Debug, Clone, Copy)]
struct Columns {
    separator: char,
    header: bool,
    time: usize,
    took: usize,
    success: usize,
}

/// Reads a header, or guesses from the first record of a file that has none.
fn columns(line: &str) -> Option<Columns> {
    [',', ';', '\t', '|'].into_iter().find_map(|separator| {
        let fields: Vec<&str> = line
            .split(separator)
            .map(|field| field.trim_matches('"'))
            .collect();
        let at = |name: &str| fields.iter().position(|field| *field == name);
        if let (Some(time), Some(took), Some(success)) = (at("timeStamp"), at("elapsed"), at("success")) {
            return Some(Columns {
                separator,
                header: true,
                time,
                took,
                success,
            });
        }
        let stamp = fields.first()?.starts_with(|c: char| c.is_ascii_digit()) && fields.first()?.len() >= 10;
        let took = fields.get(1)?.parse::<u64>().is_ok();
        let success = fields
            .iter()
            .position(|field| matches!(*field, "true" | "false"))?;
        (stamp && took && success > 2).then_some(Columns {
            separator,
            header: false,
            time: 0,
            took: 1,
            success,
        })
    })
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    draft.tool = Some("jmeter".to_owned());
    // The first line tells the separator, and must be seen before the first record is taken apart.
    let columns = bytes.peek(|head| {
        let mut lines = text::Lines::new(head, &expect.limits);
        lines.next().ok().flatten().and_then(columns)
    })?;
    let Some(columns) = columns else {
        return Err(lacks(
            "a header with timeStamp, elapsed and success, or a first record that shows them",
        ));
    };
    let (mut load, mut transactions) = (Load::default(), 0);
    text::read(bytes, expect, |lines| {
        let mut record = Vec::new();
        let mut header = columns.header;
        while lines.record(columns.separator, &mut record)? {
            if std::mem::take(&mut header) || record.iter().all(String::is_empty) {
                continue;
            }
            if record.iter().any(|field| field.starts_with(TRANSACTION)) {
                add(&mut transactions, 1);
                continue;
            }
            sample(&record, columns, &mut load, expect)?;
        }
        if lines.ended() {
            return Ok(());
        }
        Err(EvidenceError::whole(
            Fault::Truncated,
            "the last record has no end",
        ))
    })?;
    if !columns.header {
        draft.note(
            "no_header",
            "the file has no header, and its columns were told from its first record",
        );
    }
    draft.fact_count("transactions", transactions);
    load.settle(draft);
    Ok(())
}

fn sample(record: &[String], columns: Columns, load: &mut Load, expect: &Expect<'_>) -> Result<()> {
    let wrong = |what: &str| {
        EvidenceError::whole(
            Fault::Malformed,
            format!("a record has no {what} where it belongs"),
        )
    };
    let took = record
        .get(columns.took)
        .and_then(|field| field.trim().parse().ok());
    let took = took.ok_or_else(|| wrong("time"))?;
    let well = match record.get(columns.success).map(|field| field.trim()) {
        Some("true") => true,
        Some("false") => false,
        _ => return Err(wrong("true or false")),
    };
    let began = record
        .get(columns.time)
        .and_then(|field| field.trim().parse().ok());
    load.add(began, took, well, expect)
}
