//! `quality`: does the code meet the team's own standard?

use super::Gate;
use crate::question::{Asked, FROM, MAX_AGE, Question, status, unknown};
use crate::{Field, Look, Shape};
use gradus_model::{Settings, Verdict, Why};

pub(super) static GATE: Gate = Gate {
    name: "quality",
    about: "The code-quality check, lint or quality gate of another tool, has passed.",
    fields: &[
        Field::optional("check", "Which check, where there are several.", Shape::Text),
        MAX_AGE,
        FROM,
    ],
    needs_settings: false,
    live: false,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let question = Question::about_release("quality", settings, look);
    let check = settings.text("check");
    let wanted = "passed";
    let verdict = match question.evidence(check, wanted) {
        Err(verdict) => verdict,
        Ok(evidence) => match status(evidence) {
            None => Verdict {
                evidence: vec![evidence.id],
                ..unknown(
                    Why::NoData,
                    wanted,
                    "the evidence does not say its status".to_owned(),
                )
            },
            Some(answer) => Verdict {
                answer,
                wanted: wanted.to_owned(),
                observed: evidence
                    .facts
                    .get("status")
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                evidence: vec![evidence.id],
                next: None,
            },
        },
    };
    vec![(check.unwrap_or_default().to_owned(), verdict)]
}
