//! `expression`: whatever can be said about a release in one line.
//!
//! The language is CEL, which always comes to an end and knows nothing of the machine. It gets the
//! release, the two environments and the evidence that counts, and must say true or false.

use super::Gate;
use crate::look::Wanted;
use crate::question::{Asked, FROM, MAX_AGE, unknown};
use crate::{Field, Look, Shape};
use cel::{Context, Program, Value};
use gradus_model::{Answer, EvidenceId, Fact, Settings, Verdict, Why};
use std::collections::BTreeMap;

pub(super) static GATE: Gate = Gate {
    name: "expression",
    about: "An expression in CEL over the release, the environments and the evidence is true, or a score that is high enough.",
    fields: &[
        Field::required("name", "What it is called.", Shape::Text),
        Field::required(
            "when",
            "The expression: release.branch == \"main\" && evidence[\"coverage\"].lines >= 80.0.",
            Shape::Text,
        ),
        Field::optional(
            "pass_at",
            "Where the expression is a score rather than true or false: from what on it passes.",
            Shape::Number,
        ),
        Field::optional(
            "warn_at",
            "From what on a score is inconclusive, for a human to look at; below that it fails.",
            Shape::Number,
        ),
        MAX_AGE,
        FROM,
    ],
    needs_settings: true,
    live: false,
    judge,
};

/// How long an expression may be.
const LENGTH: usize = 2_000;
/// How many loops it may hold: each multiplies the work by the length of a list.
const LOOPS: usize = 3;
/// How many pieces of evidence it sees.
const PIECES: usize = 200;

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let name = settings.text("name").unwrap_or_default();
    let when = settings.text("when").unwrap_or_default();
    let (facts, ids) = evidence(settings, look);
    let (answer, observed) = match evaluate(when, look, &facts) {
        Ok(Said::Truth(truth)) => (Answer::of(truth), truth.to_string()),
        Ok(Said::Score(score)) => graded(settings, score),
        Err((why, text)) => (Answer::Unknown(why), text),
    };
    let verdict = Verdict {
        answer,
        evidence: ids,
        ..unknown(Why::Error, when, observed)
    };
    vec![(name.to_owned(), verdict)]
}

type Facts = BTreeMap<String, BTreeMap<String, Fact>>;

/// The newest evidence that counts, by kind, or by kind and name: `coverage`, `tests/unit`.
fn evidence(settings: &Settings, look: &Look<'_>) -> (Facts, Vec<EvidenceId>) {
    let (mut facts, mut ids) = (Facts::new(), Vec::new());
    for given in look.evidence.iter().rev().take(PIECES) {
        let key = match given.name.as_str() {
            "" => given.kind.clone(),
            name => format!("{}/{name}", given.kind),
        };
        if facts.contains_key(&key) {
            continue;
        }
        let newest = look.newest(&Wanted {
            kind: &given.kind,
            name: Some(&given.name),
            place: None,
            max_age: settings.period("max_age"),
            own: &given.name,
            from: settings.list("from"),
        });
        if let Ok(found) = newest {
            facts.insert(key, found.facts.clone());
            ids.push(found.id);
        }
    }
    (facts, ids)
}

/// What is wrong with an expression before anything is evaluated.
fn refused(when: &str) -> Option<String> {
    if when.len() > LENGTH {
        return Some(format!("the expression is longer than {LENGTH} characters"));
    }
    let loops = [".all(", ".exists(", ".exists_one(", ".map(", ".filter("];
    let bare: String = when.split_whitespace().collect();
    let count: usize = loops.iter().map(|word| bare.matches(word).count()).sum();
    (count > LOOPS).then(|| format!("the expression holds {count} loops, at most {LOOPS} may be"))
}

/// What an expression came to.
enum Said {
    Truth(bool),
    Score(f64),
}

/// A score against the marks. Without a mark to pass at, a number says nothing.
fn graded(settings: &Settings, score: f64) -> (Answer, String) {
    let text = format!("score {score}");
    let (pass, warn) = (settings.number("pass_at"), settings.number("warn_at"));
    let answer = match pass {
        None => {
            return (
                Answer::Unknown(Why::Error),
                format!("{text}, and no pass_at to compare it with"),
            );
        }
        Some(_) if !score.is_finite() => Answer::Unknown(Why::Error),
        Some(pass) if score >= pass => Answer::Pass,
        _ if warn.is_some_and(|warn| score >= warn) => Answer::Unknown(Why::Inconclusive),
        _ => Answer::Fail,
    };
    (answer, text)
}

fn evaluate(when: &str, look: &Look<'_>, facts: &Facts) -> Result<Said, (Why, String)> {
    if let Some(text) = refused(when) {
        return Err((Why::Error, text));
    }
    let wrong = |text: String| (Why::Error, text);
    let program = Program::compile(when).map_err(|error| wrong(format!("it cannot be read: {error}")))?;
    let mut context = Context::default();
    let from = look.from.map(ToString::to_string).unwrap_or_default();
    let environment = BTreeMap::from([("from", from), ("to", look.to.to_string())]);
    let given = context
        .add_variable("release", look.release)
        .and_then(|()| context.add_variable("environment", environment))
        .and_then(|()| context.add_variable("evidence", facts));
    given.map_err(|error| wrong(error.to_string()))?;
    match program.execute(&context) {
        Ok(Value::Bool(answer)) => Ok(Said::Truth(answer)),
        Ok(Value::Float(score)) => Ok(Said::Score(score)),
        Ok(Value::Int(score)) => Ok(Said::Score(score as f64)),
        Ok(_) => Err(wrong("it says neither true nor false, and no number".to_owned())),
        // What nobody has said is no reason to say no.
        Err(cel::ExecutionError::NoSuchKey(key)) => Err((Why::NoData, format!("there is no {key}"))),
        Err(error) => Err(wrong(error.to_string())),
    }
}
