//! `metric`: is a number that any query gives as it should be?

use super::Gate;
use crate::question::{Asked, FROM, MAX_AGE, Question, unknown};
use crate::{Field, Look, Shape};
use gradus_model::{Answer, Fact, Settings, Verdict, Why};

pub(super) static GATE: Gate = Gate {
    name: "metric",
    about: "A number that a query gives is as it should be. Between pass and fail it is inconclusive.",
    fields: &[
        Field::required("name", "What it is called.", Shape::Text),
        Field::required(
            "query",
            "The query, in PromQL, that gives one number. It holds no threshold.",
            Shape::Text,
        ),
        Field::optional("pass_when", "When it passes: < 0.5, >= 99, == 0.", Shape::Text),
        Field::optional(
            "fail_when",
            "When it fails; whenever it does not pass, if left out.",
            Shape::Text,
        ),
        crate::question::IN,
        MAX_AGE,
        FROM,
    ],
    needs_settings: true,
    live: true,
    judge,
};

/// A comparison with a number, as people write it.
fn holds(condition: &str, number: f64) -> Option<bool> {
    let text = condition.trim();
    let at = text.find(|c: char| !"<>=!".contains(c))?;
    let (sign, limit) = text.split_at(at);
    let limit: f64 = limit.trim().trim_end_matches('%').parse().ok()?;
    Some(match sign {
        "<" => number < limit,
        "<=" => number <= limit,
        ">" => number > limit,
        ">=" => number >= limit,
        "==" => number == limit,
        "!=" => number != limit,
        _ => return None,
    })
}

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let question = Question::about_running("metric", settings, look);
    let name = settings.text("name").unwrap_or_default();
    let (pass, fail) = (settings.text("pass_when"), settings.text("fail_when"));
    let wanted = match (pass, fail) {
        (Some(pass), _) => pass.to_owned(),
        (None, Some(fail)) => format!("not {fail}"),
        (None, None) => return Vec::new(),
    };
    let verdict = match question.evidence(Some(name), &wanted) {
        Err(verdict) => verdict,
        Ok(evidence) => {
            let (answer, observed) = match evidence.facts.get("value") {
                Some(Fact::Number(number)) => (compare(pass, fail, *number), number.to_string()),
                Some(other) => match other.why() {
                    Some((why, text)) => (Answer::Unknown(why), text.to_owned()),
                    None => (Answer::Unknown(Why::Error), format!("{other} is not a number")),
                },
                None => (
                    Answer::Unknown(Why::NoData),
                    "the evidence does not say its value".to_owned(),
                ),
            };
            Verdict {
                answer,
                evidence: vec![evidence.id],
                ..unknown(Why::Error, &wanted, observed)
            }
        }
    };
    vec![(name.to_owned(), verdict)]
}

/// Whether a number is as it should be, by a condition to pass and one to fail.
pub fn compare(pass: Option<&str>, fail: Option<&str>, number: f64) -> Answer {
    let asked = |condition: Option<&str>| condition.map(|text| holds(text, number));
    match (asked(pass), asked(fail)) {
        // A condition that cannot be read is no condition to pass.
        (Some(None), _) | (_, Some(None)) => Answer::Unknown(Why::Error),
        (_, Some(Some(true))) => Answer::Fail,
        (Some(Some(true)), _) | (None, Some(Some(false))) => Answer::Pass,
        (Some(Some(false)), Some(Some(false))) => Answer::Unknown(Why::Inconclusive),
        (Some(Some(false)), None) => Answer::Fail,
        (None, None) => Answer::Unknown(Why::Error),
    }
}
