//! `manual`: has a person looked at it and said that it is good?

use super::Gate;
use crate::question::{Asked, FROM, IN, MAX_AGE, Question, status};
use crate::{Field, Look, NameOf, Shape};
use gradus_model::{Answer, Settings, TeamName, Verdict, Why};

pub(super) static GATE: Gate = Gate {
    name: "manual",
    about: "A person of one of these teams has done this check by hand and says that it passed.",
    fields: &[
        Field::required(
            "check",
            "What is checked: uat, a partner's sign-off, a drill.",
            Shape::Text,
        ),
        Field::optional(
            "by",
            "The teams whose word counts; any person's, if left out.",
            Shape::List {
                of: &Shape::Name(NameOf::Team),
                least: 1,
            },
        ),
        IN,
        MAX_AGE,
        FROM,
    ],
    needs_settings: true,
    live: false,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let Some(check) = settings.text("check") else {
        return Vec::new();
    };
    let question = Question::about_release("manual", settings, look);
    let teams = settings.list("by");
    let wanted = match teams {
        [] => "passed, says a person".to_owned(),
        teams => format!("passed, says {}", teams.join(" or ")),
    };
    let verdict = match question.evidence(Some(check), &wanted) {
        Err(verdict) => verdict,
        Ok(evidence) => {
            let said_by = &evidence.producer.identity;
            let says = status(evidence).unwrap_or(Answer::Unknown(Why::NoData));
            let (answer, observed) = if counts(look, said_by, teams) {
                (
                    says,
                    format!(
                        "{}, says {said_by}",
                        evidence
                            .facts
                            .get("status")
                            .map_or("nothing".to_owned(), ToString::to_string)
                    ),
                )
            } else {
                (
                    Answer::Unknown(Why::NoData),
                    format!("only {said_by} has said something, whose word does not count here"),
                )
            };
            Verdict {
                answer,
                wanted,
                observed,
                evidence: vec![evidence.id],
                next: None,
            }
        }
    };
    vec![(check.to_owned(), verdict)]
}

/// Whether an identity belongs to a human whose word counts. A machine's never does.
fn counts(look: &Look<'_>, identity: &str, teams: &[String]) -> bool {
    match look.people.who(identity) {
        None => teams.is_empty(),
        Some((_, person)) if person.machine => false,
        Some((name, _)) => {
            let member = |team: &String| {
                TeamName::new(team.as_str()).is_ok_and(|team| look.people.is_member(&team, name))
            };
            teams.is_empty() || teams.iter().any(member)
        }
    }
}
