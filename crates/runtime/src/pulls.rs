//! Deliveries as pull requests: a branch of their own, named after the marker, so that there is never a
//! second one for the same delivery, whoever asks and however often.

use crate::hands::{HandsError, Proposed, Wrote};
use gradus_connect::forge::{Ask, By, Forge, ForgeError, Local, Pull, PullState};
use gradus_model::{Commit, Timestamp};
use gradus_repo::{Repo, Update};

impl From<ForgeError> for HandsError {
    fn from(error: ForgeError) -> Self {
        HandsError {
            code: error.code(),
            message: error.to_string(),
            passing: error.is_passing(),
        }
    }
}

fn branch(marker: &str) -> String {
    format!("gradus/{marker}")
}

/// How far the pull request of a marker is; none, if there is none. These files must be merged as they
/// were agreed to.
pub(crate) fn asked(repo: &Repo, marker: &str, files: &[&str]) -> Result<Option<Wrote>, HandsError> {
    let pull = Local(repo).of_branch(&branch(marker))?;
    pull.map(|pull| judged(repo, &pull, files)).transpose()
}

fn judged(repo: &Repo, pull: &Pull, files: &[&str]) -> Result<Wrote, HandsError> {
    let number = pull.number;
    Ok(match &pull.state {
        PullState::Open => Wrote::Proposed(Proposed::Open(format!(
            "pull request {number} is to be merged: gradus pull merge {number}"
        ))),
        PullState::Closed { by, why } => Wrote::Proposed(Proposed::Refused(format!(
            "pull request {number} was closed by {by}: {why}"
        ))),
        PullState::Merged { commit, by } => {
            for file in files {
                if repo.read(commit, file)? != repo.read(&pull.head, file)? {
                    let message = format!(
                        "pull request {number} was merged by {by}, and {file} is not what was agreed to"
                    );
                    return Ok(Wrote::Proposed(Proposed::Refused(message)));
                }
            }
            Wrote::Done(commit.clone())
        }
    })
}

/// Puts a commit on its branch and asks for it to be merged.
pub(crate) fn propose(
    repo: &Repo,
    commit: &Commit,
    marker: &str,
    (text, at): (&str, Timestamp),
) -> Result<Wrote, HandsError> {
    let source = branch(marker);
    let name = format!("refs/heads/{source}");
    // A worker before us may have come as far as this.
    let head = match repo.refs(&name)?.remove(&name) {
        Some(there) => there,
        None => {
            let update = Update {
                name: &name,
                to: commit,
                expected: None,
            };
            match repo.update(&[update])? {
                gradus_repo::Pushed::Done => commit.clone(),
                gradus_repo::Pushed::Refused => return Ok(Wrote::Overtaken),
            }
        }
    };
    let (title, body) = text.split_once('\n').unwrap_or((text, ""));
    let ask = Ask {
        title,
        body: body.trim(),
        source: &source,
        target: repo.branch(),
        head: &head,
    };
    let pull = Local(repo).open(&ask, By { who: "gradus", at })?;
    judged(repo, &pull, &[])
}
