//! A report while it is being read, and how it is judged in the end.

use crate::error::{EvidenceError, Fault};
use crate::kinds::scan::Scan;
use crate::{About, Anomaly, Expect, Finding, Kind, Report, Verdict};
use gradus_model::{Commit, Digest, Fact};
use std::collections::BTreeMap;

/// How many digests a report may be about.
const DIGESTS: usize = 1_000;

/// What is known so far.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) name: Option<String>,
    pub(crate) tool: Option<String>,
    pub(crate) about: About,
    /// What may always be shown.
    facts: BTreeMap<String, Fact>,
    /// What gates compare with their bounds. Kept back when the report cannot be believed.
    figures: BTreeMap<String, Fact>,
    anomalies: Vec<Anomaly>,
    unshown: u64,
    red: bool,
    doubtful: bool,
    broken: bool,
    /// Whether the report brings figures and leaves it to others to judge them.
    pub(crate) leaves_judgement: bool,
    /// What `at_least` is compared with, and what it is called.
    counted: Option<(u64, &'static str)>,
    scan: Option<Scan>,
}

impl Draft {
    pub(crate) fn fact(&mut self, name: &str, value: impl Into<f64>) {
        self.facts.insert(name.to_owned(), number(value.into()));
    }

    pub(crate) fn fact_count(&mut self, name: &str, value: u64) {
        self.fact(name, value as f64);
    }

    pub(crate) fn fact_text(&mut self, name: &str, value: &str) {
        self.facts.insert(name.to_owned(), Fact::Text(value.to_owned()));
    }

    pub(crate) fn fact_flag(&mut self, name: &str, value: bool) {
        self.facts.insert(name.to_owned(), Fact::Flag(value));
    }

    pub(crate) fn figure(&mut self, name: &str, value: impl Into<f64>) {
        self.figures.insert(name.to_owned(), number(value.into()));
    }

    pub(crate) fn figure_text(&mut self, name: &str, value: &str) {
        self.figures.insert(name.to_owned(), Fact::Text(value.to_owned()));
    }

    /// Notes something that a person ought to know. Only so many are kept; the rest is counted.
    pub(crate) fn note(&mut self, code: &'static str, text: impl Into<String>) {
        const KEPT: usize = 100;
        if self.anomalies.len() < KEPT {
            let text: String = text.into().chars().take(500).collect();
            self.anomalies.push(Anomaly { code, text });
        } else {
            self.unshown += 1;
        }
    }

    /// Something is wrong with what was examined.
    pub(crate) fn red(&mut self) {
        self.red = true;
    }

    /// It cannot be said whether something is wrong.
    pub(crate) fn doubt(&mut self, code: &'static str, text: impl Into<String>) {
        self.doubtful = true;
        self.note(code, text);
    }

    /// The tool did not do its work.
    pub(crate) fn broken(&mut self, code: &'static str, text: impl Into<String>) {
        self.broken = true;
        self.note(code, text);
    }

    /// How much was examined, in words of the format.
    pub(crate) fn counted(&mut self, count: u64, what: &'static str) {
        self.counted = Some((count, what));
    }

    /// Remembers a commit that the report says it is about.
    pub(crate) fn commit(&mut self, text: &str) {
        if let Ok(commit) = Commit::new(text.trim().to_ascii_lowercase()) {
            self.about.commit = Some(commit);
        }
    }

    /// Remembers a SHA-256 that the report says it is about, with or without its prefix.
    pub(crate) fn digest(&mut self, text: &str) {
        let hex = text
            .trim()
            .rsplit(':')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if let Ok(digest) = Digest::new(format!("sha256:{hex}"))
            && self.about.digests.len() < DIGESTS
            && !self.about.digests.contains(&digest)
        {
            self.about.digests.push(digest);
        }
    }

    /// The findings; there are none before the first.
    pub(crate) fn scan(&mut self) -> &mut Scan {
        self.scan.get_or_insert_default()
    }

    fn judge_amount(&mut self, expect: &Expect<'_>) {
        match (self.counted, expect.at_least) {
            (Some((count, what)), least) if count < least.unwrap_or(1).max(1) => {
                let least = least.unwrap_or(1).max(1);
                self.doubt(
                    "too_few",
                    format!("{count} {what}, and at least {least} are needed"),
                );
            }
            (None, Some(least)) => {
                let text = format!("at least {least} are needed, but this format counts nothing of the kind");
                self.doubt("not_counted", text);
            }
            _ => {}
        }
    }

    fn judge_subject(&mut self, expect: &Expect<'_>) {
        if let (Some(wanted), Some(found)) = (expect.commit, self.about.commit.clone())
            && *wanted != found
        {
            self.broken(
                "subject",
                format!("the report is about commit {found}, not {wanted}"),
            );
        }
        let named = &self.about.digests;
        let matches = named.iter().any(|digest| expect.digests.contains(digest));
        if !expect.digests.is_empty() && !named.is_empty() && !matches {
            self.broken("subject", "the report is about none of the expected digests");
        }
    }

    /// What the exit code says, when the report does not say the same.
    ///
    /// A tool that failed without a word of it in its report did not examine what it should have,
    /// so nothing that it counted may be compared with a bound.
    fn judge_exit(&mut self, kind: Kind, expect: &Expect<'_>) -> bool {
        match expect.exit_code {
            Some(0) if self.red && kind == Kind::Tests => {
                self.note(
                    "exit_code",
                    "the report is red, although the tool ended with exit code 0",
                );
                false
            }
            Some(code) if code != 0 && !self.red && !self.broken => {
                let text = format!("the tool ended with exit code {code}, and its report does not say why");
                self.note("exit_code", text);
                self.red = true;
                true
            }
            _ => false,
        }
    }

    fn verdict(&self, kind: Kind) -> Verdict {
        match (self.broken, self.red, self.doubtful) {
            (true, _, _) => Verdict::Error,
            // What a scan that broke off has found is not all there is, and its counts would mislead.
            (_, true, true) if kind != Kind::Tests => Verdict::Inconclusive,
            (_, true, _) => Verdict::Fail,
            (_, _, true) => Verdict::Inconclusive,
            _ => Verdict::Pass,
        }
    }

    /// Judges what was read.
    pub(crate) fn finish(mut self, format: &crate::Format, raw: Digest, expect: &Expect<'_>) -> Report {
        if let Some(code) = expect.exit_code
            && let Some(meaning) = (format.exit)(code)
        {
            self.broken("exit_code", format!("exit code {code}: {meaning}"));
        }
        if format.kind == Kind::Vulnerabilities {
            self.scan();
        }
        let findings = self.settle_scan(expect);
        self.judge_amount(expect);
        self.judge_subject(expect);
        let unexplained = self.judge_exit(format.kind, expect);
        let verdict = self.verdict(format.kind);
        let believed = matches!(verdict, Verdict::Pass | Verdict::Fail) && !unexplained;
        if believed || format.kind == Kind::Tests {
            self.facts.append(&mut self.figures);
        } else if !self.figures.is_empty() {
            let names: Vec<_> = self.figures.keys().map(String::as_str).collect();
            self.note(
                "kept_back",
                format!("not to be believed, and so not given: {}", names.join(", ")),
            );
        }
        if !(self.leaves_judgement && believed) {
            self.fact_text("status", verdict.status());
        }
        if self.unshown > 0 {
            let text = format!("{} more are not shown", self.unshown);
            self.anomalies.push(Anomaly { code: "more", text });
        }
        self.anomalies.truncate(expect.limits.shown);
        Report {
            format: format.name,
            kind: format.kind,
            name: self.name,
            tool: self.tool,
            facts: self.facts,
            verdict,
            anomalies: self.anomalies,
            findings,
            about: self.about,
            raw,
        }
    }

    fn settle_scan(&mut self, expect: &Expect<'_>) -> Vec<Finding> {
        let Some(scan) = self.scan.take() else {
            return Vec::new();
        };
        if scan.any() {
            self.red();
        }
        scan.settle(self, expect.limits.shown)
    }
}

fn number(value: f64) -> Fact {
    if value.is_finite() {
        Fact::Number(value)
    } else {
        Fact::Text(value.to_string())
    }
}

/// Adds without ever wrapping around.
pub(crate) fn add(total: &mut u64, more: u64) {
    *total = total.saturating_add(more);
}

/// A document that lacks what makes it one of its format.
pub(crate) fn lacks(what: &str) -> EvidenceError {
    EvidenceError::whole(Fault::Malformed, format!("the report lacks {what}"))
}
