//! The contract kept in memory: for tests and for trying things out. It is gone when dropped.

mod contract;

use crate::merkle::Frontier;
use crate::projection::{Rows, RowsHash, project};
use crate::record::{End, Leaf, stamp};
use crate::{Append, Claim, Job, LedgerError, Result, Snapshot, Work, time};
use gradus_model::{Digest, Period, Recorded, Stream, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A ledger in memory. Every method takes the one lock, so every method is atomic.
#[derive(Debug, Default)]
pub struct Memory(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    leaves: Vec<Leaf>,
    /// Where each stream's records are in `leaves`.
    streams: BTreeMap<String, Vec<usize>>,
    work: BTreeMap<String, Job>,
    epoch: u64,
    snapshots: BTreeMap<String, Snapshot>,
    rows: Table,
    checkpoints: BTreeMap<u64, (String, Frontier)>,
}

#[derive(Debug, Default)]
struct Table(BTreeMap<(String, String), Value>);

impl Rows for Table {
    fn get(&mut self, projection: &str, key: &str) -> Result<Option<Value>> {
        Ok(self.0.get(&(projection.to_owned(), key.to_owned())).cloned())
    }

    fn put(&mut self, projection: &str, key: &str, value: &Value) -> Result<()> {
        self.0
            .insert((projection.to_owned(), key.to_owned()), value.clone());
        Ok(())
    }
}

impl Table {
    fn hash(&self) -> Digest {
        let mut hash = RowsHash::default();
        for ((projection, key), value) in &self.0 {
            hash.add(projection, key, value);
        }
        hash.finish()
    }
}

impl Memory {
    /// An empty ledger.
    pub fn new() -> Self {
        Self::default()
    }

    /// Every method that can fail does so before it changes anything, so the state is good even
    /// after a panic.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn version(&self, stream: &Stream) -> u64 {
        self.streams
            .get(&stream.to_string())
            .map_or(0, |places| places.len() as u64)
    }

    fn expect(&self, stream: &Stream, expected: u64) -> Result<()> {
        match self.version(stream) {
            found if found == expected => Ok(()),
            found => Err(LedgerError::Conflict {
                stream: stream.clone(),
                expected,
                found,
            }),
        }
    }

    /// The work that a claim is on, if the claim is still the last one and was not given back.
    fn held(&mut self, claim: &Claim) -> Result<&mut Job> {
        let job = self.work.get_mut(&claim.key);
        job.filter(|job| job.epoch == claim.epoch && job.holder.is_some())
            .ok_or_else(|| LedgerError::Fenced {
                key: claim.key.clone(),
            })
    }

    fn append(&mut self, append: Append) -> Result<Vec<Recorded>> {
        self.expect(&append.stream, append.expected)?;
        for (stream, version) in &append.unchanged {
            self.expect(stream, *version)?;
        }
        if let Some(claim) = &append.completes {
            self.held(claim)?;
        }
        let end = End {
            index: self.leaves.len() as u64,
            at: self.leaves.last().map(|leaf| time::from_micros(leaf.at)),
        };
        let records = stamp(&append, &end)?;
        // From here on nothing can be refused.
        if let Some(claim) = &append.completes {
            self.work.remove(&claim.key);
        }
        let mut recorded = Vec::with_capacity(records.len());
        for (record, leaf) in records {
            project(&record, &mut self.rows)?;
            let places = self.streams.entry(leaf.stream.clone()).or_default();
            places.push(self.leaves.len());
            self.leaves.push(leaf);
            recorded.push(record);
        }
        if let Some(due) = append.due {
            self.reconcile(&append.stream, due);
        }
        Ok(recorded)
    }

    fn reconcile(&mut self, stream: &Stream, due: Vec<Work>) {
        self.work
            .retain(|key, job| job.work.stream != *stream || due.iter().any(|work| work.key == *key));
        for work in due.into_iter().map(Work::kept) {
            match self.work.get_mut(&work.key) {
                Some(job) => {
                    job.work.effect = work.effect;
                    job.work.due_at = work.due_at;
                }
                None => {
                    self.work.insert(work.key.clone(), Job::fresh(work));
                }
            }
        }
    }

    /// All work in the order in which it is given out.
    fn queue(&self) -> Vec<Job> {
        let mut jobs: Vec<Job> = self.work.values().cloned().collect();
        jobs.sort_by(|a, b| (a.work.due_at, &a.work.key).cmp(&(b.work.due_at, &b.work.key)));
        jobs
    }

    fn claim(&mut self, worker: &str, now: Timestamp, lease: Period, limit: usize) -> Vec<Claim> {
        let now = time::floor(now);
        let until = time::ceil(lease.after(now));
        let free: Vec<Job> = self
            .queue()
            .into_iter()
            .filter(|job| job.claimable_at() <= now)
            .take(limit)
            .collect();
        let mut claims = Vec::with_capacity(free.len());
        for found in free {
            self.epoch += 1;
            if let Some(job) = self.work.get_mut(&found.work.key) {
                job.holder = Some(worker.to_owned());
                job.free_at = Some(until);
                job.epoch = self.epoch;
                job.attempts += 1;
            }
            claims.push(Claim {
                key: found.work.key,
                stream: found.work.stream,
                effect: found.work.effect,
                epoch: self.epoch,
                attempts: found.attempts + 1,
                due_at: found.work.due_at,
            });
        }
        claims
    }
}
