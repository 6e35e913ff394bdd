//! The built-in forge: pull requests that are kept in the repository itself.
//!
//! Each is a ref, `refs/gradus/pulls/NUMBER`, whose commits are its history: what it was when it was
//! opened, and what became of it. Every change moves that ref from where it was seen, so that two who
//! decide at once cannot both have decided; a merge moves the branch in the same push.

use super::{Ask, By, Forge, ForgeError, Pull, PullState};
use gradus_model::Commit;
use gradus_repo::{Merge, Message, Pushed, Repo, Update};
use std::collections::BTreeMap;

const PULLS: &str = "refs/gradus/pulls/";
/// The file that a pull request is kept in.
const FILE: &str = "pull.json";
/// How often somebody else may be faster.
const RACES: usize = 8;

/// The pull requests of one repository.
pub struct Local<'a>(pub &'a Repo);

/// A pull request, and the commit that it was read from.
struct Kept {
    at: Commit,
    pull: Pull,
}

fn branch(name: &str) -> String {
    format!("refs/heads/{name}")
}

impl Local<'_> {
    /// All of them, as they were written; what became of one with git alone is asked where it matters.
    fn all(&self) -> Result<BTreeMap<u64, Kept>, ForgeError> {
        let mut all = BTreeMap::new();
        for (name, at) in self.0.refs(&format!("{PULLS}*"))? {
            let Some(number) = name.strip_prefix(PULLS).and_then(|text| text.parse().ok()) else {
                continue;
            };
            let text = self.0.read(&at, FILE)?;
            let read = text.and_then(|text| serde_json::from_str(&text).ok());
            let pull = read.ok_or(ForgeError::Unreadable(number))?;
            all.insert(number, Kept { at, pull });
        }
        Ok(all)
    }

    /// What somebody merged with git alone is merged.
    fn as_it_is(&self, mut pull: Pull) -> Result<Pull, ForgeError> {
        if pull.state != PullState::Open {
            return Ok(pull);
        }
        let target = self.0.refs(&branch(&pull.target))?.into_values().next();
        if let Some(target) = target
            && self.0.contains(&target, &pull.head)?
        {
            let commit = self.0.came_with(&target, &pull.head)?;
            let by = "somebody with git".to_owned();
            pull.state = PullState::Merged { commit, by };
        }
        Ok(pull)
    }

    fn open_one(&self, number: u64) -> Result<Kept, ForgeError> {
        let Kept { at, pull } = self.all()?.remove(&number).ok_or(ForgeError::Unknown(number))?;
        let pull = self.as_it_is(pull)?;
        match pull.state {
            PullState::Open => Ok(Kept { at, pull }),
            _ => Err(ForgeError::Over(number)),
        }
    }

    /// The next entry in a pull request's history.
    fn entry(&self, before: Option<&Commit>, pull: &Pull, by: By<'_>) -> Result<Commit, ForgeError> {
        let text = serde_json::to_string_pretty(pull).map_err(|_| ForgeError::Unreadable(pull.number))?;
        let said = format!("{}\n\nBy: {}\n", pull.title, by.who);
        let message = Message {
            text: said,
            marker: String::new(),
            at: by.at,
        };
        let files = BTreeMap::from([(FILE.to_owned(), Some(text))]);
        Ok(self.0.commit(before, &files, &message)?)
    }
}

impl Forge for Local<'_> {
    fn open(&self, ask: &Ask<'_>, by: By<'_>) -> Result<Pull, ForgeError> {
        for _ in 0..RACES {
            let all = self.all()?;
            if let Some(found) = all.values().find(|kept| kept.pull.source == ask.source) {
                return self.as_it_is(found.pull.clone());
            }
            let number = all.keys().next_back().map_or(1, |last| last + 1);
            let pull = Pull {
                number,
                title: ask.title.to_owned(),
                body: ask.body.to_owned(),
                source: ask.source.to_owned(),
                target: ask.target.to_owned(),
                head: ask.head.clone(),
                opened_by: by.who.to_owned(),
                opened_at: by.at,
                state: PullState::Open,
            };
            let update = Update {
                name: &format!("{PULLS}{number}"),
                to: &self.entry(None, &pull, by)?,
                expected: None,
            };
            if self.0.update(&[update])? == Pushed::Done {
                return Ok(pull);
            }
        }
        Err(ForgeError::Moving)
    }

    fn of_branch(&self, source: &str) -> Result<Option<Pull>, ForgeError> {
        let mut all = self.all()?.into_values().map(|kept| kept.pull);
        let found = all.find(|pull| pull.source == source);
        found.map(|pull| self.as_it_is(pull)).transpose()
    }

    fn list(&self) -> Result<Vec<Pull>, ForgeError> {
        let all = self.all()?.into_values().rev();
        all.map(|kept| self.as_it_is(kept.pull)).collect()
    }

    fn merge(&self, number: u64, by: By<'_>) -> Result<Pull, ForgeError> {
        for _ in 0..RACES {
            let Kept { at, mut pull } = self.open_one(number)?;
            let (source, target) = (branch(&pull.source), branch(&pull.target));
            let theirs = self
                .0
                .refs(&source)?
                .remove(&source)
                .ok_or(ForgeError::Over(number))?;
            let ours = self.0.refs(&target)?.remove(&target);
            let message = Message {
                text: format!(
                    "Merge pull request {number}: {}\n\nMerged-By: {}\n",
                    pull.title, by.who
                ),
                marker: String::new(),
                at: by.at,
            };
            let merged = match &ours {
                // Into nothing: the branch begins here.
                None => Merge::Done(theirs),
                Some(ours) => self.0.merge(ours, &theirs, &message)?,
            };
            let commit = match merged {
                Merge::Done(commit) => commit,
                Merge::Conflict(files) => {
                    let files = files.join(", ");
                    return Err(ForgeError::Conflict { number, files });
                }
            };
            pull.state = PullState::Merged {
                commit: commit.clone(),
                by: by.who.to_owned(),
            };
            let kept = self.entry(Some(&at), &pull, by)?;
            let updates = [
                Update {
                    name: &target,
                    to: &commit,
                    expected: ours.as_ref(),
                },
                Update {
                    name: &format!("{PULLS}{number}"),
                    to: &kept,
                    expected: Some(&at),
                },
            ];
            if self.0.update(&updates)? == Pushed::Done {
                return Ok(pull);
            }
        }
        Err(ForgeError::Moving)
    }

    fn close(&self, number: u64, why: &str, by: By<'_>) -> Result<Pull, ForgeError> {
        let Kept { at, mut pull } = self.open_one(number)?;
        pull.state = PullState::Closed {
            by: by.who.to_owned(),
            why: why.to_owned(),
        };
        let update = Update {
            name: &format!("{PULLS}{number}"),
            to: &self.entry(Some(&at), &pull, by)?,
            expected: Some(&at),
        };
        match self.0.update(&[update])? {
            Pushed::Done => Ok(pull),
            Pushed::Refused => Err(ForgeError::Moving),
        }
    }
}
