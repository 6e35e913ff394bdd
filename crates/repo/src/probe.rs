//! What a server allows: found out by doing it, under names of our own, and taken away again.

use crate::fence::{Verdict, marker_ref, not_understood, verdict};
use crate::{Message, Repo, RepoError};
use gradus_model::{Commit, Marker};
use std::collections::BTreeMap;

/// What a server allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allows {
    /// Where the branch is; none where it does not exist yet.
    pub head: Option<Commit>,
    /// Whether several refs can be pushed at once, or none of them.
    pub atomic: bool,
    /// Whether marker refs can be made, or what the server says instead.
    pub refs: Result<(), String>,
    /// The same of tags; not tried where nobody needs it, for a tag may set a pipeline going.
    pub tags: Option<Result<(), String>>,
    /// What could be made and not be taken away again.
    pub left: Vec<String>,
}

impl Allows {
    /// Whether deliveries can be marked in this way, or why not.
    pub fn marker(&self, kind: Marker) -> Result<(), String> {
        let bearer = match kind {
            Marker::Trailer => return Ok(()),
            Marker::Ref => Some(&self.refs),
            Marker::Tag => self.tags.as_ref(),
        };
        if !self.atomic {
            return Err("it cannot take a branch and a marker in one push".to_owned());
        }
        bearer
            .cloned()
            .unwrap_or_else(|| Err("it was not tried".to_owned()))
    }

    /// The best way of marking deliveries that it allows.
    pub fn best(&self) -> Marker {
        let kinds = [Marker::Ref, Marker::Tag];
        let fitting = kinds.into_iter().find(|kind| self.marker(*kind).is_ok());
        fitting.unwrap_or(Marker::Trailer)
    }
}

impl Repo {
    /// Finds out what the server allows. `name` tells this probe from every other.
    pub fn probe(&self, name: &str, at: gradus_model::Timestamp) -> Result<Allows, RepoError> {
        let head = self.fetch()?;
        let commit = match &head {
            Some(head) => head.clone(),
            None => self.commit(None, &BTreeMap::new(), &probe(name, at))?,
        };
        let mut left = Vec::new();
        let mut atomic = true;
        let mut made = |kind| -> Result<Result<(), String>, RepoError> {
            let Some(bearer) = marker_ref(kind, &format!("probe-{name}")) else {
                return Ok(Ok(()));
            };
            let made = match self.make(&commit, &bearer, atomic) {
                Err(RepoError::NotAtomic) => {
                    atomic = false;
                    self.make(&commit, &bearer, atomic)?
                }
                other => other?,
            };
            if made.is_ok() && !self.unmake(&bearer) {
                left.push(bearer);
            }
            Ok(made)
        };
        let refs = made(Marker::Ref)?;
        let needed = refs.is_err() || self.marker == Marker::Tag;
        let tags = needed.then(|| made(Marker::Tag)).transpose()?;
        Ok(Allows {
            head,
            atomic,
            refs,
            tags,
            left,
        })
    }

    fn make(&self, commit: &Commit, bearer: &str, atomic: bool) -> Result<Result<(), String>, RepoError> {
        let to = format!("{commit}:{bearer}");
        let mut push = vec!["push", "--porcelain"];
        push.extend(atomic.then_some("--atomic"));
        push.extend(["--end-of-options", &self.url, &to]);
        let told = self.git.tell(&push, "")?;
        if told.good {
            return Ok(Ok(()));
        }
        match verdict(&told.answer, &told.remarks, Some(bearer)) {
            Some(Verdict::Marker(said) | Verdict::Declined(said)) => Ok(Err(said)),
            _ => Err(not_understood(&told)),
        }
    }

    fn unmake(&self, bearer: &str) -> bool {
        let nothing = format!(":{bearer}");
        self.git
            .run(&["push", "--quiet", "--end-of-options", &self.url, &nothing])
            .is_ok()
    }
}

fn probe(name: &str, at: gradus_model::Timestamp) -> Message {
    Message {
        text: "A probe of what the server allows\n".to_owned(),
        marker: format!("probe-{name}"),
        at,
    }
}
