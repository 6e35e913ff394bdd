//! `drift`: does the environment hold what was put there?

use super::Gate;
use crate::question::{Asked, Bound, IN, MAX_AGE, Question};
use crate::{Field, Look, Shape};
use gradus_model::{Evidence, Settings};

pub(super) static GATE: Gate = Gate {
    name: "drift",
    about: "The environment holds what the ledger says was put there; nobody has changed it by hand.",
    fields: &[
        Field::optional(
            "at_most",
            "How many files, commits and applications may differ; none, if left out.",
            Shape::Count { least: 0 },
        ),
        Field::optional(
            "beside",
            "How many files may hold, beside the release, what others have committed since; any number, if left out.",
            Shape::Count { least: 0 },
        ),
        IN,
        MAX_AGE,
    ],
    needs_settings: false,
    live: true,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    // What is there is seen; nobody's word counts.
    let seen = look.evidence.iter().filter(|evidence| evidence.producer.measured);
    let seen: Vec<&Evidence> = seen.copied().collect();
    let look = Look {
        evidence: &seen,
        ..*look
    };
    let question = Question::about_running("drift", settings, &look);
    let bound = Bound::AtMost(settings.number("at_most").unwrap_or(0.0));
    let mut verdict = question.compare(&["differs"], bound, "");
    let found = question.evidence(None, "").ok();
    if let Some(what) = found.and_then(|found| found.facts.get("what")) {
        verdict.observed = format!("{}: {what}", verdict.observed);
    }
    let place = question.place().unwrap_or_default();
    let beside = settings.number("beside").map(|most| {
        let verdict = question.compare(&["beside"], Bound::AtMost(most), "");
        (format!("{place} beside"), verdict)
    });
    [(place.to_owned(), verdict)].into_iter().chain(beside).collect()
}
