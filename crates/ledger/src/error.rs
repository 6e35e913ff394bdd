//! What can go wrong, and what to do about it.

use gradus_model::Stream;
use std::path::PathBuf;

/// Why the ledger did not do what it was asked.
///
/// Whichever it is: nothing of the request was written, and nothing was acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say what the fields are")]
pub enum LedgerError {
    /// Somebody else wrote first: read again, decide again, append again.
    #[error(
        "{stream} is at version {found}, not at {expected}: somebody else wrote first, so read it again and decide again"
    )]
    Conflict {
        stream: Stream,
        expected: u64,
        found: u64,
    },
    /// The claim is no longer current: another worker has the work, or it is no longer wanted.
    #[error(
        "the claim on {key} is over: another worker has it, or it is no longer due; leave its result to others"
    )]
    Fenced { key: String },
    /// An event that would not read back as it was written.
    #[error("an event of type {word} cannot be written, because it would not read back: {why}")]
    Unwritable { word: String, why: String },
    /// The disk has no room.
    #[error("the disk that holds the ledger is full: make room and try again, nothing needs repair ({0})")]
    Full(String),
    /// The file or its folder may not be written.
    #[error(
        "the ledger cannot be written: check who owns the file and its folder, and how the disk is mounted ({0})"
    )]
    ReadOnly(String),
    /// The file holds something else than what was written.
    #[error(
        "the ledger is damaged: stop all writers, keep a copy, restore the newest backup and verify it ({0})"
    )]
    Corrupt(String),
    /// Another process is in the way.
    #[error("the ledger is busy: {0}")]
    Busy(String),
    /// It was written by a newer build.
    #[error("the ledger has format {found} and this build knows up to {known}: use a newer build")]
    Newer { found: u32, known: u32 },
    /// There is none.
    #[error("there is no ledger at {0}")]
    Missing(PathBuf),
    /// A checkpoint of that size exists and says something else, so another one is never signed.
    #[error(
        "the log no longer agrees with its checkpoint of size {size}: run `gradus audit verify`, sign nothing"
    )]
    Forked { size: u64 },
    /// No checkpoint covers the record yet.
    #[error("no checkpoint covers record {index} yet: sign one first")]
    Uncovered { index: u64 },
    /// A record that does not exist.
    #[error("there is no record {index}: the log has {size}")]
    Absent { index: u64, size: u64 },
    /// The disk or its file system failed.
    #[error(
        "the disk that holds the ledger failed: check the disk and its file system, then try again ({0})"
    )]
    Io(String),
    /// The database said something else.
    #[error("the ledger cannot be used: {0}")]
    Failed(String),
}

impl LedgerError {
    /// The word by which programs tell the errors apart. It never changes.
    pub const fn code(&self) -> &'static str {
        match self {
            LedgerError::Conflict { .. } => "ledger.conflict",
            LedgerError::Fenced { .. } => "ledger.fenced",
            LedgerError::Unwritable { .. } => "ledger.unwritable",
            LedgerError::Full(_) => "ledger.full",
            LedgerError::ReadOnly(_) => "ledger.read_only",
            LedgerError::Corrupt(_) => "ledger.corrupt",
            LedgerError::Busy(_) => "ledger.busy",
            LedgerError::Newer { .. } => "ledger.newer",
            LedgerError::Missing(_) => "ledger.missing",
            LedgerError::Forked { .. } => "ledger.forked",
            LedgerError::Uncovered { .. } => "ledger.uncovered",
            LedgerError::Absent { .. } => "ledger.absent",
            LedgerError::Io(_) => "ledger.io",
            LedgerError::Failed(_) => "ledger.failed",
        }
    }
}

/// What the ledger answers.
pub type Result<T> = std::result::Result<T, LedgerError>;
