//! A copy of a whole log that can be checked elsewhere.

use crate::merkle::{leaf_hash, root};
use crate::verify::{Damage, Verified, Verifier};
use crate::{Checkpoint, Leaf, Ledger, LedgerError, Result, VerifierKey, decode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::{BufRead, Write};

/// What stands before the checkpoint.
const CHECKPOINT: &str = "checkpoint ";
/// How many records are read at once.
const PAGE: usize = 1000;

fn failed(error: &std::io::Error) -> LedgerError {
    LedgerError::Failed(format!("the copy cannot be written: {error}"))
}

/// Writes every record, one a line, and the newest checkpoint behind them. Answers how many
/// records there are.
pub fn export(ledger: &dyn Ledger, out: &mut dyn Write) -> Result<u64> {
    let size = ledger.size()?;
    let newest = ledger
        .checkpoints()?
        .pop()
        .filter(|(covered, _)| *covered <= size);
    let mut from = 0;
    while from < size {
        let wanted = usize::try_from(size - from).unwrap_or(PAGE).min(PAGE);
        let leaves = ledger.leaves(from, wanted)?;
        if leaves.is_empty() {
            return Err(LedgerError::Corrupt(format!("record {from} is missing")));
        }
        for leaf in leaves {
            if leaf.index != from {
                return Err(LedgerError::Corrupt(format!("record {from} is missing")));
            }
            out.write_all(&leaf.bytes)
                .and_then(|()| out.write_all(b"\n"))
                .map_err(|error| failed(&error))?;
            from += 1;
        }
    }
    if let Some((_, note)) = newest {
        let line = format!("{CHECKPOINT}{}\n", STANDARD.encode(note));
        out.write_all(line.as_bytes()).map_err(|error| failed(&error))?;
    }
    out.flush().map_err(|error| failed(&error))?;
    Ok(size)
}

/// Checks such a copy; with a key, its checkpoint too.
pub fn verify_export(
    input: &mut dyn BufRead,
    key: Option<&VerifierKey>,
) -> std::result::Result<Verified, Damage> {
    let mut log = Verifier::new(Vec::new());
    let mut hashes = Vec::new();
    let mut note: Option<String> = None;
    for line in input.lines() {
        let index = log.size();
        let damage = |what: String| Damage { index, what };
        let line = line.map_err(|error| damage(format!("the copy cannot be read: {error}")))?;
        if note.is_some() {
            return Err(damage("something stands behind the checkpoint".to_owned()));
        }
        if let Some(text) = line.strip_prefix(CHECKPOINT) {
            note = Some(text.to_owned());
            continue;
        }
        let leaf = leaf(index, line.into_bytes()).map_err(|error| damage(error.to_string()))?;
        log.push(&leaf)?;
        hashes.push(leaf.hash);
    }
    let damage = |index: u64, what: String| Err(Damage { index, what });
    let verified = log.finish()?;
    let Some(key) = key else {
        return Ok(verified);
    };
    let end = verified.events;
    let Some(note) = note else {
        return damage(end, "the copy ends without a checkpoint".to_owned());
    };
    let head = match open(&note, key) {
        Ok(head) => head,
        Err(what) => return damage(end, what),
    };
    let covered = usize::try_from(head.size)
        .ok()
        .and_then(|size| hashes.get(..size));
    match covered {
        None => damage(
            end,
            format!(
                "it is missing: the checkpoint covers {} records, the copy has {end}",
                head.size
            ),
        ),
        Some(covered) if root(covered) != head.root => damage(
            0,
            format!(
                "this record or a later one up to {} was rewritten: the checkpoint has another root",
                head.size.saturating_sub(1)
            ),
        ),
        Some(_) => Ok(Verified {
            checkpoints: 1,
            covered: head.size,
            ..verified
        }),
    }
}

/// A record of the copy, with the columns that a ledger would have beside it.
fn leaf(index: u64, bytes: Vec<u8>) -> Result<Leaf> {
    let recorded = decode(index, &bytes)?;
    Ok(Leaf {
        index,
        stream: recorded.stream.to_string(),
        seq: recorded.seq,
        at: recorded.at.as_microsecond(),
        hash: leaf_hash(&bytes),
        bytes,
    })
}

fn open(text: &str, key: &VerifierKey) -> std::result::Result<Checkpoint, String> {
    let bytes = STANDARD.decode(text).map_err(|error| error.to_string())?;
    let note = String::from_utf8(bytes).map_err(|error| error.to_string())?;
    key.open(&note).map_err(|error| error.to_string())
}
