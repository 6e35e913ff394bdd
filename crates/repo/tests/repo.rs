//! The fence, against real git.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use gradus_repo::{Message, Pushed, Repo};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

fn bare(dir: &Path) -> String {
    let path = dir.join("remote.git");
    assert!(
        Command::new("git")
            .args(["init", "-q", "--bare"])
            .arg(&path)
            .status()
            .unwrap()
            .success()
    );
    path.display().to_string()
}

fn files(text: &str) -> BTreeMap<String, Option<String>> {
    BTreeMap::from([("dev/web.yaml".to_owned(), Some(text.to_owned()))])
}

fn message() -> Message {
    Message {
        text: "promote\n".into(),
        at: "2026-11-21T10:00:00Z".parse().unwrap(),
    }
}

#[test]
fn the_same_promotion_twice_makes_one_commit_and_a_different_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let url = bare(dir.path());
    let one = Repo::open(&dir.path().join("one"), &url, "main").unwrap();
    let two = Repo::open(&dir.path().join("two"), &url, "main").unwrap();
    assert_eq!(one.fetch().unwrap(), None);
    let first = one.commit(None, &files("a"), &message()).unwrap();
    assert_eq!(
        first,
        two.commit(None, &files("a"), &message()).unwrap(),
        "the commit is deterministic"
    );
    assert_eq!(one.push(&first, None, "w/web-1").unwrap(), Pushed::Done);
    assert_eq!(two.marker("w/web-1").unwrap(), Some(first.clone()));
    let other = two.commit(None, &files("b"), &message()).unwrap();
    assert_eq!(two.push(&other, None, "w/web-1").unwrap(), Pushed::Refused);
    assert_eq!(two.fetch().unwrap(), Some(first.clone()));
    assert_eq!(two.read(&first, "dev/web.yaml").unwrap().as_deref(), Some("a"));
    assert_eq!(two.read(&first, "dev/none.yaml").unwrap(), None);
}

#[test]
fn a_moved_branch_refuses_both_refs() {
    let dir = tempfile::tempdir().unwrap();
    let url = bare(dir.path());
    let repo = Repo::open(&dir.path().join("one"), &url, "main").unwrap();
    let base = repo.commit(None, &files("a"), &message()).unwrap();
    assert_eq!(repo.push(&base, None, "w/web-1").unwrap(), Pushed::Done);
    let ours = repo.commit(Some(&base), &files("b"), &message()).unwrap();
    let theirs = repo.commit(Some(&base), &files("c"), &message()).unwrap();
    assert_eq!(repo.push(&theirs, Some(&base), "w/web-2").unwrap(), Pushed::Done);
    assert_eq!(repo.push(&ours, Some(&base), "w/web-3").unwrap(), Pushed::Refused);
    assert_eq!(
        repo.marker("w/web-3").unwrap(),
        None,
        "nothing of a refused push is there"
    );
}

#[test]
fn an_unreachable_remote_is_an_error_and_not_a_refusal() {
    let dir = tempfile::tempdir().unwrap();
    let repo = Repo::open(&dir.path().join("one"), "/nowhere/at/all.git", "main").unwrap();
    assert_eq!(repo.fetch().unwrap_err().code(), "repo.failed");
}
