//! `soak`: has the release been in its environment long enough?

use super::Gate;
use crate::question::{Asked, IN, Question, unknown};
use crate::{Field, Look, Shape};
use gradus_model::{Answer, Settings, Verdict, Why};

pub(super) static GATE: Gate = Gate {
    name: "soak",
    about: "The release has been verified in its environment for this long: its longest completed stay, or the present one.",
    fields: &[Field::required("at_least", "How long.", Shape::Period), IN],
    needs_settings: true,
    live: true,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let Some(wanted) = settings.period("at_least") else {
        return Vec::new();
    };
    let question = Question::about_running("soak", settings, look);
    let place = question.place().unwrap_or_default();
    let words = format!("at least {wanted} in {place}");
    let verdict = match look.longest_stay(place) {
        None => unknown(Why::NoData, &words, format!("never verified in {place}")),
        Some((length, running_since)) => Verdict {
            answer: Answer::of(length >= wanted),
            wanted: words,
            observed: length.rough(),
            evidence: Vec::new(),
            next: running_since
                .filter(|_| length < wanted)
                .map(|since| wanted.after(since)),
        },
    };
    vec![(String::new(), verdict)]
}
