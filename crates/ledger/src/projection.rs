//! Projections: rows that follow from the events, for pages and lists to read.
//!
//! Each is a pure function of events, so that a ledger can always compute them anew.

mod approval;
mod deployment;
mod promotion;
mod release;

use gradus_model::{Digest, PromotionId, Recorded};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Where rows are kept.
pub(crate) trait Rows {
    /// The row under a key.
    fn get(&mut self, projection: &str, key: &str) -> crate::Result<Option<Value>>;
    /// Puts a row in place of the one before.
    fn put(&mut self, projection: &str, key: &str, value: &Value) -> crate::Result<()>;
}

type Project = fn(&Recorded, &mut dyn Rows) -> crate::Result<()>;

/// Every projection, in the order in which they see an event: approvals before the promotion
/// forgets who gave them, deployments after the promotion they came by.
const ALL: [(&str, Project); 4] = [
    ("release", release::project),
    ("approval", approval::project),
    ("promotion", promotion::project),
    ("deployment", deployment::project),
];

/// The names of all projections, in order.
pub(crate) fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = ALL.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names
}

/// The hash over all rows.
#[derive(Default)]
pub(crate) struct RowsHash(Sha256);

impl RowsHash {
    pub(crate) fn add(&mut self, projection: &str, key: &str, value: &Value) {
        let line = format!("{projection}\0{key}\0{value}\n");
        self.0.update(line.as_bytes());
    }

    pub(crate) fn finish(self) -> Digest {
        let hash: [u8; 32] = self.0.finalize().into();
        Digest::of(&hash)
    }
}

/// Writes what follows from an event.
pub(crate) fn project(recorded: &Recorded, rows: &mut dyn Rows) -> crate::Result<()> {
    ALL.iter().try_for_each(|(_, project)| project(recorded, rows))
}

/// The key of a promotion's row.
fn key(id: &PromotionId) -> String {
    format!("{}/{:08}", id.app(), id.number())
}

/// Changes some fields of a row, if it is there.
fn change(rows: &mut dyn Rows, projection: &str, key: &str, changes: &[(&str, Value)]) -> crate::Result<()> {
    let Some(mut row) = rows.get(projection, key)? else {
        return Ok(());
    };
    let Some(fields) = row.as_object_mut() else {
        return Err(crate::LedgerError::Corrupt(format!(
            "the row {key} of {projection} is no object"
        )));
    };
    for (field, value) in changes {
        fields.insert((*field).to_owned(), value.clone());
    }
    rows.put(projection, key, &row)
}
