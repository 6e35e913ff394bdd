//! Commits of others on an environment's files, and what of them is still there.

use super::Means;
use super::ours::{Ours, Verdict};
use crate::hands::HandsError;
use gradus_connect::Trouble;
use gradus_model::{Commit, FileAddress, RepositoryName, Timestamp};
use gradus_repo::{History, Touch};
use std::collections::{BTreeMap, BTreeSet};

/// A commit that Gradus did not make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// The repository.
    pub repository: RepositoryName,
    /// The commit.
    pub commit: Commit,
    /// Who says to have made it.
    pub author: String,
    /// When, as they say.
    pub at: Timestamp,
    /// The first line of what it says.
    pub subject: String,
    /// Why it is not the delivery that it claims to be, if it claims to be one.
    pub forged: Option<String>,
    /// Whether nothing of it is left: it was changed back.
    pub undone: bool,
}

/// What was found behind the last commit that is known.
pub(super) struct Since {
    pub(super) foreign: Vec<Foreign>,
    /// The files in which something of it is left.
    pub(super) left: BTreeSet<String>,
    pub(super) more: bool,
}

fn trouble(error: HandsError) -> Trouble {
    Trouble::error(error.message)
}

/// What others have done to the files of one repository since; none, if the branch no longer holds what was
/// delivered.
pub(super) fn since(
    means: Means<'_>,
    repository: &RepositoryName,
    files: &BTreeSet<FileAddress>,
    known: &[Commit],
) -> Result<Option<Since>, Trouble> {
    let own = files.iter().filter(|file| file.repository == *repository);
    let paths = own.map(|file| file.path.as_str()).collect();
    let found = means.hands.history(repository, &paths, known).map_err(trouble)?;
    let Some(History { touches, more }) = found else {
        return Ok(None);
    };
    let ours = Ours::new(means, repository, &touches);
    let mut others: Vec<(&Touch, Option<String>)> = Vec::new();
    for touch in touches.iter().filter(|touch| !touch.changes.is_empty()) {
        match ours.verdict(touch)? {
            Verdict::Ours => {}
            Verdict::Foreign => others.push((touch, None)),
            Verdict::Forged(why) => others.push((touch, Some(why))),
        }
    }
    let left = left(others.iter().map(|(touch, _)| *touch));
    let foreign = others.iter().map(|(touch, forged)| Foreign {
        repository: repository.clone(),
        commit: touch.commit.clone(),
        author: touch.author.clone(),
        at: touch.at,
        subject: touch.subject.clone(),
        forged: forged.clone(),
        undone: !touch.changes.keys().any(|path| left.contains(path)),
    });
    Ok(Some(Since {
        foreign: foreign.collect(),
        left,
        more,
    }))
}

/// The files in which something of these commits, the newest first, is left: those that were not changed back
/// to what they were.
fn left<'t>(touches: impl DoubleEndedIterator<Item = &'t Touch>) -> BTreeSet<String> {
    let mut rows: BTreeMap<&String, Vec<(&str, &str)>> = BTreeMap::new();
    for touch in touches.rev() {
        for (path, (before, after)) in &touch.changes {
            let row = rows.entry(path).or_default();
            // A change that begins where the last one ended makes one change of both.
            match row.last_mut().filter(|(_, last)| last == before) {
                Some((_, last)) => *last = after,
                None => row.push((before, after)),
            }
            row.retain(|(before, after)| before != after);
        }
    }
    rows.retain(|_, row| !row.is_empty());
    rows.into_keys().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(path: &str, before: &str, after: &str) -> Touch {
        Touch {
            commit: Commit::new("1".repeat(40)).unwrap(),
            parents: Vec::new(),
            author: String::new(),
            at: Timestamp::UNIX_EPOCH,
            subject: String::new(),
            claim: gradus_repo::Claim::default(),
            changes: BTreeMap::from([(path.to_owned(), (before.to_owned(), after.to_owned()))]),
        }
    }

    #[test]
    fn what_was_changed_back_is_not_left() {
        let files = |touches: &[Touch]| -> Vec<String> { left(touches.iter()).into_iter().collect() };
        // The newest first.
        assert_eq!(files(&[touch("a", "2", "1"), touch("a", "1", "2")]), [""; 0]);
        assert_eq!(files(&[touch("a", "2", "3"), touch("a", "1", "2")]), ["a"]);
        let longer = [
            touch("a", "3", "1"),
            touch("b", "8", "9"),
            touch("a", "2", "3"),
            touch("a", "1", "2"),
        ];
        assert_eq!(files(&longer), ["b"]);
        // One of ours lies between them, and both were changed back.
        let around = [
            touch("a", "4", "3"),
            touch("a", "3", "4"),
            touch("a", "2", "1"),
            touch("a", "1", "2"),
        ];
        assert_eq!(files(&around), [""; 0]);
        assert_eq!(
            files(&[touch("a", "4", "3"), touch("a", "1", "2")]),
            ["a"],
            "nobody can tell"
        );
    }
}
