//! Copies that can be checked elsewhere: a whole log, or one record with its proof.

use crate::merkle::{Hash, inclusion_proof, leaf_hash, verify_inclusion};
use crate::verify::{Damage, Verified, verify_leaves};
use crate::{Leaf, Ledger, LedgerError, NoteError, Result, VerifierKey, decode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::{BufRead, Write};

/// The first line of a proof.
const PROOF: &str = "c2sp.org/tlog-proof@v1";
/// What stands before the checkpoint in an export.
const CHECKPOINT: &str = "checkpoint ";

fn failed(error: &std::io::Error) -> LedgerError {
    LedgerError::Failed(format!("the copy cannot be written: {error}"))
}

/// Writes every record, one a line, and the newest checkpoint behind them.
pub fn export(ledger: &dyn Ledger, out: &mut dyn Write) -> Result<u64> {
    let size = ledger.size()?;
    let mut from = 0;
    while from < size {
        for leaf in ledger.leaves(from, 1000)? {
            out.write_all(&leaf.bytes)
                .and_then(|()| out.write_all(b"\n"))
                .map_err(|error| failed(&error))?;
            from = leaf.index + 1;
        }
    }
    if let Some((_, note)) = ledger.checkpoints()?.last() {
        let line = format!("{CHECKPOINT}{}\n", STANDARD.encode(note));
        out.write_all(line.as_bytes()).map_err(|error| failed(&error))?;
    }
    Ok(size)
}

/// Checks such a copy; with a key, its checkpoint too.
pub fn verify_export(
    input: &mut dyn BufRead,
    key: Option<&VerifierKey>,
) -> std::result::Result<Verified, Damage> {
    let damage = |index: u64, what: String| Damage { index, what };
    let mut leaves = Vec::new();
    let mut heads = Vec::new();
    for line in input.lines() {
        let index = leaves.len() as u64;
        let line = line.map_err(|error| damage(index, format!("the copy cannot be read: {error}")))?;
        if let Some(note) = line.strip_prefix(CHECKPOINT) {
            let note = STANDARD
                .decode(note)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .unwrap_or_default();
            if let Some(key) = key {
                heads.push(
                    key.open(&note)
                        .map_err(|error| damage(index, error.to_string()))?,
                );
            }
            continue;
        }
        let bytes = line.into_bytes();
        let recorded = decode(index, &bytes).map_err(|error| damage(index, error.to_string()))?;
        let at = recorded.at.as_microsecond();
        let stream = recorded.stream.to_string();
        leaves.push(Leaf {
            index,
            stream,
            seq: recorded.seq,
            at,
            hash: leaf_hash(&bytes),
            bytes,
        });
    }
    if key.is_some() && heads.is_empty() {
        return Err(damage(
            leaves.len() as u64,
            "the copy ends without a checkpoint".to_owned(),
        ));
    }
    verify_leaves(leaves.into_iter(), &heads)
}

/// The proof that a record is in the log, under the newest checkpoint that covers it.
pub fn proof(ledger: &dyn Ledger, index: u64) -> Result<String> {
    let size = ledger.size()?;
    if index >= size {
        return Err(LedgerError::Absent { index, size });
    }
    let checkpoints = ledger.checkpoints()?;
    let (size, note) = checkpoints
        .last()
        .filter(|(size, _)| *size > index)
        .ok_or(LedgerError::Uncovered { index })?;
    let at = usize::try_from(index).map_err(|_| LedgerError::Absent { index, size: *size })?;
    let hashes = inclusion_proof(&ledger.hashes(*size)?, at);
    let lines: String = hashes
        .iter()
        .map(|hash| format!("{}\n", STANDARD.encode(hash)))
        .collect();
    Ok(format!("{PROOF}\nindex {index}\n{lines}\n{note}"))
}

/// Checks that a proof shows a record to be in the log of that key.
pub fn verify_proof(text: &str, record: &[u8], key: &VerifierKey) -> std::result::Result<u64, NoteError> {
    let (head, note) = text
        .split_once("\n\n")
        .ok_or(NoteError::Form("it has no checkpoint"))?;
    let mut lines = head.lines();
    if lines.next() != Some(PROOF) {
        return Err(NoteError::Form("it is not a proof"));
    }
    let index = lines
        .next()
        .and_then(|line| line.strip_prefix("index "))
        .and_then(|text| text.parse().ok());
    let index: u64 = index.ok_or(NoteError::Form("it does not say which record"))?;
    let hashes: Option<Vec<Hash>> = lines
        .map(|line| STANDARD.decode(line).ok()?.try_into().ok())
        .collect();
    let hashes = hashes.ok_or(NoteError::Form("one of its hashes is not a hash"))?;
    let head = key.open(note)?;
    if verify_inclusion(&leaf_hash(record), index, head.size, &hashes, &head.root) {
        Ok(index)
    } else {
        Err(NoteError::Form("it does not lead to the checkpoint's root"))
    }
}
