//! The tree against the published vectors, and proofs against everything else.

use super::small;
use gradus_ledger::merkle::{
    Frontier, consistency_proof, inclusion_proof, leaf_hash, root, verify_consistency, verify_inclusion,
};
use gradus_ledger::{Ledger, SigningKey, export, proof, sign, verify_export, verify_proof};
use proptest::prelude::*;

fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_published_vectors_hold() {
    let inputs: [&[u8]; 8] = [
        &[],
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[
            0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f,
        ],
    ];
    let leaves: Vec<_> = inputs.iter().map(|input| leaf_hash(input)).collect();
    assert_eq!(
        hex(&root(&[])),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    assert_eq!(
        hex(&root(&leaves[..1])),
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    );
    assert_eq!(
        hex(&root(&leaves)),
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    );
}

proptest! {
    #[test]
    fn every_proof_holds_and_no_other_does(size in 1usize..70, at in 0usize..70, old in 0usize..70, bit in 0usize..256) {
        let leaves: Vec<_> = (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        let (at, old, head) = (at % size, old % (size + 1), root(&leaves));
        let mut frontier = Frontier::default();
        leaves.iter().for_each(|leaf| frontier.push(*leaf));
        prop_assert_eq!(frontier.root(), head);
        let path = inclusion_proof(&leaves, at);
        let (size, index) = (size as u64, at as u64);
        prop_assert!(verify_inclusion(&leaves[at], index, size, &path, &head));
        let mut other = leaves[at];
        other[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!verify_inclusion(&other, index, size, &path, &head));
        let path = consistency_proof(&leaves, old);
        prop_assert!(verify_consistency(old as u64, size, &path, &root(&leaves[..old]), &head));
        if old > 0 {
            let mut wrong = root(&leaves[..old]);
            wrong[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!verify_consistency(old as u64, size, &path, &wrong, &head));
        }
    }
}

#[test]
fn copies_and_proofs_can_be_checked_elsewhere() {
    let ledger = small();
    let dir = tempfile::tempdir().unwrap();
    let key = SigningKey::create(&dir.path().join("key"), "gradus/test").unwrap();
    sign(&ledger, &key).unwrap();
    let mut copy = Vec::new();
    export(&ledger, &mut copy).unwrap();
    assert_eq!(
        verify_export(&mut copy.as_slice(), Some(&key.verifier()))
            .unwrap()
            .events,
        48
    );
    let cut = String::from_utf8(copy)
        .unwrap()
        .lines()
        .skip(1)
        .collect::<Vec<_>>()
        .join("\n");
    assert!(verify_export(&mut cut.as_bytes(), Some(&key.verifier())).is_err());
    let leaf = &ledger.leaves(11, 1).unwrap()[0];
    let text = proof(&ledger, 11).unwrap();
    assert_eq!(verify_proof(&text, &leaf.bytes, &key.verifier()).unwrap(), 11);
    assert!(verify_proof(&text, b"something else", &key.verifier()).is_err());
    assert!(SigningKey::load(&dir.path().join("key")).unwrap().verifier() == key.verifier());
}
