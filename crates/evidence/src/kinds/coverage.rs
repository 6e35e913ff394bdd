//! Coverage: how much of what there is was reached.

use crate::draft::{Draft, add};

/// How much of something was reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Ratio {
    pub(crate) covered: u64,
    pub(crate) valid: u64,
}

impl Ratio {
    pub(crate) fn plus(&mut self, covered: u64, valid: u64) {
        add(&mut self.covered, covered);
        add(&mut self.valid, valid);
    }

    /// The share in percent. None of nothing is no share at all, and certainly not all of it.
    pub(crate) fn percent(&self) -> Option<f64> {
        (self.valid > 0).then(|| 100.0 * self.covered as f64 / self.valid as f64)
    }
}

/// What a report measures; `None` where it does not measure it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Coverage {
    pub(crate) lines: Option<Ratio>,
    pub(crate) branches: Option<Ratio>,
    pub(crate) functions: Option<Ratio>,
    pub(crate) statements: Option<Ratio>,
    pub(crate) instructions: Option<Ratio>,
}

/// Turns counts into facts. `whole` is what the format counts above all: lines or statements.
pub(crate) fn settle(draft: &mut Draft, coverage: &Coverage, whole: &'static str) {
    for (name, ratio) in [
        ("lines", coverage.lines),
        ("branches", coverage.branches),
        ("functions", coverage.functions),
        ("statements", coverage.statements),
        ("instructions", coverage.instructions),
    ] {
        let Some(ratio) = ratio else { continue };
        if ratio.covered > ratio.valid {
            let text = format!("{} of {} {name} covered", ratio.covered, ratio.valid);
            draft.doubt("more_than_all", text);
        }
        match ratio.percent() {
            Some(percent) => draft.figure(name, percent),
            None => draft.note(
                "nothing_to_cover",
                format!("there are no {name}, so they have no share"),
            ),
        }
        draft.fact_count(&format!("{name}_valid"), ratio.valid);
        draft.fact_count(&format!("{name}_covered"), ratio.covered);
    }
    let counted = if whole == "statements" {
        coverage.statements
    } else {
        coverage.lines
    };
    draft.counted(counted.unwrap_or_default().valid, whole);
}
