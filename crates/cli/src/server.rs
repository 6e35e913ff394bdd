//! What whoever runs Gradus allows it on this machine: `.gradus/server.json`.
//!
//! The policy is text that somebody proposes; these settings are not.

use crate::error::{Failed, USAGE};
use gradus_connect::Guard;
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

    pub(crate) fn guard(&self) -> Guard {
        Guard::new(self.hosts.iter().cloned())
    }
}
