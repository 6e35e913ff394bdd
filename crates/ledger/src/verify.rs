//! Verifying: is this log what it says it is?

use crate::merkle::{Frontier, Hash, leaf_hash};
use crate::{Checkpoint, Leaf, Ledger, Result, VerifierKey, decode};
use gradus_model::canonical;
use std::collections::BTreeMap;

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
}

/// The first thing that is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("record {index}: {what}")]
pub struct Damage {
    /// The first record that is not what it should be.
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
    let notes = ledger.checkpoints()?.into_iter().map(|(_, note)| note);
    let notes: Vec<String> = notes.chain(trusted.map(str::to_owned)).collect();
    let mut heads = Vec::new();
    for note in &notes {
        match key.open(note) {
            Ok(head) => heads.push(head),
            Err(error) => {
                return Ok(Err(Damage {
                    index: 0,
                    what: format!("a checkpoint cannot be trusted: {error}"),
                }));
            }
        }
    }
    let mut from = 0;
    let mut failed = None;
    let leaves = std::iter::from_fn(|| match ledger.leaves(from, PAGE) {
        Ok(page) => {
            from = page.last()?.index + 1;
            Some(page)
        }
        Err(error) => {
            failed = Some(error);
            None
        }
    });
    let answer = verify_leaves(leaves.flatten(), &heads);
    match failed {
        Some(error) => Err(error),
        None => Ok(answer),
    }
}

/// Checks records in order against checkpoints.
pub fn verify_leaves(
    leaves: impl Iterator<Item = Leaf>,
    heads: &[Checkpoint],
) -> std::result::Result<Verified, Damage> {
    let mut tree = Frontier::default();
    let mut streams: BTreeMap<String, u64> = BTreeMap::new();
    let mut last_at = i64::MIN;
    let mut agreed = 0;
    check_heads(&tree, heads, &mut agreed, 0)?;
    // Where the tree last agreed with a checkpoint: damage that only the root shows lies behind it.
    let mut good_until = 0;
    for leaf in leaves {
        let index = tree.size();
        check_leaf(&leaf, index, &mut streams, &mut last_at)?;
        tree.push(leaf.hash);
        if check_heads(&tree, heads, &mut agreed, good_until)? {
            good_until = tree.size();
        }
    }
    match heads.iter().find(|head| head.size > tree.size()) {
        Some(head) => {
            let what = format!(
                "it is missing: a checkpoint covers {} records, the log has {}",
                head.size,
                tree.size()
            );
            Err(Damage {
                index: tree.size(),
                what,
            })
        }
        None => Ok(Verified {
            events: tree.size(),
            root: tree.root(),
            checkpoints: agreed,
        }),
    }
}

fn check_leaf(
    leaf: &Leaf,
    index: u64,
    streams: &mut BTreeMap<String, u64>,
    last_at: &mut i64,
) -> std::result::Result<(), Damage> {
    let damage = |what: String| Err(Damage { index, what });
    if leaf.index != index {
        return damage(format!("it is missing: the next one is {}", leaf.index));
    }
    if leaf_hash(&leaf.bytes) != leaf.hash {
        return damage("its bytes do not have the hash that was recorded".to_owned());
    }
    let recorded = match decode(index, &leaf.bytes) {
        Ok(recorded) => recorded,
        Err(error) => return damage(error.to_string()),
    };
    if canonical(&recorded) != leaf.bytes {
        return damage("it is not in the form in which records are written".to_owned());
    }
    let at = recorded.at.as_microsecond();
    if recorded.stream.to_string() != leaf.stream || recorded.seq != leaf.seq || at != leaf.at {
        return damage("the columns beside it say something else".to_owned());
    }
    let seq = streams.entry(leaf.stream.clone()).or_default();
    if leaf.seq != *seq + 1 {
        return damage(format!(
            "it is number {} of {}, and {} was expected",
            leaf.seq,
            leaf.stream,
            *seq + 1
        ));
    }
    *seq += 1;
    if at < *last_at {
        return damage("it is older than the one before it".to_owned());
    }
    *last_at = at;
    Ok(())
}

/// Compares the tree with every checkpoint of its size; says whether there was one.
fn check_heads(
    tree: &Frontier,
    heads: &[Checkpoint],
    agreed: &mut usize,
    good_until: u64,
) -> std::result::Result<bool, Damage> {
    let here = heads.iter().filter(|head| head.size == tree.size());
    let mut any = false;
    for head in here {
        if head.root != tree.root() {
            let what = format!(
                "this record or a later one up to {} was rewritten: a checkpoint has another root",
                head.size.saturating_sub(1)
            );
            return Err(Damage {
                index: good_until,
                what,
            });
        }
        *agreed += 1;
        any = true;
    }
    Ok(any)
}
