//! Which commits have touched some files: with merges, folders, odd names, and a bound.

use gradus_model::Commit;
use gradus_repo::Repo;
use std::path::Path;
use std::process::Command;

fn git(dir: &Path, words: &[&str]) -> String {
    let mut command = Command::new("git");
    let who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];
    let out = command.args(who).args(words).current_dir(dir).output().unwrap();
    assert!(
        out.status.success(),
        "{words:?}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}

fn commit(dir: &Path, file: &str, text: &str, message: &str) -> Commit {
    let path = dir.join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    git(dir, &["add", "--all"]);
    git(dir, &["commit", "-qm", message]);
    Commit::new(git(dir, &["rev-parse", "HEAD"])).unwrap()
}

/// A repository with one commit, and what opens it.
fn world() -> (tempfile::TempDir, Repo, Commit) {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "-q", "-b", "main"]);
    let first = commit(dir.path(), "prod/web.yaml", "a: 1\nb: 1\nc: 1\n", "first");
    let cache = dir.path().join(".git/cache");
    let repo = Repo::open(&cache, &dir.path().display().to_string(), "main").unwrap();
    (dir, repo, first)
}

fn subjects(repo: &Repo, since: &Commit, files: &[&str], most: usize) -> (Vec<String>, bool) {
    let head = repo.fetch().unwrap().unwrap();
    let found = repo.history(&head, Some(since), files, most).unwrap();
    let changed = found
        .touches
        .into_iter()
        .filter(|touch| !touch.changes.is_empty());
    (changed.map(|touch| touch.subject).collect(), found.more)
}

#[test]
fn only_what_touched_the_files_since() {
    let (dir, repo, first) = world();
    commit(dir.path(), "dev/web.yaml", "a: 1\n", "elsewhere");
    commit(
        dir.path(),
        "prod/web.yaml",
        "a: 2\nb: 1\nc: 1\n",
        "Fix \u{1b}[31m it",
    );
    commit(dir.path(), "prod/deep/x", "1\n", "deep");
    let fixed = "Fix \u{1b}[31m it".to_owned();
    assert_eq!(
        subjects(&repo, &first, &["prod/web.yaml"], 9),
        (vec![fixed.clone()], false)
    );
    let both = vec!["deep".to_owned(), fixed];
    assert_eq!(subjects(&repo, &first, &["prod/"], 9), (both, false));
    assert_eq!(
        subjects(&repo, &first, &["prod/"], 1),
        (vec!["deep".to_owned()], true)
    );
    assert_eq!(
        subjects(&repo, &first, &["prod/*"], 9).0,
        [""; 0],
        "a name is no pattern"
    );
    let head = repo.fetch().unwrap().unwrap();
    assert!(repo.history(&head, None, &["../x"], 9).is_err());
}

#[test]
fn a_merge_is_a_change_only_where_it_made_one() {
    let (dir, repo, first) = world();
    git(dir.path(), &["checkout", "-qb", "side"]);
    commit(dir.path(), "prod/web.yaml", "a: 1\nb: 1\nc: 2\n", "side");
    git(dir.path(), &["checkout", "-q", "main"]);
    commit(dir.path(), "README", "hello\n", "elsewhere");
    git(
        dir.path(),
        &["merge", "-q", "--no-ff", "-m", "plain merge", "side"],
    );
    assert_eq!(subjects(&repo, &first, &["prod/web.yaml"], 9).0, ["side"]);
    // Somebody hides a change in a merge.
    git(dir.path(), &["checkout", "-qb", "other"]);
    commit(dir.path(), "OTHER", "1\n", "other");
    git(dir.path(), &["checkout", "-q", "main"]);
    git(dir.path(), &["merge", "-q", "--no-ff", "--no-commit", "other"]);
    let hidden = commit(dir.path(), "prod/web.yaml", "a: 9\nb: 1\nc: 2\n", "hidden");
    assert_eq!(
        subjects(&repo, &first, &["prod/web.yaml"], 9).0,
        ["hidden", "side"]
    );
    let head = repo.fetch().unwrap().unwrap();
    let found = repo.history(&head, Some(&first), &["prod/web.yaml"], 9).unwrap();
    assert_eq!(
        (&found.touches[0].commit, found.touches[0].parents.len()),
        (&hidden, 2)
    );
}

#[test]
fn what_a_commit_claims_is_read() {
    let (dir, repo, first) = world();
    let message =
        "Promote web@1\n\nGradus-Promotion: web-1\nGradus-Checkpoint: 3 root=\nGradus-Marker: w/web-1\n";
    commit(dir.path(), "prod/web.yaml", "a: 2\n", message);
    commit(
        dir.path(),
        "prod/web.yaml",
        "a: 3\n",
        "Gradus-Promotion: web-1 in the subject",
    );
    let head = repo.fetch().unwrap().unwrap();
    let found = repo
        .history(&head, Some(&first), &["prod/web.yaml"], 9)
        .unwrap()
        .touches;
    assert!(found[0].claim.is_empty(), "{:?}", found[0].claim);
    let claim = &found[1].claim;
    let told = [&claim.promotion, &claim.checkpoint, &claim.marker];
    assert_eq!(told, ["web-1", "3 root=", "w/web-1"]);
    assert_eq!(found[1].author, "Ann");
}
