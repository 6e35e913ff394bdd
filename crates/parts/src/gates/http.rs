//! `http`: does another system say yes?

use super::Gate;
use crate::question::{Asked, FROM, IN, MAX_AGE, Question, unknown};
use crate::{Field, Look, Shape};
use gradus_model::{Answer, Fact, Settings, Verdict, Why};

pub(super) static GATE: Gate = Gate {
    name: "http",
    about: "Another system, asked over HTTP about this release, says yes.",
    fields: &[
        Field::required("name", "What it is called.", Shape::Text),
        Field::required(
            "url",
            "Whom to ask. The release is posted as JSON, with a key that is the same for the same question.",
            Shape::Text,
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
    let question = Question::about_running("http", settings, look);
    let name = settings.text("name").unwrap_or_default();
    let wanted = "yes";
    let verdict = match question.evidence(Some(name), wanted) {
        Err(verdict) => verdict,
        Ok(evidence) => {
            let text = evidence.facts.get("text").map(ToString::to_string);
            let answer = evidence.facts.get("answer");
            let (answer, said) = match answer {
                Some(Fact::Text(word)) if word == "pass" => (Answer::Pass, "yes".to_owned()),
                Some(Fact::Text(word)) if word == "fail" => (Answer::Fail, "no".to_owned()),
                Some(other) => match other.why() {
                    Some((why, text)) => (Answer::Unknown(why), text.to_owned()),
                    None => (Answer::Unknown(Why::Inconclusive), other.to_string()),
                },
                None => (Answer::Unknown(Why::NoData), "it does not say".to_owned()),
            };
            let observed = text.map_or(said.clone(), |text| format!("{said}: {text}"));
            Verdict {
                answer,
                evidence: vec![evidence.id],
                ..unknown(Why::Error, wanted, observed)
            }
        }
    };
    vec![(name.to_owned(), verdict)]
}
