//! What goes in: an append, and the work that it makes due.

use crate::time;
use gradus_model::{Actor, Event, Stream, Timestamp};

/// Events for one stream, and what has to hold for them to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Append {
    /// The stream.
    pub stream: Stream,
    /// The version the stream must be at: the one that the decision was made on.
    pub expected: u64,
    /// Other streams the decision was made on, which must still be at these versions.
    pub unchanged: Vec<(Stream, u64)>,
    /// Now, by the caller's clock.
    pub at: Timestamp,
    /// Who causes it.
    pub actor: Actor,
    /// What happens. May be empty when only the due work changes.
    pub events: Vec<Event>,
    /// All work of the stream that is due after this append, or `None` to leave it as it is. Work
    /// that is not in the set goes away; work that stays keeps its holder and its attempts.
    pub due: Option<Vec<Work>>,
    /// The work whose result this is. It goes away, and if `due` has its key again it starts anew.
    pub completes: Option<Claim>,
}

impl Append {
    /// An append of events alone; set the other fields as needed.
    pub fn new(stream: Stream, expected: u64, at: Timestamp, actor: Actor, events: Vec<Event>) -> Self {
        Self {
            stream,
            expected,
            unchanged: Vec::new(),
            at,
            actor,
            events,
            due: None,
            completes: None,
        }
    }
}

/// A piece of work that ought to be done from some time on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Its name: unique in the workspace, and the same whenever the same work is due.
    pub key: String,
    /// The stream it belongs to.
    pub stream: Stream,
    /// What to do: JSON that the ledger does not look into.
    pub effect: String,
    /// From when on.
    pub due_at: Timestamp,
}

impl Work {
    /// The same work with its time as the ledger keeps it. Rounded up: never early.
    pub(crate) fn kept(self) -> Self {
        Self {
            due_at: time::ceil(self.due_at),
            ..self
        }
    }
}

/// A piece of work held by a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The work's name.
    pub key: String,
    /// The stream it belongs to.
    pub stream: Stream,
    /// What to do.
    pub effect: String,
    /// Which claim this is, counted over the whole ledger. A later claim has a higher one.
    pub epoch: u64,
    /// How many times the work was claimed, this time included.
    pub attempts: u32,
    /// From when on it was due.
    pub due_at: Timestamp,
}

/// A piece of work as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The work.
    pub work: Work,
    /// Who holds it, if anybody does.
    pub holder: Option<String>,
    /// Until when nobody else gets it: the end of the lease, or of a wait before a retry.
    pub free_at: Option<Timestamp>,
    /// The epoch of its last claim; 0 before the first.
    pub epoch: u64,
    /// How many times it was claimed.
    pub attempts: u32,
}

impl Job {
    /// Work that nobody has held yet.
    pub(crate) fn fresh(work: Work) -> Self {
        Self {
            work,
            holder: None,
            free_at: None,
            epoch: 0,
            attempts: 0,
        }
    }

    /// When it can be claimed.
    pub fn claimable_at(&self) -> Timestamp {
        self.free_at
            .map_or(self.work.due_at, |free| free.max(self.work.due_at))
    }
}

/// A stream's state at some event, so that loading need not begin at the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The number of the last event in it.
    pub seq: u64,
    /// The version of its form; a build reads only its own.
    pub schema: u32,
    /// The state.
    pub bytes: Vec<u8>,
}
