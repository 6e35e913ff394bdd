//! `vulnerabilities`: are there few enough known holes?

use super::Gate;
use crate::question::{Asked, Bound, FROM, MAX_AGE, Question, compare};
use crate::{Field, Look, Shape};
use gradus_model::{Evidence, Fact, Settings, Timestamp};

const LIMIT: Shape = Shape::Count { least: 0 };

pub(super) static GATE: Gate = Gate {
    name: "vulnerabilities",
    about: "A scan found no more than this many known vulnerabilities of each severity.",
    fields: &[
        Field::optional("critical", "How many critical ones are bearable.", LIMIT),
        Field::optional(
            "high",
            "How many high ones; those of unknown severity count as high, unless unknown_as says otherwise.",
            LIMIT,
        ),
        Field::optional("medium", "How many medium ones.", LIMIT),
        Field::optional("low", "How many low ones.", LIMIT),
        Field::optional(
            "unknown_as",
            "As what findings of unknown severity count; high, if left out.",
            Shape::Choice(&["critical", "high", "medium", "low"]),
        ),
        Field::optional(
            "ignore",
            "Findings that are known and do not count: `CVE-2026-1234 until 2026-12-31 because it is not reachable`.",
            Shape::List {
                of: &Shape::Text,
                least: 1,
            },
        ),
        MAX_AGE,
        FROM,
    ],
    needs_settings: true,
    live: false,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let question = Question::about_release("vulnerabilities", settings, look);
    let limited = ["critical", "high", "medium", "low"].into_iter();
    let limited = limited.filter_map(|severity| Some((severity, settings.number(severity)?)));
    limited
        .map(|(severity, limit)| {
            let bound = Bound::AtMost(limit);
            let verdict = match question.evidence(None, &bound.words("")) {
                Ok(evidence) => {
                    let ignored = ignored(settings, look.now);
                    let unknown_as = settings.text("unknown_as").unwrap_or("high");
                    let (counted, left_out) = counted(evidence, &ignored, unknown_as);
                    let mut verdict = compare(&counted, &[severity], bound, "");
                    let own: Vec<_> = left_out.iter().filter(|(of, _)| *of == severity).collect();
                    for (_, exception) in own {
                        verdict
                            .observed
                            .push_str(&format!(", without {}", exception.words));
                    }
                    verdict
                }
                Err(verdict) => verdict,
            };
            (severity.to_owned(), verdict)
        })
        .collect()
}

/// A finding that does not count for a while, and why.
struct Exception<'a> {
    id: &'a str,
    words: &'a str,
}

/// The exceptions that hold today. One without an end or a reason is none, and one that has ended
/// is none any more.
fn ignored(settings: &Settings, now: Timestamp) -> Vec<Exception<'_>> {
    let today = now.to_string();
    let read = |words: &'_ String| {
        let (id, rest) = words.split_once(" until ")?;
        let (end, reason) = rest.split_once(" because ")?;
        let dated = end.len() == 10 && end.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        (dated && !reason.trim().is_empty() && today.as_str() <= end).then_some(id.len())
    };
    let each = settings.list("ignore").iter();
    each.filter_map(|words| {
        let end = read(words)?;
        Some(Exception {
            id: words[..end].trim(),
            words,
        })
    })
    .collect()
}

/// The evidence with what is ignored taken away, and findings of unknown severity added to those they
/// count as. Where either cannot be counted, the sum cannot be either.
fn counted<'e, 'x>(
    evidence: &Evidence,
    ignored: &'e [Exception<'x>],
    unknown_as: &'e str,
) -> (Evidence, Vec<(&'e str, &'e Exception<'x>)>) {
    let mut counted = evidence.clone();
    let mut left_out = Vec::new();
    for severity in ["critical", "high", "medium", "low", "unknown"] {
        let ids = evidence.facts.get(&format!("{severity}_ids"));
        let (Some(Fact::Number(count)), Some(Fact::Text(ids))) = (counted.facts.get(severity), ids) else {
            continue;
        };
        let mut left = *count;
        let twice = |at: usize| ignored[..at].iter().any(|earlier| earlier.id == ignored[at].id);
        for (at, exception) in ignored.iter().enumerate() {
            if !twice(at) && ids.split(", ").any(|id| id == exception.id) {
                left -= 1.0;
                let shown = if severity == "unknown" {
                    unknown_as
                } else {
                    severity
                };
                left_out.push((shown, exception));
            }
        }
        counted
            .facts
            .insert(severity.to_owned(), Fact::Number(left.max(0.0)));
    }
    let sum = match (counted.facts.get(unknown_as), counted.facts.get("unknown")) {
        (Some(Fact::Number(high)), Some(Fact::Number(unknown))) => Fact::Number(high + unknown),
        (Some(high), Some(unknown)) => Fact::Text(format!("{high} and {unknown} of unknown severity")),
        _ => return (counted, left_out),
    };
    counted.facts.insert(unknown_as.to_owned(), sum);
    (counted, left_out)
}
