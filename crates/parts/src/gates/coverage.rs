//! `coverage`: do the tests reach enough of the code?

use super::Gate;
use crate::question::{Asked, Bound, FROM, MAX_AGE, Question};
use crate::{Field, Look, Shape};
use gradus_model::Settings;

pub(super) static GATE: Gate = Gate {
    name: "coverage",
    about: "The tests reach at least this share of the code.",
    fields: &[
        Field::required("at_least", "The share that must be reached.", Shape::Percent),
        Field::optional(
            "metric",
            "What is counted; lines if left out.",
            Shape::Choice(&["lines", "branches", "functions"]),
        ),
        MAX_AGE,
        FROM,
    ],
    needs_settings: true,
    live: false,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let Some(limit) = settings.number("at_least") else {
        return Vec::new();
    };
    let question = Question::about_release("coverage", settings, look);
    // `percent` is what a producer says who does not tell what it counted: lines, by custom.
    let metric = settings.text("metric").unwrap_or("lines");
    let facts: &[&str] = if metric == "lines" {
        &["lines", "percent"]
    } else {
        &[metric]
    };
    let name = if metric == "lines" {
        String::new()
    } else {
        metric.to_owned()
    };
    vec![(name, question.compare(facts, Bound::AtLeast(limit), "%"))]
}
