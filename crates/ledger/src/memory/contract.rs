//! The contract, method by method.

use super::{Memory, Table};
use crate::merkle::Frontier;
use crate::projection::{Rows as _, project};
use crate::record::{self, Leaf};
use crate::{Append, Claim, Hash, Job, Ledger, LedgerError, Result, Snapshot, decode, time};
use gradus_model::{Digest, Period, Recorded, Stream, Timestamp};
use serde_json::Value;

/// A position as an index into memory; one that does not fit is behind everything.
fn place(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

impl Ledger for Memory {
    fn append(&self, append: Append) -> Result<Vec<Recorded>> {
        self.lock().append(append)
    }

    fn size(&self) -> Result<u64> {
        Ok(self.lock().leaves.len() as u64)
    }

    fn version(&self, stream: &Stream) -> Result<u64> {
        Ok(self.lock().version(stream))
    }

    fn streams(&self) -> Result<Vec<(Stream, u64)>> {
        let state = self.lock();
        let each = state.streams.iter();
        each.map(|(name, places)| Ok((record::stream(name)?, places.len() as u64)))
            .collect()
    }

    fn read(&self, stream: &Stream, after: u64, limit: usize) -> Result<Vec<Recorded>> {
        let state = self.lock();
        let Some(places) = state.streams.get(&stream.to_string()) else {
            return Ok(Vec::new());
        };
        let leaves = places.iter().filter_map(|at| state.leaves.get(*at));
        leaves
            .skip(place(after))
            .take(limit)
            .map(|leaf| decode(leaf.index, &leaf.bytes))
            .collect()
    }

    fn leaves(&self, from: u64, limit: usize) -> Result<Vec<Leaf>> {
        let state = self.lock();
        Ok(state
            .leaves
            .iter()
            .skip(place(from))
            .take(limit)
            .cloned()
            .collect())
    }

    fn hashes(&self, from: u64, to: u64) -> Result<Vec<Hash>> {
        let state = self.lock();
        let wanted = state.leaves.iter().take(place(to)).skip(place(from));
        Ok(wanted.map(|leaf| leaf.hash).collect())
    }

    fn position(&self, stream: &Stream, seq: u64) -> Result<Option<u64>> {
        let state = self.lock();
        let places = state.streams.get(&stream.to_string());
        let at = place(seq).checked_sub(1);
        let found = places.zip(at).and_then(|(places, at)| places.get(at));
        Ok(found.map(|position| *position as u64))
    }

    fn claim(&self, worker: &str, now: Timestamp, lease: Period, limit: usize) -> Result<Vec<Claim>> {
        Ok(self.lock().claim(worker, now, lease, limit))
    }

    fn extend(&self, claim: &Claim, now: Timestamp, lease: Period) -> Result<()> {
        self.lock().held(claim)?.free_at = Some(time::ceil(lease.after(now)));
        Ok(())
    }

    fn release(&self, claim: &Claim, retry_at: Timestamp) -> Result<()> {
        let mut state = self.lock();
        let job = state.held(claim)?;
        job.holder = None;
        job.free_at = Some(time::ceil(retry_at));
        Ok(())
    }

    fn postpone(&self, claim: &Claim, until: Timestamp) -> Result<()> {
        let mut state = self.lock();
        let job = state.held(claim)?;
        job.holder = None;
        job.free_at = Some(time::ceil(until));
        job.attempts = 0;
        Ok(())
    }

    fn complete(&self, claim: &Claim) -> Result<()> {
        let mut state = self.lock();
        state.held(claim)?;
        state.work.remove(&claim.key);
        Ok(())
    }

    fn next_due(&self) -> Result<Option<Timestamp>> {
        Ok(self.lock().work.values().map(Job::claimable_at).min())
    }

    fn work(&self) -> Result<Vec<Job>> {
        Ok(self.lock().queue())
    }

    fn save_snapshot(&self, stream: &Stream, snapshot: &Snapshot) -> Result<()> {
        let mut state = self.lock();
        let name = stream.to_string();
        let newer = |kept: &Snapshot| kept.schema == snapshot.schema && kept.seq > snapshot.seq;
        if !state.snapshots.get(&name).is_some_and(newer) {
            state.snapshots.insert(name, snapshot.clone());
        }
        Ok(())
    }

    fn snapshot(&self, stream: &Stream, schema: u32) -> Result<Option<Snapshot>> {
        let state = self.lock();
        let kept = state.snapshots.get(&stream.to_string());
        Ok(kept.filter(|kept| kept.schema == schema).cloned())
    }

    fn rows(&self, projection: &str, prefix: &str) -> Result<Vec<(String, Value)>> {
        let state = self.lock();
        let from = (projection.to_owned(), prefix.to_owned());
        let matching = state
            .rows
            .0
            .range(from..)
            .take_while(|((name, key), _)| name == projection && key.starts_with(prefix));
        Ok(matching
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect())
    }

    fn row(&self, projection: &str, key: &str) -> Result<Option<Value>> {
        self.lock().rows.get(projection, key)
    }

    fn rebuild(&self) -> Result<Digest> {
        let mut state = self.lock();
        let mut rows = Table::default();
        for leaf in &state.leaves {
            project(&decode(leaf.index, &leaf.bytes)?, &mut rows)?;
        }
        state.rows = rows;
        Ok(state.rows.hash())
    }

    fn projection_hash(&self) -> Result<Digest> {
        Ok(self.lock().rows.hash())
    }

    fn checkpoints(&self) -> Result<Vec<(u64, String)>> {
        let state = self.lock();
        let each = state.checkpoints.iter();
        Ok(each.map(|(size, (note, _))| (*size, note.clone())).collect())
    }

    fn checkpoint(&self, position: u64) -> Result<Option<(u64, String)>> {
        let state = self.lock();
        let mut behind = state.checkpoints.range(position.saturating_add(1)..);
        Ok(behind.next().map(|(size, (note, _))| (*size, note.clone())))
    }

    fn last_checkpoint(&self) -> Result<Option<(String, Frontier)>> {
        Ok(self.lock().checkpoints.values().next_back().cloned())
    }

    fn save_checkpoint(&self, note: &str, edge: &Frontier) -> Result<()> {
        let mut state = self.lock();
        let size = edge.size();
        match state.checkpoints.get(&size) {
            Some((known, _)) if known == note => Ok(()),
            None if size <= state.leaves.len() as u64 => {
                state.checkpoints.insert(size, (note.to_owned(), edge.clone()));
                Ok(())
            }
            _ => Err(LedgerError::Forked { size }),
        }
    }
}
