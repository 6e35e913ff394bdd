//! The contract kept in one SQLite file.
//!
//! One thread owns the connection that writes; what was asked of it meanwhile goes into one
//! transaction (`writer`). Versions are compared inside that transaction, which holds the
//! database's write lock from its beginning, so that several processes may use the same file.
//! Reading goes on beside it on connections of its own (`readers`).

mod contract;
mod error;
mod migrate;
mod readers;
mod rows;
mod work;
mod write;
mod writer;

use crate::{LedgerError, Result};
use readers::Readers;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use writer::Writer;

/// How long to wait for another process that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// A ledger in one SQLite file, or in a database that only this process knows.
#[derive(Debug)]
pub struct Sqlite {
    // Declared first so that it is dropped first: the last connection to close folds the
    // write-ahead log into the file, and that should be the one that writes.
    readers: Readers,
    writer: Writer,
}

impl Sqlite {
    /// Makes a new ledger in a file that does not exist yet.
    ///
    /// It is made under another name and then given its own, so that whoever is interrupted here
    /// leaves either a whole ledger or none.
    pub fn create(file: &Path) -> Result<Self> {
        let taken = || LedgerError::Failed(format!("there is a file {} already: open it", file.display()));
        if file.exists() {
            return Err(taken());
        }
        let draft = beside(file, &format!("new-{}", std::process::id()));
        let made = migrate::draft(&draft).and_then(|()| match std::fs::hard_link(&draft, file) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(taken()),
            // Some file systems know no links.
            Err(_) => std::fs::rename(&draft, file).map_err(|error| error::io(file, &error)),
        });
        // It is gone already where it was renamed.
        let _ = std::fs::remove_file(&draft);
        made?;
        settle_folder(file)?;
        Self::open(file)
    }

    /// Opens a ledger, and brings its tables up to date if an older build made it.
    pub fn open(file: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = connect(file, flags)?;
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        if mode != "wal" {
            connection.pragma_update(None, "journal_mode", "WAL")?;
        }
        connection.pragma_update(None, "synchronous", "FULL")?;
        let synchronous: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
        if synchronous != 2 {
            return Err(LedgerError::Failed(
                "SQLite does not accept synchronous=FULL".to_owned(),
            ));
        }
        migrate::migrate(&mut connection, file, migrate::STEPS)?;
        Self::start(connection, file, flags)
    }

    /// Opens a ledger to look at it: everything that writes is refused.
    pub fn open_read_only(file: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = connect(file, flags)?;
        migrate::must_be_current(&connection, migrate::STEPS)?;
        Self::start(connection, file, flags)
    }

    /// A ledger that is gone when dropped. Readers and the writer wait for each other here.
    pub fn in_memory() -> Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        // Connections that name the same database share it; so every ledger has a name of its own.
        let name = format!("file:/ledger-{}?vfs=memdb", COUNT.fetch_add(1, Ordering::Relaxed));
        let flags =
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let file = Path::new(&name);
        let mut connection = connect(file, flags | OpenFlags::SQLITE_OPEN_CREATE)?;
        migrate::make(&mut connection)?;
        Self::start(connection, file, flags)
    }

    fn start(connection: Connection, file: &Path, flags: OpenFlags) -> Result<Self> {
        Ok(Self {
            readers: Readers::new(file.to_path_buf(), flags),
            writer: Writer::start(connection)?,
        })
    }

    /// Limits the file to so many pages, or to what it has if it has more: how a full disk is
    /// rehearsed.
    pub fn limit_pages(&self, pages: u32) -> Result<()> {
        self.writer.write(move |db| {
            db.pragma_update_and_check(None, "max_page_count", pages, |row| row.get::<_, i64>(0))?;
            Ok(())
        })
    }
}

/// A connection to a file that must be there.
fn connect(file: &Path, flags: OpenFlags) -> Result<Connection> {
    if !flags.contains(OpenFlags::SQLITE_OPEN_URI) && !file.exists() {
        return Err(LedgerError::Missing(file.to_path_buf()));
    }
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// The name of a file next to this one.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// A file's name is durable only once its folder is.
fn settle_folder(file: &Path) -> Result<()> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if cfg!(unix) {
        let opened = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
        opened.map_err(|error| error::io(folder, &error))?;
    }
    Ok(())
}
