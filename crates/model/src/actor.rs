//! Who did something, and how we know.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The identity behind a command, as it came in. Which human it belongs to is a question for the
/// policy of the day, see [`crate::People::who`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Actor {
    /// The identity: a mail address, a login, a token's name.
    pub identity: String,
    /// How the identity was established.
    pub via: Via,
}

/// How an identity was established.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// The git or system user of the machine on which the command ran.
    Local,
    /// Named with `--as` by the local user, whose own identity is kept.
    Asserted(String),
    /// Gradus itself: a timer, an automation, a worker.
    System,
}

impl Actor {
    /// The local user.
    pub fn local(identity: impl Into<String>) -> Self {
        Self {
            identity: identity.into(),
            via: Via::Local,
        }
    }

    /// Gradus itself.
    pub fn system() -> Self {
        Self {
            identity: "gradus".into(),
            via: Via::System,
        }
    }

    /// Whether this is Gradus itself.
    pub fn is_system(&self) -> bool {
        self.via == Via::System
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.via {
            Via::Local | Via::System => f.write_str(&self.identity),
            Via::Asserted(by) => write!(f, "{} (asserted by {by})", self.identity),
        }
    }
}
