//! What a report says, in Gradus's words.

use gradus_model::{Commit, Digest, Fact};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// What evidence a report is: the gate of that name reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Test results.
    Tests,
    /// Coverage.
    Coverage,
    /// Findings of scanners.
    Vulnerabilities,
    /// The verdict of a quality check.
    Quality,
    /// The figures of a load test.
    Performance,
    /// An inventory of components.
    Sbom,
    /// Who built it, signed.
    Provenance,
}

impl Kind {
    /// The word in commands and policies.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Tests => "tests",
            Kind::Coverage => "coverage",
            Kind::Vulnerabilities => "vulnerabilities",
            Kind::Quality => "quality",
            Kind::Performance => "performance",
            Kind::Sbom => "sbom",
            Kind::Provenance => "provenance",
        }
    }
}

/// What the report itself amounts to, before any gate of a policy looks at its facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Something was examined, and nothing is wrong.
    Pass,
    /// Something is wrong.
    Fail,
    /// Too little was examined to say.
    Inconclusive,
    /// The tool did not do its work, or the report is about something else.
    Error,
}

impl Verdict {
    /// The word that gates read as `status`.
    pub fn status(self) -> &'static str {
        match self {
            Verdict::Pass => "passed",
            Verdict::Fail => "failed",
            Verdict::Inconclusive => "inconclusive",
            Verdict::Error => "error",
        }
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Said to be harmless, by a word or a score of zero.
    None,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// Nobody has said; policies count it as high.
    Unknown,
    /// High.
    High,
    /// Critical.
    Critical,
}

impl Severity {
    /// All of them, worst first.
    pub const ALL: [Severity; 6] = [
        Severity::Critical,
        Severity::High,
        Severity::Unknown,
        Severity::Medium,
        Severity::Low,
        Severity::None,
    ];

    /// The name of its fact.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Critical => "critical",
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
            Severity::None => "none",
            Severity::Unknown => "unknown",
        }
    }

    /// The words of the tools. A word that nobody has taught us is unknown, and so is none at all.
    pub(crate) fn from_word(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "critical" | "blocker" => Severity::Critical,
            "high" | "important" => Severity::High,
            "medium" | "moderate" => Severity::Medium,
            "low" | "minor" | "negligible" => Severity::Low,
            "info" | "informational" | "none" => Severity::None,
            _ => Severity::Unknown,
        }
    }

    /// CVSS's own bands. What is not a score is unknown.
    pub(crate) fn from_score(score: f64) -> Self {
        match score {
            9.0..=10.0 => Severity::Critical,
            7.0..9.0 => Severity::High,
            4.0..7.0 => Severity::Medium,
            score if score > 0.0 && score < 4.0 => Severity::Low,
            0.0 => Severity::None,
            _ => Severity::Unknown,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// One finding of a scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its id: a CVE, an advisory, a rule.
    pub id: String,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is: a package, a file.
    pub package: Option<String>,
    /// Why it does not count, where somebody has said so.
    pub suppressed: Option<String>,
}

impl Finding {
    pub(crate) fn new(id: Option<String>, severity: Severity, package: Option<String>) -> Self {
        let id = id.unwrap_or_default();
        Self {
            id,
            severity,
            package,
            suppressed: None,
        }
    }
}

/// Something that a person ought to know before believing the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Anomaly {
    /// A word for it.
    pub code: &'static str,
    /// What was seen.
    pub text: String,
}

/// What the report says it is about. Hints: whoever hands it in may know better.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct About {
    /// The commit.
    pub commit: Option<Commit>,
    /// The digests of artifacts.
    pub digests: Vec<Digest>,
}

/// A report that was read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Its format, by the name in [`crate::FORMATS`].
    pub format: &'static str,
    /// What evidence it is.
    pub kind: Kind,
    /// What the report calls itself: a suite, a project.
    pub name: Option<String>,
    /// The tool that wrote it, where it says so.
    pub tool: Option<String>,
    /// The measured values, by the names that gates read.
    pub facts: BTreeMap<String, Fact>,
    /// What it amounts to.
    pub verdict: Verdict,
    /// What a person ought to know.
    pub anomalies: Vec<Anomaly>,
    /// The findings of a scan, worst first, as many as the limits allow.
    pub findings: Vec<Finding>,
    /// What it says it is about.
    pub about: About,
    /// The digest of the file.
    pub raw: Digest,
}
