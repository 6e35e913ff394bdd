//! Load tests: percentiles, errors and throughput of single requests.

use crate::Expect;
use crate::draft::{Draft, add};
use crate::error::{EvidenceError, Fault, Result};
use std::collections::BTreeMap;

/// All requests of a load test so far. Times are whole milliseconds, of which there are few
/// different ones, so that percentiles are exact and cheap.
#[derive(Debug, Default)]
pub(crate) struct Load {
    times: BTreeMap<u64, u64>,
    pub(crate) requests: u64,
    pub(crate) failed: u64,
    first: Option<u64>,
    last: Option<u64>,
    /// How many requests did not say when they began.
    undated: u64,
}

impl Load {
    /// Takes a request: when it began, how long it took, and whether it went well.
    pub(crate) fn add(
        &mut self,
        began: Option<u64>,
        took: u64,
        well: bool,
        expect: &Expect<'_>,
    ) -> Result<()> {
        if self.times.len() >= expect.limits.remembered && !self.times.contains_key(&took) {
            let what = "there are too many different response times";
            return Err(EvidenceError::whole(Fault::TooMany, what));
        }
        add(self.times.entry(took).or_insert(0), 1);
        add(&mut self.requests, 1);
        add(&mut self.failed, u64::from(!well));
        match began {
            Some(began) => {
                let ended = began.saturating_add(took);
                self.first = Some(self.first.map_or(began, |first| first.min(began)));
                self.last = Some(self.last.map_or(ended, |last| last.max(ended)));
            }
            None => add(&mut self.undated, 1),
        }
        Ok(())
    }

    /// The nearest-rank percentile: the smallest time that at least this share did not exceed.
    fn percentile(&self, share: u64) -> Option<u64> {
        let rank = (u128::from(self.requests) * u128::from(share)).div_ceil(100);
        let mut seen = 0_u128;
        self.times.iter().find_map(|(time, count)| {
            seen += u128::from(*count);
            (seen >= rank && self.requests > 0).then_some(*time)
        })
    }

    pub(crate) fn settle(&self, draft: &mut Draft) {
        for (name, share) in [("p50_ms", 50), ("p95_ms", 95), ("p99_ms", 99)] {
            if let Some(time) = self.percentile(share) {
                draft.figure(name, time as f64);
            }
        }
        if self.requests > 0 {
            draft.figure("error_rate", 100.0 * self.failed as f64 / self.requests as f64);
        }
        match (self.first, self.last) {
            (Some(first), Some(last)) if last > first && self.undated == 0 => {
                let seconds = (last - first) as f64 / 1000.0;
                draft.figure("throughput", self.requests as f64 / seconds);
            }
            _ => draft.note(
                "no_throughput",
                "the report does not say over how long the requests were made",
            ),
        }
        // Single failed requests are red; how many are bearable is the gate's to say.
        draft.leaves_judgement = true;
        if self.failed > 0 {
            draft.red();
        }
        settle_counts(draft, self.requests, self.failed);
    }
}

/// What every load test says.
pub(crate) fn settle_counts(draft: &mut Draft, requests: u64, failed: u64) {
    draft.fact_count("requests", requests);
    draft.fact_count("failed_requests", failed);
    if requests > 0 && failed == requests {
        draft.red();
        draft.note("all_failed", "every request failed");
    }
    draft.counted(requests, "requests");
}
