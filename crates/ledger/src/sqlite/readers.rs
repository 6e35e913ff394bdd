//! Connections for reading, beside the one that writes.

use crate::Result;
use rusqlite::{Connection, OpenFlags};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many connections are kept when nobody reads.
const KEPT: usize = 4;

/// Connections that see every committed write and never wait for the writer.
#[derive(Debug)]
pub(super) struct Readers {
    file: PathBuf,
    flags: OpenFlags,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(file: PathBuf, flags: OpenFlags) -> Self {
        Self {
            file,
            flags,
            idle: Mutex::default(),
        }
    }

    /// Runs something on a connection of its own, in one transaction: all of it sees the same
    /// moment.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let idle = self.lock().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.open()?,
        };
        let answer = {
            let moment = connection.unchecked_transaction()?;
            work(&moment)?
        };
        let mut idle = self.lock();
        if idle.len() < KEPT {
            idle.push(connection);
        }
        Ok(answer)
    }

    fn open(&self) -> Result<Connection> {
        let connection = super::connect(&self.file, self.flags)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }

    /// Whoever panicked took its connection along, so the others are good.
    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
