//! A commit as a folder, for programs that read folders.

use crate::{Repo, RepoError};
use gradus_model::Commit;
use std::path::Path;

impl Repo {
    /// Puts the files of a commit into an empty folder. Links become plain files that hold their
    /// targets, so that nothing leads out of it.
    pub fn export(&self, commit: &Commit, folder: &Path) -> Result<(), RepoError> {
        let cannot = |source| RepoError::Cache {
            dir: folder.display().to_string(),
            source,
        };
        std::fs::create_dir_all(folder).map_err(cannot)?;
        let folder = folder.canonicalize().map_err(cannot)?;
        // Git keeps what it takes for its index out of the folder, and of other exports.
        let index = folder.with_extension("index");
        let git = self.git.in_folder(&folder, &index);
        let done = git
            .run(&["read-tree", commit.as_str()])
            .and_then(|_| git.run(&["checkout-index", "--all", "--quiet"]));
        let _ = std::fs::remove_file(index);
        done.map(drop)
    }
}
