//! From events to records: numbered, dated, and as the bytes that are hashed.

use crate::merkle::{Hash, leaf_hash};
use crate::{Append, LedgerError, Result, time};
use gradus_model::{Event, FORMAT, Recorded, Stream, Timestamp, canonical};
use serde::Deserialize;

/// One record exactly as it is stored, with the columns by which it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its position in the log, from 0.
    pub index: u64,
    /// The stream's name.
    pub stream: String,
    /// Its number in the stream.
    pub seq: u64,
    /// When it was recorded, in microseconds since 1970.
    pub at: i64,
    /// The record's canonical bytes.
    pub bytes: Vec<u8>,
    /// Their leaf hash.
    pub hash: Hash,
}

/// Where the log ends before an append.
pub(crate) struct End {
    /// The position of the next record.
    pub(crate) index: u64,
    /// The last recorded time.
    pub(crate) at: Option<Timestamp>,
}

/// The records that an append makes of its events.
pub(crate) fn stamp(append: &Append, end: &End) -> Result<Vec<(Recorded, Leaf)>> {
    let now = time::floor(append.at);
    let at = end.at.map_or(now, |last| last.max(now));
    let numbered = append.events.iter().zip(0u64..);
    numbered
        .map(|(event, n)| {
            let recorded = Recorded {
                format: FORMAT,
                stream: append.stream.clone(),
                seq: append.expected + 1 + n,
                at,
                actor: append.actor.clone(),
                event: event.clone(),
            };
            let bytes = bytes_of(&recorded)?;
            let leaf = Leaf {
                index: end.index + n,
                stream: append.stream.to_string(),
                seq: recorded.seq,
                at: time::micros(at),
                hash: leaf_hash(&bytes),
                bytes,
            };
            Ok((recorded, leaf))
        })
        .collect()
}

/// The canonical bytes, once it is sure that they read back: a record that nobody can read would
/// close the stream for ever.
fn bytes_of(recorded: &Recorded) -> Result<Vec<u8>> {
    let bytes = canonical(recorded);
    let refuse = |why: String| LedgerError::Unwritable {
        word: Event::word(&recorded.event),
        why,
    };
    let back: Recorded = serde_json::from_slice(&bytes).map_err(|error| refuse(error.to_string()))?;
    if canonical(&back) == bytes {
        Ok(bytes)
    } else {
        Err(refuse("it reads back as something else".into()))
    }
}

/// Reads a record from its bytes.
pub(crate) fn decode(index: u64, bytes: &[u8]) -> Result<Recorded> {
    serde_json::from_slice(bytes).map_err(|error| {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        match serde_json::from_slice(bytes) {
            Ok(Format { format }) if format > FORMAT => LedgerError::Newer {
                found: format,
                known: FORMAT,
            },
            _ => LedgerError::Corrupt(format!("record {index} cannot be read: {error}")),
        }
    })
}

/// Reads a stream's name from its column.
pub(crate) fn stream(name: &str) -> Result<Stream> {
    name.parse()
        .map_err(|error| LedgerError::Corrupt(format!("a stream's name cannot be read: {error}")))
}
