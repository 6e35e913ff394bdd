//! A second opinion.
//!
//! [`audit`] reads the ledger alone and looks for deliveries that should not have begun. It is
//! written apart from the engine and knows nothing of it: it keeps its own, much smaller, books, in
//! which every fact is one line. What both get wrong would have to be got wrong twice. What a gate
//! means is the one thing they share; each asks it with what it has in its own books.

mod books;
mod delivery;
mod gates;

use books::Books;
use gradus_model::{Event, Recorded};
use serde::Serialize;

/// Something that should never have happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The stream of the event.
    pub stream: String,
    /// Its number there.
    pub seq: u64,
    /// What is wrong.
    pub what: String,
}

/// Goes through a ledger from its beginning, and tells everything that should never have happened.
pub fn audit<'a>(events: impl Iterator<Item = &'a Recorded>) -> Vec<Finding> {
    let mut books = Books::default();
    let mut findings = Vec::new();
    for recorded in events {
        if let Event::DeliveryStarted { promotion, decision } = &recorded.event {
            for what in delivery::objections(&books, promotion, decision, recorded.at) {
                findings.push(Finding {
                    stream: recorded.stream.to_string(),
                    seq: recorded.seq,
                    what,
                });
            }
        }
        books.enter(recorded);
    }
    findings
}
