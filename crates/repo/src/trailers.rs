//! The trailer that bears a marker, and how it is found in a branch's history.
//!
//! History is walked once: refs of the cache alone keep what was found (`refs/marked/MARKER`) and how far it was
//! walked (`refs/walked/BRANCH`), so that a search costs what came since. They are hints: a branch that was
//! written anew is walked anew, and what was found counts only if it is in the branch's history.

use crate::{Message, Repo, RepoError, check, commit};
use gradus_model::Commit;
use std::collections::BTreeMap;

/// The trailer.
const TRAILER: &str = "Gradus-Marker";

/// A message with its marker as the last trailer.
pub(crate) fn signed(message: &Message) -> String {
    let Message { text, marker, .. } = message;
    let text = text.trim_end();
    if marker.is_empty() {
        return format!("{text}\n");
    }
    // Trailers are a paragraph of their own, and the first one is the subject.
    let last = text.rsplit_once("\n\n").map(|(_, last)| last);
    let trailer = |line: &str| line.split_once(": ").is_some_and(|(key, _)| !key.contains(' '));
    let joins = last.is_some_and(|last| last.lines().all(trailer));
    let gap = if joins { "\n" } else { "\n\n" };
    format!("{text}{gap}{TRAILER}: {marker}\n")
}

fn marked_ref(marker: &str) -> String {
    format!("refs/marked/{marker}")
}

/// Lines of `>ID MARKER MARKER …`, the newest first.
fn read(lines: &str) -> Result<BTreeMap<String, Commit>, RepoError> {
    let mut found = BTreeMap::new();
    for (id, markers) in lines.lines().filter_map(|line| line.split_once(' ')) {
        for marker in markers.split(' ').filter(|marker| check::marker(marker).is_ok()) {
            found.insert(marker.to_owned(), commit(id.trim_start_matches('>'))?);
        }
    }
    Ok(found)
}

/// What the cache knows by refs of its own.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// Where the branch was when it was fetched.
    pub(crate) branch: Option<Commit>,
    walked: Option<Commit>,
    marked: Option<Commit>,
}

impl Repo {
    /// The commit in the history of `head` that bears a marker.
    pub(crate) fn borne(&self, head: &Commit, marker: &str, kept: Kept) -> Result<Option<Commit>, RepoError> {
        if kept.walked.as_ref() != Some(head) {
            let found = self.walk(head, kept.walked.as_ref())?;
            self.keep(&found, head);
            if let Some(own) = found.get(marker) {
                return Ok(Some(own.clone()));
            }
        }
        Ok(kept.marked.filter(|marked| self.holds(head, marked)))
    }

    /// Every marker that the commits up to `head` bear; those up to a commit that was walked before are left out.
    /// Of two commits that bear the same one, the older counts: the younger is a copy.
    fn walk(&self, head: &Commit, walked: Option<&Commit>) -> Result<BTreeMap<String, Commit>, RepoError> {
        let format = format!("--format=%m%H %(trailers:key={TRAILER},valueonly,separator=%x20)");
        let log = |range: &str, grep: &[&str]| {
            let rest = ["log", "--no-show-signature", &format, "--left-right", range, "--"];
            self.git.run(&[&rest[..4], grep, &rest[4..]].concat())
        };
        if let Some(walked) = walked {
            // The cache may have lost what it had walked, as it may lose anything.
            let out = log(&format!("{walked}...{head}"), &[]).unwrap_or_else(|_| "<".to_owned());
            // A branch that no longer holds what was walked was written anew.
            if !out.lines().any(|line| line.starts_with('<')) {
                return read(&out);
            }
        }
        read(&log(head.as_str(), &[&format!("--grep=^{TRAILER}: ")])?)
    }

    /// Keeps what was found, all or nothing. Whoever cannot (another does it just now) walks again next time.
    fn keep(&self, found: &BTreeMap<String, Commit>, head: &Commit) {
        let line = |(marker, commit): (&String, &Commit)| format!("update {} {commit}\n", marked_ref(marker));
        let mut lines: String = found.iter().map(line).collect();
        lines.push_str(&format!("update {} {head}\n", self.walked_ref()));
        let _ = self.git.run_with_input(&["update-ref", "--stdin"], &lines);
    }

    /// The cache's own refs, as far as they are about this branch and a marker.
    pub(crate) fn kept(&self, marker: Option<&str>) -> Result<Kept, RepoError> {
        let (branch, walked) = (self.branch_ref(), self.walked_ref());
        let marked = marker.map(marked_ref).unwrap_or_default();
        let names = [branch.as_str(), &walked, &marked];
        let names = &names[..if marked.is_empty() { 2 } else { 3 }];
        let out = self
            .git
            .run(&[&["for-each-ref", "--format=%(objectname) %(refname)"], names].concat())?;
        let at = |name: &str| {
            let mut lines = out.lines().filter_map(|line| line.split_once(' '));
            lines
                .find(|(_, found)| *found == name)
                .map(|(id, _)| commit(id))
                .transpose()
        };
        Ok(Kept {
            branch: at(&branch)?,
            walked: at(&walked)?,
            marked: at(&marked)?,
        })
    }

    fn walked_ref(&self) -> String {
        format!("refs/walked/{}", self.branch)
    }

    /// Whether a commit is another one, or stands somewhere before it.
    fn holds(&self, head: &Commit, commit: &Commit) -> bool {
        let ask = ["merge-base", "--is-ancestor", commit.as_str(), head.as_str()];
        self.git.run(&ask).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marker_is_the_last_trailer() {
        let signed = |text: &str| {
            signed(&Message {
                text: text.to_owned(),
                marker: "w/web-1".to_owned(),
                at: "2026-11-21T10:00:00Z".parse().unwrap(),
            })
        };
        assert_eq!(signed("one\n"), "one\n\nGradus-Marker: w/web-1\n");
        assert_eq!(
            signed("one\n\nit is: so\n"),
            "one\n\nit is: so\n\nGradus-Marker: w/web-1\n"
        );
        assert_eq!(signed("one\n\nA: b\n"), "one\n\nA: b\nGradus-Marker: w/web-1\n");
    }
}
