//! `error_budget`: is there enough of the error budget left to risk a change?

use super::Gate;
use crate::question::{Asked, Bound, IN, MAX_AGE, Question};
use crate::{Field, Look, Shape};
use gradus_model::Settings;

pub(super) static GATE: Gate = Gate {
    name: "error_budget",
    about: "Less than this share of the error budget has been used up.",
    fields: &[
        Field::required(
            "consumed_below",
            "The share that must not have been reached.",
            Shape::Percent,
        ),
        Field::optional("window", "The time that the budget is for.", Shape::Period),
        IN,
        MAX_AGE,
    ],
    needs_settings: true,
    live: true,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let Some(limit) = settings.number("consumed_below") else {
        return Vec::new();
    };
    let question = Question::about_running("error_budget", settings, look);
    let consumed = (
        String::new(),
        question.compare(&["consumed"], Bound::Below(limit), "%"),
    );
    std::iter::once(consumed).chain(question.window()).collect()
}
