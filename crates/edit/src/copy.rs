//! Making a folder equal to another, except for what it keeps.

use crate::{EditError, Glob, Place, Why};
use std::collections::{BTreeMap, BTreeSet};

/// The files of a folder: their paths inside it, and their texts.
pub type Files = BTreeMap<String, String>;

/// One file that has to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copied {
    /// It gets this text.
    Write {
        /// Its path.
        path: String,
        /// Its text.
        text: String,
    },
    /// It goes.
    Delete {
        /// Its path.
        path: String,
    },
}

/// What has to happen so that `target` equals `source`, except for the paths that `keep` names: those stay
/// as they are in the target, present or absent.
pub fn copy(source: &Files, target: &Files, keep: &[Glob]) -> Result<Vec<Copied>, EditError> {
    for path in source.keys().chain(target.keys()) {
        if let Some(reason) = leads_elsewhere(path) {
            return Err(refusal(path, reason));
        }
    }
    let kept = |path: &str| keep.iter().any(|glob| glob.matches(path));
    let brought: BTreeSet<&str> = source
        .keys()
        .map(String::as_str)
        .filter(|path| !kept(path))
        .collect();
    let stays = target.keys().map(String::as_str).filter(|path| kept(path));
    let all: BTreeSet<&str> = brought.iter().copied().chain(stays).collect();
    for path in &all {
        let mut folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        if let Some(folder) = folders.find(|folder| all.contains(folder)) {
            let reason = "a file stands in the place of its folder: keep both or neither";
            return Err(refusal(&format!("{path} (in {folder})"), reason));
        }
    }
    let deletes = target
        .keys()
        .filter(|path| !all.contains(path.as_str()))
        .map(|path| Copied::Delete { path: path.clone() });
    let writes = source
        .iter()
        .filter(|(path, text)| brought.contains(path.as_str()) && target.get(*path) != Some(text))
        .map(|(path, text)| Copied::Write {
            path: path.clone(),
            text: text.clone(),
        });
    // Deletes first: a file may have to make way for a folder.
    Ok(deletes.chain(writes).collect())
}

fn refusal(path: &str, reason: &'static str) -> EditError {
    EditError {
        place: Place { line: 1, column: 1 },
        why: Why::Copy(path.to_owned(), reason),
    }
}

/// Why a path is none of a file inside the folder.
fn leads_elsewhere(path: &str) -> Option<&'static str> {
    let mut parts = path.split('/');
    if path.chars().any(|c| c.is_control() || c == '\\') {
        Some("its path has a backslash or a control character")
    } else if parts.clone().any(|part| matches!(part, "" | "." | "..")) {
        Some("its path is not a plain one inside the folder")
    } else if parts.any(|part| part.eq_ignore_ascii_case(".git")) {
        Some("it belongs to git itself")
    } else {
        None
    }
}
