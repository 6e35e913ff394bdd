//! `coverage`: do the tests reach enough of the code?

use super::Gate;
use crate::question::{Asked, Bound, FROM, MAX_AGE, Question, unknown};
use crate::{Field, Look, Shape};
use gradus_model::{Answer, Fact, Settings, Verdict, Why};

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
        Field::optional(
            "lines_at_least",
            "How many lines there must be to cover: fewer lines are the easy way to a larger share.",
            Shape::Count { least: 1 },
        ),
        Field::optional(
            "drop_at_most",
            "By how much it may be below that of the release in the target now, in percent of lines.",
            Shape::Percent,
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
    let share = question.compare(facts, Bound::AtLeast(limit), "%");
    let lines = settings.number("lines_at_least").map(|least| {
        let verdict = question.compare(&["lines_valid"], Bound::AtLeast(least), " lines");
        ("lines".to_owned(), verdict)
    });
    let drop = settings
        .number("drop_at_most")
        .map(|most| ("drop".to_owned(), drop(&question, facts, most)));
    std::iter::once((name, share)).chain(lines).chain(drop).collect()
}

/// How much lower it is than where the release is going. Where nothing is yet, nothing is lost.
fn drop(question: &Question<'_>, facts: &[&str], most: f64) -> Verdict {
    let Some(there) = question.look.at_what_is_there() else {
        let wanted = format!("at most {most}% lower than in {}", question.look.to);
        return Verdict {
            answer: Answer::Pass,
            ..unknown(Why::NoData, &wanted, "nothing is there yet".to_owned())
        };
    };
    let other = Question::about_release("coverage", question.settings, &there);
    // The bound of the other one is never asked; only its number is read.
    let number = |question: &Question<'_>| match question.evidence(None, "coverage") {
        Err(verdict) => Err(verdict),
        Ok(evidence) => match facts.iter().find_map(|name| evidence.facts.get(*name)) {
            Some(Fact::Number(number)) => Ok((evidence.id, *number)),
            _ => Err(unknown(
                Why::NoData,
                "coverage",
                "the evidence does not say it".to_owned(),
            )),
        },
    };
    let before = there.release.version.as_str();
    let wanted = format!("at most {most}% lower than {before} in {}", question.look.to);
    match (number(question), number(&other)) {
        (Ok((id, own)), Ok((_, before))) => Verdict {
            answer: Answer::of(own >= before - most),
            evidence: vec![id],
            ..unknown(Why::Error, &wanted, format!("{own}% after {before}%"))
        },
        (Err(verdict), _) => Verdict { wanted, ..verdict },
        (_, Err(verdict)) => Verdict {
            observed: format!("{before}: {}", verdict.observed),
            wanted,
            ..verdict
        },
    }
}
