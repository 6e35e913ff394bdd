//! The same delivery over every transport; HTTP has a file of its own.

use crate::servers::{daemon, files, message, ssh};
use gradus_repo::{Pushed, Repo};

/// Delivers twice; the second time it is found.
fn delivers(repo: &Repo) {
    assert_eq!(repo.fetch().unwrap(), None);
    let first = repo
        .commit(None, &files("dev/web.yaml", "a"), &message("one\n", "w/web-1"))
        .unwrap();
    assert_eq!(repo.push(&first, None, "w/web-1").unwrap(), Pushed::Done);
    assert_eq!(repo.marker("w/web-1").unwrap(), Some(first.clone()));
    let other = repo
        .commit(None, &files("dev/web.yaml", "b"), &message("two\n", "w/web-1"))
        .unwrap();
    assert_eq!(repo.push(&other, None, "w/web-1").unwrap(), Pushed::Refused);
    assert_eq!(repo.fetch().unwrap(), Some(first));
}

#[test]
fn over_git_s_own_protocol_on_this_machine() {
    let dir = tempfile::tempdir().unwrap();
    let (_stop, url) = daemon::server(dir.path());
    delivers(&Repo::open(&dir.path().join("cache"), &url, "main").unwrap());
}

#[test]
fn over_ssh_with_a_key() {
    let dir = tempfile::tempdir().unwrap();
    let server = ssh::server(dir.path());
    let open = |cache: &str, key: &str, known: &str| {
        let repo = Repo::open(&dir.path().join("caches").join(cache), &server.url, "main").unwrap();
        repo.signed_in(server.credential(key, known))
    };
    delivers(&open("good", "user", "known"));
    // A key that nobody let in, and no key.
    assert_eq!(
        open("wrong", "stranger", "known").fetch().unwrap_err().code(),
        "repo.login"
    );
    assert_eq!(
        open("none", "nowhere", "known").fetch().unwrap_err().code(),
        "repo.login"
    );
    // A host that is not known, or is not the one that was: nothing is sent, and nothing is asked.
    for known in ["empty", "known_other"] {
        let error = open(known, "user", known).fetch().unwrap_err();
        assert_eq!(error.code(), "repo.host_key", "{error}");
    }
    assert!(
        !dir.path().join("empty").exists(),
        "no host becomes known by being asked"
    );
}
