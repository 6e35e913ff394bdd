//! `sshd` with a host key and a user key that live as long as the test.

use super::{Stop, free_port, git, quiet, up};
use gradus_repo::{Credential, Key, Proof};
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct Server {
    pub url: String,
    dir: PathBuf,
    _stop: Stop,
}

/// Serves `deploy.git` to whoever has the key `user`.
pub fn server(dir: &Path) -> Server {
    let repo = dir.join("deploy.git").display().to_string();
    git(&["init", "-q", "--bare", "-b", "main", &repo]);
    for name in ["host", "user", "stranger"] {
        key(&dir.join(name));
    }
    std::fs::copy(dir.join("user.pub"), dir.join("authorized")).unwrap();
    let (port, here) = (free_port(), dir.display());
    let host = std::fs::read_to_string(dir.join("host.pub")).unwrap();
    std::fs::write(dir.join("known"), format!("[127.0.0.1]:{port} {host}")).unwrap();
    let other = std::fs::read_to_string(dir.join("stranger.pub")).unwrap();
    std::fs::write(dir.join("known_other"), format!("[127.0.0.1]:{port} {other}")).unwrap();
    let config = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {here}/host\nPidFile {here}/pid\n\
         AuthorizedKeysFile {here}/authorized\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n\
         KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n"
    );
    std::fs::write(dir.join("config"), config).unwrap();
    // Where it is started by root it wants this folder, which otherwise the system's start makes.
    let _ = std::fs::create_dir_all("/run/sshd");
    let child = quiet(
        Command::new("/usr/sbin/sshd")
            .arg("-D")
            .arg("-f")
            .arg(dir.join("config")),
    );
    up(port);
    let user = Command::new("id").arg("-un").output().unwrap();
    let user = String::from_utf8(user.stdout).unwrap();
    Server {
        url: format!("ssh://{}@127.0.0.1:{port}{repo}", user.trim()),
        dir: dir.to_path_buf(),
        _stop: Stop(vec![child]),
    }
}

fn key(file: &Path) {
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(file)
        .status();
    assert!(made.unwrap().success());
}

impl Server {
    /// What proves who we are, with a key and a file of known hosts of this server's folder.
    pub fn credential(&self, key: &str, known_hosts: &str) -> Option<Credential> {
        let key = Key::new(&self.dir.join(key), Some(&self.dir.join(known_hosts))).unwrap();
        Some(Credential {
            url: self.url.clone(),
            proof: Proof::Key(key),
        })
    }
}
