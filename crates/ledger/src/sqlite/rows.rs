//! The rows of projections.

use crate::projection::{self, Rows, RowsHash};
use crate::{LedgerError, Result};
use gradus_model::Digest;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

/// The table of rows, as projections write it.
pub(super) struct Table<'a>(pub(super) &'a Connection);

fn parse(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| LedgerError::Corrupt(format!("a row cannot be read: {error}")))
}

impl Rows for Table<'_> {
    fn get(&mut self, projection: &str, key: &str) -> Result<Option<Value>> {
        one(self.0, projection, key)
    }

    fn put(&mut self, projection: &str, key: &str, value: &Value) -> Result<()> {
        let put = "INSERT OR REPLACE INTO row VALUES (?1, ?2, ?3)";
        let mut put = self.0.prepare_cached(put)?;
        put.execute(params![projection, key, value.to_string()])?;
        Ok(())
    }
}

/// One row.
pub(super) fn one(db: &Connection, projection: &str, key: &str) -> Result<Option<Value>> {
    let mut query = db.prepare_cached("SELECT value FROM row WHERE projection = ?1 AND key = ?2")?;
    let text: Option<String> = query.query_row([projection, key], |row| row.get(0)).optional()?;
    text.map(|text| parse(&text)).transpose()
}

/// The rows whose key begins with the prefix. They stand next to each other in the key's order.
pub(super) fn of(db: &Connection, projection: &str, prefix: &str) -> Result<Vec<(String, Value)>> {
    let get = "SELECT key, value FROM row WHERE projection = ?1 AND key >= ?2 ORDER BY key";
    let mut query = db.prepare_cached(get)?;
    let mut rows = query.query([projection, prefix])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let key: String = row.get(0)?;
        if !key.starts_with(prefix) {
            break;
        }
        found.push((key, parse(&row.get::<_, String>(1)?)?));
    }
    Ok(found)
}

/// The hash over all rows.
pub(super) fn hash(db: &Connection) -> Result<Digest> {
    let mut hash = RowsHash::default();
    for name in projection::names() {
        for (key, value) in of(db, name, "")? {
            hash.add(name, &key, &value);
        }
    }
    Ok(hash.finish())
}
