//! The tables, and how those of an older build are brought up to date.

use super::{beside, error};
use crate::{LedgerError, Result};
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// What leads from each version of the tables to the next; the first makes them. A step that was
/// ever released is never changed.
pub(super) const STEPS: &[&str] = &["
CREATE TABLE event (
  position INTEGER PRIMARY KEY, stream TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
  bytes BLOB NOT NULL, hash BLOB NOT NULL, UNIQUE (stream, seq)
) STRICT;
CREATE TABLE work (
  key TEXT PRIMARY KEY, stream TEXT NOT NULL, effect TEXT NOT NULL, due_at INTEGER NOT NULL,
  holder TEXT, free_at INTEGER, epoch INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX work_due ON work (max(due_at, coalesce(free_at, due_at)));
CREATE INDEX work_stream ON work (stream);
CREATE TABLE epoch (only INTEGER PRIMARY KEY CHECK (only = 1), value INTEGER NOT NULL) STRICT;
INSERT INTO epoch VALUES (1, 0);
CREATE TABLE snapshot (
  stream TEXT PRIMARY KEY, seq INTEGER NOT NULL, schema INTEGER NOT NULL, bytes BLOB NOT NULL
) STRICT;
CREATE TABLE row (
  projection TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (projection, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note TEXT NOT NULL, edge BLOB NOT NULL) STRICT;
"];

fn version(db: &Connection) -> Result<u32> {
    Ok(db.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn known(steps: &[&str]) -> u32 {
    u32::try_from(steps.len()).unwrap_or(u32::MAX)
}

/// Makes the file of a new ledger.
pub(super) fn draft(file: &Path) -> Result<()> {
    let mut db = Connection::open(file)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    make(&mut db)?;
    db.close().map_err(|(_, error)| error.into())
}

/// Makes the tables in an empty database.
pub(super) fn make(db: &mut Connection) -> Result<()> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    apply(&transaction, STEPS, 0)?;
    Ok(transaction.commit()?)
}

fn apply(db: &Connection, steps: &[&str], from: u32) -> Result<()> {
    let done = usize::try_from(from).unwrap_or(usize::MAX);
    for step in steps.iter().skip(done) {
        db.execute_batch(step)?;
    }
    db.pragma_update(None, "user_version", known(steps))?;
    Ok(())
}

/// Brings the tables up to date, if this build knows how. A copy of the old file is kept first.
pub(super) fn migrate(db: &mut Connection, file: &Path, steps: &[&str]) -> Result<()> {
    let found = check(version(db)?, steps)?;
    if found == known(steps) {
        return Ok(());
    }
    back_up(db, file, found)?;
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let found = check(version(&transaction)?, steps)?;
    apply(&transaction, steps, found)?;
    Ok(transaction.commit()?)
}

/// Refuses tables of any version but the newest: for those who may not write.
pub(super) fn must_be_current(db: &Connection, steps: &[&str]) -> Result<()> {
    match check(version(db)?, steps)? {
        found if found == known(steps) => Ok(()),
        found => Err(LedgerError::ReadOnly(format!(
            "it has format {found} and must be brought to {} first",
            known(steps)
        ))),
    }
}

fn check(found: u32, steps: &[&str]) -> Result<u32> {
    match found {
        0 => Err(LedgerError::Corrupt("it holds no ledger".to_owned())),
        found if found > known(steps) => Err(LedgerError::Newer {
            found,
            known: known(steps),
        }),
        found => Ok(found),
    }
}

/// Copies the whole database next to it. The copy gets its name only when it is whole.
fn back_up(db: &Connection, file: &Path, found: u32) -> Result<()> {
    let draft = beside(file, &format!("new-{}", std::process::id()));
    let copy = beside(file, &format!("format-{found}.backup"));
    let name = draft.to_string_lossy().into_owned();
    let copied = db
        .execute("VACUUM INTO ?1", [name])
        .map_err(LedgerError::from)
        .and_then(|_| std::fs::rename(&draft, &copy).map_err(|error| error::io(&copy, &error)));
    if copied.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    copied
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]
mod tests {
    use super::*;

    #[test]
    fn older_tables_are_backed_up_and_brought_up_to_date() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ledger.db");
        draft(&file).unwrap();
        let mut db = Connection::open(&file).unwrap();
        db.execute("INSERT INTO checkpoint VALUES (0, 'kept', x'')", [])
            .unwrap();
        let steps = [STEPS[0], "ALTER TABLE checkpoint ADD COLUMN more TEXT"];
        assert_eq!(
            must_be_current(&db, &steps).unwrap_err().code(),
            "ledger.read_only"
        );
        migrate(&mut db, &file, &steps).unwrap();
        migrate(&mut db, &file, &steps).unwrap();
        assert_eq!(version(&db).unwrap(), 2);
        let note: String = db
            .query_row("SELECT note FROM checkpoint WHERE more IS NULL", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(note, "kept");
        let copy = Connection::open(folder.path().join("ledger.db.format-1.backup")).unwrap();
        assert_eq!(version(&copy).unwrap(), 1);
        let newer = migrate(&mut db, &file, STEPS).unwrap_err();
        assert_eq!(newer, LedgerError::Newer { found: 2, known: 1 });
    }

    #[test]
    fn a_step_that_fails_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ledger.db");
        draft(&file).unwrap();
        let mut db = Connection::open(&file).unwrap();
        let steps = [STEPS[0], "DROP TABLE snapshot; SELECT * FROM nowhere"];
        migrate(&mut db, &file, &steps).unwrap_err();
        assert_eq!(version(&db).unwrap(), 1);
        db.execute("DELETE FROM snapshot", []).unwrap();
    }
}
