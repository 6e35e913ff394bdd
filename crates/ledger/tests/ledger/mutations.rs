//! Ten thousand ways to change a ledger; each is found.

use super::small;
use gradus_ledger::merkle::leaf_hash;
use gradus_ledger::{Ledger, SigningKey, sign, verify, verify_leaves};

/// A small generator, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

#[test]
fn every_change_is_found() {
    let ledger = small();
    let dir = tempfile::tempdir().unwrap();
    let key = SigningKey::create(&dir.path().join("key"), "gradus/test").unwrap();
    let trusted = sign(&ledger, &key).unwrap();
    let heads = [key.verifier().open(&trusted).unwrap()];
    let good = ledger.leaves(0, usize::MAX).unwrap();
    assert!(verify_leaves(good.iter().cloned(), &heads).is_ok());
    let mut dice = Dice(7);
    for round in 0..10_000 {
        let mut leaves = good.clone();
        let at = dice.below(leaves.len());
        let kind = dice.below(7);
        match kind {
            0 => {
                let byte = dice.below(leaves[at].bytes.len());
                leaves[at].bytes[byte] ^= 1 << dice.below(8);
            }
            1 => {
                // Changed, and hashed anew by somebody who knows how.
                let byte = dice.below(leaves[at].bytes.len());
                leaves[at].bytes[byte] ^= 1 << dice.below(8);
                leaves[at].hash = leaf_hash(&leaves[at].bytes);
            }
            2 => drop(leaves.remove(at)),
            3 => leaves.truncate(at),
            4 => {
                let other = (at + 1 + dice.below(leaves.len() - 1)) % leaves.len();
                leaves.swap(at, other);
                // Renumbered, so that only what they say tells them apart.
                (0..)
                    .zip(&mut leaves)
                    .for_each(|(index, leaf)| leaf.index = index);
            }
            5 => leaves[at].seq += 1 + dice.below(3) as u64,
            _ => leaves[at].hash[dice.below(32)] ^= 1 << dice.below(8),
        }
        assert!(
            verify_leaves(leaves.into_iter(), &heads).is_err(),
            "round {round}: change {kind} at {at} was not found"
        );
    }
}

#[test]
fn the_first_bad_record_is_named() {
    let ledger = small();
    let mut leaves = ledger.leaves(0, usize::MAX).unwrap();
    leaves[17].bytes[20] ^= 1;
    assert_eq!(verify_leaves(leaves.into_iter(), &[]).unwrap_err().index, 17);
}

#[test]
fn a_ledger_agrees_with_its_checkpoints_and_not_with_those_of_others() {
    let (ledger, other) = (small(), gradus_ledger::Sqlite::in_memory().unwrap());
    super::append(&other, &super::app("web"), 0, 60);
    let dir = tempfile::tempdir().unwrap();
    let key = SigningKey::create(&dir.path().join("key"), "gradus/test").unwrap();
    sign(&ledger, &key).unwrap();
    let foreign = sign(&other, &key).unwrap();
    assert_eq!(
        verify(&ledger, &key.verifier(), None)
            .unwrap()
            .unwrap()
            .checkpoints,
        1
    );
    assert!(verify(&ledger, &key.verifier(), Some(&foreign)).unwrap().is_err());
    let again = key.verifier().to_string().parse().unwrap();
    assert_eq!(key.verifier(), again);
}
