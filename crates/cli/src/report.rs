//! An explanation as a report for CI systems: Markdown for a summary, JUnit for a test report.

use crate::args::ReportForm;
use gradus_engine::Explanation;
use gradus_model::{Answer, Condition};
use std::fmt::Write as _;

pub(crate) fn report(explanation: &Explanation, form: ReportForm) -> String {
    match form {
        ReportForm::Markdown => markdown(explanation),
        ReportForm::Junit => junit(explanation),
    }
}

fn title(explanation: &Explanation) -> String {
    let Explanation { app, version, to, .. } = explanation;
    match &explanation.from {
        Some(from) => format!("{app}@{version} from {from} to {to}"),
        None => format!("{app}@{version} to {to}"),
    }
}

/// A cell of a table cannot hold what ends it.
fn cell(text: &str) -> String {
    let text = text.replace('|', "\\|").replace(['\n', '\r'], " ");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

fn markdown(explanation: &Explanation) -> String {
    let unmet = explanation
        .conditions
        .iter()
        .filter(|condition| !condition.is_met());
    let state = match unmet.count() {
        0 => "✅ everything is met".to_owned(),
        open => format!("❌ {open} of {} conditions unmet", explanation.conditions.len()),
    };
    let mut out = format!("### {}: {state}\n\n", cell(&title(explanation)));
    out.push_str("| | condition | observed | wanted | who can help |\n|---|---|---|---|---|\n");
    for condition in &explanation.conditions {
        let mark = match condition.answer {
            Answer::Pass => "✅",
            Answer::Fail => "❌",
            Answer::Unknown(_) => "❓",
        };
        let Condition {
            name,
            observed,
            wanted,
            remedy,
            ..
        } = condition;
        let cells = [name, observed, wanted, remedy].map(|text| cell(text));
        let _ = writeln!(out, "| {mark} | {} |", cells.join(" | "));
    }
    for warning in &explanation.warnings {
        let _ = write!(out, "\n⚠️ {}\n", cell(warning));
    }
    out
}

/// Text as it stands in XML; what XML cannot hold is left out.
fn xml(text: &str) -> String {
    let allowed = text.chars().filter(|c| !c.is_control() || "\n\t".contains(*c));
    let mut out = String::new();
    for letter in allowed {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

/// Each condition is a test case: a failure where it does not hold, an error where nobody knows.
fn junit(explanation: &Explanation) -> String {
    let count = |wanted: fn(&Answer) -> bool| {
        let answers = explanation.conditions.iter().map(|condition| &condition.answer);
        answers.filter(|answer| wanted(answer)).count()
    };
    let failures = count(|answer| *answer == Answer::Fail);
    let errors = count(|answer| matches!(answer, Answer::Unknown(_)));
    let suite = xml(&title(explanation));
    let tests = explanation.conditions.len();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"");
    let _ = writeln!(out, "<testsuites {counts}><testsuite name=\"{suite}\" {counts}>");
    for condition in &explanation.conditions {
        let name = xml(&condition.name);
        let text = format!(
            "{}, wanted {}. {}",
            condition.observed, condition.wanted, condition.remedy
        );
        let text = xml(&text);
        let _ = match condition.answer {
            Answer::Pass => writeln!(out, "<testcase classname=\"{suite}\" name=\"{name}\"/>"),
            Answer::Fail => writeln!(
                out,
                "<testcase classname=\"{suite}\" name=\"{name}\"><failure message=\"{text}\"/></testcase>"
            ),
            Answer::Unknown(_) => writeln!(
                out,
                "<testcase classname=\"{suite}\" name=\"{name}\"><error message=\"{text}\"/></testcase>"
            ),
        };
    }
    out.push_str("</testsuite></testsuites>\n");
    out
}
