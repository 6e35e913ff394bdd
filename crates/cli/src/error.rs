//! What a failure comes to at the edge: a code, a text, a hint and an exit code.

use gradus_engine::{Refusal, RefusalKind};
use gradus_ledger::LedgerError;
use gradus_runtime::{HandsError, RuntimeError};
use serde::Serialize;

/// Done: everything went well.
pub(crate) const DONE: u8 = 0;
/// Something failed.
pub(crate) const FAILED: u8 = 1;
/// A word, a name or the policy is wrong.
pub(crate) const USAGE: u8 = 2;
/// A gate, a calendar, a timer or the queue stands in the way.
pub(crate) const BLOCKED: u8 = 3;
/// Only people's agreement is missing.
pub(crate) const WAITING: u8 = 4;
/// It was waited for in vain.
pub(crate) const TIMED_OUT: u8 = 5;
/// Not permitted to this person.
pub(crate) const NOT_PERMITTED: u8 = 6;

/// The exit code of a verb, or its failure.
pub(crate) type Outcome = Result<u8, Failed>;

/// Why a verb did not do what it should.
#[derive(Debug, Serialize)]
pub(crate) struct Failed {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) hint: String,
    #[serde(skip)]
    pub(crate) exit: u8,
}

impl Failed {
    pub(crate) fn new(code: &str, message: impl Into<String>, hint: impl Into<String>, exit: u8) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            hint: hint.into(),
            exit,
        }
    }

    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new("usage", message, hint, USAGE)
    }
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        let exit = match refusal.kind {
            RefusalKind::Unknown => USAGE,
            RefusalKind::Blocked => BLOCKED,
            RefusalKind::NotPermitted => NOT_PERMITTED,
            RefusalKind::Conflict => FAILED,
        };
        Self::new(refusal.code, refusal.message, refusal.hint, exit)
    }
}

impl From<LedgerError> for Failed {
    fn from(error: LedgerError) -> Self {
        Self::new(error.code(), error.to_string(), "", FAILED)
    }
}

impl From<HandsError> for Failed {
    fn from(error: HandsError) -> Self {
        let hint = if error.passing {
            "try again; gradus doctor looks for the cause"
        } else {
            "mend what it names; gradus doctor looks for the cause"
        };
        Self::new(error.code, error.message, hint, FAILED)
    }
}

impl From<RuntimeError> for Failed {
    fn from(error: RuntimeError) -> Self {
        match error {
            RuntimeError::Refused(refusal) => refusal.into(),
            RuntimeError::Ledger(error) => error.into(),
            RuntimeError::World(error) => error.into(),
            RuntimeError::History(text) => Self::new(
                "history",
                text,
                "gradus audit verify tells where the ledger was changed",
                FAILED,
            ),
        }
    }
}

/// A name that is not well formed is a wrong word on the command line.
macro_rules! usage {
    ($($type:ty),*) => {$(
        impl From<$type> for Failed {
            fn from(error: $type) -> Self {
                Self::usage(error.to_string(), "")
            }
        }
    )*};
}
usage!(
    gradus_model::NameError,
    gradus_model::DigestError,
    gradus_model::PeriodError
);
