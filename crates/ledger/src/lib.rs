//! The ledger: an append-only record of every event, and everything that must be true together
//! with it.
//!
//! What it promises: an answered append is durable; a stream has no gaps; two writers never both
//! win the same version; what follows from an event (rows to read, work to do) is written with it
//! or not at all; and anyone can check all of it later without trusting whoever kept it.
//!
//! | file | what it knows |
//! |---|---|
//! | `ledger` | the contract, as a trait |
//! | `append`, `record` | what goes in, and the bytes that are hashed |
//! | `sqlite` | the contract kept in one SQLite file |
//! | `memory` | the contract kept in memory |
//! | `projection` | the rows that pages read |
//! | `merkle`, `note` | the tree over the records, and its signed head |
//! | `verify`, `export`, `proof` | checking a ledger, a copy of it or one record, from nothing but bytes |

mod append;
mod error;
mod export;
mod ledger;
mod memory;
pub mod merkle;
mod note;
mod projection;
mod proof;
mod record;
mod sqlite;
mod time;
mod verify;

pub use append::{Append, Claim, Job, Snapshot, Work};
pub use error::{LedgerError, Result};
pub use export::{export, verify_export};
pub use ledger::Ledger;
pub use memory::Memory;
pub use merkle::Hash;
pub use note::{Checkpoint, NoteError, SigningKey, VerifierKey, seal, sign};
pub use proof::{proof, prove, verify_proof};
pub use record::Leaf;
pub use sqlite::Sqlite;
pub use verify::{Damage, Verified, verify, verify_leaves};

pub(crate) use record::decode;
