//! Running git: arguments only, never a shell; no configuration but ours, no hooks, no prompts.

use crate::RepoError;
use gradus_model::Timestamp;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Settings that hold whatever the machine's own configuration says.
const SETTINGS: [&str; 13] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "protocol.allow=never",
    "protocol.file.allow=always",
    "protocol.http.allow=always",
    "protocol.https.allow=always",
    "http.followRedirects=false",
    "credential.helper=",
    "submodule.recurse=false",
    "protocol.ssh.allow=always",
    "gc.auto=0",
    "commit.gpgSign=false",
    "push.gpgSign=false",
];

/// A way to run git in one bare repository.
#[derive(Debug, Clone)]
pub(crate) struct Git {
    pub(crate) dir: PathBuf,
    at: Option<Timestamp>,
    credential: Option<Credential>,
}

/// What proves to a server who we are: a header, sent to one server only.
#[derive(Clone)]
pub struct Credential {
    /// The beginning of the addresses it is for.
    pub url: String,
    /// The header's value: `Basic …` or `Bearer …`.
    pub authorization: String,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credential for {}", self.url)
    }
}

impl Git {
    pub(crate) fn new(dir: PathBuf) -> Result<Self, RepoError> {
        let git = Self {
            dir,
            at: None,
            credential: None,
        };
        if git.dir.join("HEAD").exists() {
            return Ok(git);
        }
        let cache = |source| RepoError::Cache {
            dir: git.dir.display().to_string(),
            source,
        };
        std::fs::create_dir_all(&git.dir).map_err(cache)?;
        git.run(&["init", "--quiet", "--bare"])?;
        Ok(git)
    }

    pub(crate) fn with(self, credential: Option<Credential>) -> Self {
        Self { credential, ..self }
    }

    pub(crate) fn at(&self, at: Timestamp) -> Self {
        Self {
            at: Some(at),
            ..self.clone()
        }
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Result<String, RepoError> {
        self.run_with_input(arguments, "")
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Result<String, RepoError> {
        let mut command = self.command(arguments);
        let mut child = command.spawn().map_err(RepoError::NoGit)?;
        if let Some(mut stdin) = child.stdin.take() {
            // A git that does not read its input says why in its output.
            let _ = stdin.write_all(input.as_bytes());
        }
        let out = child.wait_with_output().map_err(RepoError::NoGit)?;
        if out.status.success() {
            return String::from_utf8(out.stdout)
                .map_err(|_| RepoError::Answer("text that is not UTF-8".into()));
        }
        let said = [out.stdout, out.stderr].concat();
        let mut output: String = String::from_utf8_lossy(&said).trim().chars().take(2000).collect();
        if let Some(credential) = &self.credential {
            let secret = credential
                .authorization
                .split(' ')
                .next_back()
                .unwrap_or_default();
            output = output
                .replace(&credential.authorization, "…")
                .replace(secret, "…");
        }
        Err(RepoError::Failed {
            verb: arguments.first().copied().unwrap_or_default().to_owned(),
            output,
        })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("--git-dir").arg(&self.dir);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in [
            "GIT_DIR",
            "GIT_WORK_TREE",
            "GIT_INDEX_FILE",
            "GIT_OBJECT_DIRECTORY",
            "GIT_CONFIG_PARAMETERS",
            "GIT_CONFIG_COUNT",
            "GIT_TRACE",
            "GIT_TRACE_CURL",
            "GIT_CURL_VERBOSE",
        ] {
            command.env_remove(name);
        }
        command
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
        command.env("GIT_SSH_COMMAND", "ssh -oBatchMode=yes");
        // In the environment, which only this user can read, and never among the arguments.
        if let Some(credential) = &self.credential {
            command
                .env("GIT_CONFIG_COUNT", "1")
                .env("GIT_CONFIG_KEY_0", format!("http.{}.extraHeader", credential.url))
                .env(
                    "GIT_CONFIG_VALUE_0",
                    format!("Authorization: {}", credential.authorization),
                );
        }
        if let Some(at) = self.at {
            let when = format!("{} +0000", at.as_second());
            for who in ["AUTHOR", "COMMITTER"] {
                command
                    .env(format!("GIT_{who}_NAME"), "Gradus")
                    .env(format!("GIT_{who}_EMAIL"), "gradus@localhost");
                command.env(format!("GIT_{who}_DATE"), &when);
            }
        }
        command
    }
}
