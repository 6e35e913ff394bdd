//! Refusals: a no, why, and what to do instead.

use serde::Serialize;

/// Why a command was not carried out. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The code, such as `approval.self`; `gradus explain CODE` tells more.
    pub code: &'static str,
    /// What is in the way.
    pub message: String,
    /// What to do about it.
    pub hint: String,
    /// What sort of no it is.
    pub kind: RefusalKind,
}

/// What sort of no it is; the command line makes an exit code of it, the server a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// It names something that is not there.
    Unknown,
    /// The rules do not allow it, for anyone.
    Blocked,
    /// The rules do not allow it to this person.
    NotPermitted,
    /// It comes too late or at the wrong moment.
    Conflict,
}

impl Refusal {
    pub(crate) fn unknown(code: &'static str, message: String, hint: impl Into<String>) -> Self {
        Self {
            code,
            message,
            hint: hint.into(),
            kind: RefusalKind::Unknown,
        }
    }

    pub(crate) fn blocked(code: &'static str, message: String, hint: impl Into<String>) -> Self {
        Self {
            code,
            message,
            hint: hint.into(),
            kind: RefusalKind::Blocked,
        }
    }

    pub(crate) fn not_permitted(code: &'static str, message: String, hint: impl Into<String>) -> Self {
        Self {
            code,
            message,
            hint: hint.into(),
            kind: RefusalKind::NotPermitted,
        }
    }

    pub(crate) fn conflict(code: &'static str, message: String, hint: impl Into<String>) -> Self {
        Self {
            code,
            message,
            hint: hint.into(),
            kind: RefusalKind::Conflict,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}
