//! The thread that writes: what is asked of it while it is busy shares the next transaction.
//!
//! One wait for the disk then serves everybody who was waiting, and nobody is answered before it.

use crate::{LedgerError, Result};
use rusqlite::Connection;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// How many writes may wait; who comes after them waits to be let in.
const WAITING: usize = 1024;
/// How many writes share a transaction at most.
const TOGETHER: usize = 256;

/// A write that waits for its turn, and then for the disk.
trait Pending: Send {
    /// Runs inside the transaction; an error takes back this write alone.
    fn run(&mut self, db: &Connection) -> Result<()>;
    /// Tells the one who waits. An error here means that the whole transaction is gone.
    fn answer(&mut self, end: Result<()>);
}

struct Task<T, F> {
    work: Option<F>,
    outcome: Option<Result<T>>,
    to: SyncSender<Result<T>>,
}

impl<T: Send, F: FnOnce(&Connection) -> Result<T> + Send> Pending for Task<T, F> {
    fn run(&mut self, db: &Connection) -> Result<()> {
        let outcome = self.work.take().map(|work| work(db));
        let end = match &outcome {
            Some(Err(error)) => Err(error.clone()),
            _ => Ok(()),
        };
        self.outcome = outcome;
        end
    }

    fn answer(&mut self, end: Result<()>) {
        let answer = match (end, self.outcome.take()) {
            (Err(error), _) => Err(error),
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(stopped()),
        };
        // Nobody may be waiting any more; the write stands all the same.
        let _ = self.to.send(answer);
    }
}

fn stopped() -> LedgerError {
    LedgerError::Failed("its writer has stopped: open it again".to_owned())
}

/// The way to the thread that writes. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Option<SyncSender<Box<dyn Pending>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(db: Connection) -> Result<Self> {
        let (queue, waiting) = sync_channel(WAITING);
        let thread = std::thread::Builder::new()
            .name("ledger-writer".to_owned())
            .spawn(move || serve(&db, &waiting))
            .map_err(|error| LedgerError::Failed(format!("its writer cannot be started: {error}")))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Writes something, all or nothing; when this answers `Ok`, it is durable.
    pub(super) fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (to, answer) = sync_channel(1);
        let task = Task {
            work: Some(work),
            outcome: None,
            to,
        };
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.send(Box::new(task)).map_err(|_| stopped())?;
        answer.recv().map_err(|_| stopped())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The thread ends when there is no way to it any more.
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // It has nothing more to say; a panic in it was answered with `stopped`.
            let _ = thread.join();
        }
    }
}

fn serve(db: &Connection, waiting: &Receiver<Box<dyn Pending>>) {
    while let Ok(first) = waiting.recv() {
        let others = waiting.try_iter().take(TOGETHER - 1);
        let mut batch: Vec<_> = std::iter::once(first).chain(others).collect();
        let end = commit(db, &mut batch);
        for pending in &mut batch {
            pending.answer(end.clone());
        }
    }
}

fn commit(db: &Connection, batch: &mut [Box<dyn Pending>]) -> Result<()> {
    execute(db, "BEGIN IMMEDIATE")?;
    let run = batch
        .iter_mut()
        .try_for_each(|pending| apart(db, pending.as_mut()));
    let end = run.and_then(|()| execute(db, "COMMIT"));
    if end.is_err() && !db.is_autocommit() {
        // Should this fail too, the next BEGIN does, and says why.
        let _ = execute(db, "ROLLBACK");
    }
    end
}

/// Runs one write so that its failure leaves those before it as they are.
fn apart(db: &Connection, pending: &mut dyn Pending) -> Result<()> {
    execute(db, "SAVEPOINT apart")?;
    match pending.run(db) {
        Ok(()) => {}
        // Some failures of the disk make SQLite itself take back the whole transaction.
        Err(error) if db.is_autocommit() => return Err(error),
        Err(_) => execute(db, "ROLLBACK TO apart")?,
    }
    execute(db, "RELEASE apart")
}

fn execute(db: &Connection, sql: &str) -> Result<()> {
    db.prepare_cached(sql)?.execute([])?;
    Ok(())
}
