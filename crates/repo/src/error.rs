//! What can go wrong with git, and what to do about it.

use gradus_model::Marker;

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
    /// The server cannot be reached.
    #[error("the server of the repository cannot be reached ({0}): look at its address and the network")]
    Unreachable(String),
    /// The server does not let us in.
    #[error("the server does not let us in ({0}): .gradus/server.json lists the logins under git")]
    Login(String),
    /// The server shows another key than the one that is known, or one that is not.
    #[error("the server's host key is not known ({0}): add it to the file that known_hosts names")]
    HostKey(String),
    /// The server has no such repository, or does not show it to us.
    #[error("the server has no such repository ({0}): look at its address, and who may read it")]
    Missing(String),
    /// The server cannot take several refs at once.
    #[error(
        "the server cannot take a branch and a marker in one push: set marker: trailer for the repository"
    )]
    NotAtomic,
    /// The server refuses the ref that marks a delivery.
    #[error("the server refuses the marker ({said}): set {} for the repository", instead(*.marker))]
    Marker {
        /// How it was to be written.
        marker: Marker,
        /// What the server said.
        said: String,
    },
    /// The server refuses the push, by a hook or a rule of its own.
    #[error("the server refuses the push: {0}; what it asks for must be mended there")]
    Declined(String),
    /// git said no.
    #[error("git {verb} failed: {output}")]
    Failed {
        /// What git was asked to do.
        verb: String,
        /// What it said.
        output: String,
    },
}

/// The setting to take where a kind of marker is refused.
fn instead(marker: Marker) -> &'static str {
    match marker {
        Marker::Ref => "marker: tag, or marker: trailer,",
        Marker::Tag | Marker::Trailer => "marker: trailer",
    }
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
            RepoError::Unreachable(_) => "repo.unreachable",
            RepoError::Login(_) => "repo.login",
            RepoError::HostKey(_) => "repo.host_key",
            RepoError::Missing(_) => "repo.missing",
            RepoError::NotAtomic => "repo.not_atomic",
            RepoError::Marker { .. } => "repo.marker",
            RepoError::Declined(_) => "repo.declined",
            RepoError::Answer(_) | RepoError::Failed { .. } => "repo.failed",
        }
    }

    /// Whether trying again can help, without anybody mending anything.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            RepoError::Failed { .. }
                | RepoError::Cache { .. }
                | RepoError::Unreachable(_)
                | RepoError::Login(_)
                | RepoError::HostKey(_)
                | RepoError::Missing(_)
        )
    }
}
