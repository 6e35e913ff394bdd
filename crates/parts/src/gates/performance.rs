//! `performance`: did the load test go well?

use super::Gate;
use crate::question::{Asked, Bound, FROM, MAX_AGE, Question, compare, status};
use crate::{Field, Look, Shape};
use gradus_model::{Answer, Evidence, Settings, Verdict};

pub(super) static GATE: Gate = Gate {
    name: "performance",
    about: "A load test has passed, and its figures keep within these limits.",
    fields: &[
        Field::optional(
            "p95_ms",
            "The 95th percentile of response times, in milliseconds, at most.",
            Shape::Number,
        ),
        Field::optional(
            "p99_ms",
            "The 99th percentile of response times, in milliseconds, at most.",
            Shape::Number,
        ),
        Field::optional(
            "error_rate",
            "The share of requests that may fail.",
            Shape::Percent,
        ),
        Field::optional(
            "throughput",
            "The requests each second that must be served.",
            Shape::Number,
        ),
        MAX_AGE,
        FROM,
    ],
    needs_settings: false,
    live: false,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let question = Question::about_release("performance", settings, look);
    let evidence = match question.evidence(None, "passed") {
        Ok(evidence) => evidence,
        Err(verdict) => return vec![(String::new(), verdict)],
    };
    let at_most = [("p95_ms", " ms"), ("p99_ms", " ms"), ("error_rate", "%")].into_iter();
    let at_most =
        at_most.filter_map(|(fact, unit)| Some((fact, unit, Bound::AtMost(settings.number(fact)?))));
    let at_least = settings
        .number("throughput")
        .map(|limit| ("throughput", "/s", Bound::AtLeast(limit)));
    let limits = at_most.chain(at_least);
    let figures: Vec<Asked> = limits
        .map(|(fact, unit, bound)| (fact.to_owned(), compare(evidence, &[fact], bound, unit)))
        .collect();
    outcome(evidence, !figures.is_empty())
        .into_iter()
        .chain(figures)
        .collect()
}

/// What the load test itself says. It may be left out where the figures are judged here.
fn outcome(evidence: &Evidence, has_figures: bool) -> Option<Asked> {
    let said = status(evidence);
    if said.is_none() && has_figures {
        return None;
    }
    let observed = evidence.facts.get("status").map_or(
        "the evidence does not say its status".to_owned(),
        ToString::to_string,
    );
    let answer = said.unwrap_or(Answer::Unknown(gradus_model::Why::NoData));
    Some((
        String::new(),
        Verdict {
            answer,
            wanted: "passed".to_owned(),
            observed,
            evidence: vec![evidence.id],
            next: None,
        },
    ))
}
