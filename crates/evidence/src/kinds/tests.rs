//! Test results: what was counted, what was declared, and whether the two agree.

use crate::draft::{Draft, add};

/// How test cases ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) errors: u64,
    pub(crate) skipped: u64,
    /// Passed in the end, after failing before; these are among the passed.
    pub(crate) flaky: u64,
    /// Passes of a test that passed already; these are not among the passed.
    pub(crate) repeated: u64,
}

impl Tally {
    pub(crate) fn all(&self) -> u64 {
        self.passed
            .saturating_add(self.failed)
            .saturating_add(self.errors)
            .saturating_add(self.skipped)
            .saturating_add(self.repeated)
    }
}

/// What a report claims about itself; nothing where it claims nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Declared {
    pub(crate) tests: Option<u64>,
    pub(crate) failed: Option<u64>,
    pub(crate) errors: Option<u64>,
}

impl Declared {
    /// Whether anything red is claimed.
    pub(crate) fn red(&self) -> bool {
        self.failed.unwrap_or(0) > 0 || self.errors.unwrap_or(0) > 0
    }

    /// Adds a claim to the sum of claims.
    pub(crate) fn plus(sum: &mut Option<u64>, more: Option<u64>) {
        if let Some(more) = more {
            add(sum.get_or_insert(0), more);
        }
    }
}

/// Turns counts into facts. Red is whatever anybody calls red.
pub(crate) fn settle(draft: &mut Draft, tally: &Tally, declared: &Declared) {
    let claims = [
        ("tests", declared.tests, tally.all()),
        ("failed", declared.failed, tally.failed),
        ("errors", declared.errors, tally.errors),
    ];
    for (what, claimed, counted) in claims {
        if let Some(claimed) = claimed
            && claimed != counted
        {
            let text = format!("the report declares {claimed} {what} and holds {counted}");
            draft.note("counters", text);
        }
    }
    if declared.red() || tally.failed > 0 || tally.errors > 0 {
        draft.red();
    }
    for (name, count) in [
        ("passed", tally.passed),
        ("failed", tally.failed.max(declared.failed.unwrap_or(0))),
        ("errors", tally.errors.max(declared.errors.unwrap_or(0))),
        ("skipped", tally.skipped),
        ("flaky", tally.flaky),
    ] {
        draft.fact_count(name, count);
    }
    if tally.repeated > 0 {
        draft.fact_count("repeated", tally.repeated);
        let text = format!(
            "{} passes repeat the id of another pass and do not count",
            tally.repeated
        );
        draft.note("repeated", text);
    }
    if tally.flaky > 0 {
        draft.note(
            "flaky",
            format!("{} tests passed only after failing", tally.flaky),
        );
    }
    draft.counted(tally.passed.saturating_add(tally.failed), "tests ran");
}
