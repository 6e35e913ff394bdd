//! One record with the proof that it is in the log.

use crate::merkle::{Hash, inclusion_proof, leaf_hash, verify_inclusion};
use crate::{Ledger, LedgerError, NoteError, Result, SigningKey, VerifierKey, sign};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The first line of a proof.
const PROOF: &str = "c2sp.org/tlog-proof@v1";

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
    let hashes = inclusion_proof(&ledger.hashes(0, *size)?, at);
    let lines: String = hashes
        .iter()
        .map(|hash| format!("{}\n", STANDARD.encode(hash)))
        .collect();
    Ok(format!("{PROOF}\nindex {index}\n{lines}\n{note}"))
}

/// The same, after signing the log as it is now: every record that exists can be proven.
pub fn prove(ledger: &dyn Ledger, index: u64, key: &SigningKey) -> Result<String> {
    sign(ledger, key)?;
    proof(ledger, index)
}

/// Checks that a proof shows a record to be in the log of that key, and says at which position.
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
