//! Full disks, damaged files, files of others: a clear answer, and nothing half done.

use super::{app, append, at, event};
use gradus_ledger::{Append, Ledger, Sqlite};
use gradus_model::{Actor, Event, Scope, Stream};

#[test]
fn a_full_disk_refuses_and_recovers() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Sqlite::create(&dir.path().join("ledger.db")).unwrap();
    append(&ledger, &app("web"), 0, 1);
    ledger.limit_pages(1).unwrap();
    let big = Event::Halted {
        scope: Scope::Workspace,
        reason: "x".repeat(100_000),
    };
    let refused = ledger
        .append(Append::new(
            Stream::Workspace,
            0,
            at(0),
            Actor::system(),
            vec![big],
        ))
        .unwrap_err();
    assert_eq!(refused.code(), "ledger.full");
    assert_eq!(ledger.size().unwrap(), 1, "nothing is there of what was refused");
    ledger.limit_pages(100_000).unwrap();
    append(&ledger, &app("web"), 1, 1);
}

#[test]
fn damage_and_strange_files_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ledger.db");
    assert_eq!(Sqlite::open(&file).unwrap_err().code(), "ledger.missing");
    std::fs::write(&file, "this is no database, and never was one".repeat(100)).unwrap();
    assert_eq!(Sqlite::open(&file).unwrap_err().code(), "ledger.corrupt");
    let file = dir.path().join("second.db");
    let ledger = Sqlite::create(&file).unwrap();
    append(&ledger, &app("web"), 0, 50);
    drop(ledger);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[4096..].fill(0x5a);
    std::fs::write(&file, bytes).unwrap();
    let broken = Sqlite::open(&file).and_then(|ledger| ledger.tail(0, 100).map(|_| ()));
    assert_eq!(broken.unwrap_err().code(), "ledger.corrupt");
}

#[test]
fn a_second_process_is_told_to_wait_and_versions_still_hold() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ledger.db");
    let one = Sqlite::create(&file).unwrap();
    let two = Sqlite::open(&file).unwrap();
    append(&one, &app("web"), 0, 1);
    let late = Append::new(app("web"), 0, at(0), Actor::system(), vec![event(1)]);
    assert_eq!(two.append(late).unwrap_err().code(), "ledger.conflict");
    append(&two, &app("web"), 1, 1);
    assert_eq!(one.version(&app("web")).unwrap(), 2);
}

#[test]
fn whoever_may_only_look_may_not_write() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ledger.db");
    let ledger = Sqlite::create(&file).unwrap();
    append(&ledger, &app("web"), 0, 1);
    let looking = Sqlite::open_read_only(&file).unwrap();
    let refused = looking
        .append(Append::new(app("web"), 1, at(0), Actor::system(), vec![event(1)]))
        .unwrap_err();
    assert_eq!(refused.code(), "ledger.read_only");
    append(&ledger, &app("web"), 1, 1);
    assert_eq!(looking.size().unwrap(), 2, "it sees what others write");
}

#[test]
fn a_process_that_holds_the_file_for_seconds_is_named_as_the_reason() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ledger.db");
    let ledger = Sqlite::create(&file).unwrap();
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = ledger
        .append(Append::new(app("web"), 0, at(0), Actor::system(), vec![event(1)]))
        .unwrap_err();
    assert_eq!(refused.code(), "ledger.busy");
    other.execute_batch("ROLLBACK").unwrap();
    append(&ledger, &app("web"), 0, 1);
}
