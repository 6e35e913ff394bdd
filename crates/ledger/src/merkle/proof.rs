//! Proofs that a record is in a log, and that one log is the beginning of another.

use super::{Hash, node_hash, root, split};

/// The hashes from which, with the leaf's own, the root follows. Empty for an index outside.
pub fn inclusion_proof(leaves: &[Hash], index: usize) -> Vec<Hash> {
    if leaves.len() < 2 || index >= leaves.len() {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut proof, sibling) = match index.checked_sub(left.len()) {
        None => (inclusion_proof(left, index), root(right)),
        Some(index) => (inclusion_proof(right, index), root(left)),
    };
    proof.push(sibling);
    proof
}

/// The hashes from which both the root of the first `old` leaves and that of all follow.
pub fn consistency_proof(leaves: &[Hash], old: usize) -> Vec<Hash> {
    if old == 0 || old >= leaves.len() {
        Vec::new()
    } else {
        subproof(leaves, old, true)
    }
}

/// RFC 6962, 2.1.2; `whole` while the old tree is a complete subtree that the verifier knows.
fn subproof(leaves: &[Hash], old: usize, whole: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if whole { Vec::new() } else { vec![root(leaves)] };
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut proof, sibling) = match old.checked_sub(left.len()) {
        None | Some(0) => (subproof(left, old, whole), root(right)),
        Some(old) => (subproof(right, old, false), root(left)),
    };
    proof.push(sibling);
    proof
}

/// Whether the proof shows that `leaf` is record `index` of the log of that size and root.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], expected: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            rise_to_left_sibling(&mut node, &mut last);
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *expected
}

/// Whether the proof shows that the log of size `old` is the beginning of the one of size `new`.
pub fn verify_consistency(old: u64, new: u64, proof: &[Hash], old_root: &Hash, new_root: &Hash) -> bool {
    if old == 0 || old >= new {
        return proof.is_empty() && (old == 0 || old == new && old_root == new_root);
    }
    // A complete old tree is its own first node, and is not sent.
    let sent = if old.is_power_of_two() {
        None
    } else {
        proof.split_first()
    };
    let (first, rest) = match sent {
        Some((first, rest)) => (*first, rest),
        None if old.is_power_of_two() => (*old_root, proof),
        None => return false,
    };
    let (mut node, mut last) = (old - 1, new - 1);
    let complete = node.trailing_ones();
    node >>= complete;
    last >>= complete;
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            rise_to_left_sibling(&mut node, &mut last);
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == *old_root && new_hash == *new_root
}

/// On the right edge of a tree that is not complete, levels without a sibling are passed over.
fn rise_to_left_sibling(node: &mut u64, last: &mut u64) {
    while *node & 1 == 0 && *node != 0 {
        *node >>= 1;
        *last >>= 1;
    }
}
