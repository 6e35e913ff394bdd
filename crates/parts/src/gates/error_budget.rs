//! `error_budget`: is there enough of the error budget left to risk a change?

use super::Gate;
use crate::question::{Asked, Bound, FROM, IN, MAX_AGE, Question, unknown};
use crate::{Field, Look, Shape};
use gradus_model::{Answer, Fact, Settings, Verdict, Why};

pub(crate) static GATE: Gate = Gate {
    name: "error_budget",
    about: "Less than this share of the error budget has been used up.",
    fields: &[
        Field::required(
            "consumed_below",
            "The share that must not have been reached.",
            Shape::Percent,
        ),
        Field::optional(
            "objective",
            "The share of requests that must be served, of which the rest is the budget; that of the metrics, if left out.",
            Shape::Percent,
        ),
        Field::optional(
            "burn",
            "How fast it may not burn now: page (2% in an hour or 5% in six), or ticket (10% in one or three days) too.",
            Shape::Choice(&["page", "ticket"]),
        ),
        Field::optional("window", "The time that the budget is for.", Shape::Period),
        IN,
        MAX_AGE,
        FROM,
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
    let burn = settings
        .text("burn")
        .map(|least| ("burn".to_owned(), burn(&question, least)));
    let asked = std::iter::once(consumed).chain(question.window());
    asked.chain(burn).collect()
}

/// Whether the budget burns too fast at this moment, whatever is left of it.
fn burn(question: &Question<'_>, least: &str) -> Verdict {
    let wanted = format!("no {least}");
    let evidence = match question.evidence(None, &wanted) {
        Ok(evidence) => evidence,
        Err(verdict) => return verdict,
    };
    let (answer, observed) = match evidence.facts.get("burn") {
        Some(Fact::Text(word)) => match (word.as_str(), least) {
            ("none", _) | ("ticket", "page") => (Answer::Pass, word.clone()),
            ("page" | "ticket", _) => (Answer::Fail, word.clone()),
            _ => match Fact::Text(word.clone()).why() {
                Some((why, text)) => (Answer::Unknown(why), text.to_owned()),
                None => (Answer::Unknown(Why::Error), format!("{word} is no speed")),
            },
        },
        _ => (
            Answer::Unknown(Why::NoData),
            "the evidence does not say how fast".to_owned(),
        ),
    };
    Verdict {
        answer,
        evidence: vec![evidence.id],
        ..unknown(Why::Error, &wanted, observed)
    }
}
