//! `parity`: is the environment enough like another?

use super::Gate;
use crate::question::{Asked, Bound, MAX_AGE, Question};
use crate::{Field, Look, NameOf, Shape};
use gradus_model::{Evidence, Settings};

pub(super) static GATE: Gate = Gate {
    name: "parity",
    about: "The environment that it goes to is like another one: what is found there will hold here.",
    fields: &[
        Field::required("with", "The other environment.", Shape::Name(NameOf::Environment)),
        Field::optional(
            "at_least",
            "The share of values that both must have; 100%, if left out.",
            Shape::Percent,
        ),
        MAX_AGE,
    ],
    needs_settings: true,
    live: true,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let Some(other) = settings.text("with") else {
        return Vec::new();
    };
    // What is there is seen; nobody's word counts.
    let seen = look.evidence.iter().filter(|evidence| evidence.producer.measured);
    let seen: Vec<&Evidence> = seen.copied().collect();
    let look = Look {
        evidence: &seen,
        ..*look
    };
    let question = Question::about_target("parity", settings, &look);
    let bound = Bound::AtLeast(settings.number("at_least").unwrap_or(100.0));
    let mut verdict = question.compare(&["score"], bound, "%");
    let found = question.evidence(None, "").ok();
    if let Some(what) = found.and_then(|found| found.facts.get("what")) {
        verdict.observed = format!("{}: {what}", verdict.observed);
    }
    vec![(format!("with {other}"), verdict)]
}
