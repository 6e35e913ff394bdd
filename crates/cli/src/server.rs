//! What whoever runs Gradus allows it on this machine: `.gradus/server.json`.
//!
//! The policy is text that somebody proposes; these settings are not.

use crate::error::{Failed, USAGE};
use gradus_connect::Guard;
use gradus_evidence::Key;
use serde::Deserialize;
use std::path::Path;

/// The name of the file.
pub(crate) const FILE: &str = "server.json";

/// The settings; all of them may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    /// The hosts that may be asked, beside this machine: names, addresses, or `*.example.com`.
    #[serde(default)]
    pub(crate) hosts: Vec<String>,
    /// The files with the public keys, as PEM, that may sign provenance.
    #[serde(default)]
    pub(crate) keys: Vec<std::path::PathBuf>,
}

impl Server {
    /// Reads them from a workspace's folder.
    pub(crate) fn read(state: &Path) -> Result<Self, Failed> {
        let file = state.join(FILE);
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(crate::internal(&file.display().to_string(), error)),
        };
        serde_json::from_str(&text).map_err(|error| {
            let message = format!("{} cannot be read: {error}", file.display());
            let hint = "write {\"hosts\": [\"prometheus.example.com\"]}";
            Failed::new("server.settings", message, hint, USAGE)
        })
    }

    /// The keys that may sign provenance. A file that cannot be read is an error, not one key less.
    pub(crate) fn signers(&self, dir: &Path) -> Result<Vec<Key>, Failed> {
        let read = |file: &std::path::PathBuf| {
            let wrong = |why: String| {
                let message = format!("the key {} cannot be used: {why}", file.display());
                Failed::new(
                    "server.settings",
                    message,
                    "it should be a public key as PEM",
                    USAGE,
                )
            };
            let text = std::fs::read_to_string(dir.join(file)).map_err(|error| wrong(error.to_string()))?;
            Key::from_pem(&text).map_err(|error| wrong(error.to_string()))
        };
        self.keys.iter().map(read).collect()
    }

    pub(crate) fn guard(&self) -> Guard {
        Guard::new(self.hosts.iter().cloned())
    }
}
