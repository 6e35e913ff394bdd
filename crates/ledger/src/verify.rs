//! Verifying: is this log what it says it is?

use crate::merkle::{Frontier, Hash, leaf_hash};
use crate::{Checkpoint, Leaf, Ledger, LedgerError, Result, VerifierKey, decode};
use gradus_model::canonical;
use std::collections::{BTreeMap, VecDeque};

/// How many records are read at once.
const PAGE: usize = 4096;

/// A log that is what it says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many records it holds.
    pub events: u64,
    /// The root of the tree over them.
    pub root: Hash,
    /// How many signed checkpoints it agrees with.
    pub checkpoints: usize,
    /// How many records the largest of them covers. What comes after them is in order, but whoever
    /// keeps the log could still change it unseen.
    pub covered: u64,
}

/// The first thing that is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("record {index}: {what}")]
pub struct Damage {
    /// The first record that is not what it should be. Where only a root shows the damage, the
    /// first record behind the last checkpoint that still agrees.
    pub index: u64,
    /// What is wrong with it.
    pub what: String,
}

/// Checks a stored log against its own checkpoints, and against one that was kept elsewhere.
///
/// The inner error is damage that was found, the outer one a log that could not be read at all.
pub fn verify(
    ledger: &dyn Ledger,
    key: &VerifierKey,
    trusted: Option<&str>,
) -> Result<std::result::Result<Verified, Damage>> {
    // Read before the records: whoever writes meanwhile only adds to them.
    let streams = ledger.streams()?;
    let mut heads = Vec::new();
    let mut bad_head = None;
    for (size, note) in ledger.checkpoints()? {
        let problem = match key.open(&note) {
            Ok(head) if head.size == size => {
                heads.push(head);
                continue;
            }
            Ok(head) => format!("its checkpoint is one of size {}", head.size),
            Err(error) => format!("its checkpoint cannot be trusted: {error}"),
        };
        bad_head = bad_head.or(Some(Damage {
            index: size,
            what: problem,
        }));
    }
    match trusted.map(|note| key.open(note)).transpose() {
        Ok(head) => heads.extend(head),
        Err(error) => {
            let what = format!("the checkpoint that was handed in cannot be used: {error}");
            return Ok(Err(Damage { index: 0, what }));
        }
    }
    let mut log = Verifier::new(heads);
    let read = read_all(ledger, &mut log)?;
    Ok(read.and_then(|()| {
        for (stream, version) in streams {
            log.check_version(&stream.to_string(), version)?;
        }
        let verified = log.finish()?;
        bad_head.map_or(Ok(verified), Err)
    }))
}

/// Feeds a stored log to a verifier, page by page.
fn read_all(ledger: &dyn Ledger, log: &mut Verifier) -> Result<std::result::Result<(), Damage>> {
    let mut page = PAGE;
    loop {
        let leaves = match ledger.leaves(log.size(), page) {
            Ok(leaves) => leaves,
            // One by one from here, to find the record that cannot be read.
            Err(LedgerError::Corrupt(_)) if page > 1 => {
                page = 1;
                continue;
            }
            Err(LedgerError::Corrupt(what)) => {
                return Ok(Err(Damage {
                    index: log.size(),
                    what,
                }));
            }
            Err(error) => return Err(error),
        };
        if leaves.is_empty() {
            return Ok(Ok(()));
        }
        for leaf in &leaves {
            if let Err(damage) = log.push(leaf) {
                return Ok(Err(damage));
            }
        }
    }
}

/// Checks records in order against checkpoints.
pub fn verify_leaves(
    leaves: impl Iterator<Item = Leaf>,
    heads: &[Checkpoint],
) -> std::result::Result<Verified, Damage> {
    let mut log = Verifier::new(heads.to_vec());
    for leaf in leaves {
        log.push(&leaf)?;
    }
    log.finish()
}

/// Checks a log record by record, keeping nothing of those it has seen but the tree's edge.
pub(crate) struct Verifier {
    tree: Frontier,
    streams: BTreeMap<String, u64>,
    last_at: i64,
    /// The checkpoints that the log has not reached yet, by size.
    ahead: VecDeque<Checkpoint>,
    agreed: usize,
    /// Where the tree last agreed with a checkpoint: damage that only the root shows lies behind.
    covered: u64,
}

impl Verifier {
    pub(crate) fn new(mut heads: Vec<Checkpoint>) -> Self {
        heads.sort_by_key(|head| head.size);
        Self {
            tree: Frontier::default(),
            streams: BTreeMap::new(),
            last_at: i64::MIN,
            ahead: heads.into(),
            agreed: 0,
            covered: 0,
        }
    }

    /// How many records it has seen.
    pub(crate) fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Checks the next record.
    pub(crate) fn push(&mut self, leaf: &Leaf) -> std::result::Result<(), Damage> {
        // Checkpoints of an empty log.
        self.check_heads()?;
        self.check_leaf(leaf).map_err(|what| Damage {
            index: self.size(),
            what,
        })?;
        self.tree.push(leaf.hash);
        self.check_heads()
    }

    /// What the log is, once it has ended here.
    pub(crate) fn finish(mut self) -> std::result::Result<Verified, Damage> {
        self.check_heads()?;
        let size = self.size();
        match self.ahead.back() {
            Some(head) => Err(Damage {
                index: size,
                what: format!(
                    "it is missing: a checkpoint covers {} records, the log has {size}",
                    head.size
                ),
            }),
            None => Ok(Verified {
                events: size,
                root: self.tree.root(),
                checkpoints: self.agreed,
                covered: self.covered,
            }),
        }
    }

    /// Checks that the index by streams leads to no record that is not in the log.
    fn check_version(&self, stream: &str, version: u64) -> std::result::Result<(), Damage> {
        let seen = self.streams.get(stream).copied().unwrap_or_default();
        if version <= seen {
            return Ok(());
        }
        let what =
            format!("it is missing: {stream} is said to be at version {version}, its records end at {seen}");
        Err(Damage {
            index: self.size(),
            what,
        })
    }

    fn check_leaf(&mut self, leaf: &Leaf) -> std::result::Result<(), String> {
        let index = self.size();
        if leaf.index != index {
            return Err(format!("it is missing: the next one is {}", leaf.index));
        }
        if leaf_hash(&leaf.bytes) != leaf.hash {
            return Err("its bytes do not have the hash that was recorded".to_owned());
        }
        let recorded = decode(index, &leaf.bytes).map_err(|error| error.to_string())?;
        if canonical(&recorded) != leaf.bytes {
            return Err("it is not in the form in which records are written".to_owned());
        }
        let at = recorded.at.as_microsecond();
        if recorded.stream.to_string() != leaf.stream || recorded.seq != leaf.seq || at != leaf.at {
            return Err("the columns beside it say something else".to_owned());
        }
        let seen = self.streams.get(&leaf.stream).copied().unwrap_or_default();
        if leaf.seq != seen + 1 {
            return Err(format!(
                "it is number {} of {}, and {} was expected",
                leaf.seq,
                leaf.stream,
                seen + 1
            ));
        }
        match self.streams.get_mut(&leaf.stream) {
            Some(seen) => *seen = leaf.seq,
            None => {
                self.streams.insert(leaf.stream.clone(), leaf.seq);
            }
        }
        if at < self.last_at {
            return Err("it is older than the one before it".to_owned());
        }
        self.last_at = at;
        Ok(())
    }

    /// Compares the tree with the checkpoints of its size.
    fn check_heads(&mut self) -> std::result::Result<(), Damage> {
        let size = self.size();
        while let Some(head) = self.ahead.pop_front_if(|head| head.size == size) {
            if head.root != self.tree.root() {
                let last = size.saturating_sub(1);
                let what = format!(
                    "this record or a later one up to {last} was rewritten: a checkpoint has another root"
                );
                return Err(Damage {
                    index: self.covered,
                    what,
                });
            }
            self.agreed += 1;
            self.covered = size;
        }
        Ok(())
    }
}
