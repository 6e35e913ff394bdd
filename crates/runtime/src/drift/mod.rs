//! Drift: what an environment holds, against what the ledger says was put there.

mod commits;
mod live;
mod look;
mod ours;

pub use commits::Foreign;
pub use live::Running;

use crate::hands::{Hands, Seen};
use gradus_connect::Trouble;
use gradus_engine::{Step, World, deviations, files_held, is_copied};
use gradus_ledger::Ledger;
use gradus_model::{EnvironmentName, FileAddress, FileEdit, RepositoryName, Version};
use std::collections::BTreeSet;

/// What an environment should hold, and what of it is otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// The version that was put there.
    pub version: Version,
    /// How many files it consists of.
    pub files: usize,
    /// Those that hold something else, with what would bring them back.
    pub differing: Vec<FileEdit>,
    /// Those of a folder that was copied as a whole, in which others have left something.
    pub changed: Vec<FileAddress>,
    /// Those that hold the release, and beside it something that others have left there. They may: the
    /// file is theirs as well.
    pub beside: Vec<FileAddress>,
    /// The commits of others that touched the files since, the newest first.
    pub foreign: Vec<Foreign>,
    /// Whether there are more commits than were looked at.
    pub more: bool,
    /// The repositories whose branch no longer holds what was delivered.
    pub rewritten: Vec<RepositoryName>,
    /// The applications of Argo CD that run it.
    pub running: Vec<Running>,
}

/// With what it is found out.
#[derive(Clone, Copy)]
pub(crate) struct Means<'a> {
    pub(crate) hands: &'a dyn Hands,
    pub(crate) ledger: &'a dyn Ledger,
}

impl Drift {
    /// How many things are otherwise than they should be.
    pub fn count(&self) -> usize {
        let forged = self.foreign.iter().filter(|commit| commit.forged.is_some());
        let running = self
            .running
            .iter()
            .filter_map(|running| running.otherwise.as_ref().ok());
        let files = self.differing.len() + self.changed.len() + self.rewritten.len();
        files + forged.count() + running.filter(|otherwise| !otherwise.is_empty()).count()
    }

    /// Why nobody can say that nothing differs, though nothing was found that does.
    pub fn unknown(&self) -> Option<Trouble> {
        let trouble = |running: &Running| {
            let trouble = running.otherwise.as_ref().err()?;
            let text = format!("{}: {}", running.application, trouble.text);
            Some(Trouble {
                text,
                ..trouble.clone()
            })
        };
        let found = self.running.iter().find_map(trouble);
        found.filter(|_| self.count() == 0)
    }

    /// What is otherwise, in words.
    pub fn words(&self) -> Vec<String> {
        let differing = self.differing.iter().map(|edit| edit.address.path.clone());
        let changed = self.changed.iter().map(|file| file.path.clone());
        let forged = self.foreign.iter().filter_map(|commit| {
            let why = commit.forged.as_ref()?;
            Some(format!("{} is forged: {why}", commit.commit.short()))
        });
        let rewritten = self
            .rewritten
            .iter()
            .map(|name| format!("{name} was written anew"));
        let running = self.running.iter().flat_map(|running| {
            let otherwise = running.otherwise.iter().flatten();
            otherwise.map(|what| format!("{}: {what}", running.application))
        });
        let files = differing.chain(changed).chain(rewritten);
        files.chain(forged).chain(running).collect()
    }
}

/// Compares an environment of an app with what was put there.
pub(crate) fn drift(means: Means<'_>, world: &World<'_>, place: &EnvironmentName) -> Result<Drift, Trouble> {
    let now = world.app.current(place);
    let now = now.ok_or_else(|| Trouble::no_data(format!("nothing was ever put into {place}")))?;
    if let Some(moving) = world.app.lane(place) {
        return Err(Trouble::inconclusive(format!(
            "{} is changing {place} just now",
            moving.id
        )));
    }
    let gone = || Trouble::error(format!("{} is not known any more", now.version));
    let step = Step::back(world, &now.version, place).ok_or_else(gone)?;
    let rules = step.rules.clone().ok_or_else(gone)?;
    let wrong = |error: gradus_parts::StepError| Trouble::error(error.message);
    let needed = files_held(&step, &rules).map_err(wrong)?;
    let running = live::running(means, &step, &rules);
    if needed.is_empty() && running.is_empty() {
        return Err(Trouble::no_data(format!("nothing is written for {place}")));
    }
    let seen = match needed.is_empty() {
        true => Seen::default(),
        false => means
            .hands
            .look(&needed, None)
            .map_err(|error| Trouble::error(error.message))?,
    };
    let mut found = Drift {
        version: now.version.clone(),
        files: needed.len(),
        differing: deviations(&step, &rules, &seen.files).map_err(wrong)?,
        changed: Vec::new(),
        beside: Vec::new(),
        foreign: Vec::new(),
        more: false,
        rewritten: Vec::new(),
        running,
    };
    let known = world.app.places.get(place).map(|place| place.commits.as_slice());
    let (known, repositories) = (known.unwrap_or_default(), repositories(&needed));
    for repository in repositories.into_iter().filter(|_| !known.is_empty()) {
        let since = commits::since(means, repository, &needed, known)?;
        found.add(since, repository, |file| is_copied(&step, &rules, file));
    }
    Ok(found)
}

fn repositories(files: &BTreeSet<FileAddress>) -> BTreeSet<&RepositoryName> {
    files.iter().map(|file| &file.repository).collect()
}

impl Drift {
    /// Notes what was found in the history of a repository.
    fn add(
        &mut self,
        since: Option<commits::Since>,
        repository: &RepositoryName,
        is_ours: impl Fn(&FileAddress) -> bool,
    ) {
        let Some(since) = since else {
            return self.rewritten.push(repository.clone());
        };
        let named = |path: &String| self.differing.iter().any(|edit| edit.address.path == *path);
        let left = since.left.into_iter().filter(|path| !named(path));
        let left = left.map(|path| FileAddress {
            repository: repository.clone(),
            path,
        });
        let (ours, theirs): (Vec<_>, Vec<_>) = left.partition(is_ours);
        self.changed.extend(ours);
        self.beside.extend(theirs);
        self.foreign.extend(since.foreign);
        self.more |= since.more;
    }
}
