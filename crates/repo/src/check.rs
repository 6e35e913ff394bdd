//! What may be handed to git: checked here, before git is started.

use crate::RepoError;

/// An address: a local path, `https`, `ssh`, or the short form of the latter, and `http` and `git` on
/// this machine. No transport that runs a program, no credentials, nothing that git would read as an option.
pub fn url(text: &str) -> Result<String, RepoError> {
    // What stands before an @ may be a secret, and is not repeated.
    let shown = text
        .rsplit_once('@')
        .map_or(text.to_owned(), |(_, rest)| format!("…@{rest}"));
    let refuse = || RepoError::Url(shown.clone());
    let odd = |c: char| c.is_control() || c.is_whitespace();
    if text.is_empty() || text.starts_with('-') || text.contains("::") || text.chars().any(odd) {
        return Err(refuse());
    }
    let host = match text.split_once("://") {
        // A path, or the short form of ssh: `git@host:acme/x.git`.
        None => {
            let host = text.split_once(':').map_or("", |(host, _)| host);
            let host = host.rsplit('@').next().unwrap_or_default();
            return if host.starts_with('-') {
                Err(refuse())
            } else {
                Ok(text.to_owned())
            };
        }
        Some(("https", rest)) if !authority(rest).contains('@') => rest,
        Some(("ssh", rest)) => rest,
        // Unencrypted only to this machine itself.
        Some(("http" | "git", rest)) if is_loopback(authority(rest)) => rest,
        Some(_) => return Err(refuse()),
    };
    let host = authority(host).rsplit('@').next().unwrap_or_default();
    let password = authority(text.split_once("://").map(|(_, rest)| rest).unwrap_or_default());
    let secret = password
        .rsplit_once('@')
        .is_some_and(|(user, _)| user.contains(':'));
    if host.is_empty() || host.starts_with('-') || secret {
        Err(refuse())
    } else {
        Ok(text.to_owned())
    }
}

fn is_loopback(authority: &str) -> bool {
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    matches!(host, "127.0.0.1" | "localhost" | "[::1]")
}

fn authority(rest: &str) -> &str {
    rest.split('/').next().unwrap_or_default()
}

/// A name whose parts git can keep as a ref, and that no shell, option parser or eye misreads.
fn ref_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._/".contains(c);
    let part = |part: &str| {
        !part.is_empty() && !part.starts_with(['.', '-']) && !part.ends_with('.') && !part.ends_with(".lock")
    };
    text.chars().all(plain) && !text.contains("..") && text.split('/').all(part) && text.len() <= 200
}

/// A branch.
pub(crate) fn branch(text: &str) -> Result<String, RepoError> {
    if ref_name(text) {
        Ok(text.to_owned())
    } else {
        Err(RepoError::Name(text.to_owned(), "branch"))
    }
}

/// A marker.
pub(crate) fn marker(text: &str) -> Result<String, RepoError> {
    if ref_name(text) {
        Ok(text.to_owned())
    } else {
        Err(RepoError::Name(text.to_owned(), "marker"))
    }
}

/// A path inside the repository: relative, forward, with nothing hidden in it.
pub fn file_path(text: &str) -> Result<String, RepoError> {
    let odd = |c: char| c.is_control() || c == '\\' || c == '"' || ('\u{200b}'..='\u{206f}').contains(&c);
    // Some file systems fold case, and some drop characters nobody sees.
    let git_folder = |part: &str| {
        let part = part.to_lowercase();
        [".git", "git~1"].contains(&part.trim_end_matches(['.', ' ']))
    };
    let bad = |part: &str| part.is_empty() || part == "." || part == ".." || git_folder(part);
    if text.starts_with('-') || text.chars().any(odd) || text.split('/').any(bad) || text.len() > 1000 {
        return Err(RepoError::Name(text.to_owned(), "path"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_run_programs_or_carry_secrets_are_refused() {
        for bad in [
            "ext::sh -c id",
            "file:///etc",
            "git://host/x",
            "http://host/x",
            "-oProxyCommand=id",
            "ssh://-oProxyCommand=id/x",
            "https://user:secret@host/x",
            "ssh://git:secret@host/x",
            "https:///x",
            "git://127.0.0.1.example.com/x",
            "http://user:secret@127.0.0.1/x",
            "git@-oProxyCommand=id:x",
            "fd::17",
            "",
            "a b",
            "x\ny",
        ] {
            assert!(url(bad).is_err(), "{bad:?}");
        }
        for good in [
            "/srv/deploy.git",
            "../deploy.git",
            "https://forge.example/acme/deploy.git",
            "ssh://git@forge.example/x",
            "git://127.0.0.1:9418/x",
            "git@forge.example:acme/x.git",
        ] {
            assert!(url(good).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn paths_stay_inside() {
        for bad in [
            "../x",
            "/x",
            "a/../b",
            "a//b",
            ".git/config",
            "a/.GIT/x",
            "a/.git./x",
            "a/GIT~1/config",
            "a/.g\u{200c}it/config",
            "-x",
            "a\\b",
            "a\nb",
            "a\u{202e}b",
            "",
            ".",
        ] {
            assert!(file_path(bad).is_err(), "{bad:?}");
        }
        assert!(file_path("apps/web/production.yaml").is_ok());
    }

    #[test]
    fn refs_are_plain() {
        for bad in [
            "--upload-pack=id",
            "-x",
            "a..b",
            "a b",
            "$(id)",
            "a\n",
            "x.lock",
            "a/",
            "@{u}",
            "a/-b",
        ] {
            assert!(branch(bad).is_err() && marker(bad).is_err(), "{bad:?}");
        }
        assert!(marker("w/web-1").is_ok() && branch("release/1.x").is_ok());
    }
}
