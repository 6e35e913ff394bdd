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
        Field::optional(
            "failed_rollouts",
            "How many deliveries may have failed there within the window.",
            LIMIT,
        ),
        Field::optional(
            "window",
            "The time for failed rollouts; 7d, if left out.",
            Shape::Period,
        ),
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

const WEEK: Period = Period::from_secs(7 * 24 * 3600);

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let question = Question::about_running("stability", settings, look);
    let restarts = settings.number("restarts").map(|limit| {
        let verdict = question.compare(&["restarts"], Bound::AtMost(limit), "");
        ("restarts".to_owned(), verdict)
    });
    let failed = settings.number("failed_rollouts").map(|limit| {
        let window = settings.period("window").unwrap_or(WEEK);
        ("failed_rollouts".to_owned(), failed(&question, limit, window))
    });
    let quiet = settings
        .period("since_change")
        .map(|wanted| ("since_change".to_owned(), quiet(&question, wanted)));
    restarts.into_iter().chain(failed).chain(quiet).collect()
}

/// How often a delivery failed there. This is in the history too.
fn failed(question: &Question<'_>, limit: f64, window: Period) -> Verdict {
    let place = question.place().unwrap_or_default();
    let bound = Bound::AtMost(limit);
    let words = format!("{} in {window}", bound.words(""));
    let look = question.look;
    if !look.changes.iter().any(|(name, _)| name.as_str() == place) {
        let text = format!("nothing was ever delivered to {place}");
        return unknown(Why::NoData, &words, text);
    }
    let own = look.failures.iter().filter(|(name, _)| name.as_str() == place);
    let count = own.filter(|(_, at)| window.after(*at) > look.now).count();
    Verdict {
        answer: Answer::of(count as f64 <= limit),
        ..unknown(Why::Error, &words, count.to_string())
    }
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
