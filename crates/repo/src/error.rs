//! What can go wrong with git, and what to do about it.

/// Why something could not be done in a repository.
#[derive(Debug, thiserror::Error)]
pub enum RepoError {
    /// There is no git on this machine.
    #[error("git cannot be started: install git 2.31 or newer, and see that it is on the PATH")]
    NoGit(#[source] std::io::Error),
    /// The cache cannot be made or written.
    #[error("the folder {dir} cannot be used: {source}")]
    Cache {
        /// The folder.
        dir: String,
        /// Why not.
        source: std::io::Error,
    },
    /// An address that is not allowed.
    #[error("{0:?} is not an address of a repository: use a path, https:// or ssh://")]
    Url(String),
    /// A branch, ref or path that is not allowed.
    #[error("{0:?} is not allowed as a {1} in a repository")]
    Name(String, &'static str),
    /// Not a plain file.
    #[error("{0} is not a plain file in the repository")]
    NotAFile(String),
    /// git answered something else than it promises.
    #[error("git answered something unexpected: {0}")]
    Answer(String),
    /// git said no.
    #[error("git {verb} failed: {output}")]
    Failed {
        /// What git was asked to do.
        verb: String,
        /// What it said.
        output: String,
    },
}

impl RepoError {
    /// The code, for machines.
    pub fn code(&self) -> &'static str {
        match self {
            RepoError::NoGit(_) => "repo.no_git",
            RepoError::Cache { .. } => "repo.cache",
            RepoError::Url(_) => "url.scheme",
            RepoError::Name(_, "path") => "path.escape",
            RepoError::Name(..) => "ref.invalid",
            RepoError::NotAFile(_) => "path.not_a_file",
            RepoError::Answer(_) | RepoError::Failed { .. } => "repo.failed",
        }
    }
}
