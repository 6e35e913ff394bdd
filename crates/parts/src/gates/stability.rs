//! `stability`: has the release been quiet where it runs now?

use super::Gate;
use crate::question::{Asked, Bound, FROM, IN, MAX_AGE, Question, unknown};
use crate::{Field, Look, Shape};
use gradus_model::{Answer, Period, Settings, Verdict, Why};

const LIMIT: Shape = Shape::Count { least: 0 };

pub(super) static GATE: Gate = Gate {
    name: "stability",
    about: "The environment is quiet: few restarts, no failed rollouts, no recent change.",
    fields: &[
        Field::optional("restarts", "How many restarts are bearable.", LIMIT),
        Field::optional("failed_rollouts", "How many failed rollouts are bearable.", LIMIT),
        Field::optional(
            "since_change",
            "How long ago the environment must last have changed.",
            Shape::Period,
        ),
        IN,
        MAX_AGE,
        FROM,
    ],
    needs_settings: true,
    live: true,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let question = Question::about_running("stability", settings, look);
    let limited = ["restarts", "failed_rollouts"].into_iter();
    let limited = limited.filter_map(|fact| Some((fact, settings.number(fact)?)));
    let counted = limited.map(|(fact, limit)| {
        (
            fact.to_owned(),
            question.compare(&[fact], Bound::AtMost(limit), ""),
        )
    });
    let quiet = settings
        .period("since_change")
        .map(|wanted| ("since_change".to_owned(), quiet(&question, wanted)));
    counted.chain(quiet).collect()
}

/// How long the environment has not changed. This is in the history; nobody has to report it.
fn quiet(question: &Question<'_>, wanted: Period) -> Verdict {
    let words = format!("no change for {wanted}");
    let changes = question.look.changes.iter();
    let place = question.place().unwrap_or_default();
    let Some((_, changed)) = changes.into_iter().find(|(name, _)| name.as_str() == place) else {
        return unknown(
            Why::NoData,
            &words,
            format!("nothing was ever delivered to {place}"),
        );
    };
    let age = Period::between(*changed, question.look.now);
    Verdict {
        answer: Answer::of(age >= wanted),
        wanted: words,
        observed: format!("changed {} ago", age.rough()),
        evidence: Vec::new(),
        next: (age < wanted).then(|| wanted.after(*changed)),
    }
}
