//! `alerts`: is nothing on fire?

use super::Gate;
use crate::question::{Asked, Bound, FROM, IN, MAX_AGE, Question};
use crate::{Field, Look, Shape};
use gradus_model::Settings;

const LIMIT: Shape = Shape::Count { least: 0 };

pub(crate) static GATE: Gate = Gate {
    name: "alerts",
    about: "No more than this many alerts of each severity are firing.",
    fields: &[
        Field::optional("critical", "How many critical ones are bearable.", LIMIT),
        Field::optional("warning", "How many warnings are bearable.", LIMIT),
        IN,
        MAX_AGE,
        FROM,
    ],
    needs_settings: true,
    live: true,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let question = Question::about_running("alerts", settings, look);
    let limited = ["critical", "warning"].into_iter();
    let limited = limited.filter_map(|severity| Some((severity, settings.number(severity)?)));
    limited
        .map(|(severity, limit)| {
            (
                severity.to_owned(),
                question.compare(&[severity], Bound::AtMost(limit), ""),
            )
        })
        .collect()
}
