//! Appending: all that belongs together, in one transaction.

use super::rows::Table;
use super::work::{finish, reconcile};
use crate::projection::project;
use crate::record::{End, stamp};
use crate::{Append, LedgerError, Result, time};
use gradus_model::{Recorded, Stream};
use rusqlite::{Connection, OptionalExtension, params};

pub(super) fn append(db: &Connection, append: Append) -> Result<Vec<Recorded>> {
    expect(db, &append.stream, append.expected)?;
    for (stream, version) in &append.unchanged {
        expect(db, stream, *version)?;
    }
    if let Some(claim) = &append.completes {
        finish(db, claim)?;
    }
    let records = stamp(&append, &end(db)?)?;
    let mut insert = db.prepare_cached("INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    let mut recorded = Vec::with_capacity(records.len());
    for (record, leaf) in records {
        insert.execute(params![
            leaf.index,
            leaf.stream,
            leaf.seq,
            leaf.at,
            leaf.bytes,
            leaf.hash.as_slice()
        ])?;
        project(&record, &mut Table(db))?;
        recorded.push(record);
    }
    if let Some(due) = append.due {
        reconcile(db, &append.stream, due)?;
    }
    Ok(recorded)
}

/// Computes all rows anew.
pub(super) fn rebuild(db: &Connection) -> Result<()> {
    db.execute("DELETE FROM row", [])?;
    let mut query = db.prepare("SELECT position, bytes FROM event ORDER BY position")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (position, bytes): (u64, Vec<u8>) = (row.get(0)?, row.get(1)?);
        project(&crate::decode(position, &bytes)?, &mut Table(db))?;
    }
    Ok(())
}

pub(super) fn version(db: &Connection, stream: &Stream) -> Result<u64> {
    let mut query = db.prepare_cached("SELECT coalesce(max(seq), 0) FROM event WHERE stream = ?1")?;
    Ok(query.query_row([stream.to_string()], |row| row.get(0))?)
}

fn expect(db: &Connection, stream: &Stream, expected: u64) -> Result<()> {
    match version(db, stream)? {
        found if found == expected => Ok(()),
        found => Err(LedgerError::Conflict {
            stream: stream.clone(),
            expected,
            found,
        }),
    }
}

fn end(db: &Connection) -> Result<End> {
    let mut query = db.prepare_cached("SELECT position, at FROM event ORDER BY position DESC LIMIT 1")?;
    let last: Option<(u64, i64)> = query
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(match last {
        None => End { index: 0, at: None },
        Some((index, at)) => End {
            index: index + 1,
            at: Some(time::from_micros(at)),
        },
    })
}
