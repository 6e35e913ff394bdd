//! `tests`: have these test suites passed?

use super::Gate;
use crate::question::{Asked, FROM, MAX_AGE, Question, status};
use crate::{Field, Look, Shape};
use gradus_model::{Answer, Evidence, Fact, Settings, Verdict, Why};

pub(super) static GATE: Gate = Gate {
    name: "tests",
    about: "These test suites have run against this release, and nothing failed.",
    fields: &[
        Field::required(
            "passed",
            "The suites: unit, integration, e2e and so on.",
            Shape::List {
                of: &Shape::Text,
                least: 1,
            },
        ),
        Field::optional(
            "at_least",
            "How many tests must have run in each suite.",
            Shape::Count { least: 1 },
        ),
        MAX_AGE,
        FROM,
    ],
    needs_settings: true,
    live: false,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let question = Question::about_release("tests", settings, look);
    let least = settings.number("at_least").unwrap_or(1.0);
    let wanted = if least > 1.0 {
        format!("passed, at least {least} tests")
    } else {
        "passed".to_owned()
    };
    let suites = settings.list("passed").iter();
    suites
        .map(|suite| {
            let verdict = match question.evidence(Some(suite), &wanted) {
                Ok(evidence) => read(evidence, least, wanted.clone()),
                Err(verdict) => verdict,
            };
            (suite.clone(), verdict)
        })
        .collect()
}

/// Failures are believed before anything else, then what the producer says, then the counts.
fn read(evidence: &Evidence, least: f64, wanted: String) -> Verdict {
    let count = |name: &str| match evidence.facts.get(name) {
        Some(Fact::Number(number)) => Some(*number),
        _ => None,
    };
    let failed = count("failed").unwrap_or(0.0) + count("errors").unwrap_or(0.0);
    let (answer, observed) = match (status(evidence), count("passed")) {
        _ if failed > 0.0 => (Answer::Fail, format!("{failed} failed")),
        (Some(answer), None) if answer.is_pass() && least > 1.0 => (
            Answer::Unknown(Why::NoData),
            "passed, but nobody said how many tests ran".to_owned(),
        ),
        (Some(answer), None) => (
            answer,
            evidence
                .facts
                .get("status")
                .map(ToString::to_string)
                .unwrap_or_default(),
        ),
        (Some(answer), Some(passed)) if !answer.is_pass() => {
            let called = evidence.facts.get("status").map(ToString::to_string);
            let called = called.unwrap_or_default();
            (answer, format!("{passed} passed, and the run is called {called}"))
        }
        (_, Some(passed)) if passed < least => (
            Answer::Unknown(Why::Inconclusive),
            format!("only {passed} tests ran"),
        ),
        (_, Some(passed)) => (Answer::Pass, format!("{passed} passed")),
        (None, None) => (
            Answer::Unknown(Why::NoData),
            "the evidence says neither status nor passed".to_owned(),
        ),
    };
    Verdict {
        answer,
        wanted,
        observed,
        evidence: vec![evidence.id],
        next: None,
    }
}
