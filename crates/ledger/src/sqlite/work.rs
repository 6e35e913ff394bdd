//! Work that is due: who holds it, and until when.

use crate::{Claim, Job, LedgerError, Result, Work, record, time};
use gradus_model::{Period, Stream, Timestamp};
use rusqlite::{Connection, Row, params};

type Raw = (String, String, String, i64, Option<String>, Option<i64>, u64, u32);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
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

fn job((key, stream, effect, due_at, holder, free_at, epoch, attempts): Raw) -> Result<Job> {
    let work = Work {
        key,
        stream: record::stream(&stream)?,
        effect,
        due_at: time::from_micros(due_at),
    };
    Ok(Job {
        work,
        holder,
        free_at: free_at.map(time::from_micros),
        epoch,
        attempts,
    })
}

const JOB: &str = "SELECT key, stream, effect, due_at, holder, free_at, epoch, attempts FROM work";

/// All work, in the order in which it is given out.
pub(super) fn all(db: &Connection) -> Result<Vec<Job>> {
    let mut query = db.prepare(&format!("{JOB} ORDER BY due_at, key"))?;
    let rows = query.query_map([], raw)?;
    rows.map(|row| row.map_err(LedgerError::from).and_then(job))
        .collect()
}

pub(super) fn next_due(db: &Connection) -> Result<Option<Timestamp>> {
    let mut query = db.prepare_cached("SELECT min(max(due_at, coalesce(free_at, due_at))) FROM work")?;
    let next: Option<i64> = query.query_row([], |row| row.get(0))?;
    Ok(next.map(time::from_micros))
}

pub(super) fn claim(
    db: &Connection,
    worker: &str,
    now: Timestamp,
    lease: Period,
    limit: i64,
) -> Result<Vec<Claim>> {
    let now = time::floor(now);
    let until = time::micros(time::ceil(lease.after(now)));
    let free = "WHERE max(due_at, coalesce(free_at, due_at)) <= ?1 ORDER BY due_at, key LIMIT ?2";
    let mut query = db.prepare_cached(&format!("{JOB} {free}"))?;
    let found = query
        .query_map(params![time::micros(now), limit], raw)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut count = db.prepare_cached("UPDATE epoch SET value = value + 1 RETURNING value")?;
    let mut hold = db.prepare_cached(
        "UPDATE work SET holder = ?2, free_at = ?3, epoch = ?4, attempts = attempts + 1 WHERE key = ?1",
    )?;
    let mut claims = Vec::with_capacity(found.len());
    for raw in found {
        let Job { work, attempts, .. } = job(raw)?;
        let epoch: u64 = count.query_row([], |row| row.get(0))?;
        hold.execute(params![work.key, worker, until, epoch])?;
        claims.push(Claim {
            key: work.key,
            stream: work.stream,
            effect: work.effect,
            epoch,
            attempts: attempts + 1,
            due_at: work.due_at,
        });
    }
    Ok(claims)
}

fn current(claim: &Claim, changed: usize) -> Result<()> {
    if changed == 1 {
        Ok(())
    } else {
        Err(LedgerError::Fenced {
            key: claim.key.clone(),
        })
    }
}

/// Holds the work until a moment, if the claim is still the last one.
pub(super) fn extend(db: &Connection, claim: &Claim, until: Timestamp) -> Result<()> {
    let hold = "UPDATE work SET free_at = ?3 WHERE key = ?1 AND epoch = ?2 AND holder IS NOT NULL";
    let mut hold = db.prepare_cached(hold)?;
    current(
        claim,
        hold.execute(params![claim.key, claim.epoch, time::micros(until)])?,
    )
}

/// Gives the work back: without a holder, no claim is current.
pub(super) fn release(db: &Connection, claim: &Claim, free_at: Timestamp) -> Result<()> {
    let free = "UPDATE work SET free_at = ?3, holder = NULL
                WHERE key = ?1 AND epoch = ?2 AND holder IS NOT NULL";
    let mut free = db.prepare_cached(free)?;
    current(
        claim,
        free.execute(params![claim.key, claim.epoch, time::micros(free_at)])?,
    )
}

/// Gives the work back, as if it had never been tried.
pub(super) fn postpone(db: &Connection, claim: &Claim, free_at: Timestamp) -> Result<()> {
    release(db, claim, free_at)?;
    let mut reset = db.prepare_cached("UPDATE work SET attempts = 0 WHERE key = ?1")?;
    reset.execute(params![claim.key])?;
    Ok(())
}

/// Takes away the work whose result is being written, if the claim on it is still the last one.
pub(super) fn finish(db: &Connection, claim: &Claim) -> Result<()> {
    let gone = "DELETE FROM work WHERE key = ?1 AND epoch = ?2 AND holder IS NOT NULL";
    let mut gone = db.prepare_cached(gone)?;
    current(claim, gone.execute(params![claim.key, claim.epoch])?)
}

/// Makes a stream's work exactly this set; what stays keeps its holder and its attempts.
pub(super) fn reconcile(db: &Connection, stream: &Stream, due: Vec<Work>) -> Result<()> {
    let mut known = db.prepare_cached("SELECT key FROM work WHERE stream = ?1")?;
    let keys: Vec<String> = known
        .query_map([stream.to_string()], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut drop = db.prepare_cached("DELETE FROM work WHERE key = ?1")?;
    for key in keys
        .iter()
        .filter(|key| !due.iter().any(|work| work.key == **key))
    {
        drop.execute([key])?;
    }
    let mut put = db.prepare_cached(
        "INSERT INTO work (key, stream, effect, due_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (key) DO UPDATE SET effect = excluded.effect, due_at = excluded.due_at",
    )?;
    for work in due.into_iter().map(Work::kept) {
        put.execute(params![
            work.key,
            work.stream.to_string(),
            work.effect,
            time::micros(work.due_at)
        ])?;
    }
    Ok(())
}
