//! The contract kept in one SQLite file.
//!
//! Writes take the database's one write lock (`BEGIN IMMEDIATE`) and compare versions inside the
//! transaction, so that several processes may use the same file. `synchronous=FULL`, asserted at
//! start: what was answered survives a loss of power.

mod read;
mod rows;
mod write;

use crate::{LedgerError, Result};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The version of the tables that this build knows.
const TABLES: u32 = 1;

const CREATE: &str = "
CREATE TABLE event (
  position INTEGER PRIMARY KEY, stream TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
  bytes BLOB NOT NULL, hash BLOB NOT NULL, UNIQUE (stream, seq)
) STRICT;
CREATE TABLE work (
  key TEXT PRIMARY KEY, stream TEXT NOT NULL, effect TEXT NOT NULL, due_at INTEGER NOT NULL,
  holder TEXT, free_at INTEGER, epoch INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX work_due ON work (due_at);
CREATE TABLE epoch (only INTEGER PRIMARY KEY CHECK (only = 1), value INTEGER NOT NULL) STRICT;
INSERT INTO epoch VALUES (1, 0);
CREATE TABLE snapshot (stream TEXT PRIMARY KEY, seq INTEGER NOT NULL, schema INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE TABLE row (projection TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (projection, key)) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
";

/// A ledger in one SQLite file, or in memory.
#[derive(Debug)]
pub struct Sqlite {
    connection: Mutex<Connection>,
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        let text = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => LedgerError::Full(text),
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                LedgerError::ReadOnly(text)
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => LedgerError::Corrupt(text),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => LedgerError::Busy(format!(
                "another process has been writing for seconds; try again ({text})"
            )),
            _ => LedgerError::Failed(text),
        }
    }
}

impl Sqlite {
    /// Makes a new ledger in a file that does not exist yet.
    pub fn create(file: &Path) -> Result<Self> {
        if file.exists() {
            return Err(LedgerError::Failed(format!(
                "there is a file {} already",
                file.display()
            )));
        }
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        Self::ready(connection, true)
    }

    /// Opens a ledger.
    pub fn open(file: &Path) -> Result<Self> {
        if !file.exists() {
            return Err(LedgerError::Missing(file.to_path_buf()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::ready(Connection::open_with_flags(file, flags)?, false)
    }

    /// A ledger that is gone when dropped.
    pub fn in_memory() -> Result<Self> {
        Self::ready(Connection::open_in_memory()?, true)
    }

    fn ready(connection: Connection, new: bool) -> Result<Self> {
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let synchronous: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
        if synchronous != 2 {
            return Err(LedgerError::Failed(
                "SQLite does not accept synchronous=FULL".to_owned(),
            ));
        }
        if new {
            connection.execute_batch(&format!(
                "BEGIN IMMEDIATE; {CREATE} PRAGMA user_version = {TABLES}; COMMIT;"
            ))?;
        }
        let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match found {
            TABLES => Ok(Self {
                connection: Mutex::new(connection),
            }),
            0 => Err(LedgerError::Corrupt("it holds no ledger".to_owned())),
            found => Err(LedgerError::Newer { found, known: TABLES }),
        }
    }

    /// Limits the file to so many pages: how a full disk is rehearsed.
    pub fn limit_pages(&self, pages: u32) -> Result<()> {
        let connection = self.lock();
        connection.pragma_update_and_check(None, "max_page_count", pages, |row| row.get::<_, i64>(0))?;
        Ok(())
    }

    /// A writer that panicked leaves its transaction rolled back, so the connection is good.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs something in one transaction that holds the write lock from its beginning.
    fn write<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let answer = work(&transaction)?;
        transaction.commit()?;
        Ok(answer)
    }
}
