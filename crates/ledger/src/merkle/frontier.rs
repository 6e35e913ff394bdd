//! A tree that grows leaf by leaf and remembers only its right edge.

use super::{Hash, node_hash};
use sha2::{Digest as _, Sha256};

/// The complete subtrees of a growing log, largest first: what is needed to go on, and to know the
/// root at any moment. However long the log, there are at most 64.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Hash>,
}

impl Frontier {
    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the next leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        // Each trailing one in the size is a subtree as large as the one now complete.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.subtrees.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.subtrees.push(node);
        self.size += 1;
    }

    /// The subtrees, one behind the other.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.subtrees.concat()
    }

    /// What [`to_bytes`](Self::to_bytes) wrote, for a log of that size; none if it cannot be.
    pub(crate) fn from_bytes(size: u64, bytes: &[u8]) -> Option<Self> {
        let (subtrees, rest) = bytes.as_chunks::<32>();
        let fits = rest.is_empty() && subtrees.len() == size.count_ones() as usize;
        fits.then(|| Self {
            size,
            subtrees: subtrees.to_vec(),
        })
    }

    /// The root of the tree as it stands.
    pub fn root(&self) -> Hash {
        let mut rising = self.subtrees.iter().rev();
        match rising.next() {
            None => Sha256::digest([]).into(),
            Some(last) => rising.fold(*last, |right, left| node_hash(left, &right)),
        }
    }
}
