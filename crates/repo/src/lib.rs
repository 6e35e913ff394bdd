//! Git, as far as deliveries need it.
//!
//! A [`Repo`] is a bare cache of one remote branch. Files are read from its commits and commits are
//! built from its objects; there is never a checkout. A commit is deterministic (its parent, tree,
//! message and time all come from the caller), so that two workers who do the same thing make the
//! same commit. It is pushed together with a marker ref that must not exist yet, in one atomic
//! push that also expects the branch to be where it was: whoever comes second finds the marker.

mod check;
mod command;
mod error;
mod tree;

pub use check::{file_path, marker_ref, url};
pub use error::RepoError;

pub use command::Credential;
use command::Git;
use gradus_model::{Commit, Timestamp};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One branch of one remote repository, with a bare cache of it.
#[derive(Debug)]
pub struct Repo {
    git: Git,
    url: String,
    branch: String,
}

/// What a commit says beside its files.
#[derive(Debug, Clone)]
pub struct Message {
    /// The whole text, trailers included.
    pub text: String,
    /// The time it bears, as author and committer alike.
    pub at: Timestamp,
}

/// How a push went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// Branch and marker are there.
    Done,
    /// The branch, or the marker, was no longer as expected; nothing was written.
    Refused,
}

impl Repo {
    /// Opens the cache in `dir`, making it where there is none. The remote is not asked yet.
    pub fn open(dir: &Path, url: &str, branch: &str) -> Result<Self, RepoError> {
        Self::open_as(dir, url, branch, None)
    }

    /// The same, with what proves to the server who we are.
    pub fn open_as(
        dir: &Path,
        url: &str,
        branch: &str,
        credential: Option<Credential>,
    ) -> Result<Self, RepoError> {
        let url = check::url(url)?;
        let branch = check::branch(branch)?;
        let git = Git::new(dir.to_path_buf())?.with(credential);
        Ok(Self { git, url, branch })
    }

    /// Where the cache is.
    pub fn cache(&self) -> &PathBuf {
        &self.git.dir
    }

    /// Fetches the branch and says where it is; none if the remote has no such branch yet.
    pub fn fetch(&self) -> Result<Option<Commit>, RepoError> {
        let Some(head) = self.remote_ref(&format!("refs/heads/{}", self.branch))? else {
            return Ok(None);
        };
        if self
            .git
            .run(&["cat-file", "-e", &format!("{head}^{{commit}}")])
            .is_err()
        {
            let refspec = format!("+refs/heads/{0}:refs/heads/{0}", self.branch);
            self.git.run(&[
                "fetch",
                "--quiet",
                "--no-tags",
                "--end-of-options",
                &self.url,
                &refspec,
            ])?;
        }
        Ok(Some(head))
    }

    /// Where a marker points on the remote; none if it is not there.
    pub fn marker(&self, marker: &str) -> Result<Option<Commit>, RepoError> {
        self.remote_ref(&check::marker_ref(marker)?)
    }

    fn remote_ref(&self, name: &str) -> Result<Option<Commit>, RepoError> {
        let out = self
            .git
            .run(&["ls-remote", "--end-of-options", &self.url, name])?;
        let lines = out.lines().filter_map(|line| line.split_once('\t'));
        let mut found = lines.filter(|(_, found)| *found == name).map(|(id, _)| id);
        found
            .next()
            .map(|id| Commit::new(id).map_err(|error| RepoError::Answer(error.to_string())))
            .transpose()
    }

    /// The text of a file at a commit; none if there is no such file.
    pub fn read(&self, at: &Commit, path: &str) -> Result<Option<String>, RepoError> {
        let path = check::file_path(path)?;
        let listed = self.git.run(&["ls-tree", "-z", at.as_str(), "--", &path])?;
        let Some((entry, _)) = listed.split_once('\t') else {
            return Ok(None);
        };
        let fields: Vec<&str> = entry.split(' ').collect();
        match fields.as_slice() {
            ["100644" | "100755", "blob", id] => Ok(Some(self.git.run(&["cat-file", "blob", id])?)),
            // A link could lead out of the repository, and a folder is not a file.
            _ => Err(RepoError::NotAFile(path)),
        }
    }

    /// The commit that a commit was made on; none for the first.
    pub fn parent(&self, commit: &Commit) -> Result<Option<Commit>, RepoError> {
        let shown = self
            .git
            .run(&["rev-list", "--parents", "--max-count=1", commit.as_str(), "--"])?;
        let mut ids = shown.split_whitespace();
        let parent = ids.nth(1).map(Commit::new).transpose();
        parent.map_err(|error| RepoError::Answer(error.to_string()))
    }

    /// Builds a commit on `parent` in which these files hold these texts; what has none is taken
    /// away. Nothing is pushed.
    pub fn commit(
        &self,
        parent: Option<&Commit>,
        files: &BTreeMap<String, Option<String>>,
        message: &Message,
    ) -> Result<Commit, RepoError> {
        let mut changes = tree::Changes::default();
        for (path, text) in files {
            let path = check::file_path(path)?;
            let blob = match text {
                None => None,
                Some(text) => Some(self.git.run_with_input(&["hash-object", "-w", "--stdin"], text)?),
            };
            changes.add(&path, blob.map(|id| id.trim().to_owned()));
        }
        let tree = changes.write(&self.git, parent.map(Commit::as_str))?;
        let mut arguments = vec!["commit-tree", tree.as_str()];
        if let Some(parent) = parent {
            arguments.extend(["-p", parent.as_str()]);
        }
        let id = self
            .git
            .at(message.at)
            .run_with_input(&arguments, &message.text)?;
        Commit::new(id.trim()).map_err(|error| RepoError::Answer(error.to_string()))
    }

    /// Pushes a commit to the branch, and a marker with it, if the branch is still at `expected`
    /// and the marker does not exist. All or nothing.
    pub fn push(
        &self,
        commit: &Commit,
        expected: Option<&Commit>,
        marker: &str,
    ) -> Result<Pushed, RepoError> {
        let marker = check::marker_ref(marker)?;
        let branch = format!("refs/heads/{}", self.branch);
        let expected = expected.map(Commit::as_str).unwrap_or_default();
        let lease = format!("--force-with-lease={branch}:{expected}");
        let fence = format!("--force-with-lease={marker}:");
        let (to_branch, to_marker) = (format!("{commit}:{branch}"), format!("{commit}:{marker}"));
        let push = [
            "push",
            "--atomic",
            "--porcelain",
            &lease,
            &fence,
            "--end-of-options",
            &self.url,
            &to_branch,
            &to_marker,
        ];
        match self.git.run(&push) {
            Ok(_) => Ok(Pushed::Done),
            // The exit code is the same for "somebody else was first" and "the line is down", so
            // the answer is read, and what is not understood stays an error.
            Err(RepoError::Failed { output, .. })
                if output.contains("stale info")
                    || output.contains("[rejected]")
                    || output.contains("[remote rejected]") =>
            {
                Ok(Pushed::Refused)
            }
            Err(error) => Err(error),
        }
    }
}
