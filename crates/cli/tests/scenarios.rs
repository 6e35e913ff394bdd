//! Scenarios: small text files that drive the real binary. Adding one is adding a file.
//!
//! `policy NAME` starts from a template, `policy <<` from the lines up to `>>`; `shows REPOSITORY FILE
//! TEXT` looks at it, `commit REPOSITORY FILE <<` puts lines up to `>>` there, `repository NAME` makes a git repository,
//! `refuses REPOSITORY REFS` has its server refuse refs that fit a pattern,
//! `by hand REPOSITORY FILE OLD => NEW` has somebody else commit to it, `forge` does so with the message of the
//! commit before, `says <<` gives the next such commit the lines up to `>>` as its message, `report NAME` puts a file of
//! `reports/` there, `file PATH <<` puts lines up to `>>` beside the policy, `edit OLD => NEW` changes
//! its text. `PERSON $ words` runs
//! `gradus` as that person, `= N` is the exit code it must have, `~ text` must be in what it says, `!~ text` must not.
//! `DIGEST` stands for a digest. After each scenario the ledger is verified and audited.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

use std::path::Path;
use std::process::Command;

const DIGEST: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const OTHER: &str = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

/// What somebody's commit says if nothing else is said.
const QUICK: &str = "a quick fix";

fn gradus(dir: &Path, person: &str, words: &str) -> (i32, String) {
    let words = words.replace("DIGEST", DIGEST).replace("OTHER", OTHER);
    let mut command = Command::new(env!("CARGO_BIN_EXE_gradus"));
    for name in [
        "FROM_ENV",
        "TO_ENV",
        "DRY_RUN",
        "AUTO_APPROVE",
        "SKIP_VALIDATION",
        "GRADUS_AS",
    ] {
        command.env_remove(name);
    }
    let mut words = words.split(' ').peekable();
    while let Some((name, value)) = words
        .peek()
        .and_then(|word| word.split_once('='))
        .filter(|(n, _)| n.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
    {
        command.env(name, value);
        words.next();
    }
    // An underscore in a value stands for a space: there is no shell here to quote for.
    let words = words.map(|word| {
        if word.contains("_-_") {
            word.replace("_-_", " ")
        } else {
            word.to_owned()
        }
    });
    let out = command
        .args(["--as", person])
        .args(words)
        .current_dir(dir)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    (out.status.code().unwrap_or(-1), said)
}

fn git(dir: &Path, words: &[&str]) {
    let mut command = Command::new("git");
    let out = command.args(words).current_dir(dir).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

/// Somebody else commits to a repository: `REPOSITORY FILE OLD => NEW`.
fn by_hand(dir: &Path, by: &str, message: &str) {
    let (head, new) = by.split_once(" => ").unwrap();
    let mut words = head.splitn(3, ' ');
    let (repository, file, old) = (
        words.next().unwrap(),
        words.next().unwrap(),
        words.next().unwrap(),
    );
    change(dir, &format!("{repository} {file}"), message, |path| {
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains(old), "{old:?} is not in {text}");
        std::fs::write(path, text.replace(old, new)).unwrap();
    });
}

/// A server that takes no refs of some kind: `REPOSITORY PATTERN`.
fn refuses(dir: &Path, what: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let (repository, pattern) = what.split_once(' ').unwrap();
    let hook = dir.join(repository).join("hooks/update");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let script =
        format!("#!/bin/sh\ncase $1 in {pattern}) echo 'not here, says the server' >&2; exit 1;; esac\n");
    std::fs::write(&hook, script).unwrap();
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Somebody changes a file of a repository: `REPOSITORY FILE`.
fn change(dir: &Path, place: &str, message: &str, write: impl Fn(&Path)) {
    let (repository, file) = place.split_once(' ').unwrap();
    let work = tempfile::tempdir().unwrap();
    let remote = dir.join(repository).display().to_string();
    git(work.path(), &["clone", "-q", &remote, "."]);
    let path = work.path().join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    write(&path);
    git(work.path(), &["add", "--all"]);
    let who = [
        "-c",
        "user.name=somebody",
        "-c",
        "user.email=somebody@example.com",
    ];
    git(
        work.path(),
        &[who.as_slice(), &["commit", "-qm", message]].concat(),
    );
    git(work.path(), &["push", "-q", "origin", "HEAD:main"]);
}

fn play(name: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/scenarios")
        .join(format!("{name}.txt"));
    let script = std::fs::read_to_string(&file).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let (mut exit, mut said, mut line_of, mut checked) = (0, String::new(), 0, true);
    let mut message = QUICK.to_owned();
    let mut lines = script.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let line = line.trim_end();
        if line == "policy <<" {
            let own: Vec<&str> = lines
                .by_ref()
                .map(|(_, line)| line)
                .take_while(|line| *line != ">>")
                .collect();
            std::fs::write(dir.path().join("gradus.yaml"), own.join("\n")).unwrap();
        } else if let Some(path) = line
            .strip_prefix("file ")
            .and_then(|rest| rest.strip_suffix(" <<"))
        {
            let own = lines
                .by_ref()
                .map(|(_, line)| line)
                .take_while(|line| *line != ">>");
            let text: String = own.map(|line| format!("{line}\n")).collect();
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        } else if let Some(template) = line.strip_prefix("policy ") {
            let (exit, said) = gradus(dir.path(), "nobody", &format!("init --template {template}"));
            assert_eq!(exit, 0, "{said}");
        } else if let Some(name) = line.strip_prefix("repository ") {
            git(dir.path(), &["init", "-q", "--bare", "-b", "main", name]);
        } else if let Some(what) = line.strip_prefix("refuses ") {
            refuses(dir.path(), what);
        } else if let Some(line) = line.strip_prefix("shows ") {
            let mut words = line.splitn(3, ' ');
            let (repository, file, text) = (
                words.next().unwrap(),
                words.next().unwrap(),
                words.next().unwrap(),
            );
            let mut show = Command::new("git");
            show.arg("-C")
                .arg(dir.path().join(repository))
                .args(["show", &format!("main:{file}")]);
            let shown = String::from_utf8_lossy(&show.output().unwrap().stdout).into_owned();
            assert!(
                shown.contains(text),
                "{name}:{}: {text:?} is not in\n{shown}",
                at + 1
            );
        } else if let Some(place) = line
            .strip_prefix("commit ")
            .and_then(|rest| rest.strip_suffix(" <<"))
        {
            let own = lines
                .by_ref()
                .map(|(_, line)| line)
                .take_while(|line| *line != ">>");
            let text: String = own.map(|line| format!("{line}\n")).collect();
            change(dir.path(), place, QUICK, |path| {
                std::fs::write(path, &text).unwrap();
            });
        } else if line == "says <<" {
            let own = lines
                .by_ref()
                .map(|(_, line)| line)
                .take_while(|line| *line != ">>");
            message = own.map(|line| format!("{line}\n")).collect();
        } else if let Some(by) = line.strip_prefix("by hand ") {
            by_hand(dir.path(), by, &message);
            message = QUICK.to_owned();
        } else if let Some(by) = line.strip_prefix("forge ") {
            let repository = dir.path().join(by.split(' ').next().unwrap());
            let mut show = Command::new("git");
            show.arg("-C")
                .arg(repository)
                .args(["log", "-1", "--format=%B", "main"]);
            let last = String::from_utf8(show.output().unwrap().stdout).unwrap();
            by_hand(dir.path(), by, &last);
        } else if let Some(report) = line.strip_prefix("report ") {
            let kept = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("tests/reports")
                .join(report);
            std::fs::copy(kept, dir.path().join(report)).unwrap();
        } else if let Some((old, new)) = line
            .strip_prefix("edit ")
            .and_then(|edit| edit.split_once(" => "))
        {
            let policy = dir.path().join("gradus.yaml");
            let text = std::fs::read_to_string(&policy).unwrap();
            assert!(
                text.contains(old),
                "{name}:{}: {old:?} is not in the policy",
                at + 1
            );
            std::fs::write(policy, text.replace(old, new)).unwrap();
        } else if let Some((person, words)) = line.split_once(" $ ") {
            assert!(
                checked || exit == 0,
                "{name}:{line_of}: ended with {exit}\n{said}"
            );
            (exit, said) = gradus(dir.path(), person, words);
            (line_of, checked) = (at + 1, false);
        } else if let Some(expected) = line.strip_prefix("= ") {
            assert_eq!(exit.to_string(), expected, "{name}:{line_of}: {said}");
            checked = true;
        } else if let Some(text) = line.strip_prefix("!~ ") {
            assert!(!said.contains(text), "{name}:{line_of}: {text:?} is in\n{said}");
        } else if let Some(text) = line.strip_prefix("~ ") {
            assert!(
                said.contains(text),
                "{name}:{line_of}: {text:?} is not in\n{said}"
            );
        } else {
            assert!(
                line.is_empty() || line.starts_with('#'),
                "{name}:{}: what is {line:?}?",
                at + 1
            );
        }
    }
    assert!(
        checked || exit == 0,
        "{name}:{line_of}: ended with {exit}\n{said}"
    );
    assert_eq!(gradus(dir.path(), "nobody", "audit checkpoint").0, 0);
    let (exit, said) = gradus(dir.path(), "nobody", "audit verify");
    assert_eq!(exit, 0, "{name}: the audit found something\n{said}");
}

macro_rules! scenarios {
    ($($name:ident)*) => {
        $(#[test] fn $name() { play(stringify!($name)); })*

        #[test]
        fn every_scenario_is_played() {
            let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
            let mut files: Vec<_> = std::fs::read_dir(dir).unwrap().map(|file| {
                file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned()
            }).collect();
            files.sort();
            let mut played = vec![$(stringify!($name).to_owned()),*];
            played.sort();
            assert_eq!(files, played);
        }
    };
}

scenarios! { four_stage six_environment six_environment_refused standard_model anti_patterns rollbacks emergencies six_environment_rollbacks reports drift edits strategies targets watched markers pulls schema_chain rendered copied foreign_commits shared_files drift_policy tries parity status first_time }
