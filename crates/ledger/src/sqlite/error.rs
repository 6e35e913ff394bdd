//! What SQLite's errors mean for the ledger.

use crate::LedgerError;
use rusqlite::{Error, ErrorCode};
use std::path::Path;

impl From<Error> for LedgerError {
    fn from(error: Error) -> Self {
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
            Some(ErrorCode::SystemIoFailure | ErrorCode::FileLockingProtocolFailed) => LedgerError::Io(text),
            // A value of another type or range than any that was ever written.
            None if matches!(
                error,
                Error::IntegralValueOutOfRange(..)
                    | Error::InvalidColumnType(..)
                    | Error::FromSqlConversionFailure(..)
                    | Error::Utf8Error(..)
            ) =>
            {
                LedgerError::Corrupt(text)
            }
            _ => LedgerError::Failed(text),
        }
    }
}

/// What the file system said about a file.
pub(super) fn io(file: &Path, error: &std::io::Error) -> LedgerError {
    use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem, StorageFull};
    let text = format!("{}: {error}", file.display());
    match error.kind() {
        StorageFull => LedgerError::Full(text),
        PermissionDenied | ReadOnlyFilesystem => LedgerError::ReadOnly(text),
        _ => LedgerError::Io(text),
    }
}
