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
    // Trailers are a paragraph of their own, and the first one is the subject.
    let last = text.rsplit_once("\n\n").map(|(_, last)| last);
    let trailer = |line: &str| line.split_once(": ").is_some_and(|(key, _)| !key.contains(' '));
    let joins = last.is_some_and(|last| last.lines().all(trailer));
    let gap = if joins { "\n" } else { "\n\n" };
    format!("{text}{gap}{TRAILER}: {marker}\n")
}

impl Repo {
    /// The commit in the history of `head` that bears a marker.
    pub(crate) fn borne(&self, head: &Commit, marker: &str) -> Result<Option<Commit>, RepoError> {
        self.bring(head)?;
        let walked = format!("refs/walked/{}", self.branch);
        let before = self.kept(&walked)?;
        if before.as_ref() != Some(head) {
            let since = before.filter(|before| self.holds(head, before));
            let found = self.walk(head, since.as_ref())?;
            let own = found.get(marker).cloned();
            self.keep(&found, &walked, head);
            if own.is_some() {
                return Ok(own);
            }
        }
        let found = self.kept(&format!("refs/marked/{marker}"))?;
        Ok(found.filter(|found| self.holds(head, found)))
    }

    /// Every marker that the commits up to `head` bear, since a commit that was walked before. Of two
    /// commits that bear the same one, the older counts: the younger is a copy.
    fn walk(&self, head: &Commit, since: Option<&Commit>) -> Result<BTreeMap<String, Commit>, RepoError> {
        let grep = format!("--grep=^{TRAILER}: ");
        let format = format!("--format=%H %(trailers:key={TRAILER},valueonly,separator=%x20)");
        let range = since.map_or(head.to_string(), |since| format!("{since}..{head}"));
        let out = self
            .git
            .run(&["log", "--no-show-signature", &grep, &format, &range, "--"])?;
        let mut found = BTreeMap::new();
        for (id, markers) in out.lines().filter_map(|line| line.split_once(' ')) {
            for marker in markers.split(' ').filter(|marker| check::marker(marker).is_ok()) {
                found.insert(marker.to_owned(), commit(id)?);
            }
        }
        Ok(found)
    }

    /// Keeps what was found, all or nothing. Whoever cannot (another does it just now) walks again next time.
    fn keep(&self, found: &BTreeMap<String, Commit>, walked: &str, head: &Commit) {
        let mut lines: String = found
            .iter()
            .map(|(marker, commit)| format!("update refs/marked/{marker} {commit}\n"))
            .collect();
        lines.push_str(&format!("update {walked} {head}\n"));
        let _ = self.git.run_with_input(&["update-ref", "--stdin"], &lines);
    }

    fn kept(&self, name: &str) -> Result<Option<Commit>, RepoError> {
        let out = self
            .git
            .run(&["for-each-ref", "--format=%(objectname) %(refname)", name])?;
        let lines = out.lines().filter_map(|line| line.split_once(' '));
        let own = lines
            .filter(|(_, found)| *found == name)
            .map(|(id, _)| commit(id))
            .next();
        own.transpose()
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
