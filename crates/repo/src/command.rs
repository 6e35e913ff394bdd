//! Running git: arguments only, never a shell; no configuration but ours, no hooks, no prompts.

use crate::credential::{Credential, Proof, ssh};
use crate::{RepoError, said};
use gradus_model::Timestamp;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Settings that hold whatever the machine's own configuration says.
const SETTINGS: [&str; 16] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "protocol.allow=never",
    "protocol.file.allow=always",
    "protocol.http.allow=always",
    "protocol.https.allow=always",
    "protocol.git.allow=always",
    "http.followRedirects=false",
    "http.lowSpeedLimit=1",
    "http.lowSpeedTime=60",
    "credential.helper=",
    "submodule.recurse=false",
    "protocol.ssh.allow=always",
    "gc.auto=0",
    "commit.gpgSign=false",
    "push.gpgSign=false",
];

/// What of the environment's own is kept: where git is, and whom it trusts.
const KEPT: [&str; 3] = ["GIT_EXEC_PATH", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH"];
/// How much of what a failing git says is read.
const LONGEST: usize = 8_000;

/// What git said.
pub(crate) struct Told {
    pub(crate) good: bool,
    pub(crate) answer: String,
    pub(crate) remarks: String,
}

/// A way to run git in one bare repository.
#[derive(Debug, Clone)]
pub(crate) struct Git {
    pub(crate) dir: PathBuf,
    at: Option<Timestamp>,
    /// The folder that files are put into, and the index that they are put by.
    folder: Option<(PathBuf, PathBuf)>,
    credential: Option<Credential>,
}

impl Git {
    pub(crate) fn new(dir: PathBuf) -> Result<Self, RepoError> {
        let git = Self {
            dir,
            at: None,
            folder: None,
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

    pub(crate) fn in_folder(&self, folder: &Path, index: &Path) -> Self {
        Self {
            folder: Some((folder.to_path_buf(), index.to_path_buf())),
            ..self.clone()
        }
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
        let told = self.tell(arguments, input)?;
        if told.good {
            return Ok(told.answer);
        }
        let verb = arguments.first().copied().unwrap_or_default();
        let output = [told.answer, told.remarks].concat();
        let remote = ["ls-remote", "fetch", "push"].contains(&verb);
        let cause = remote.then(|| said::cause(&output)).flatten();
        Err(cause.unwrap_or_else(|| RepoError::Failed {
            verb: verb.to_owned(),
            output: said::plain(&output),
        }))
    }

    /// Runs git to its end, however it ends. No secret is in what it said.
    pub(crate) fn tell(&self, arguments: &[&str], input: &str) -> Result<Told, RepoError> {
        let mut child = self.command(arguments).spawn().map_err(RepoError::NoGit)?;
        if let Some(mut stdin) = child.stdin.take() {
            // A git that does not read its input says why in its output.
            let _ = stdin.write_all(input.as_bytes());
        }
        let out = child.wait_with_output().map_err(RepoError::NoGit)?;
        let good = out.status.success();
        if good {
            let answer = String::from_utf8(out.stdout)
                .map_err(|_| RepoError::Answer("text that is not UTF-8".into()))?;
            let remarks = String::new();
            return Ok(Told {
                good,
                answer,
                remarks,
            });
        }
        let shown = |bytes: &[u8]| {
            let text: String = String::from_utf8_lossy(bytes).chars().take(LONGEST).collect();
            match &self.credential {
                Some(credential) => credential.hidden_in(&text),
                None => text,
            }
        };
        Ok(Told {
            good,
            answer: shown(&out.stdout),
            remarks: shown(&out.stderr),
        })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        // Where git is started matters only where it puts files.
        let dir = self.dir.canonicalize().unwrap_or_else(|_| self.dir.clone());
        command.arg("--git-dir").arg(dir);
        if let Some((folder, _)) = &self.folder {
            command.current_dir(folder).args(["--work-tree", "."]);
            command.args(["-c", "core.bare=false", "-c", "core.symlinks=false"]);
        }
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // Whoever starts us has settings of git's in the environment, perhaps for another repository.
        let foreign = std::env::vars_os().map(|(name, _)| name).filter(|name| {
            let name = name.to_string_lossy();
            (name.starts_with("GIT_") && !KEPT.contains(&name.as_ref())) || name == "SSH_ASKPASS"
        });
        for name in foreign {
            command.env_remove(name);
        }
        command
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
        command.env("GIT_SSH_COMMAND", ssh(self.credential.as_ref()));
        command.env("GIT_SSH_VARIANT", "ssh");
        // In the environment, which only this user can read, and never among the arguments.
        if let Some(Credential {
            url,
            proof: Proof::Header(header),
        }) = &self.credential
        {
            command
                .env("GIT_CONFIG_COUNT", "1")
                .env("GIT_CONFIG_KEY_0", format!("http.{url}.extraHeader"))
                .env("GIT_CONFIG_VALUE_0", format!("Authorization: {header}"));
        }
        if let Some((_, index)) = &self.folder {
            command.env("GIT_INDEX_FILE", index);
        }
        if let Some(at) = self.at {
            let when = format!("@{} +0000", at.as_second());
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
