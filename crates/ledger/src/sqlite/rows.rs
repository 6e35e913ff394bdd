//! The rows of projections.

use crate::projection::Rows;
use crate::{LedgerError, Result};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

pub(super) struct Table<'a>(pub(super) &'a Connection);

pub(super) fn parse(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| LedgerError::Corrupt(format!("a row cannot be read: {error}")))
}

impl Rows for Table<'_> {
    fn get(&mut self, projection: &str, key: &str) -> Result<Option<Value>> {
        let mut query = self
            .0
            .prepare_cached("SELECT value FROM row WHERE projection = ?1 AND key = ?2")?;
        let text: Option<String> = query.query_row([projection, key], |row| row.get(0)).optional()?;
        text.map(|text| parse(&text)).transpose()
    }

    fn put(&mut self, projection: &str, key: &str, value: &Value) -> Result<()> {
        let mut put = self
            .0
            .prepare_cached("INSERT OR REPLACE INTO row VALUES (?1, ?2, ?3)")?;
        put.execute(params![projection, key, value.to_string()])?;
        Ok(())
    }
}
