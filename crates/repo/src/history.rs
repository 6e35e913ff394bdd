//! History: which commits have touched some files since, who made them, and what they claim.

use crate::{Repo, RepoError, check, commit};
use gradus_model::{Commit, Timestamp};
use std::collections::BTreeMap;

/// What each commit is asked, one field behind the other; none of them can hold the byte between them.
const FIELDS: [&str; 8] = [
    "%H",
    "%P",
    "%an",
    "%at",
    "%s",
    "%(trailers:key=Gradus-Promotion,valueonly,separator=%x2C)",
    "%(trailers:key=Gradus-Marker,valueonly,separator=%x2C)",
    "%(trailers:key=Gradus-Checkpoint,valueonly,separator=%x2C)",
];

/// A commit that touched some files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// The commit.
    pub commit: Commit,
    /// What it was made on.
    pub parents: Vec<Commit>,
    /// Who says to have made it.
    pub author: String,
    /// When, as they say.
    pub at: Timestamp,
    /// The first line of what it says.
    pub subject: String,
    /// The delivery that it claims to be.
    pub claim: Claim,
    /// What it made of the files, by path: the ids of what they held before and after.
    pub changes: BTreeMap<String, (String, String)>,
}

/// What the trailers of a commit say about the delivery that made it; empty where they say nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claim {
    /// The promotion.
    pub promotion: String,
    /// The marker.
    pub marker: String,
    /// The head of the log.
    pub checkpoint: String,
}

impl Claim {
    /// Whether it claims nothing.
    pub fn is_empty(&self) -> bool {
        self.promotion.is_empty() && self.marker.is_empty() && self.checkpoint.is_empty()
    }
}

/// The commits that touched some files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The newest first.
    pub touches: Vec<Touch>,
    /// Whether there are more than were looked at.
    pub more: bool,
}

impl Repo {
    /// The commits up to `head`, without those up to `since`, that touched these files; at most so many.
    /// A merge that made nothing of its own has no changes.
    pub fn history(
        &self,
        head: &Commit,
        since: Option<&Commit>,
        files: &[&str],
        most: usize,
    ) -> Result<History, RepoError> {
        // A folder is everything in it.
        let named = files.iter().map(|file| file.trim_end_matches('/'));
        let paths = named.map(|file| Ok(format!(":(literal){}", check::file_path(file)?)));
        let paths = paths.collect::<Result<Vec<_>, RepoError>>()?;
        let format = format!("--format={}", FIELDS.join("%x00"));
        let count = format!("--max-count={}", most.saturating_add(1));
        let range = since.map_or_else(|| head.to_string(), |since| format!("{since}..{head}"));
        let mut ask = vec![
            "log",
            "--no-show-signature",
            "-z",
            "--full-history",
            "--topo-order",
        ];
        ask.extend([
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "-c",
            &count,
            &format,
            &range,
            "--",
        ]);
        ask.extend(paths.iter().map(String::as_str));
        let mut touches = read(&self.git.run(&ask)?)?;
        let more = touches.len() > most;
        touches.truncate(most);
        Ok(History { touches, more })
    }
}

/// Reads the fields of each commit, and behind them a line and a path for each file.
fn read(out: &str) -> Result<Vec<Touch>, RepoError> {
    let odd = || RepoError::Answer("a history that cannot be read".to_owned());
    let mut found: Vec<Touch> = Vec::new();
    let mut words = out.split('\0');
    while let Some(word) = words.next() {
        let word = word.trim_start_matches('\n');
        if word.is_empty() {
            continue;
        }
        if word.starts_with(':') {
            let path = words.next().ok_or_else(odd)?.to_owned();
            let touch = found.last_mut().ok_or_else(odd)?;
            touch.changes.insert(path, change(word).ok_or_else(odd)?);
            continue;
        }
        let mut next = || words.next().ok_or_else(odd).map(|word| word.trim().to_owned());
        let parents = next()?;
        let parents = parents.split_whitespace().map(commit);
        found.push(Touch {
            commit: commit(word)?,
            parents: parents.collect::<Result<_, _>>()?,
            author: next()?,
            at: next()?
                .parse()
                .ok()
                .and_then(|at| Timestamp::from_second(at).ok())
                .unwrap_or_default(),
            subject: next()?,
            claim: Claim {
                promotion: next()?,
                marker: next()?,
                checkpoint: next()?,
            },
            changes: BTreeMap::new(),
        });
    }
    Ok(found)
}

/// What a file was and is: for a merge, what it was on the branch that was merged into. One colon for each
/// parent, then the modes, then the ids.
fn change(line: &str) -> Option<(String, String)> {
    let bare = line.trim_start_matches(':');
    let parents = line.len() - bare.len();
    let ids: Vec<&str> = bare.split(' ').skip(parents + 1).take(parents + 1).collect();
    Some(((*ids.first()?).to_owned(), (*ids.get(parents)?).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(letter: &str) -> String {
        letter.repeat(40)
    }

    #[test]
    fn what_git_says_comes_apart() {
        let out = format!(
            "{a}\0{b} {c}\0Ann\01700000000\0merged\0\0\0\0\n::100644 100644 100644 {d} {e} {f} MM\0x/y.yaml\0{b}\0\0Bob: odd\01700000000\0\0web-1\0w/web-1\03 root=\0\n:000000 100644 {d} {e} A\0:odd\0",
            a = id("a"),
            b = id("b"),
            c = id("c"),
            d = id("d"),
            e = id("e"),
            f = id("f"),
        );
        let found = read(&out).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].parents.len(), found[0].subject.as_str()), (2, "merged"));
        assert_eq!(found[0].changes["x/y.yaml"], (id("d"), id("f")));
        assert!(found[0].claim.is_empty());
        assert_eq!(found[1].changes[":odd"], (id("d"), id("e")));
        assert_eq!(
            (
                found[1].claim.promotion.as_str(),
                found[1].claim.checkpoint.as_str()
            ),
            ("web-1", "3 root=")
        );
        assert!(read(":100644 1 2 M").is_err(), "a file without a commit");
    }
}
