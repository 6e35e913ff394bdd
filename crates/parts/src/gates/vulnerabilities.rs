//! `vulnerabilities`: are there few enough known holes?

use super::Gate;
use crate::question::{Asked, Bound, MAX_AGE, Question, compare};
use crate::{Field, Look, Shape};
use gradus_model::{Evidence, Fact, Settings};
use std::borrow::Cow;

const LIMIT: Shape = Shape::Count { least: 0 };

pub(super) static GATE: Gate = Gate {
    name: "vulnerabilities",
    about: "A scan found no more than this many known vulnerabilities of each severity.",
    fields: &[
        Field::optional("critical", "How many critical ones are bearable.", LIMIT),
        Field::optional(
            "high",
            "How many high ones; those of unknown severity count as high.",
            LIMIT,
        ),
        Field::optional("medium", "How many medium ones.", LIMIT),
        Field::optional("low", "How many low ones.", LIMIT),
        MAX_AGE,
    ],
    needs_settings: true,
    live: false,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let question = Question::about_release("vulnerabilities", settings, look);
    let limited = ["critical", "high", "medium", "low"].into_iter();
    let limited = limited.filter_map(|severity| Some((severity, settings.number(severity)?)));
    limited
        .map(|(severity, limit)| {
            let bound = Bound::AtMost(limit);
            let verdict = match question.evidence(None, &bound.words("")) {
                Ok(evidence) => compare(&counted(evidence), &[severity], bound, ""),
                Err(verdict) => verdict,
            };
            (severity.to_owned(), verdict)
        })
        .collect()
}

/// The evidence with findings of unknown severity added to the high ones. Where they were not
/// counted, the high ones are not either.
fn counted(evidence: &Evidence) -> Cow<'_, Evidence> {
    let (Some(high), Some(unknown)) = (evidence.facts.get("high"), evidence.facts.get("unknown")) else {
        return Cow::Borrowed(evidence);
    };
    let sum = match (high, unknown) {
        (Fact::Number(high), Fact::Number(unknown)) => Fact::Number(high + unknown),
        _ => Fact::Text(format!("{high} and {unknown} of unknown severity")),
    };
    let mut added = evidence.clone();
    added.facts.insert("high".to_owned(), sum);
    Cow::Owned(added)
}
