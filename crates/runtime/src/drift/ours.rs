//! Which commits are ours: those that the ledger knows, not those that say so.

use super::Means;
use crate::hands::HandsError;
use gradus_connect::Trouble;
use gradus_ledger::Ledger;
use gradus_model::{AppName, Commit, Event, PromotionId, Receipt, RepositoryName, Stream};
use gradus_repo::{Claim, Touch};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// How many events are read at once.
const PAGE: usize = 1000;

/// Whose a commit is.
pub(super) enum Verdict {
    Ours,
    Foreign,
    /// It claims to be a delivery, and why it is none.
    Forged(String),
}

/// What the ledger says about one promotion's commits.
#[derive(Default)]
struct Written {
    commits: BTreeSet<Commit>,
    /// How many times something was begun that has left no receipt: it may have been written all the same.
    open: i64,
}

/// What the ledger knows of the commits of every app: files may be shared.
pub(super) struct Ours<'a> {
    means: Means<'a>,
    repository: &'a RepositoryName,
    touches: &'a [Touch],
    written: OnceCell<BTreeMap<PromotionId, Written>>,
}

impl<'a> Ours<'a> {
    pub(super) fn new(means: Means<'a>, repository: &'a RepositoryName, touches: &'a [Touch]) -> Self {
        Self {
            means,
            repository,
            touches,
            written: OnceCell::new(),
        }
    }

    /// Whose a commit is. The ledger is read only if there is something to ask it.
    pub(super) fn verdict(&self, touch: &Touch) -> Result<Verdict, Trouble> {
        let claim = &touch.claim;
        if claim.is_empty() {
            let known = self.knows(&touch.commit)?;
            return Ok(if known { Verdict::Ours } else { Verdict::Foreign });
        }
        if !holds(self.means.ledger, claim)? {
            return Ok(Verdict::Forged(
                "its checkpoint is none of this ledger's".to_owned(),
            ));
        }
        let id: Option<PromotionId> = claim.promotion.parse().ok();
        let written = self.written()?;
        let Some(said) = id.as_ref().and_then(|id| written.get(id)) else {
            return Ok(Verdict::Forged(format!(
                "the ledger knows no delivery {}",
                claim.promotion
            )));
        };
        let ours = said.commits.contains(&touch.commit)
            || self.was_merged(touch)?
            || said.open > 0 && self.bears(touch)?;
        Ok(match ours {
            true => Verdict::Ours,
            false => Verdict::Forged(format!("{} was delivered with another commit", claim.promotion)),
        })
    }

    /// What was proposed is known by the merge that brought it in.
    fn was_merged(&self, touch: &Touch) -> Result<bool, Trouble> {
        let mut later = self
            .touches
            .iter()
            .filter(|other| other.parents.contains(&touch.commit));
        later.try_fold(false, |found, other| Ok(found || self.knows(&other.commit)?))
    }

    /// Whether a commit is one with which something was delivered, by whichever app.
    fn knows(&self, commit: &Commit) -> Result<bool, Trouble> {
        Ok(self.written()?.values().any(|said| said.commits.contains(commit)))
    }

    /// Whether a delivery without a receipt has left its marker on this very commit.
    fn bears(&self, touch: &Touch) -> Result<bool, Trouble> {
        let marked = self.means.hands.marked(self.repository, &touch.claim.marker);
        let marked = marked.map_err(|error: HandsError| Trouble::error(error.message))?;
        Ok(marked.as_ref() == Some(&touch.commit))
    }

    fn written(&self) -> Result<&BTreeMap<PromotionId, Written>, Trouble> {
        if let Some(written) = self.written.get() {
            return Ok(written);
        }
        let read = read(self.means.ledger).map_err(|error| Trouble::error(error.to_string()))?;
        Ok(self.written.get_or_init(|| read))
    }
}

/// Whether the head of the log that a commit bears is one that was signed here.
fn holds(ledger: &dyn Ledger, claim: &Claim) -> Result<bool, Trouble> {
    let head = claim.checkpoint.split_once(' ');
    let head = head.and_then(|(size, root)| Some((size.parse::<u64>().ok()?.checked_sub(1)?, root)));
    let Some((last, root)) = head.filter(|(_, root)| !root.is_empty()) else {
        return Ok(false);
    };
    let signed = ledger.checkpoint(last);
    let signed = signed.map_err(|error| Trouble::error(error.to_string()))?;
    Ok(signed.is_some_and(|(size, note)| size == last + 1 && note.lines().any(|line| line == root)))
}

/// Everything that the ledger says about commits.
fn read(ledger: &dyn Ledger) -> gradus_ledger::Result<BTreeMap<PromotionId, Written>> {
    let mut all = BTreeMap::new();
    for (stream, _) in ledger.streams()? {
        if let Stream::App(app) = &stream {
            read_app(ledger, app, &mut all)?;
        }
    }
    Ok(all)
}

fn read_app(
    ledger: &dyn Ledger,
    app: &AppName,
    all: &mut BTreeMap<PromotionId, Written>,
) -> gradus_ledger::Result<()> {
    let (stream, mut seq) = (Stream::App(app.clone()), 0);
    loop {
        let events = ledger.read(&stream, seq, PAGE)?;
        for recorded in &events {
            seq = recorded.seq;
            if let Some(id) = recorded.event.promotion() {
                note(all.entry(id.clone()).or_default(), &recorded.event);
            }
        }
        if events.len() < PAGE {
            return Ok(());
        }
    }
}

fn note(written: &mut Written, event: &Event) {
    let mut keep = |receipts: &[Receipt]| {
        written.open -= 1;
        let commits = receipts.iter().filter_map(|receipt| receipt.commit.clone());
        written.commits.extend(commits);
    };
    match event {
        Event::DeliveryStarted { .. } | Event::PhasePassed { .. } | Event::RollbackStarted { .. } => {
            written.open += 1;
        }
        Event::DeliveryFinished { receipts, .. }
        | Event::PhaseDelivered { receipts, .. }
        | Event::RollbackFinished { receipts, .. } => keep(receipts),
        _ => {}
    }
}
