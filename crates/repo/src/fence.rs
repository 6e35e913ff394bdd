//! The fence: a delivery is pushed once, whoever tries, however often, and it is found again.
//!
//! Every commit bears its marker as a trailer. Where the server takes them, a ref bears it too, and
//! the push demands that there is no such ref yet; where it takes none, the push demands that the
//! branch is where it was when its history was searched. A marker is looked for in every way,
//! whichever way it is written today: the setting may change between a delivery and its replay.

use crate::command::Told;
use crate::{Repo, RepoError, check, said};
use gradus_model::{Commit, Marker};

/// How a push went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// Branch and marker are there.
    Done,
    /// The branch, or the marker, was no longer as expected; nothing was written.
    Refused,
}

/// The reasons a server gives when somebody else was faster, after git has looked and before it wrote.
const OVERTAKEN: [&str; 6] = [
    "stale info",
    "fetch first",
    "non-fast-forward",
    "failed to update ref",
    "cannot lock ref",
    "incorrect old value",
];
/// The reasons that only say that another ref of the same push was refused.
const ALONG: [&str; 4] = [
    "atomic push fail",
    "atomic transaction failed",
    "transaction failed",
    "atomic push rejected",
];

/// The ref that bears a marker; none where the trailer alone does.
pub(crate) fn marker_ref(kind: Marker, marker: &str) -> Option<String> {
    match kind {
        Marker::Ref => Some(format!("refs/gradus/{marker}")),
        Marker::Tag => Some(format!("refs/tags/gradus/{marker}")),
        Marker::Trailer => None,
    }
}

/// Every ref that could bear a marker.
pub(crate) fn bearers(marker: &str) -> Vec<String> {
    let kinds = [Marker::Ref, Marker::Tag];
    kinds
        .into_iter()
        .filter_map(|kind| marker_ref(kind, marker))
        .collect()
}

impl Repo {
    /// Pushes a commit to the branch, and a marker with it, if the branch is still at `expected`
    /// and the marker does not exist. All or nothing.
    pub fn push(
        &self,
        commit: &Commit,
        expected: Option<&Commit>,
        marker: &str,
    ) -> Result<Pushed, RepoError> {
        let marker = check::marker(marker)?;
        // What the branch is expected to hold must be what was searched: between a search and a look at
        // the branch somebody else may have delivered.
        if let Some(parent) = expected
            && self.borne(parent, &marker, self.kept(Some(&marker))?)?.is_some()
        {
            return Ok(Pushed::Refused);
        }
        let branch = self.branch_ref();
        let bearer = marker_ref(self.marker, &marker);
        let expected = expected.map(Commit::as_str).unwrap_or_default();
        let mut push = vec!["push".to_owned(), "--porcelain".to_owned()];
        push.push(format!("--force-with-lease={branch}:{expected}"));
        if let Some(bearer) = &bearer {
            push.extend(["--atomic".to_owned(), format!("--force-with-lease={bearer}:")]);
        }
        push.extend(["--end-of-options".to_owned(), self.url.clone()]);
        push.extend(
            [Some(&branch), bearer.as_ref()]
                .into_iter()
                .flatten()
                .map(|name| format!("{commit}:{name}")),
        );
        let push: Vec<&str> = push.iter().map(String::as_str).collect();
        let told = self.git.tell(&push, "")?;
        if told.good {
            return Ok(Pushed::Done);
        }
        match verdict(&told.answer, &told.remarks, bearer.as_deref()) {
            Some(Verdict::Overtaken) => Ok(Pushed::Refused),
            // Some servers take the branch and refuse the marker all the same. What is on the branch
            // is delivered, and its trailer says so.
            Some(_) if took(&told.answer, &branch) => Ok(Pushed::Done),
            Some(Verdict::Marker(said)) => Err(RepoError::Marker {
                marker: self.marker,
                said,
            }),
            Some(Verdict::Declined(said)) => Err(RepoError::Declined(said)),
            None => Err(not_understood(&told)),
        }
    }
}

/// The exit code is the same for "somebody else was first" and "the line is down", so the answer is read,
/// and what is not understood stays an error.
pub(crate) fn not_understood(told: &Told) -> RepoError {
    let failed = || RepoError::Failed {
        verb: "push".to_owned(),
        output: said::plain(&format!("{} {}", told.answer, told.remarks)),
    };
    said::cause(&told.remarks).unwrap_or_else(failed)
}

/// Whether the answer to a push has a line that says that a ref is where it should be.
fn took(answer: &str, name: &str) -> bool {
    let mut lines = answer.lines().filter_map(|line| line.split_once('\t'));
    let lands = |rest: &str| {
        rest.split('\t')
            .next()
            .is_some_and(|refs| refs.ends_with(&format!(":{name}")))
    };
    lines.any(|(flag, rest)| [" ", "*", "+"].contains(&flag) && lands(rest))
}

/// Why a push was refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Overtaken,
    Marker(String),
    Declined(String),
}

/// Reads git's answer to a push: a line for each ref, `!` first where it was refused, its reason last
/// in brackets. None: nothing was refused, so something else went wrong.
pub(crate) fn verdict(answer: &str, remarks: &str, bearer: Option<&str>) -> Option<Verdict> {
    let refused = answer.lines().filter_map(|line| {
        let mut fields = line.strip_prefix("!\t")?.split('\t');
        let (_, to) = fields.next()?.split_once(':')?;
        Some((to, fields.next()?))
    });
    let refused: Vec<(&str, &str)> = refused.collect();
    if refused.is_empty() {
        return None;
    }
    let is = |reason: &str, known: &[&str]| known.iter().any(|known| reason.contains(known));
    if refused.iter().any(|(_, reason)| is(reason, &OVERTAKEN)) {
        return Some(Verdict::Overtaken);
    }
    let own: Vec<_> = refused.iter().filter(|(_, reason)| !is(reason, &ALONG)).collect();
    // Where all fell together, the server could not lock what others were writing.
    let Some((to, reason)) = own.first() else {
        return Some(Verdict::Overtaken);
    };
    let texts = [said::plain(inner(reason)), said::remarks(remarks)];
    let text = texts
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(": ");
    Some(if bearer == Some(*to) && own.len() == 1 {
        Verdict::Marker(text)
    } else {
        Verdict::Declined(text)
    })
}

/// `[remote rejected] (pre-receive hook declined)`: what stands in the brackets at the end.
fn inner(reason: &str) -> &str {
    let inner = reason
        .split_once('(')
        .map(|(_, inner)| inner.trim_end_matches(')'));
    inner.unwrap_or(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REF: &str = "refs/gradus/w/web-1";

    fn of(branch: &str, marker: &str, remarks: &str) -> Option<Verdict> {
        let answer = format!("To x\n!\tabc:refs/heads/main\t{branch}\n!\tabc:{REF}\t{marker}\nDone\n");
        verdict(&answer, remarks, Some(REF))
    }

    #[test]
    fn each_refusal_is_told_from_the_others() {
        let along = "[remote rejected] (atomic push failure)";
        let cases = [
            (
                "[rejected] (stale info)",
                "[rejected] (atomic push failed)",
                "overtaken",
            ),
            (
                "[rejected] (atomic push failed)",
                "[rejected] (stale info)",
                "overtaken",
            ),
            ("[remote rejected] (failed to update ref)", along, "overtaken"),
            (along, "[remote rejected] (deny updating a hidden ref)", "marker"),
            (
                along,
                "[remote rejected] (prohibited by Gerrit: not permitted: create)",
                "marker",
            ),
            (
                "[remote rejected] (protected branch hook declined)",
                along,
                "declined",
            ),
            (
                "[remote rejected] (pre-receive hook declined)",
                "[remote rejected] (pre-receive hook declined)",
                "declined",
            ),
        ];
        for (branch, marker, wanted) in cases {
            let found = match of(branch, marker, "") {
                Some(Verdict::Overtaken) => "overtaken",
                Some(Verdict::Marker(_)) => "marker",
                Some(Verdict::Declined(_)) => "declined",
                None => "none",
            };
            assert_eq!(found, wanted, "{branch} {marker}");
        }
        assert_eq!(verdict("To x\nDone\n", "remote: hello", Some(REF)), None);
    }

    #[test]
    fn the_server_s_own_words_are_kept() {
        let declined = "[remote rejected] (pre-receive hook declined)";
        let said = "pre-receive hook declined: no deploys on Friday";
        assert_eq!(
            of(declined, declined, "remote: no deploys on Friday\n"),
            Some(Verdict::Declined(said.to_owned()))
        );
    }
}
