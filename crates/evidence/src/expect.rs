//! What the caller knows about a report before it is read.

use crate::Key;
use gradus_model::{Commit, Digest};

/// How much a report may ask of its reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// How many bytes it may have.
    pub bytes: u64,
    /// How deeply it may be nested.
    pub depth: usize,
    /// How many cases, findings, files, blocks or samples it may hold.
    pub items: u64,
    /// How many different things must be remembered at once: ids, rules, lines of code.
    pub remembered: usize,
    /// How long one JSON text, XML tag, line or CSV record may be, in bytes.
    pub text: usize,
    /// How many findings and how many anomalies are kept to be shown; all of them are counted.
    pub shown: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 512 << 20,
            depth: 100,
            items: 10_000_000,
            remembered: 400_000,
            text: 8 << 20,
            shown: 1_000,
        }
    }
}

/// What is expected of a report.
#[derive(Debug, Clone, Default)]
pub struct Expect<'a> {
    /// The format, where it is known; otherwise the content decides.
    pub format: Option<&'a str>,
    /// The exit code of the tool that wrote it.
    pub exit_code: Option<i32>,
    /// How many tests, lines, requests or components there must be.
    pub at_least: Option<u64>,
    /// The commit it must be about, if it names one.
    pub commit: Option<&'a Commit>,
    /// The digests it must be about at least one of, if it names any.
    pub digests: &'a [Digest],
    /// The keys that may sign provenance.
    pub keys: &'a [Key],
    /// How much it may ask of the reader.
    pub limits: Limits,
}
