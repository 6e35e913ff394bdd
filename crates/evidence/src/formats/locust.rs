//! Locust's `_stats.csv`: one row for each request by name, and one for all of them.

use super::{Format, plain};
use crate::draft::{Draft, add, lacks};
use crate::error::{EvidenceError, Fault, Result};
use crate::kinds::load;
use crate::source::Bytes;
use crate::text;
use crate::{Expect, Kind};

pub(super) static FORMAT: Format = Format {
    name: "locust",
    kind: Kind::Performance,
    about: "Locust's `_stats.csv`.",
    empty_is_clean: false,
    recognise: |head| {
        let first = head.lines().first().map(|line| line.replace('"', ""));
        first.is_some_and(|line| line.starts_with("Type,Name,Request Count"))
    },
    exit: plain,
    read,
};

#[derive(Default)]
struct Stats {
    header: Vec<String>,
    whole: Option<Vec<String>>,
    requests: u64,
    failed: u64,
    rows: u64,
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    draft.tool = Some("locust".to_owned());
    let mut stats = Stats::default();
    text::read(bytes, expect, |lines| {
        let mut record = Vec::new();
        if !lines.record(',', &mut record)? || record.first().is_none_or(|first| first != "Type") {
            return Err(lacks("the header Type,Name,Request Count"));
        }
        stats.header.clone_from(&record);
        while lines.record(',', &mut record)? {
            if !record.iter().all(String::is_empty) {
                stats.row(&record)?;
            }
        }
        if lines.ended() {
            return Ok(());
        }
        Err(EvidenceError::whole(Fault::Truncated, "the last row has no end"))
    })?;
    stats.settle(draft)
}

impl Stats {
    fn row(&mut self, record: &[String]) -> Result<()> {
        if record
            .get(1)
            .is_some_and(|name| name == "Aggregated" || name == "Total")
        {
            if self.whole.replace(record.to_vec()).is_some() {
                return Err(EvidenceError::whole(
                    Fault::Malformed,
                    "there are two rows for everything",
                ));
            }
            return Ok(());
        }
        self.rows += 1;
        let (requests, failed) = (
            self.count(record, "Request Count")?,
            self.count(record, "Failure Count")?,
        );
        add(&mut self.requests, requests);
        add(&mut self.failed, failed);
        Ok(())
    }

    /// A figure; none where Locust writes N/A.
    fn number(&self, record: &[String], name: &str) -> Result<Option<f64>> {
        let nth = self.header.iter().position(|column| column == name);
        let Some(text) = nth.and_then(|nth| record.get(nth)) else {
            return Ok(None);
        };
        match text.trim() {
            "" | "N/A" => Ok(None),
            text => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Some(number)),
                _ => Err(EvidenceError::whole(
                    Fault::Malformed,
                    format!("{name} is {text:?}, not a number"),
                )),
            },
        }
    }

    fn count(&self, record: &[String], name: &str) -> Result<u64> {
        match self.number(record, name)? {
            Some(count) if count >= 0.0 && count.fract() == 0.0 && count < 9e15 => Ok(count as u64),
            _ => Err(EvidenceError::whole(
                Fault::Malformed,
                format!("a row has no {name}"),
            )),
        }
    }

    fn settle(&self, draft: &mut Draft) -> Result<()> {
        draft.leaves_judgement = true;
        let Some(whole) = &self.whole else {
            draft.doubt(
                "no_total",
                "the row Aggregated is missing, so the file is not complete",
            );
            load::settle_counts(draft, self.requests, self.failed);
            return Ok(());
        };
        let requests = self.count(whole, "Request Count")?;
        let failed = self.count(whole, "Failure Count")?;
        if self.rows > 0 && (requests, failed) != (self.requests, self.failed) {
            let text = format!(
                "{requests} requests and {failed} failures are declared, {} and {} listed",
                self.requests, self.failed
            );
            draft.doubt("counters", text);
        }
        for (name, column) in [
            ("p50_ms", "50%"),
            ("p95_ms", "95%"),
            ("p99_ms", "99%"),
            ("throughput", "Requests/s"),
        ] {
            if let Some(value) = self.number(whole, column)? {
                draft.figure(name, value);
            }
        }
        if requests > 0 {
            draft.figure("error_rate", 100.0 * failed as f64 / requests as f64);
        }
        if failed > 0 {
            draft.red();
        }
        load::settle_counts(draft, requests, failed);
        Ok(())
    }
}
