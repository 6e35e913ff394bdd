//! Everything else of the contract.

use super::rows::parse;
use super::{Sqlite, write};
use crate::record::{self, Leaf};
use crate::{Append, Claim, Hash, Job, Ledger, LedgerError, Result, Snapshot, Work, decode, time};
use gradus_model::{Digest, Period, Recorded, Stream, Timestamp};
use rusqlite::{OptionalExtension, Row, params};
use serde_json::Value;

fn hash(bytes: &[u8]) -> Result<Hash> {
    bytes
        .try_into()
        .map_err(|_| LedgerError::Corrupt("a leaf hash has the wrong length".to_owned()))
}

fn count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

type RawJob = (String, String, String, i64, Option<String>, Option<i64>, u64, u32);

fn raw_job(row: &Row<'_>) -> rusqlite::Result<RawJob> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
    ))
}

fn job((key, stream, effect, due_at, holder, free_at, epoch, attempts): RawJob) -> Result<Job> {
    let work = Work {
        key,
        stream: record::stream(&stream)?,
        effect,
        due_at: time::from_micros(due_at),
    };
    Ok(Job {
        holder,
        free_at: free_at.map(time::from_micros),
        epoch,
        attempts,
        ..Job::fresh(work)
    })
}

const JOB: &str = "SELECT key, stream, effect, due_at, holder, free_at, epoch, attempts FROM work";

impl Ledger for Sqlite {
    fn append(&self, append: Append) -> Result<Vec<Recorded>> {
        self.append_all(append)
    }

    fn size(&self) -> Result<u64> {
        Ok(self
            .lock()
            .query_row("SELECT count(*) FROM event", [], |row| row.get(0))?)
    }

    fn version(&self, stream: &Stream) -> Result<u64> {
        write::version(&self.lock(), stream)
    }

    fn streams(&self) -> Result<Vec<(Stream, u64)>> {
        let db = self.lock();
        let mut query = db.prepare("SELECT stream, max(seq) FROM event GROUP BY stream ORDER BY stream")?;
        let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        rows.map(|row| {
            row.map_err(LedgerError::from)
                .and_then(|(name, seq)| Ok((record::stream(&name)?, seq)))
        })
        .collect()
    }

    fn read(&self, stream: &Stream, after: u64, limit: usize) -> Result<Vec<Recorded>> {
        let db = self.lock();
        let mut query = db.prepare_cached(
            "SELECT position, bytes FROM event WHERE stream = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
        )?;
        let rows = query.query_map(params![stream.to_string(), after, count(limit)], |row| {
            Ok((row.get::<_, u64>(0)?, row.get::<_, Vec<u8>>(1)?))
        })?;
        rows.map(|row| {
            row.map_err(LedgerError::from)
                .and_then(|(position, bytes)| decode(position, &bytes))
        })
        .collect()
    }

    fn leaves(&self, from: u64, limit: usize) -> Result<Vec<Leaf>> {
        let db = self.lock();
        let mut query = db.prepare_cached(
            "SELECT position, stream, seq, at, bytes, hash FROM event WHERE position >= ?1 ORDER BY position LIMIT ?2",
        )?;
        let mut rows = query.query(params![from, count(limit)])?;
        let mut leaves = Vec::new();
        while let Some(row) = rows.next()? {
            leaves.push(Leaf {
                index: row.get(0)?,
                stream: row.get(1)?,
                seq: row.get(2)?,
                at: row.get(3)?,
                bytes: row.get(4)?,
                hash: hash(&row.get::<_, Vec<u8>>(5)?)?,
            });
        }
        Ok(leaves)
    }

    fn hashes(&self, size: u64) -> Result<Vec<Hash>> {
        let db = self.lock();
        let mut query = db.prepare_cached("SELECT hash FROM event WHERE position < ?1 ORDER BY position")?;
        let rows = query.query_map([size], |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|row| row.map_err(LedgerError::from).and_then(|bytes| hash(&bytes)))
            .collect()
    }

    fn claim(&self, worker: &str, now: Timestamp, lease: Period, limit: usize) -> Result<Vec<Claim>> {
        let micros = time::micros(now);
        // Most calls find nothing, and should not take the write lock to learn it.
        if self.next_due()?.is_none_or(|next| next > now) {
            return Ok(Vec::new());
        }
        self.write(|db| {
            let sql = format!("{JOB} WHERE due_at <= ?1 AND (free_at IS NULL OR free_at <= ?1) ORDER BY due_at, key LIMIT ?2");
            let mut query = db.prepare_cached(&sql)?;
            let jobs = query.query_map(params![micros, count(limit)], raw_job)?.collect::<rusqlite::Result<Vec<_>>>()?;
            let mut claims = Vec::new();
            for raw in jobs {
                let found = job(raw)?;
                let epoch: u64 = db.query_row("UPDATE epoch SET value = value + 1 RETURNING value", [], |row| row.get(0))?;
                let until = time::micros(time::ceil(lease.after(now)));
                let hold = "UPDATE work SET holder = ?2, free_at = ?3, epoch = ?4, attempts = attempts + 1 WHERE key = ?1";
                db.execute(hold, params![found.work.key, worker, until, epoch])?;
                let Work { key, stream, effect, due_at } = found.work;
                claims.push(Claim { key, stream, effect, epoch, attempts: found.attempts + 1, due_at });
            }
            Ok(claims)
        })
    }

    fn extend(&self, claim: &Claim, now: Timestamp, lease: Period) -> Result<()> {
        self.hold(claim, time::ceil(lease.after(now)), true)
    }

    fn release(&self, claim: &Claim, retry_at: Timestamp) -> Result<()> {
        self.hold(claim, time::ceil(retry_at), false)
    }

    fn complete(&self, claim: &Claim) -> Result<()> {
        self.write(|db| write::finish(db, claim))
    }

    fn next_due(&self) -> Result<Option<Timestamp>> {
        let next: Option<i64> = self.lock().query_row(
            "SELECT min(max(due_at, coalesce(free_at, due_at))) FROM work",
            [],
            |row| row.get(0),
        )?;
        Ok(next.map(time::from_micros))
    }

    fn work(&self) -> Result<Vec<Job>> {
        let db = self.lock();
        let mut query = db.prepare(&format!("{JOB} ORDER BY due_at, key"))?;
        let rows = query.query_map([], raw_job)?;
        rows.map(|row| row.map_err(LedgerError::from).and_then(job))
            .collect()
    }

    fn save_snapshot(&self, stream: &Stream, snapshot: &Snapshot) -> Result<()> {
        let put = "INSERT INTO snapshot VALUES (?1, ?2, ?3, ?4) ON CONFLICT (stream) DO UPDATE
             SET seq = excluded.seq, schema = excluded.schema, bytes = excluded.bytes
             WHERE schema <> excluded.schema OR seq < excluded.seq";
        let Snapshot { seq, schema, bytes } = snapshot;
        self.write(|db| Ok(db.execute(put, params![stream.to_string(), seq, schema, bytes])?))?;
        Ok(())
    }

    fn snapshot(&self, stream: &Stream, schema: u32) -> Result<Option<Snapshot>> {
        let get = "SELECT seq, bytes FROM snapshot WHERE stream = ?1 AND schema = ?2";
        let found = self
            .lock()
            .query_row(get, params![stream.to_string(), schema], |row| {
                Ok(Snapshot {
                    seq: row.get(0)?,
                    schema,
                    bytes: row.get(1)?,
                })
            });
        Ok(found.optional()?)
    }

    fn rows(&self, projection: &str, prefix: &str) -> Result<Vec<(String, Value)>> {
        let db = self.lock();
        let mut query = db.prepare_cached(
            "SELECT key, value FROM row WHERE projection = ?1 AND substr(key, 1, length(?2)) = ?2 ORDER BY key",
        )?;
        let rows = query.query_map([projection, prefix], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        rows.map(|row| {
            row.map_err(LedgerError::from)
                .and_then(|(key, text)| Ok((key, parse(&text)?)))
        })
        .collect()
    }

    fn row(&self, projection: &str, key: &str) -> Result<Option<Value>> {
        let get = "SELECT value FROM row WHERE projection = ?1 AND key = ?2";
        let text: Option<String> = self
            .lock()
            .query_row(get, [projection, key], |row| row.get(0))
            .optional()?;
        text.map(|text| parse(&text)).transpose()
    }

    fn rebuild(&self) -> Result<Digest> {
        self.rebuild_rows()?;
        self.projection_hash()
    }

    fn checkpoints(&self) -> Result<Vec<(u64, String)>> {
        let db = self.lock();
        let mut query = db.prepare("SELECT size, note FROM checkpoint ORDER BY size")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn save_checkpoint(&self, size: u64, note: &str) -> Result<()> {
        self.write(|db| {
            let events: u64 = db.query_row("SELECT count(*) FROM event", [], |row| row.get(0))?;
            let get = "SELECT note FROM checkpoint WHERE size = ?1";
            let known: Option<String> = db.query_row(get, [size], |row| row.get(0)).optional()?;
            match known {
                Some(known) if known == note => Ok(()),
                None if size <= events => {
                    db.execute("INSERT INTO checkpoint VALUES (?1, ?2)", params![size, note])?;
                    Ok(())
                }
                _ => Err(LedgerError::Forked { size }),
            }
        })
    }
}

impl Sqlite {
    /// Keeps work away from others until a moment, if the claim on it is still the last one.
    fn hold(&self, claim: &Claim, until: Timestamp, stays: bool) -> Result<()> {
        let hold = "UPDATE work SET free_at = ?3, holder = CASE WHEN ?4 THEN holder END,
                    epoch = CASE WHEN ?4 THEN epoch ELSE 0 END WHERE key = ?1 AND epoch = ?2";
        let held = self
            .write(|db| Ok(db.execute(hold, params![claim.key, claim.epoch, time::micros(until), stays])?))?;
        if held == 1 {
            Ok(())
        } else {
            Err(LedgerError::Fenced {
                key: claim.key.clone(),
            })
        }
    }
}
