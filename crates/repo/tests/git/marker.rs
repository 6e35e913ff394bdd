//! Every way to mark a delivery: it happens once, and is found again whichever way it was marked.

use crate::servers::{daemon, files, git, message};
use gradus_model::{Commit, Marker};
use gradus_repo::{Pushed, Repo};
use std::path::{Path, PathBuf};

const KINDS: [Marker; 3] = [Marker::Ref, Marker::Tag, Marker::Trailer];
const MARKER: &str = "w/web-1";

struct Remote {
    dir: tempfile::TempDir,
    url: String,
}

impl Remote {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = dir.path().join("remote.git").display().to_string();
        git(&["init", "-q", "--bare", "-b", "main", &url]);
        Self { dir, url }
    }

    /// A worker with a cache of its own.
    fn worker(&self, cache: &str, marker: Marker) -> Repo {
        open(&self.dir.path().join(cache), &self.url, marker)
    }

    fn git(&self, words: &[&str]) -> String {
        git(&[&["-C", &self.url], words].concat())
    }
}

fn open(cache: &Path, url: &str, marker: Marker) -> Repo {
    Repo::open(cache, url, "main").unwrap().marked_by(marker)
}

/// One step of a delivery as the runtime takes it: look for the marker, then write behind the fence.
fn deliver(repo: &Repo, marker: &str, text: &str) -> Option<Commit> {
    if let Some(found) = repo.marker(marker).unwrap() {
        return Some(found);
    }
    let head = repo.fetch().unwrap();
    let wanted = files(&format!("apps/{}.yaml", marker.len()), text);
    let commit = repo
        .commit(head.as_ref(), &wanted, &message("promote\n", marker))
        .unwrap();
    let pushed = repo.push(&commit, head.as_ref(), marker).unwrap();
    (pushed == Pushed::Done).then_some(commit)
}

#[test]
fn a_replay_finds_the_effect_whichever_way_it_was_marked() {
    for written in KINDS {
        let remote = Remote::new();
        let first = deliver(&remote.worker("one", written), MARKER, "a").unwrap();
        // Others go on.
        for number in 2..5 {
            deliver(
                &remote.worker("others", Marker::Ref),
                &format!("w/web-{number}"),
                "b",
            )
            .unwrap();
        }
        for (number, looked) in KINDS.into_iter().enumerate() {
            let found = remote
                .worker(&format!("two-{number}"), looked)
                .marker(MARKER)
                .unwrap();
            assert_eq!(found.as_ref(), Some(&first), "{written:?} {looked:?}");
        }
        assert_eq!(remote.git(&["rev-list", "--count", "main"]), "4");
        let refs = remote.git(&["for-each-ref", "--format=%(refname)"]);
        assert_eq!(refs.contains("refs/gradus/w/web-1"), written == Marker::Ref);
        assert_eq!(refs.contains("refs/tags/gradus/w/web-1"), written == Marker::Tag);
    }
}

#[test]
fn whoever_looked_before_another_wrote_is_refused() {
    for mine in KINDS {
        for theirs in KINDS {
            let remote = Remote::new();
            let (one, two) = (remote.worker("one", mine), remote.worker("two", theirs));
            let base = deliver(&one, "w/web-0", "base").unwrap();
            assert_eq!(one.marker(MARKER).unwrap(), None);
            let ours = one
                .commit(Some(&base), &files("x", "1"), &message("x\n", MARKER))
                .unwrap();
            let other = deliver(&two, MARKER, "other").unwrap();
            assert_eq!(
                one.push(&ours, Some(&base), MARKER).unwrap(),
                Pushed::Refused,
                "{mine:?} {theirs:?}"
            );
            assert_eq!(one.marker(MARKER).unwrap(), Some(other));
        }
    }
}

#[test]
fn whoever_looked_at_the_branch_after_another_wrote_is_refused_too() {
    for mine in KINDS {
        for theirs in KINDS {
            let remote = Remote::new();
            let (one, two) = (remote.worker("one", mine), remote.worker("two", theirs));
            deliver(&one, "w/web-0", "base").unwrap();
            assert_eq!(one.marker(MARKER).unwrap(), None);
            let other = deliver(&two, MARKER, "other").unwrap();
            let head = one.fetch().unwrap();
            assert_eq!(head.as_ref(), Some(&other));
            let ours = one
                .commit(head.as_ref(), &files("x", "1"), &message("x\n", MARKER))
                .unwrap();
            assert_eq!(
                one.push(&ours, head.as_ref(), MARKER).unwrap(),
                Pushed::Refused,
                "{mine:?} {theirs:?}"
            );
        }
    }
}

#[test]
fn a_push_whose_answer_was_lost_is_found_and_not_repeated() {
    for kind in KINDS {
        let remote = Remote::new();
        let one = remote.worker("one", kind);
        let base = deliver(&one, "w/web-0", "base").unwrap();
        let ours = one
            .commit(Some(&base), &files("x", "1"), &message("x\n", MARKER))
            .unwrap();
        assert_eq!(one.push(&ours, Some(&base), MARKER).unwrap(), Pushed::Done);
        // The worker dies here. The same bytes pushed again change nothing, and what looks first finds them.
        let _ = one.push(&ours, Some(&base), MARKER).unwrap();
        assert_eq!(deliver(&remote.worker("two", kind), MARKER, "again"), Some(ours));
        assert_eq!(remote.git(&["rev-list", "--count", "main"]), "2");
    }
}

#[test]
fn two_writers_of_different_settings_write_each_promotion_once() {
    let dir = tempfile::tempdir().unwrap();
    let (_stop, url) = daemon::server(dir.path());
    let write = |name: &str, kind: Marker| {
        let (cache, url): (PathBuf, _) = (dir.path().join(name), url.clone());
        move || {
            let repo = open(&cache, &url, kind);
            let each = (0..30).map(|number| {
                let marker = format!("w/web-{number}");
                loop {
                    if let Some(commit) = deliver(&repo, &marker, &format!("{number} {kind:?}")) {
                        break commit;
                    }
                }
            });
            each.collect::<Vec<_>>()
        }
    };
    let threads = [("a", Marker::Ref), ("b", Marker::Trailer), ("c", Marker::Tag)]
        .map(|(name, kind)| std::thread::spawn(write(name, kind)));
    let found = threads.map(|thread| thread.join().unwrap());
    assert!(
        found.iter().all(|list| *list == found[0]),
        "all agree which commit it was"
    );
    let bare = dir.path().join("srv/deploy.git").display().to_string();
    assert_eq!(git(&["-C", &bare, "rev-list", "--count", "main"]), "30");
}

#[test]
fn a_branch_that_was_written_anew_is_walked_anew() {
    let remote = Remote::new();
    let repo = remote.worker("one", Marker::Trailer);
    let base = deliver(&repo, "w/web-0", "base").unwrap();
    let first = deliver(&repo, MARKER, "a").unwrap();
    assert_eq!(repo.marker(MARKER).unwrap().as_ref(), Some(&first));
    // Somebody throws it away: what is not in the branch was not delivered.
    remote.git(&["update-ref", "refs/heads/main", base.as_str()]);
    assert_eq!(repo.marker(MARKER).unwrap(), None);
    // And brings it back.
    remote.git(&["update-ref", "refs/heads/main", first.as_str()]);
    assert_eq!(repo.marker(MARKER).unwrap().as_ref(), Some(&first));
    // Nobody needs to have been there: a new cache finds it too, and only in commits that bear it.
    let fresh = remote.worker("fresh", Marker::Trailer);
    assert_eq!(fresh.marker(MARKER).unwrap(), Some(first));
    assert_eq!(fresh.marker("w/web").unwrap(), None);
    assert_eq!(fresh.marker("w/web-11").unwrap(), None);
}

#[test]
fn a_marker_that_somebody_only_writes_about_is_none() {
    let remote = Remote::new();
    let repo = remote.worker("one", Marker::Trailer);
    let text = "Gradus-Marker: w/web-1\n\nThis is only about it.\n";
    let commit = repo
        .commit(None, &files("x", "1"), &message(text, "w/web-0"))
        .unwrap();
    assert_eq!(repo.push(&commit, None, "w/web-0").unwrap(), Pushed::Done);
    assert_eq!(repo.marker(MARKER).unwrap(), None);
    assert_eq!(repo.marker("w/web-0").unwrap(), Some(commit));
}
