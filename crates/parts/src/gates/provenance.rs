//! `provenance`: has a builder that may signed that it built this?

use super::Gate;
use crate::question::{Asked, FROM, MAX_AGE, Question, unknown};
use crate::{Field, Look, Shape};
use gradus_model::{Answer, Evidence, Fact, Settings, Verdict, Why};

pub(super) static GATE: Gate = Gate {
    name: "provenance",
    about: "A statement signed by a known key says how the release was built, and by whom.",
    fields: &[
        Field::optional(
            "builders",
            "The builders that may have built it, by their id; any, if left out.",
            Shape::List {
                of: &Shape::Text,
                least: 1,
            },
        ),
        MAX_AGE,
        FROM,
    ],
    needs_settings: false,
    live: false,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let question = Question::about_release("provenance", settings, look);
    let builders = settings.list("builders");
    let wanted = match builders {
        [] => "signed by a known key".to_owned(),
        builders => format!("signed, built by {}", builders.join(" or ")),
    };
    let verdict = match question.evidence(None, &wanted) {
        Ok(evidence) => signed(evidence, builders, &wanted),
        Err(verdict) => verdict,
    };
    vec![(String::new(), verdict)]
}

fn signed(evidence: &Evidence, builders: &[String], wanted: &str) -> Verdict {
    let (answer, observed) = match (evidence.facts.get("verified"), evidence.facts.get("builder")) {
        (Some(Fact::Flag(true)), Some(Fact::Text(builder))) => {
            let known = builders.is_empty() || builders.contains(builder);
            (Answer::of(known), format!("signed, built by {builder}"))
        }
        (Some(Fact::Flag(true)), _) => (
            Answer::Unknown(Why::Inconclusive),
            "signed, and names no builder that can be believed".to_owned(),
        ),
        (Some(Fact::Flag(false)), _) => (Answer::Fail, "no known key has signed it".to_owned()),
        _ => (
            Answer::Unknown(Why::NoData),
            "the evidence says nothing of a signature".to_owned(),
        ),
    };
    Verdict {
        answer,
        evidence: vec![evidence.id],
        ..unknown(Why::Error, wanted, observed)
    }
}
