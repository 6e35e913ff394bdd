//! Servers that say no: each time the cause, a code, and what to do.

use crate::servers::{daemon, files, free_port, git, message};
use gradus_model::{Commit, Marker};
use gradus_repo::{Pushed, Repo, RepoError};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

struct Remote {
    dir: tempfile::TempDir,
    url: String,
}

impl Remote {
    fn new(settings: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = dir.path().join("remote.git").display().to_string();
        git(&["init", "-q", "--bare", "-b", "main", &url]);
        for (name, value) in settings {
            git(&["-C", &url, "config", name, value]);
        }
        Self { dir, url }
    }

    fn hook(self, name: &str, script: &str) -> Self {
        let file = Path::new(&self.url).join("hooks").join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    fn open(&self, marker: Marker) -> Repo {
        let cache = self.dir.path().join(format!("cache-{}", marker.name()));
        Repo::open(&cache, &self.url, "main").unwrap().marked_by(marker)
    }

    fn deliver(&self, marker: Marker) -> Result<Pushed, RepoError> {
        let repo = self.open(marker);
        let commit = commit(&repo, None);
        repo.push(&commit, None, "w/web-1")
    }

    fn is_empty(&self) -> bool {
        git(&["-C", &self.url, "for-each-ref"]).is_empty()
    }

    fn allows(&self) -> gradus_repo::Allows {
        self.allows_with(Marker::Ref)
    }

    fn allows_with(&self, marker: Marker) -> gradus_repo::Allows {
        let at = "2026-11-21T10:00:00Z".parse().unwrap();
        self.open(marker).probe("1", at).unwrap()
    }
}

fn commit(repo: &Repo, parent: Option<&Commit>) -> Commit {
    let message = message("promote\n", "w/web-1");
    repo.commit(parent, &files("dev/web.yaml", "a"), &message)
        .unwrap()
}

fn told(error: &RepoError, code: &str, words: &[&str]) {
    let text = error.to_string();
    assert_eq!(error.code(), code, "{text}");
    for word in words {
        assert!(text.contains(word), "{word:?} is not in {text}");
    }
}

#[test]
fn where_a_server_takes_the_branch_and_hides_the_marker_it_is_delivered_and_found() {
    let remote = Remote::new(&[("receive.hideRefs", "refs/gradus")]);
    assert_eq!(remote.deliver(Marker::Ref).unwrap(), Pushed::Done);
    assert!(remote.open(Marker::Tag).marker("w/web-1").unwrap().is_some());
    let allows = remote.allows();
    assert!(allows.atomic && allows.refs.is_err() && allows.tags == Some(Ok(())));
    assert_eq!(allows.best(), Marker::Tag);
    let refs = git(&["-C", &remote.url, "for-each-ref", "--format=%(refname)"]);
    assert_eq!(refs, "refs/heads/main", "a probe leaves nothing");
}

#[test]
fn where_no_ref_but_branches_is_taken_the_trailer_is_the_way() {
    let script = "case $1 in refs/heads/*) ;; *) echo only branches here; exit 1;; esac";
    let remote = Remote::new(&[]).hook("update", script);
    told(
        &remote.deliver(Marker::Ref).unwrap_err(),
        "repo.marker",
        &["only branches here", "marker: tag"],
    );
    told(
        &remote.deliver(Marker::Tag).unwrap_err(),
        "repo.marker",
        &["only branches here", "marker: trailer"],
    );
    assert!(remote.is_empty());
    assert_eq!(remote.allows().best(), Marker::Trailer);
    assert_eq!(remote.deliver(Marker::Trailer).unwrap(), Pushed::Done);
}

#[test]
fn where_refs_are_taken_one_by_one_the_trailer_is_the_way() {
    let remote = Remote::new(&[("receive.advertiseAtomic", "false")]);
    told(
        &remote.deliver(Marker::Ref).unwrap_err(),
        "repo.not_atomic",
        &["marker: trailer"],
    );
    let allows = remote.allows();
    assert!(!allows.atomic && allows.refs.is_ok() && allows.tags.is_none());
    assert_eq!(allows.best(), Marker::Trailer);
    assert!(remote.is_empty());
    assert_eq!(remote.deliver(Marker::Trailer).unwrap(), Pushed::Done);
}

#[test]
fn what_a_hook_says_is_told_without_its_colours_and_its_length() {
    let script = "printf '\\033[31mno deploys on Friday\\033[0m\\n' >&2\nfor i in $(seq 2000); do echo noise >&2; done\nexit 1";
    let remote = Remote::new(&[]).hook("pre-receive", script);
    for kind in [Marker::Ref, Marker::Trailer] {
        let error = remote.deliver(kind).unwrap_err();
        told(&error, "repo.declined", &["no deploys on Friday"]);
        let text = error.to_string();
        assert!(
            text.len() < 1000 && !text.contains('\u{1b}') && !text.contains('\n'),
            "{text}"
        );
        assert!(!error.is_passing());
    }
    assert!(remote.is_empty());
}

#[test]
fn a_branch_that_is_protected_is_not_taken_for_a_marker_that_is_refused() {
    let remote = Remote::new(&[]).hook(
        "update",
        "case $1 in refs/heads/*) echo protected branch; exit 1;; esac",
    );
    told(
        &remote.deliver(Marker::Ref).unwrap_err(),
        "repo.declined",
        &["protected branch"],
    );
}

#[test]
fn a_probe_that_cannot_be_taken_away_is_told() {
    let script = "case $3 in 0000*) echo kept; exit 1;; esac";
    let remote = Remote::new(&[]).hook("update", script);
    assert_eq!(remote.allows().left, ["refs/gradus/probe-1"]);
    let tag = "refs/tags/gradus/probe-1";
    assert!(remote.allows_with(Marker::Tag).left.contains(&tag.to_owned()));
}

#[test]
fn servers_that_are_not_there_or_hold_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (stop, url) = daemon::server(dir.path());
    let fetch = |url: &str| {
        Repo::open(&dir.path().join("cache"), url, "main")
            .unwrap()
            .fetch()
    };
    let missing = url.replace("deploy", "other");
    told(
        &fetch(&missing).unwrap_err(),
        "repo.missing",
        &["look at its address"],
    );
    drop(stop);
    let port = free_port();
    for url in [
        url,
        format!("http://127.0.0.1:{port}/x.git"),
        format!("ssh://git@127.0.0.1:{port}/x.git"),
    ] {
        let error = fetch(&url).unwrap_err();
        told(&error, "repo.unreachable", &[]);
        assert!(error.is_passing(), "it may come back");
    }
}

#[test]
fn a_branch_that_moved_is_not_an_error_but_a_refusal() {
    let remote = Remote::new(&[]);
    for kind in [Marker::Ref, Marker::Tag, Marker::Trailer] {
        let repo = remote.open(kind);
        let head = repo.fetch().unwrap();
        let ours = commit(&repo, head.as_ref());
        let work = remote
            .dir
            .path()
            .join(format!("work-{}", kind.name()))
            .display()
            .to_string();
        git(&["clone", "-q", &remote.url, &work]);
        git(&[
            "-C",
            &work,
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@x",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "x",
        ]);
        git(&["-C", &work, "push", "-q", "origin", "HEAD:main"]);
        assert_eq!(
            repo.push(&ours, head.as_ref(), "w/web-9").unwrap(),
            Pushed::Refused,
            "{kind:?}"
        );
    }
}
