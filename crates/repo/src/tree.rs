//! Trees: a folder's new tree from its old one, touching only the folders on the way to a change.
//!
//! However many files a repository has, a commit costs as many folders as its files are deep.

use crate::RepoError;
use crate::command::Git;
use std::collections::BTreeMap;

/// The mode of a plain file.
const PLAIN: &str = "100644";

/// What changes in a folder: new contents of files, and changes of the folders in it.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    files: BTreeMap<String, Option<String>>,
    folders: BTreeMap<String, Changes>,
}

/// One line of a tree.
struct Entry {
    mode: String,
    kind: String,
    id: String,
}

impl Changes {
    /// Notes that a file has a new content, by the id of its blob, or is gone.
    pub(crate) fn add(&mut self, path: &str, blob: Option<String>) {
        match path.split_once('/') {
            None => drop(self.files.insert(path.to_owned(), blob)),
            Some((folder, rest)) => self.folders.entry(folder.to_owned()).or_default().add(rest, blob),
        }
    }

    /// Writes the tree that comes of another one, and says its id.
    pub(crate) fn write(&self, git: &Git, before: Option<&str>) -> Result<String, RepoError> {
        match self.write_folder(git, before)? {
            Some(id) => Ok(id),
            None => make(git, ""),
        }
    }

    /// The same for a folder, which is gone when nothing is left in it.
    fn write_folder(&self, git: &Git, before: Option<&str>) -> Result<Option<String>, RepoError> {
        let mut entries = before
            .map(|tree| list(git, tree))
            .transpose()?
            .unwrap_or_default();
        for (name, blob) in &self.files {
            let Some(blob) = blob else {
                entries.remove(name);
                continue;
            };
            let mode = match entries.get(name) {
                None => PLAIN.to_owned(),
                // One that could be run stays so.
                Some(old) if old.kind == "blob" && old.mode.starts_with("100") => old.mode.clone(),
                Some(_) => return Err(RepoError::NotAFile(name.clone())),
            };
            let entry = Entry {
                mode,
                kind: "blob".to_owned(),
                id: blob.clone(),
            };
            entries.insert(name.clone(), entry);
        }
        for (name, inside) in &self.folders {
            let old = match entries.get(name) {
                None => None,
                Some(old) if old.kind == "tree" => Some(old.id.as_str()),
                Some(_) => return Err(RepoError::NotAFile(name.clone())),
            };
            // Git knows no empty folders.
            let Some(id) = inside.write_folder(git, old)? else {
                entries.remove(name);
                continue;
            };
            let entry = Entry {
                id,
                mode: "040000".to_owned(),
                kind: "tree".to_owned(),
            };
            entries.insert(name.clone(), entry);
        }
        let mut lines = String::new();
        for (name, Entry { mode, kind, id }) in &entries {
            lines.push_str(&format!("{mode} {kind} {id}\t{name}\0"));
        }
        (!lines.is_empty()).then(|| make(git, &lines)).transpose()
    }
}

fn make(git: &Git, lines: &str) -> Result<String, RepoError> {
    let id = git.run_with_input(&["mktree", "-z"], lines)?;
    Ok(id.trim().to_owned())
}

fn list(git: &Git, tree: &str) -> Result<BTreeMap<String, Entry>, RepoError> {
    let listed = git.run(&["ls-tree", "-z", tree])?;
    let lines = listed.split('\0').filter(|line| !line.is_empty());
    let read = |line: &str| {
        let (head, name) = line.split_once('\t')?;
        let mut fields = head.split(' ');
        let (mode, kind, id) = (fields.next()?, fields.next()?, fields.next()?);
        let entry = Entry {
            mode: mode.to_owned(),
            kind: kind.to_owned(),
            id: id.to_owned(),
        };
        Some((name.to_owned(), entry))
    };
    let wrong = || RepoError::Answer("a tree that cannot be read".to_owned());
    lines.map(|line| read(line).ok_or_else(wrong)).collect()
}
