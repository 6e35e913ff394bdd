//! Whatever people do and whatever breaks, the invariants hold. A failure shrinks to the shortest
//! story that shows it. `GRADUS_STORIES` says how many are told.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

use gradus_ledger::{Append, Ledger, Memory, verify};
use gradus_sim::{Story, deeds};
use proptest::prelude::*;

fn stories() -> u32 {
    let wanted = std::env::var("GRADUS_STORIES").ok();
    wanted.and_then(|text| text.parse().ok()).unwrap_or(60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: stories(), failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_happens_the_invariants_hold(deeds in deeds(8..28)) {
        let mut story = Story::new();
        for deed in &deeds {
            let broken = story.tell(deed);
            prop_assert!(broken.is_empty(), "{broken:#?}");
        }
        let broken = story.calm();
        prop_assert!(broken.is_empty(), "{broken:#?}");
        // I8: what pages read is what the events say, in every kind of ledger.
        let ledger = story.ledger();
        let rows = ledger.projection_hash().unwrap();
        prop_assert_eq!(&ledger.rebuild().unwrap(), &rows);
        let copy = copied(ledger);
        prop_assert_eq!(copy.projection_hash().unwrap(), rows);
        let size = ledger.size().unwrap();
        prop_assert_eq!(copy.hashes(0, size).unwrap(), ledger.hashes(0, size).unwrap());
        // I16: everything that was signed on the way still agrees.
        let verified = verify(ledger, &story.key().verifier(), None).unwrap();
        prop_assert!(verified.is_ok(), "{verified:?}");
    }
}

/// The same history in another kind of ledger.
fn copied(ledger: &dyn Ledger) -> Memory {
    let copy = Memory::new();
    for (_, recorded) in ledger.tail(0, usize::MAX).unwrap() {
        let before = recorded.seq - 1;
        let append = Append::new(
            recorded.stream,
            before,
            recorded.at,
            recorded.actor,
            vec![recorded.event],
        );
        copy.append(append).unwrap();
    }
    copy
}
