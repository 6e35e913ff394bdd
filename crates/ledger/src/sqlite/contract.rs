//! The contract, method by method: what reads goes to a reader, what writes to the writer.

use super::{Sqlite, rows, work, write};
use crate::merkle::Frontier;
use crate::record::{self, Leaf};
use crate::{Append, Claim, Hash, Job, Ledger, LedgerError, Result, Snapshot, decode, time};
use gradus_model::{Digest, Period, Recorded, Stream, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

fn hash(position: u64, bytes: &[u8]) -> Result<Hash> {
    bytes
        .try_into()
        .map_err(|_| LedgerError::Corrupt(format!("the hash of record {position} has the wrong length")))
}

fn count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn size(db: &Connection) -> Result<u64> {
    let mut query = db.prepare_cached("SELECT coalesce(max(position) + 1, 0) FROM event")?;
    Ok(query.query_row([], |row| row.get(0))?)
}

/// Every stream with its version. It leaps from name to name in the index, because going through
/// all events would take longer the longer the history.
const STREAMS: &str = "
WITH RECURSIVE names (name) AS (
  SELECT min(stream) FROM event
  UNION ALL
  SELECT (SELECT min(stream) FROM event WHERE stream > name) FROM names WHERE name IS NOT NULL
)
SELECT name, (SELECT max(seq) FROM event WHERE stream = name) FROM names WHERE name IS NOT NULL ORDER BY name";

fn save_checkpoint(db: &Connection, note: &str, edge: &Frontier) -> Result<()> {
    let at = edge.size();
    let get = "SELECT note FROM checkpoint WHERE size = ?1";
    let known: Option<String> = db.query_row(get, [at], |row| row.get(0)).optional()?;
    match known {
        Some(known) if known == note => Ok(()),
        None if at <= size(db)? => {
            let put = "INSERT INTO checkpoint VALUES (?1, ?2, ?3)";
            db.execute(put, params![at, note, edge.to_bytes()])?;
            Ok(())
        }
        _ => Err(LedgerError::Forked { size: at }),
    }
}

impl Ledger for Sqlite {
    fn append(&self, append: Append) -> Result<Vec<Recorded>> {
        self.writer.write(move |db| write::append(db, append))
    }

    fn size(&self) -> Result<u64> {
        self.readers.read(size)
    }

    fn version(&self, stream: &Stream) -> Result<u64> {
        self.readers.read(|db| write::version(db, stream))
    }

    fn streams(&self) -> Result<Vec<(Stream, u64)>> {
        self.readers.read(|db| {
            let mut query = db.prepare_cached(STREAMS)?;
            let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
            rows.map(|row| {
                let (name, seq) = row?;
                Ok((record::stream(&name)?, seq))
            })
            .collect()
        })
    }

    fn read(&self, stream: &Stream, after: u64, limit: usize) -> Result<Vec<Recorded>> {
        let get = "SELECT position, bytes FROM event WHERE stream = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
        self.readers.read(|db| {
            let mut query = db.prepare_cached(get)?;
            let rows = query.query_map(params![stream.to_string(), after, count(limit)], |row| {
                Ok((row.get::<_, u64>(0)?, row.get::<_, Vec<u8>>(1)?))
            })?;
            rows.map(|row| {
                let (position, bytes) = row?;
                decode(position, &bytes)
            })
            .collect()
        })
    }

    fn leaves(&self, from: u64, limit: usize) -> Result<Vec<Leaf>> {
        let get = "SELECT position, stream, seq, at, bytes, hash FROM event
                   WHERE position >= ?1 ORDER BY position LIMIT ?2";
        self.readers.read(|db| {
            let mut query = db.prepare_cached(get)?;
            let mut rows = query.query(params![from, count(limit)])?;
            let mut leaves = Vec::new();
            while let Some(row) = rows.next()? {
                let index = row.get(0)?;
                leaves.push(Leaf {
                    index,
                    stream: row.get(1)?,
                    seq: row.get(2)?,
                    at: row.get(3)?,
                    bytes: row.get(4)?,
                    hash: hash(index, &row.get::<_, Vec<u8>>(5)?)?,
                });
            }
            Ok(leaves)
        })
    }

    fn hashes(&self, from: u64, to: u64) -> Result<Vec<Hash>> {
        let get = "SELECT position, hash FROM event WHERE position >= ?1 AND position < ?2 ORDER BY position";
        self.readers.read(|db| {
            let mut query = db.prepare_cached(get)?;
            let rows = query.query_map([from, to], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))?;
            rows.map(|row| {
                let (position, bytes) = row?;
                hash(position, &bytes)
            })
            .collect()
        })
    }

    fn position(&self, stream: &Stream, seq: u64) -> Result<Option<u64>> {
        let get = "SELECT position FROM event WHERE stream = ?1 AND seq = ?2";
        self.readers.read(|db| {
            let mut query = db.prepare_cached(get)?;
            let found = query.query_row(params![stream.to_string(), seq], |row| row.get(0));
            Ok(found.optional()?)
        })
    }

    fn claim(&self, worker: &str, now: Timestamp, lease: Period, limit: usize) -> Result<Vec<Claim>> {
        // Most calls find nothing, and should not take the write lock to learn it.
        if self.next_due()?.is_none_or(|next| next > now) {
            return Ok(Vec::new());
        }
        let worker = worker.to_owned();
        self.writer
            .write(move |db| work::claim(db, &worker, now, lease, count(limit)))
    }

    fn extend(&self, claim: &Claim, now: Timestamp, lease: Period) -> Result<()> {
        let (claim, until) = (claim.clone(), time::ceil(lease.after(now)));
        self.writer.write(move |db| work::extend(db, &claim, until))
    }

    fn release(&self, claim: &Claim, retry_at: Timestamp) -> Result<()> {
        let (claim, free_at) = (claim.clone(), time::ceil(retry_at));
        self.writer.write(move |db| work::release(db, &claim, free_at))
    }

    fn postpone(&self, claim: &Claim, until: Timestamp) -> Result<()> {
        let (claim, free_at) = (claim.clone(), time::ceil(until));
        self.writer.write(move |db| work::postpone(db, &claim, free_at))
    }

    fn complete(&self, claim: &Claim) -> Result<()> {
        let claim = claim.clone();
        self.writer.write(move |db| work::finish(db, &claim))
    }

    fn next_due(&self) -> Result<Option<Timestamp>> {
        self.readers.read(work::next_due)
    }

    fn work(&self) -> Result<Vec<Job>> {
        self.readers.read(work::all)
    }

    fn save_snapshot(&self, stream: &Stream, snapshot: &Snapshot) -> Result<()> {
        let put = "INSERT INTO snapshot VALUES (?1, ?2, ?3, ?4) ON CONFLICT (stream) DO UPDATE
             SET seq = excluded.seq, schema = excluded.schema, bytes = excluded.bytes
             WHERE schema <> excluded.schema OR seq <= excluded.seq";
        let (stream, snapshot) = (stream.to_string(), snapshot.clone());
        self.writer.write(move |db| {
            let Snapshot { seq, schema, bytes } = snapshot;
            db.prepare_cached(put)?
                .execute(params![stream, seq, schema, bytes])?;
            Ok(())
        })
    }

    fn snapshot(&self, stream: &Stream, schema: u32) -> Result<Option<Snapshot>> {
        let get = "SELECT seq, bytes FROM snapshot WHERE stream = ?1 AND schema = ?2";
        self.readers.read(|db| {
            let mut query = db.prepare_cached(get)?;
            let found = query.query_row(params![stream.to_string(), schema], |row| {
                Ok(Snapshot {
                    seq: row.get(0)?,
                    schema,
                    bytes: row.get(1)?,
                })
            });
            Ok(found.optional()?)
        })
    }

    fn rows(&self, projection: &str, prefix: &str) -> Result<Vec<(String, Value)>> {
        self.readers.read(|db| rows::of(db, projection, prefix))
    }

    fn row(&self, projection: &str, key: &str) -> Result<Option<Value>> {
        self.readers.read(|db| rows::one(db, projection, key))
    }

    fn rebuild(&self) -> Result<Digest> {
        self.writer.write(|db| {
            write::rebuild(db)?;
            rows::hash(db)
        })
    }

    fn projection_hash(&self) -> Result<Digest> {
        self.readers.read(rows::hash)
    }

    fn checkpoints(&self) -> Result<Vec<(u64, String)>> {
        self.readers.read(|db| {
            let mut query = db.prepare_cached("SELECT size, note FROM checkpoint ORDER BY size")?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    fn checkpoint(&self, position: u64) -> Result<Option<(u64, String)>> {
        let get = "SELECT size, note FROM checkpoint WHERE size > ?1 ORDER BY size LIMIT 1";
        self.readers.read(|db| {
            let mut query = db.prepare_cached(get)?;
            let found = query.query_row([position], |row| Ok((row.get(0)?, row.get(1)?)));
            Ok(found.optional()?)
        })
    }

    fn last_checkpoint(&self) -> Result<Option<(String, Frontier)>> {
        let get = "SELECT size, note, edge FROM checkpoint ORDER BY size DESC LIMIT 1";
        self.readers.read(|db| {
            let mut query = db.prepare_cached(get)?;
            let found = query
                .query_row([], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get::<_, Vec<u8>>(2)?))
                })
                .optional()?;
            let Some((size, note, edge)) = found else {
                return Ok(None);
            };
            let edge = Frontier::from_bytes(size, &edge).ok_or(LedgerError::Forked { size })?;
            Ok(Some((note, edge)))
        })
    }

    fn save_checkpoint(&self, note: &str, edge: &Frontier) -> Result<()> {
        let (note, edge) = (note.to_owned(), edge.clone());
        self.writer.write(move |db| save_checkpoint(db, &note, &edge))
    }
}
