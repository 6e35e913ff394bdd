//! Refs beside the branch: read by a pattern, moved together or not at all, and merged without a checkout.

use crate::fence::{Pushed, Verdict, not_understood, verdict};
use crate::{Message, Repo, RepoError, commit, trailers};
use gradus_model::Commit;
use std::collections::BTreeMap;

/// One ref that is to be somewhere else.
#[derive(Debug, Clone, Copy)]
pub struct Update<'a> {
    /// Its full name.
    pub name: &'a str,
    /// Where it is to be.
    pub to: &'a Commit,
    /// Where it must be until then; none, if it must not exist.
    pub expected: Option<&'a Commit>,
}

/// What came of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merge {
    /// The commit.
    Done(Commit),
    /// The files that both have changed.
    Conflict(Vec<String>),
}

impl Repo {
    /// The refs of the remote that match a pattern such as `refs/heads/*`, with everything behind them in
    /// the cache.
    pub fn refs(&self, pattern: &str) -> Result<BTreeMap<String, Commit>, RepoError> {
        let out = self
            .git
            .run(&["ls-remote", "--end-of-options", &self.url, pattern])?;
        let mut found = BTreeMap::new();
        for (id, name) in out.lines().filter_map(|line| line.split_once('\t')) {
            found.insert(name.to_owned(), commit(id)?);
        }
        let missing: Vec<&Commit> = found.values().filter(|commit| !self.has(commit)).collect();
        if !missing.is_empty() {
            let mut fetch = vec![
                "fetch",
                "--quiet",
                "--no-tags",
                "--no-write-fetch-head",
                "--end-of-options",
            ];
            fetch.push(&self.url);
            fetch.extend(missing.iter().map(|commit| commit.as_str()));
            self.git.run(&fetch)?;
        }
        Ok(found)
    }

    fn has(&self, commit: &Commit) -> bool {
        let object = format!("{commit}^{{commit}}");
        self.git.run(&["cat-file", "-e", &object]).is_ok()
    }

    /// Moves refs together, if each is where it must be.
    pub fn update(&self, updates: &[Update<'_>]) -> Result<Pushed, RepoError> {
        let mut push = vec!["push".to_owned(), "--porcelain".to_owned(), "--atomic".to_owned()];
        for Update { name, expected, .. } in updates {
            let expected = expected.map(Commit::as_str).unwrap_or_default();
            push.push(format!("--force-with-lease={name}:{expected}"));
        }
        push.extend(["--end-of-options".to_owned(), self.url.clone()]);
        push.extend(
            updates
                .iter()
                .map(|Update { name, to, .. }| format!("{to}:{name}")),
        );
        let push: Vec<&str> = push.iter().map(String::as_str).collect();
        let told = self.git.tell(&push, "")?;
        if told.good {
            return Ok(Pushed::Done);
        }
        match verdict(&told.answer, &told.remarks, None) {
            Some(Verdict::Overtaken) => Ok(Pushed::Refused),
            Some(Verdict::Marker(said) | Verdict::Declined(said)) => Err(RepoError::Declined(said)),
            None => Err(not_understood(&told)),
        }
    }

    /// Whether a commit is in the history of another.
    pub fn contains(&self, later: &Commit, earlier: &Commit) -> Result<bool, RepoError> {
        let ask = ["merge-base", "--is-ancestor", earlier.as_str(), later.as_str()];
        Ok(self.git.tell(&ask, "")?.good)
    }

    /// The commit with which another came into a branch: itself, if the branch was only moved forward.
    pub fn came_with(&self, branch: &Commit, commit: &Commit) -> Result<Commit, RepoError> {
        let since = format!("{commit}..{branch}");
        let later = self
            .git
            .run(&["rev-list", "--first-parent", "--reverse", &since])?;
        for id in later.lines() {
            let later = crate::commit(id)?;
            if self.contains(&later, commit)? {
                let moved_on = match self.parent(&later)? {
                    Some(before) => self.contains(&before, commit)?,
                    None => false,
                };
                return Ok(if moved_on { commit.clone() } else { later });
            }
        }
        Ok(commit.clone())
    }

    /// Builds the commit that merges `theirs` into `ours`. Nothing is pushed.
    pub fn merge(&self, ours: &Commit, theirs: &Commit, message: &Message) -> Result<Merge, RepoError> {
        let ask = ["merge-tree", "--write-tree", "--name-only", "--no-messages", "-z"];
        let ask = [&ask[..], &[ours.as_str(), theirs.as_str()]].concat();
        let told = self.git.tell(&ask, "")?;
        let mut lines = told.answer.split('\0').filter(|line| !line.is_empty());
        let tree = lines.next().unwrap_or_default().to_owned();
        if !told.good {
            let files: Vec<String> = lines.map(str::to_owned).collect();
            return match files.is_empty() {
                true => Err(not_understood(&told)),
                false => Ok(Merge::Conflict(files)),
            };
        }
        let arguments = ["commit-tree", &tree, "-p", ours.as_str(), "-p", theirs.as_str()];
        let text = trailers::signed(message);
        let id = self.git.at(message.at).run_with_input(&arguments, &text)?;
        commit(&id).map(Merge::Done)
    }
}
