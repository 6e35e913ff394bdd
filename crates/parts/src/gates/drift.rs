//! `drift`: does the environment hold what was put there?

use super::Gate;
use crate::question::{Asked, Bound, FROM, IN, MAX_AGE, Question};
use crate::{Field, Look, Shape};
use gradus_model::Settings;

pub(super) static GATE: Gate = Gate {
    name: "drift",
    about: "The environment's files hold what the ledger says was put there; nobody has changed them by hand.",
    fields: &[
        Field::optional(
            "at_most",
            "How many files may differ; none, if left out.",
            Shape::Count { least: 0 },
        ),
        IN,
        MAX_AGE,
        FROM,
    ],
    needs_settings: false,
    live: true,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let question = Question::about_running("drift", settings, look);
    let most = settings.number("at_most").unwrap_or(0.0);
    vec![(
        String::new(),
        question.compare(&["differs"], Bound::AtMost(most), ""),
    )]
}
