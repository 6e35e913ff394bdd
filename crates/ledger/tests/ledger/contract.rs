//! What every kind of ledger must keep. Each case gets a fresh ledger; another kind joins by being
//! added to `each`.

use super::{app, append, at, event};
use gradus_ledger::{Append, Ledger, LedgerError, Memory, Snapshot, Sqlite, Work};
use gradus_model::{Actor, Period, Stream};
use std::sync::Arc;

fn each(case: impl Fn(Arc<dyn Ledger>)) {
    case(Arc::new(Memory::new()));
    case(Arc::new(Sqlite::in_memory().unwrap()));
    let dir = tempfile::tempdir().unwrap();
    case(Arc::new(Sqlite::create(&dir.path().join("ledger.db")).unwrap()));
}

fn work(key: &str, second: i64) -> Work {
    Work {
        key: key.into(),
        stream: app("web"),
        effect: "{}".into(),
        due_at: at(second),
    }
}

fn due(ledger: &dyn Ledger, works: Vec<Work>) {
    let version = ledger.version(&app("web")).unwrap();
    let mut append = Append::new(app("web"), version, at(0), Actor::system(), vec![]);
    append.due = Some(works);
    ledger.append(append).unwrap();
}

#[test]
fn streams_are_numbered_without_gaps_and_the_log_is_in_order() {
    each(|ledger| {
        append(&*ledger, &app("web"), 0, 3);
        append(&*ledger, &Stream::Workspace, 0, 1);
        append(&*ledger, &app("web"), 3, 2);
        let seqs: Vec<u64> = ledger
            .read(&app("web"), 0, 100)
            .unwrap()
            .iter()
            .map(|event| event.seq)
            .collect();
        assert_eq!(seqs, [1, 2, 3, 4, 5]);
        let positions: Vec<u64> = ledger
            .tail(0, 100)
            .unwrap()
            .iter()
            .map(|(position, _)| *position)
            .collect();
        assert_eq!(positions, [0, 1, 2, 3, 4, 5]);
    });
}

#[test]
fn a_wrong_version_writes_nothing() {
    each(|ledger| {
        append(&*ledger, &app("web"), 0, 1);
        let mut late = Append::new(app("web"), 0, at(0), Actor::system(), vec![event(1), event(2)]);
        late.due = Some(vec![work("a", 0)]);
        let refused = ledger.append(late).unwrap_err();
        assert_eq!(
            refused,
            LedgerError::Conflict {
                stream: app("web"),
                expected: 0,
                found: 1
            }
        );
        assert_eq!((ledger.size().unwrap(), ledger.work().unwrap().len()), (1, 0));
    });
}

#[test]
fn what_a_decision_was_made_on_must_be_unchanged() {
    each(|ledger| {
        append(&*ledger, &Stream::Workspace, 0, 2);
        let mut decided = Append::new(app("web"), 0, at(0), Actor::system(), vec![event(1)]);
        decided.unchanged = vec![(Stream::Workspace, 1)];
        assert_eq!(
            ledger.append(decided.clone()).unwrap_err().code(),
            "ledger.conflict"
        );
        decided.unchanged = vec![(Stream::Workspace, 2)];
        assert!(ledger.append(decided).is_ok());
    });
}

#[test]
fn time_never_runs_backwards() {
    each(|ledger| {
        ledger
            .append(Append::new(
                app("web"),
                0,
                at(10),
                Actor::system(),
                vec![event(1)],
            ))
            .unwrap();
        let later = ledger
            .append(Append::new(app("web"), 1, at(5), Actor::system(), vec![event(2)]))
            .unwrap();
        assert_eq!(later[0].at, at(10));
    });
}

#[test]
fn work_is_held_by_one_and_fenced_afterwards() {
    each(|ledger| {
        let lease = Period::from_secs(30);
        due(&*ledger, vec![work("a", 0), work("b", 100)]);
        let first = ledger.claim("one", at(0), lease, 10).unwrap();
        assert_eq!(first.len(), 1, "only what is due");
        assert!(
            ledger.claim("two", at(29), lease, 10).unwrap().is_empty(),
            "it is held"
        );
        let second = ledger.claim("two", at(30), lease, 10).unwrap();
        assert!(second[0].epoch > first[0].epoch && second[0].attempts == 2);
        let mut late = Append::new(app("web"), 0, at(31), Actor::system(), vec![event(1)]);
        late.completes = Some(first[0].clone());
        assert_eq!(ledger.append(late).unwrap_err().code(), "ledger.fenced");
        assert_eq!(
            ledger.version(&app("web")).unwrap(),
            0,
            "a fenced result leaves nothing behind"
        );
        assert_eq!(
            ledger.extend(&first[0], at(31), lease).unwrap_err().code(),
            "ledger.fenced"
        );
        due(&*ledger, vec![work("a", 0)]);
        assert!(
            ledger.claim("three", at(31), lease, 10).unwrap().is_empty(),
            "asking anew keeps the holder"
        );
        ledger.release(&second[0], at(40)).unwrap();
        assert_eq!(ledger.complete(&second[0]).unwrap_err().code(), "ledger.fenced");
        let third = ledger.claim("three", at(40), lease, 10).unwrap();
        ledger.complete(&third[0]).unwrap();
        assert!(ledger.work().unwrap().is_empty());
    });
}

#[test]
fn one_of_two_writers_wins_each_version() {
    each(|ledger| {
        let writers: Vec<_> = (0..2)
            .map(|_| {
                let ledger = ledger.clone();
                std::thread::spawn(move || {
                    let mut won = 0;
                    while won < 50 {
                        let version = ledger.version(&app("web")).unwrap();
                        let append = Append::new(app("web"), version, at(0), Actor::system(), vec![event(1)]);
                        won += u64::from(ledger.append(append).is_ok());
                    }
                })
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        assert_eq!(ledger.version(&app("web")).unwrap(), 100);
        assert_eq!(ledger.tail(0, 1000).unwrap().last().unwrap().0, 99);
    });
}

#[test]
fn projections_are_the_same_when_computed_anew() {
    each(|ledger| {
        append(&*ledger, &app("web"), 0, 3);
        let live = ledger.projection_hash().unwrap();
        assert_eq!(ledger.rebuild().unwrap(), live);
    });
}

#[test]
fn only_the_newest_snapshot_of_a_schema_is_kept() {
    each(|ledger| {
        let snapshot = |seq, schema| Snapshot {
            seq,
            schema,
            bytes: vec![1],
        };
        ledger.save_snapshot(&app("web"), &snapshot(5, 1)).unwrap();
        ledger.save_snapshot(&app("web"), &snapshot(3, 1)).unwrap();
        assert_eq!(ledger.snapshot(&app("web"), 1).unwrap().unwrap().seq, 5);
        assert!(ledger.snapshot(&app("web"), 2).unwrap().is_none());
    });
}

#[test]
fn many_writers_share_a_commit_and_a_refusal_takes_back_nothing_of_the_others() {
    each(|ledger| {
        let writers: Vec<_> = (0..16)
            .map(|writer| {
                let ledger = ledger.clone();
                std::thread::spawn(move || {
                    let own = app(&format!("app-{writer}"));
                    for round in 0..20 {
                        append(&*ledger, &own, round * 2, 2);
                        let wrong = Append::new(own.clone(), 1_000, at(0), Actor::system(), vec![event(1)]);
                        assert_eq!(ledger.append(wrong).unwrap_err().code(), "ledger.conflict");
                        assert_eq!(ledger.version(&own).unwrap(), round * 2 + 2);
                    }
                })
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        assert_eq!(ledger.size().unwrap(), 16 * 40);
        let leaves = ledger.leaves(0, usize::MAX).unwrap();
        assert_eq!(
            gradus_ledger::verify_leaves(leaves.into_iter(), &[])
                .unwrap()
                .events,
            640
        );
    });
}

#[test]
fn every_kind_of_ledger_tells_the_same_story() {
    let roots = std::sync::Mutex::new(Vec::new());
    each(|ledger| {
        append(&*ledger, &app("web"), 0, 3);
        append(&*ledger, &Stream::Workspace, 0, 1);
        let hashes = ledger.hashes(0, 4).unwrap();
        roots
            .lock()
            .unwrap()
            .push((hashes, ledger.projection_hash().unwrap()));
    });
    let roots = roots.into_inner().unwrap();
    assert!(roots.windows(2).all(|pair| pair[0] == pair[1]));
}
