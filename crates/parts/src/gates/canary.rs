//! `canary`: has the release served enough real traffic, for long enough, well enough?

use super::Gate;
use crate::question::{Asked, Bound, IN, MAX_AGE, Question, covers};
use crate::{Field, Look, Shape};
use gradus_model::Settings;

pub(super) static GATE: Gate = Gate {
    name: "canary",
    about: "The release has served this share of the traffic for this long, with this success rate.",
    fields: &[
        Field::optional(
            "traffic",
            "The share of the traffic that it must have served.",
            Shape::Percent,
        ),
        Field::optional("for", "How long it must have done so.", Shape::Period),
        Field::optional(
            "success_rate",
            "The share of requests that must have succeeded.",
            Shape::Percent,
        ),
        IN,
        MAX_AGE,
    ],
    needs_settings: true,
    live: true,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let question = Question::about_running("canary", settings, look);
    let shares = ["traffic", "success_rate"].into_iter();
    let shares = shares.filter_map(|fact| Some((fact, settings.number(fact)?)));
    let shares = shares.map(|(fact, limit)| {
        (
            fact.to_owned(),
            question.compare(&[fact], Bound::AtLeast(limit), "%"),
        )
    });
    let duration = settings.period("for").map(|wanted| {
        let words = format!("at least {wanted}");
        let verdict = match question.evidence(None, &words) {
            Ok(evidence) => covers(evidence, "duration", wanted, words),
            Err(verdict) => verdict,
        };
        ("duration".to_owned(), verdict)
    });
    shares.chain(duration).collect()
}
