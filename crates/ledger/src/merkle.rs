//! The tree over the records: RFC 6962, so that one hash stands for the whole log.

mod frontier;
mod proof;

pub use frontier::Frontier;
pub use proof::{consistency_proof, inclusion_proof, verify_consistency, verify_inclusion};

use sha2::{Digest as _, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash of a record. The prefix keeps a record from being taken for an inner node.
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(bytes)
        .finalize()
        .into()
}

/// The hash of an inner node.
pub(crate) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The hash that stands for a log with these leaves; for none, the hash of nothing.
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(&root(left), &root(right))
        }
    }
}

/// Where a tree of `size` (at least 2) leaves divides: the largest power of two below it.
fn split(size: usize) -> usize {
    1 << (size - 1).ilog2()
}
