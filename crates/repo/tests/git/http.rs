//! Git over HTTP, behind a password, on a real server; and many writers at once.

use crate::servers::http::{credential, server};
use crate::servers::{files, git, message};
use gradus_repo::{Pushed, Repo};
use std::path::Path;
use std::time::{Duration, Instant};

#[test]
fn over_http_with_a_password_and_never_without() {
    let dir = tempfile::tempdir().unwrap();
    let (_stop, port) = server(dir.path());
    let url = format!("http://127.0.0.1:{port}/deploy.git");
    let open = |name: &str, url: &str, credential| {
        let repo = Repo::open(&dir.path().join(name), url, "main").unwrap();
        repo.signed_in(credential)
    };
    let repo = open("good", &url, credential(port, "secret"));
    assert_eq!(repo.fetch().unwrap(), None);
    let commit = repo
        .commit(None, &files("dev/web.yaml", "a"), &message("one\n", "w/web-1"))
        .unwrap();
    assert_eq!(repo.push(&commit, None, "w/web-1").unwrap(), Pushed::Done);
    assert_eq!(repo.marker("w/web-1").unwrap(), Some(commit.clone()));
    let other = repo
        .commit(None, &files("dev/web.yaml", "b"), &message("two\n", "w/web-1"))
        .unwrap();
    assert_eq!(repo.push(&other, None, "w/web-1").unwrap(), Pushed::Refused);
    // A wrong password, and none, are errors that do not repeat the password, and nothing prompts.
    for (name, credential) in [("wrong", credential(port, "hunter2")), ("none", None)] {
        let error = open(name, &url, credential).fetch().unwrap_err();
        let text = error.to_string();
        assert!(
            error.code() == "repo.login" && !text.contains("hunter2"),
            "{text}"
        );
        assert!(!text.contains("aHVudGVyMg") && !text.contains("Basic"), "{text}");
    }
    // A redirect is not followed: it would carry the secret along.
    let moved = open(
        "moved",
        &format!("http://127.0.0.1:{port}/moved/deploy.git"),
        credential(port, "secret"),
    );
    assert!(moved.fetch().is_err());
}

#[test]
fn two_writers_and_two_hundred_promotions() {
    let dir = tempfile::tempdir().unwrap();
    let (_stop, port) = server(dir.path());
    let url = format!("http://127.0.0.1:{port}/deploy.git");
    let begun = Instant::now();
    let write = |writer: &'static str| {
        let (dir, url) = (dir.path().join(writer), url.clone());
        move || {
            let repo = Repo::open(&dir, &url, "main")
                .unwrap()
                .signed_in(credential(port, "secret"));
            let mut own = 0;
            for number in 0..200 {
                let marker = format!("w/web-{number}");
                // Both try every promotion: one of them writes it, the other finds that it is written.
                loop {
                    if repo.marker(&marker).unwrap().is_some() {
                        break;
                    }
                    let head = repo.fetch().unwrap();
                    let wanted = files(
                        &format!("apps/{}.yaml", number % 10),
                        &format!("version: {number}\n"),
                    );
                    let commit = repo
                        .commit(
                            head.as_ref(),
                            &wanted,
                            &message(&format!("web-{number} by {writer}\n"), &marker),
                        )
                        .unwrap();
                    if repo.push(&commit, head.as_ref(), &marker).unwrap() == Pushed::Done {
                        own += 1;
                        break;
                    }
                }
            }
            own
        }
    };
    let (one, two) = (std::thread::spawn(write("one")), std::thread::spawn(write("two")));
    let (one, two) = (one.join().unwrap(), two.join().unwrap());
    assert_eq!(one + two, 200, "each promotion is written once");
    let bare = dir.path().join("srv/deploy.git").display().to_string();
    assert_eq!(git(&["-C", &bare, "rev-list", "--count", "main"]), "200");
    let subjects = git(&["-C", &bare, "log", "--format=%s", "main"]);
    let mut names: Vec<_> = subjects
        .lines()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 200);
    assert_eq!(
        git(&["-C", &bare, "for-each-ref", "--format=x", "refs/gradus/"])
            .lines()
            .count(),
        200
    );
    assert!(begun.elapsed() < Duration::from_secs(300), "it is not stuck");
}

#[test]
fn a_file_that_can_be_run_stays_so() {
    let dir = tempfile::tempdir().unwrap();
    let bare = dir.path().join("remote.git").display().to_string();
    let work = dir.path().join("work").display().to_string();
    git(&["init", "-q", "--bare", "-b", "main", &bare]);
    git(&["clone", "-q", &bare, &work]);
    std::fs::write(Path::new(&work).join("deploy.sh"), "echo 1\n").unwrap();
    git(&["-C", &work, "add", "deploy.sh"]);
    git(&["-C", &work, "update-index", "--chmod=+x", "deploy.sh"]);
    git(&[
        "-C",
        &work,
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@x",
        "commit",
        "-qm",
        "x",
    ]);
    git(&["-C", &work, "push", "-q", "origin", "HEAD:main"]);
    let repo = Repo::open(&dir.path().join("cache"), &bare, "main").unwrap();
    let head = repo.fetch().unwrap();
    let commit = repo
        .commit(
            head.as_ref(),
            &files("deploy.sh", "echo 2\n"),
            &message("x\n", "w/x-1"),
        )
        .unwrap();
    assert_eq!(repo.push(&commit, head.as_ref(), "w/x-1").unwrap(), Pushed::Done);
    assert!(git(&["-C", &bare, "ls-tree", "main", "deploy.sh"]).starts_with("100755"));
}
