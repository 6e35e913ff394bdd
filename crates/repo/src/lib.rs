//! Git, as far as deliveries need it.
//!
//! A [`Repo`] is a bare cache of one remote branch. Files are read from its commits and commits are
//! built from its objects; there is never a checkout. A commit is deterministic (its parent, tree,
//! message and time all come from the caller), so that two workers who do the same thing make the
//! same commit. It bears a marker, and is pushed behind a fence: together with a ref that bears the
//! marker and must not exist yet, in one atomic push that also expects the branch to be where it
//! was. Whoever comes second finds the marker.

mod check;
mod command;
mod credential;
mod error;
mod export;
mod fence;
mod history;
mod probe;
mod refs;
mod said;
mod trailers;
mod tree;

pub use check::{file_path, url};
pub use credential::{Credential, Key, Proof};
pub use error::RepoError;
pub use fence::Pushed;
pub use history::{Claim, History, Touch};
pub use probe::Allows;
pub use refs::{Merge, Update};

use command::Git;
use gradus_model::{Commit, Marker, Timestamp};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use trailers::Kept;

/// How many files a folder may have that is read as a whole.
const FOLDER: usize = 2000;

/// One branch of one remote repository, with a bare cache of it.
#[derive(Debug)]
pub struct Repo {
    git: Git,
    url: String,
    branch: String,
    marker: Marker,
}

/// What was seen of a repository in one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// Where the branch is; none if the remote has no such branch yet.
    pub head: Option<Commit>,
    /// The commit that bears the marker; none if it was never pushed.
    pub borne: Option<Commit>,
}

/// What a commit says beside its files.
#[derive(Debug, Clone)]
pub struct Message {
    /// The text, with its trailers.
    pub text: String,
    /// The marker, which becomes the last of them, however else it is written; empty for a commit that
    /// delivers nothing.
    pub marker: String,
    /// The time it bears, as author and committer alike.
    pub at: Timestamp,
}

impl Repo {
    /// Opens the cache in `dir`, making it where there is none. The remote is not asked yet.
    pub fn open(dir: &Path, url: &str, branch: &str) -> Result<Self, RepoError> {
        Ok(Self {
            url: check::url(url)?,
            branch: check::branch(branch)?,
            git: Git::new(dir.to_path_buf())?,
            marker: Marker::default(),
        })
    }

    /// The same, with what proves to the server who we are.
    #[must_use]
    pub fn signed_in(self, credential: Option<Credential>) -> Self {
        let git = self.git.with(credential);
        Self { git, ..self }
    }

    /// The same, with another way to write markers.
    #[must_use]
    pub fn marked_by(self, marker: Marker) -> Self {
        Self { marker, ..self }
    }

    /// The branch.
    pub fn branch(&self) -> &str {
        &self.branch
    }

    /// Where the cache is.
    pub fn cache(&self) -> &PathBuf {
        &self.git.dir
    }

    /// Fetches the branch and says where it is; none if the remote has no such branch yet.
    pub fn fetch(&self) -> Result<Option<Commit>, RepoError> {
        Ok(self.see(None)?.head)
    }

    /// The commit that bears a marker; none if it was never pushed.
    pub fn marker(&self, marker: &str) -> Result<Option<Commit>, RepoError> {
        Ok(self.see(Some(marker))?.borne)
    }

    /// Fetches the branch, and looks for a marker in every way there is, all in one question to the server.
    pub fn see(&self, marker: Option<&str>) -> Result<Sight, RepoError> {
        let marker = marker.map(check::marker).transpose()?;
        let branch = self.branch_ref();
        let bearers = marker.as_deref().map(fence::bearers).unwrap_or_default();
        let names: Vec<&str> = std::iter::once(&branch)
            .chain(&bearers)
            .map(String::as_str)
            .collect();
        let mut refs = self.remote_refs(&names)?;
        let head = refs.remove(&branch);
        let mut borne = refs.into_values().next();
        if let Some(head) = &head {
            let kept = self.bring(head, marker.as_deref())?;
            if let (None, Some(marker)) = (&borne, &marker) {
                borne = self.borne(head, marker, kept)?;
            }
        }
        Ok(Sight { head, borne })
    }

    fn branch_ref(&self) -> String {
        format!("refs/heads/{}", self.branch)
    }

    /// Sees that a commit of the branch is in the cache, with everything before it. Answers the cache's own refs.
    fn bring(&self, head: &Commit, marker: Option<&str>) -> Result<Kept, RepoError> {
        let kept = self.kept(marker)?;
        if kept.branch.as_ref() != Some(head) {
            // By its name, so that it is what was asked about, however the branch moves on.
            let refspec = format!("+{head}:{}", self.branch_ref());
            let fetch = [
                "fetch",
                "--quiet",
                "--no-tags",
                "--no-auto-maintenance",
                "--no-write-fetch-head",
                "--end-of-options",
                &self.url,
                &refspec,
            ];
            self.git.run(&fetch)?;
        }
        Ok(kept)
    }

    /// Where these refs point on the remote; those that are not there are left out.
    fn remote_refs(&self, names: &[&str]) -> Result<BTreeMap<String, Commit>, RepoError> {
        let ask = [&["ls-remote", "--end-of-options", &self.url], names].concat();
        let out = self.git.run(&ask)?;
        let lines = out.lines().filter_map(|line| line.split_once('\t'));
        // It also answers with refs that only end in these names.
        let lines = lines.filter(|(_, name)| names.contains(name));
        let read = |(id, name): (&str, &str)| Ok((name.to_owned(), commit(id)?));
        lines.map(read).collect()
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

    /// The texts of all files below a folder at a commit, by their whole paths.
    pub fn read_folder(&self, at: &Commit, folder: &str) -> Result<BTreeMap<String, String>, RepoError> {
        let path = check::file_path(folder.trim_end_matches('/'))?;
        let inside = format!("{path}/");
        let listed = self
            .git
            .run(&["ls-tree", "-r", "-z", at.as_str(), "--", &inside])?;
        let mut files = BTreeMap::new();
        for line in listed.split('\0').filter(|line| !line.is_empty()) {
            let (entry, path) = line.split_once('\t').unwrap_or_default();
            let text = match entry.split(' ').collect::<Vec<_>>().as_slice() {
                ["100644" | "100755", "blob", id] => self.git.run(&["cat-file", "blob", id])?,
                _ => return Err(RepoError::NotAFile(path.to_owned())),
            };
            files.insert(check::file_path(path)?, text);
            if files.len() > FOLDER {
                return Err(RepoError::Name(inside, "folder of more than 2000 files"));
            }
        }
        Ok(files)
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
        let text = trailers::signed(message);
        let id = self.git.at(message.at).run_with_input(&arguments, &text)?;
        commit(&id)
    }
}

fn commit(id: &str) -> Result<Commit, RepoError> {
    Commit::new(id.trim()).map_err(|error| RepoError::Answer(error.to_string()))
}
