//! Writing files: what they become, and the one commit that makes them so.

use super::back::Before;
use super::message::message;
use super::steps::{Errand, Written};
use crate::hands::{HandsError, Proposed, Seen, Wrote};
use gradus_engine::{files_needed, later, plan};
use gradus_model::{Commit, Failure, FileAddress, Phase, Plan, Receipt, RepositoryName};
use gradus_parts::StepError;
use gradus_parts::steps::Files;
use std::collections::{BTreeMap, BTreeSet};

/// How often a branch may move under a delivery before it is left for later.
const RACES: usize = 8;

/// What is to be written.
pub(super) enum Content<'a> {
    /// What was agreed to, from the beginning.
    Agreed,
    /// A later phase of it.
    Phase(&'a Phase),
    /// An earlier release: the bytes from before where they are known, else made anew.
    Back(Option<&'a Before>),
}

impl Content<'_> {
    pub(super) fn is_back(&self) -> bool {
        matches!(self, Content::Back(_))
    }
}

/// What the files become, or why nothing is written.
enum Become {
    Files(Files),
    Stale(Box<Plan>),
    Changed,
}

fn lasting(error: StepError) -> HandsError {
    HandsError::lasting(error.message)
}

impl Errand<'_> {
    /// Looks at the files before anything is done: what was seen, or why nothing may be done any more.
    pub(super) fn first_look(&self) -> Result<Result<Option<Seen>, Written>, HandsError> {
        if self.content.is_back() {
            return Ok(Ok(None));
        }
        let seen = self.look()?;
        if !seen.written.is_empty() || !seen.proposed.is_empty() {
            return Ok(Ok(Some(seen)));
        }
        Ok(match self.becomes(&seen)? {
            Become::Files(_) => Ok(Some(seen)),
            Become::Stale(plan) => Err(Written::Stale(plan)),
            Become::Changed => Err(Written::Failed(between_phases())),
        })
    }

    /// The files as they are, and whether they were written already.
    fn look(&self) -> Result<Seen, HandsError> {
        self.pen.hands.look(&self.needed()?, Some(self.marker))
    }

    fn needed(&self) -> Result<BTreeSet<FileAddress>, HandsError> {
        files_needed(self.step, self.rules).map_err(lasting)
    }

    fn becomes(&self, seen: &Seen) -> Result<Become, HandsError> {
        match &self.content {
            Content::Agreed => {
                let (fresh, after) = plan(self.step, self.rules, &seen.files).map_err(lasting)?;
                Ok(if fresh.digest() == self.promotion.plan_digest {
                    Become::Files(after)
                } else {
                    Become::Stale(Box::new(fresh))
                })
            }
            Content::Phase(phase) => {
                let after = later(self.step, phase, &seen.files).map_err(lasting)?;
                Ok(after.map_or(Become::Changed, Become::Files))
            }
            Content::Back(before) => {
                if let Some(files) = before.and_then(|before| before.restored(&seen.files)) {
                    return Ok(Become::Files(files));
                }
                let (_, after) = plan(self.step, self.rules, &seen.files).map_err(lasting)?;
                Ok(Become::Files(after))
            }
        }
    }

    fn written(&self, commit: Commit, note: String, now: bool) -> Receipt {
        Receipt {
            step: "write".to_owned(),
            commit: Some(commit),
            note,
            target: None,
            // When somebody else did it is not known.
            at: now.then(|| self.pen.clock.now()),
            failed: false,
        }
    }

    /// Writes what the steps come to, each repository once. What was `seen` a moment ago will do: the
    /// fence holds if it no longer is so.
    pub(super) fn write(&self, seen: Option<Seen>) -> Result<Written, HandsError> {
        let needed = self.needed()?;
        let repositories: BTreeSet<_> = needed.iter().map(|file| file.repository.clone()).collect();
        let (mut receipts, mut seen) = (Vec::new(), seen);
        for repository in &repositories {
            let begun = !receipts.is_empty();
            match self.write_one(repository, &mut seen, begun)? {
                Ok(receipt) => receipts.push(receipt),
                Err(other) => return Ok(other),
            }
        }
        Ok(Written::Receipts(receipts))
    }

    fn write_one(
        &self,
        repository: &RepositoryName,
        seen: &mut Option<Seen>,
        begun: bool,
    ) -> Result<Result<Receipt, Written>, HandsError> {
        let version = self.step.release.release.version.to_string();
        let text = message(self.promotion, &version, &self.pen.seal);
        for _ in 0..RACES {
            let now = match seen.take() {
                Some(seen) => seen,
                None => self.look()?,
            };
            // The marker says that it has happened already, whoever did it and whatever came after.
            if let Some(commit) = now.written.get(repository).cloned() {
                *seen = Some(now);
                return Ok(Ok(self.written(commit, "already written".to_owned(), false)));
            }
            if let Some(proposed) = now.proposed.get(repository).cloned() {
                return Ok(Err(awaited(proposed)));
            }
            let after = match self.becomes(&now)? {
                Become::Files(after) => after,
                // Once a repository is written the others follow: half a release is worse than a late one.
                Become::Stale(_) if begun => plan(self.step, self.rules, &now.files).map_err(lasting)?.1,
                Become::Stale(plan) => return Ok(Err(Written::Stale(plan))),
                Become::Changed => return Ok(Err(Written::Failed(between_phases()))),
            };
            let files = of_repository(repository, after, &now.files);
            let parent = now.heads.get(repository).and_then(Option::as_ref);
            let said = (text.as_str(), self.promotion.since);
            self.rendered(repository, (parent, &files), &now.files)?;
            let wrote = self
                .pen
                .hands
                .write(repository, parent, &files, self.marker, said)?;
            match wrote {
                Wrote::Done(commit) => {
                    *seen = Some(now);
                    let names: Vec<_> = files.keys().cloned().collect();
                    return Ok(Ok(self.written(commit, names.join(", "), true)));
                }
                Wrote::Proposed(proposed) => return Ok(Err(awaited(proposed))),
                Wrote::Overtaken => {}
            }
        }
        let message = format!("{repository} moves too fast: others write to it all the time");
        Err(HandsError {
            code: "repo.moving",
            ..HandsError::passing(message)
        })
    }
}

/// What a pull request that is not merged comes to.
fn awaited(proposed: Proposed) -> Written {
    match proposed {
        Proposed::Open(why) => Written::Waits(why),
        Proposed::Refused(message) => Written::Failed(Failure {
            step: "write".to_owned(),
            message,
        }),
    }
}

fn between_phases() -> Failure {
    Failure {
        step: "write".to_owned(),
        message: "the files were changed by somebody else between two phases".to_owned(),
    }
}

/// The files of one repository; what has no text and had one is to be taken away.
fn of_repository(repository: &RepositoryName, after: Files, now: &Files) -> BTreeMap<String, Option<String>> {
    let there = |address: &FileAddress| now.get(address).is_some_and(Option::is_some);
    let own = after
        .into_iter()
        .filter(|(address, text)| address.repository == *repository && (text.is_some() || there(address)));
    own.map(|(address, text)| (address.path, text)).collect()
}
