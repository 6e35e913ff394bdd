//! The fence, against real git.

use crate::servers::{files, git, message};
use gradus_repo::{Pushed, Repo};
use std::path::Path;

fn bare(dir: &Path) -> String {
    let path = dir.join("remote.git").display().to_string();
    git(&["init", "-q", "--bare", &path]);
    path
}

const WEB: &str = "dev/web.yaml";

#[test]
fn the_same_promotion_twice_makes_one_commit_and_a_different_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let url = bare(dir.path());
    let one = Repo::open(&dir.path().join("one"), &url, "main").unwrap();
    let two = Repo::open(&dir.path().join("two"), &url, "main").unwrap();
    assert_eq!(one.fetch().unwrap(), None);
    let first = one
        .commit(None, &files(WEB, "a"), &message("promote\n", "w/web-1"))
        .unwrap();
    assert_eq!(
        first,
        two.commit(None, &files(WEB, "a"), &message("promote\n", "w/web-1"))
            .unwrap(),
        "the commit is deterministic"
    );
    assert_eq!(one.push(&first, None, "w/web-1").unwrap(), Pushed::Done);
    assert_eq!(two.marker("w/web-1").unwrap(), Some(first.clone()));
    let other = two
        .commit(None, &files(WEB, "b"), &message("promote\n", "w/web-1"))
        .unwrap();
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
    let base = repo
        .commit(None, &files(WEB, "a"), &message("promote\n", "w/web-1"))
        .unwrap();
    assert_eq!(repo.push(&base, None, "w/web-1").unwrap(), Pushed::Done);
    let ours = repo
        .commit(Some(&base), &files(WEB, "b"), &message("promote\n", "w/web-1"))
        .unwrap();
    let theirs = repo
        .commit(Some(&base), &files(WEB, "c"), &message("promote\n", "w/web-1"))
        .unwrap();
    assert_eq!(repo.push(&theirs, Some(&base), "w/web-2").unwrap(), Pushed::Done);
    assert_eq!(repo.push(&ours, Some(&base), "w/web-3").unwrap(), Pushed::Refused);
    assert_eq!(
        repo.marker("w/web-3").unwrap(),
        None,
        "nothing of a refused push is there"
    );
}

#[test]
fn a_missing_remote_is_an_error_and_not_a_refusal() {
    let dir = tempfile::tempdir().unwrap();
    let repo = Repo::open(&dir.path().join("one"), "/nowhere/at/all.git", "main").unwrap();
    assert_eq!(repo.fetch().unwrap_err().code(), "repo.missing");
}
