//! `sbom`: is it known what is in the release, and is nothing in it that may not be?

use super::Gate;
use crate::question::{Asked, Bound, FROM, MAX_AGE, Question, compare, unknown};
use crate::{Field, Look, Shape};
use gradus_model::{Answer, Evidence, Fact, Settings, Verdict, Why};

pub(super) static GATE: Gate = Gate {
    name: "sbom",
    about: "There is an inventory of the release, and it lists no licence that is forbidden.",
    fields: &[
        Field::optional(
            "at_least",
            "How many components it must list; 1, if left out.",
            Shape::Count { least: 1 },
        ),
        Field::optional(
            "forbidden_licences",
            "Licences that may not be in it: AGPL-3.0, or GPL-* for all that begin so.",
            Shape::List {
                of: &Shape::Text,
                least: 1,
            },
        ),
        Field::optional(
            "unlicensed",
            "How many components may say nothing of a licence; any number, if left out.",
            Shape::Count { least: 0 },
        ),
        MAX_AGE,
        FROM,
    ],
    needs_settings: false,
    live: false,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let question = Question::about_release("sbom", settings, look);
    let evidence = match question.evidence(None, "an inventory") {
        Ok(evidence) => evidence,
        Err(verdict) => return vec![("components".to_owned(), verdict)],
    };
    let least = settings.number("at_least").unwrap_or(1.0);
    let components = compare(evidence, &["components"], Bound::AtLeast(least), "");
    let mut asked = vec![("components".to_owned(), components)];
    if let Some(most) = settings.number("unlicensed") {
        let verdict = compare(evidence, &["unlicensed"], Bound::AtMost(most), "");
        asked.push(("unlicensed".to_owned(), verdict));
    }
    let forbidden = settings.list("forbidden_licences");
    if !forbidden.is_empty() {
        asked.push(("licences".to_owned(), licences(evidence, forbidden)));
    }
    asked
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}

/// The names in a licence, which may be an expression: `MIT OR (GPL-2.0-only WITH …)`.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| c.is_whitespace() || "(),".contains(c));
    words.filter(|word| !matches!(*word, "" | "AND" | "OR" | "WITH"))
}

fn licences(evidence: &Evidence, forbidden: &[String]) -> Verdict {
    let wanted = format!("none of {}", forbidden.join(", "));
    let (answer, observed) = match (
        evidence.facts.get("licence_names"),
        evidence.facts.get("licences"),
    ) {
        (Some(Fact::Text(text)), Some(Fact::Number(count))) => {
            let found = names(text).find(|name| forbidden.iter().any(|pattern| matches(pattern, name)));
            let listed = text.split(", ").filter(|name| !name.is_empty()).count();
            match found {
                Some(name) => (Answer::Fail, name.to_owned()),
                // What is not listed may be anything.
                None if (listed as f64) < *count => (
                    Answer::Unknown(Why::Inconclusive),
                    format!("{listed} of {count} licences are listed"),
                ),
                None => (Answer::Pass, format!("{count} licences")),
            }
        }
        _ => (
            Answer::Unknown(Why::NoData),
            "the evidence lists no licences".to_owned(),
        ),
    };
    Verdict {
        answer,
        evidence: vec![evidence.id],
        ..unknown(Why::Error, &wanted, observed)
    }
}
