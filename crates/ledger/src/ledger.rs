//! The contract that every kind of ledger keeps.

use crate::merkle::Frontier;
use crate::{Append, Claim, Hash, Job, Leaf, Result, Snapshot, decode, projection};
use gradus_model::{Digest, Period, Recorded, Stream, Timestamp};
use serde_json::Value;

/// An append-only record of events, with what belongs to it in the same transaction: due work,
/// snapshots, projections and checkpoints.
///
/// Every method is atomic and may be called from many threads and, where the kind allows it, many
/// processes at once. When a writing method answers `Ok`, what it wrote is durable; when it answers
/// an error, nothing of it is there. Time always comes in from the caller, and is kept to the
/// microsecond.
pub trait Ledger: Send + Sync {
    /// Appends events to one stream, all or none.
    ///
    /// On `Ok` the events are in the log, numbered without gaps from `expected + 1`; the log's
    /// projections hold what follows from them; the stream's due work is the set that was given;
    /// and the completed claim, if any, is gone. Recorded time never runs backwards: it is the
    /// later of `at` and the last recorded time.
    ///
    /// Refuses with [`Conflict`](crate::LedgerError::Conflict) if the stream or one of `unchanged`
    /// is at another version, and with [`Fenced`](crate::LedgerError::Fenced) if the claim is no
    /// longer current.
    fn append(&self, append: Append) -> Result<Vec<Recorded>>;

    /// How many events there are, all streams together.
    fn size(&self) -> Result<u64>;

    /// The number of the stream's last event; 0 before the first.
    fn version(&self, stream: &Stream) -> Result<u64>;

    /// Every stream that has events, with its version, in the order of their names.
    fn streams(&self) -> Result<Vec<(Stream, u64)>>;

    /// The stream's events after number `after`, in order, at most `limit`.
    fn read(&self, stream: &Stream, after: u64, limit: usize) -> Result<Vec<Recorded>>;

    /// The raw records from position `from` on, in the log's order, at most `limit`. A reader that
    /// goes on behind the last one it saw never misses one, whatever is being written meanwhile.
    fn leaves(&self, from: u64, limit: usize) -> Result<Vec<Leaf>>;

    /// The leaf hashes of the records from position `from` up to, and without, `to`.
    fn hashes(&self, from: u64, to: u64) -> Result<Vec<Hash>>;

    /// The position in the log of a stream's event.
    fn position(&self, stream: &Stream, seq: u64) -> Result<Option<u64>>;

    /// Takes up to `limit` pieces of work that are due at `now` and not held by anybody, earliest
    /// first, and holds them for `lease`. Each claim's epoch is higher than that of every claim
    /// before it, so whoever held the work before is fenced from now on.
    fn claim(&self, worker: &str, now: Timestamp, lease: Period, limit: usize) -> Result<Vec<Claim>>;

    /// Holds the work for another `lease` from `now`. Refuses a claim that is no longer current.
    fn extend(&self, claim: &Claim, now: Timestamp, lease: Period) -> Result<()>;

    /// Gives the work back: nobody gets it before `retry_at`, and this claim is over.
    fn release(&self, claim: &Claim, retry_at: Timestamp) -> Result<()>;

    /// The same for work that went well and is not over: the next try is the first again.
    fn postpone(&self, claim: &Claim, until: Timestamp) -> Result<()>;

    /// The work is done and goes away. Refuses a claim that is no longer current.
    fn complete(&self, claim: &Claim) -> Result<()>;

    /// When the next piece of work can be claimed; `None` when there is none.
    fn next_due(&self) -> Result<Option<Timestamp>>;

    /// All work, for people who look after the system.
    fn work(&self) -> Result<Vec<Job>>;

    /// Keeps a stream's snapshot in place of the one before, unless that one is of the same schema
    /// and newer.
    fn save_snapshot(&self, stream: &Stream, snapshot: &Snapshot) -> Result<()>;

    /// The stream's snapshot, if there is one of that schema.
    fn snapshot(&self, stream: &Stream, schema: u32) -> Result<Option<Snapshot>>;

    /// The projection's rows whose key begins with `prefix`, in the order of their keys.
    fn rows(&self, projection: &str, prefix: &str) -> Result<Vec<(String, Value)>>;

    /// One row of a projection.
    fn row(&self, projection: &str, key: &str) -> Result<Option<Value>>;

    /// Computes all projections anew from the events, and answers their hash.
    fn rebuild(&self) -> Result<Digest>;

    /// The checkpoints that were stored, by size.
    fn checkpoints(&self) -> Result<Vec<(u64, String)>>;

    /// The first checkpoint that covers the record at a position.
    fn checkpoint(&self, position: u64) -> Result<Option<(u64, String)>>;

    /// The last checkpoint, with the tree's edge there, so that signing goes on from it.
    fn last_checkpoint(&self) -> Result<Option<(String, Frontier)>>;

    /// Stores a signed checkpoint with the tree's edge at that size. Refuses with
    /// [`Forked`](crate::LedgerError::Forked) if another one of that size is there, and a size that
    /// the log does not have.
    fn save_checkpoint(&self, note: &str, edge: &Frontier) -> Result<()>;

    /// The events from position `from` on with their positions, in the log's order, at most `limit`.
    fn tail(&self, from: u64, limit: usize) -> Result<Vec<(u64, Recorded)>> {
        let leaves = self.leaves(from, limit)?;
        leaves
            .into_iter()
            .map(|leaf| Ok((leaf.index, decode(leaf.index, &leaf.bytes)?)))
            .collect()
    }

    /// The hash over all rows of all projections. Two ledgers with the same events have the same.
    fn projection_hash(&self) -> Result<Digest> {
        let mut hash = projection::RowsHash::default();
        for name in projection::names() {
            for (key, value) in self.rows(name, "")? {
                hash.add(name, &key, &value);
            }
        }
        Ok(hash.finish())
    }
}
