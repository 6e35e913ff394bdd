//! `slo`: does the release meet its service-level objectives where it runs now?

use super::Gate;
use crate::question::{Asked, Bound, FROM, IN, MAX_AGE, Question};
use crate::{Field, Look, Shape};
use gradus_model::Settings;

pub(crate) static GATE: Gate = Gate {
    name: "slo",
    about: "The service-level objectives hold where the release runs now.",
    fields: &[
        Field::optional(
            "availability",
            "The share of time or requests that must be served.",
            Shape::Percent,
        ),
        Field::optional(
            "error_rate",
            "The share of requests that may fail.",
            Shape::Percent,
        ),
        Field::optional(
            "window",
            "How long a time it must have been measured over.",
            Shape::Period,
        ),
        IN,
        MAX_AGE,
        FROM,
    ],
    needs_settings: true,
    live: true,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let question = Question::about_running("slo", settings, look);
    let availability = settings
        .number("availability")
        .map(|limit| ("availability", Bound::AtLeast(limit)));
    let error_rate = settings
        .number("error_rate")
        .map(|limit| ("error_rate", Bound::AtMost(limit)));
    let limits = availability.into_iter().chain(error_rate);
    let asked = limits.map(|(fact, bound)| (fact.to_owned(), question.compare(&[fact], bound, "%")));
    asked.chain(question.window()).collect()
}
