//! What proves to a git server who we are.

use crate::RepoError;
use std::path::Path;

/// The proof, and the only server that it is sent to.
#[derive(Clone)]
pub struct Credential {
    /// The beginning of the addresses it is for.
    pub url: String,
    /// The proof.
    pub proof: Proof,
}

/// A proof of who we are.
#[derive(Clone)]
pub enum Proof {
    /// Over HTTP, the value of a header: `Basic …` or `Bearer …`.
    Header(String),
    /// Over SSH, a key.
    Key(Key),
}

/// The file of an SSH key, and the file with the keys of the hosts that it may be shown to.
#[derive(Clone)]
pub struct Key {
    file: String,
    known_hosts: Option<String>,
}

impl Key {
    /// A key, by its file. git hands the line that starts ssh to a shell, so that only plain paths are taken.
    pub fn new(file: &Path, known_hosts: Option<&Path>) -> Result<Self, RepoError> {
        Ok(Self {
            file: plain(file)?,
            known_hosts: known_hosts.map(plain).transpose()?,
        })
    }
}

fn plain(path: &Path) -> Result<String, RepoError> {
    let text = path.display().to_string();
    let fine = |c: char| c.is_ascii_alphanumeric() || "-._/+@".contains(c);
    if text.is_empty() || text.starts_with('-') || !text.chars().all(fine) {
        return Err(RepoError::Name(text, "file of a key"));
    }
    Ok(text)
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credential for {}", self.url)
    }
}

impl Credential {
    /// The text without the secret, whoever repeated it.
    pub(crate) fn hidden_in(&self, text: &str) -> String {
        let Proof::Header(header) = &self.proof else {
            return text.to_owned();
        };
        let secret = header.split(' ').next_back().unwrap_or_default();
        text.replace(header, "…").replace(secret, "…")
    }
}

/// How ssh is started: it asks nothing, and talks to no host whose key it does not know.
pub(crate) fn ssh(credential: Option<&Credential>) -> String {
    let mut line =
        "ssh -oBatchMode=yes -oStrictHostKeyChecking=yes -oConnectTimeout=20 -oServerAliveInterval=15"
            .to_owned();
    if let Some(Proof::Key(key)) = credential.map(|credential| &credential.proof) {
        // No other key of this user is offered.
        line.push_str(&format!(" -oIdentitiesOnly=yes -i {}", key.file));
        if let Some(hosts) = &key.known_hosts {
            line.push_str(&format!(
                " -oUserKnownHostsFile={hosts} -oGlobalKnownHostsFile=/dev/null"
            ));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_key_never_says_anything_to_a_shell() {
        for bad in [
            "-oProxyCommand=id",
            "a b",
            "$(id)",
            "a;id",
            "a\nb",
            "`id`",
            "a'b",
            "",
        ] {
            assert!(Key::new(Path::new(bad), None).is_err(), "{bad:?}");
            assert!(
                Key::new(Path::new("key"), Some(Path::new(bad))).is_err(),
                "{bad:?}"
            );
        }
        let key = Key::new(Path::new("/etc/gradus/id_ed25519"), None).unwrap();
        let credential = Credential {
            url: "ssh://git@x/".into(),
            proof: Proof::Key(key),
        };
        assert!(ssh(Some(&credential)).ends_with(" -i /etc/gradus/id_ed25519"));
        assert!(ssh(None).contains("StrictHostKeyChecking=yes"));
    }
}
