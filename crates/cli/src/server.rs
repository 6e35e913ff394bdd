//! What whoever runs Gradus allows it on this machine: `.gradus/server.json`.
//!
//! The policy is text that somebody proposes; these settings are not.

use crate::error::{Failed, USAGE};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gradus_connect::Guard;
use gradus_repo::{Credential, Key, Proof};
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
    /// Whether policies may have programs run on this machine.
    #[serde(default)]
    pub(crate) run: bool,
    /// How to sign in to Argo CD.
    #[serde(default)]
    pub(crate) argocd: Vec<Login>,
    /// How to sign in to git servers.
    #[serde(default)]
    pub(crate) git: Vec<Login>,
}

/// How to sign in to one server: over HTTP with a secret, which stands in the environment or in a file, over SSH
/// with a key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    /// The beginning of the addresses it is for, up to a slash: `https://git.example.com/`.
    url: String,
    /// The user; left out, the secret is sent as a bearer token.
    user: Option<String>,
    /// The environment variable that holds the secret.
    secret_env: Option<String>,
    /// The file that holds the secret.
    secret_file: Option<std::path::PathBuf>,
    /// The file with the private SSH key.
    key_file: Option<std::path::PathBuf>,
    /// The file with the keys of the hosts that the SSH key may be shown to.
    known_hosts: Option<std::path::PathBuf>,
}

impl Login {
    fn wrong(&self, why: &str) -> Failed {
        let message = format!("the login for {} cannot be used: {why}", self.url);
        Failed::new(
            "server.settings",
            message,
            "name secret_env or secret_file, or, for ssh, key_file",
            USAGE,
        )
    }

    /// Without the slash, the secret would go to every server whose name begins like this one's.
    fn whole(&self) -> Result<(), Failed> {
        if self.url.ends_with(['/', ':']) {
            Ok(())
        } else {
            Err(self.wrong("its url must end with a slash"))
        }
    }

    fn secret(&self) -> Result<String, Failed> {
        self.whole()?;
        let secret = match (&self.secret_env, &self.secret_file) {
            (Some(name), None) => {
                std::env::var(name).map_err(|_| self.wrong(&format!("{name} is not set")))?
            }
            (None, Some(file)) => std::fs::read_to_string(file)
                .map_err(|error| self.wrong(&format!("{}: {error}", file.display())))?,
            _ => return Err(self.wrong("it names no secret, or two")),
        };
        Ok(secret.trim().to_owned())
    }

    fn key(&self, file: &Path, dir: &Path) -> Result<Credential, Failed> {
        self.whole()?;
        if self.secret_env.is_some() || self.secret_file.is_some() {
            return Err(self.wrong("it names a secret and a key"));
        }
        if !dir.join(file).exists() {
            return Err(self.wrong(&format!("{} is missing", file.display())));
        }
        let hosts = self.known_hosts.as_ref().map(|hosts| dir.join(hosts));
        let key = Key::new(&dir.join(file), hosts.as_deref());
        let key = key.map_err(|error| self.wrong(&error.to_string()))?;
        Ok(Credential {
            url: self.url.clone(),
            proof: Proof::Key(key),
        })
    }

    fn credential(&self, dir: &Path) -> Result<Credential, Failed> {
        if let Some(file) = &self.key_file {
            return self.key(file, dir);
        }
        let secret = self.secret()?;
        let authorization = match &self.user {
            Some(user) => format!("Basic {}", STANDARD.encode(format!("{user}:{secret}"))),
            None => format!("Bearer {secret}"),
        };
        let url = self.url.clone();
        let proof = Proof::Header(authorization);
        Ok(Credential { url, proof })
    }
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

    /// What proves to git servers who we are, read anew each time.
    pub(crate) fn credentials(&self, dir: &Path) -> Result<Vec<Credential>, Failed> {
        self.git.iter().map(|login| login.credential(dir)).collect()
    }

    /// How to sign in to Argo CD: with a token, or as a user with a password.
    pub(crate) fn logins(&self) -> Result<Vec<gradus_runtime::Login>, Failed> {
        let each = self.argocd.iter();
        each.map(|login| {
            Ok(gradus_runtime::Login {
                url: login.url.trim_end_matches('/').to_owned(),
                user: login.user.clone(),
                secret: login.secret()?,
            })
        })
        .collect()
    }

    /// The keys that may sign provenance. A file that cannot be read is an error, not one key less.
    pub(crate) fn signers(&self, dir: &Path) -> Result<Vec<gradus_evidence::Key>, Failed> {
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
            gradus_evidence::Key::from_pem(&text).map_err(|error| wrong(error.to_string()))
        };
        self.keys.iter().map(read).collect()
    }

    pub(crate) fn guard(&self) -> Guard {
        Guard::new(self.hosts.iter().cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials(login: &str, dir: &Path) -> Result<Vec<Credential>, String> {
        let server: Server = serde_json::from_str(&format!("{{\"git\": [{login}]}}")).unwrap();
        server.credentials(dir).map_err(|failed| failed.message)
    }

    #[test]
    fn a_login_has_one_secret_or_one_key_and_one_server() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("deploy"), "").unwrap();
        let at = |login: &str| credentials(login, dir.path());
        let found = at(r#"{"url": "ssh://git@x/", "key_file": "deploy", "known_hosts": "hosts"}"#).unwrap();
        assert!(matches!(found[0].proof, Proof::Key(_)));
        assert!(at(r#"{"url": "git@x:", "key_file": "deploy"}"#).is_ok());
        let bad = [
            (
                r#"{"url": "ssh://git@x", "key_file": "deploy"}"#,
                "must end with a slash",
            ),
            (
                r#"{"url": "ssh://git@x/", "key_file": "nowhere"}"#,
                "nowhere is missing",
            ),
            (
                r#"{"url": "ssh://git@x/", "key_file": "deploy", "secret_env": "X"}"#,
                "a secret and a key",
            ),
            (
                r#"{"url": "ssh://git@x/", "key_file": "deploy", "known_hosts": "$(id)"}"#,
                "not allowed",
            ),
            (r#"{"url": "https://x/"}"#, "names no secret"),
        ];
        for (login, told) in bad {
            let message = at(login).unwrap_err();
            assert!(message.contains(told), "{message}");
        }
    }
}
