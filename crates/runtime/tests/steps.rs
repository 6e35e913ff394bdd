//! Every delivery step at every point where a worker can die: whatever happens, one effect.
//!
//! The points are enumerated, not drawn: nothing happened yet; it happened, and nobody was told; it
//! was reported and is asked for again; it failed. A step without its line here fails the test.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

use gradus_connect::forge::{By, Forge as _, Local};
use gradus_connect::{Guard, Http};
use gradus_model::{
    FileAddress, Marker, Mode, Part, Repository, RepositoryName, Setting, Settings, Timestamp,
};
use gradus_runtime::{Act, ActError, Clock, Hands as _, Proposed, RealHands, Wrote};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

fn hands(dir: &Path, programs: bool) -> RealHands {
    hands_with(dir, programs, Mode::Commit)
}

fn hands_with(dir: &Path, programs: bool, mode: Mode) -> RealHands {
    let url = dir.join("deploy.git").display().to_string();
    let repository = Repository {
        url,
        branch: "main".to_owned(),
        marker: Marker::Ref,
        mode,
    };
    RealHands {
        caches: dir.join("caches"),
        base: dir.to_path_buf(),
        transport: Http::new(Guard::default()),
        prometheus: None,
        programs,
        clock: Box::new(Now),
        credentials: Vec::new(),
        logins: Vec::new(),
        repositories: BTreeMap::from([(deploy(), repository)]),
    }
}

fn deploy() -> RepositoryName {
    RepositoryName::new("deploy").unwrap()
}

fn part(kind: &str, settings: &[(&str, Setting)]) -> Part {
    let pairs = settings
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    Part {
        kind: kind.to_owned(),
        settings: Settings(pairs.collect()),
    }
}

fn text(text: &str) -> Setting {
    Setting::Text(text.to_owned())
}

fn act(hands: &RealHands, part: &Part) -> Result<String, ActError> {
    let about = json!({ "app": "web" });
    hands.act(&Act {
        part,
        key: "w/web-1/0",
        about: &about,
        back: false,
        commit: None,
    })
}

/// A server that keeps the keys it was posted, answers 404 on `/seen` before that and 200 after,
/// and fails as often as it is told.
fn server(failures: usize) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let posted = Arc::new(Mutex::new(Vec::new()));
    let kept = posted.clone();
    std::thread::spawn(move || {
        let mut failures = failures;
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = vec![0u8; 8192];
            let length = stream.read(&mut request).unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            let key = request.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("idempotency-key")
                    .then(|| value.to_owned())
            });
            let mut kept = kept.lock().unwrap();
            let status = if request.starts_with("GET") {
                if kept.is_empty() { "404 No" } else { "200 Yes" }
            } else if failures > 0 {
                failures -= 1;
                "503 Later"
            } else {
                kept.push(key.unwrap_or_default());
                "200 Done"
            };
            let _ = stream.write_all(
                format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes(),
            );
        }
    });
    (url, posted)
}

fn write_once() {
    let dir = tempfile::tempdir().unwrap();
    let made = Command::new("git")
        .args(["init", "-q", "--bare"])
        .arg(dir.path().join("deploy.git"))
        .status();
    assert!(made.unwrap().success());
    let hands = hands(dir.path(), false);
    let files = BTreeMap::from([("dev/web.yaml".to_owned(), Some("version: 1\n".to_owned()))]);
    let at: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
    let write = || hands.write(&deploy(), None, &files, "w/web-1", ("one\n", at));
    let file = FileAddress {
        repository: deploy(),
        path: "dev/web.yaml".to_owned(),
    };
    let find = || {
        let seen = hands.look(&BTreeSet::from([file.clone()]), Some("w/web-1"));
        seen.unwrap().written.remove(&deploy())
    };
    assert_eq!(find(), None, "nothing happened yet");
    let Wrote::Done(commit) = write().unwrap() else {
        panic!("nobody else writes")
    };
    // It happened and nobody was told: the next worker finds the marker, and writing again changes nothing.
    assert_eq!(find(), Some(commit.clone()));
    assert!([Wrote::Done(commit), Wrote::Overtaken].contains(&write().unwrap()));
    let other = BTreeMap::from([("dev/web.yaml".to_owned(), Some("version: 2\n".to_owned()))]);
    assert_eq!(
        hands
            .write(&deploy(), None, &other, "w/web-1", ("two\n", at))
            .unwrap(),
        Wrote::Overtaken
    );
    let count = Command::new("git")
        .arg("-C")
        .arg(dir.path().join("deploy.git"))
        .args(["rev-list", "--count", "main"])
        .output();
    assert_eq!(String::from_utf8_lossy(&count.unwrap().stdout).trim(), "1");
}

/// One pull request, wherever a worker died; and what was agreed to is what must be merged.
fn propose_once() {
    let dir = tempfile::tempdir().unwrap();
    let remote = dir.path().join("deploy.git").display().to_string();
    let git = |arguments: &[&str]| {
        let out = Command::new("git")
            .arg("-C")
            .arg(&remote)
            .args(arguments)
            .output();
        String::from_utf8(out.unwrap().stdout).unwrap()
    };
    let made = Command::new("git")
        .args(["init", "-q", "--bare", &remote])
        .status();
    assert!(made.unwrap().success());
    let hands = hands_with(dir.path(), false, Mode::PullRequest);
    let files = BTreeMap::from([("dev/web.yaml".to_owned(), Some("version: 1\n".to_owned()))]);
    let at: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
    let write = || {
        hands
            .write(&deploy(), None, &files, "w/web-1", ("one\n", at))
            .unwrap()
    };
    let look = || {
        let file = FileAddress {
            repository: deploy(),
            path: "dev/web.yaml".to_owned(),
        };
        hands.look(&BTreeSet::from([file]), Some("w/web-1")).unwrap()
    };
    let pulls = || git(&["for-each-ref", "refs/gradus/pulls"]).lines().count();
    let open = write();
    assert!(
        matches!(&open, Wrote::Proposed(Proposed::Open(text)) if text.contains("pull request 1")),
        "{open:?}"
    );
    assert_eq!(write(), open, "asked again, it is the same");
    // It died between the branch and the request.
    git(&["update-ref", "-d", "refs/gradus/pulls/1"]);
    assert_eq!(write(), open);
    assert_eq!(
        (pulls(), git(&["for-each-ref", "refs/heads"]).lines().count()),
        (1, 1)
    );
    assert!(look().written.is_empty() && look().proposed.len() == 1);
    let repo = hands.repository(&deploy()).unwrap();
    let by = By { who: "olga", at };
    Local(&repo).merge(1, by).unwrap();
    assert!(look().written.len() == 1 && look().proposed.is_empty());
    assert!(matches!(write(), Wrote::Done(_)), "what is merged is done");
    assert_eq!(pulls(), 1);
    assert!(Local(&repo).merge(1, by).is_err() && Local(&repo).close(1, "late", by).is_err());
}

fn http_once() {
    let dir = tempfile::tempdir().unwrap();
    let hands = hands(dir.path(), false);
    let yes = Setting::Flag(true);
    // With a key that the other side knows: posted again, and the same key each time.
    let (url, posted) = server(1);
    let step = part("http", &[("url", text(&url)), ("idempotent", yes)]);
    assert!(
        matches!(act(&hands, &step), Err(ActError::Passing(_))),
        "it failed, and may be tried again"
    );
    act(&hands, &step).unwrap();
    act(&hands, &step).unwrap();
    let keys: BTreeSet<_> = posted.lock().unwrap().iter().cloned().collect();
    assert_eq!(keys.into_iter().collect::<Vec<_>>(), ["w/web-1/0"]);
    // With something to look at: posted once.
    let (url, posted) = server(0);
    let seen = format!("{url}/seen");
    let step = part("http", &[("url", text(&url)), ("observe", text(&seen))]);
    act(&hands, &step).unwrap();
    assert_eq!(act(&hands, &step).unwrap(), "it had happened already");
    assert_eq!(posted.lock().unwrap().len(), 1);
    // Nobody there: nothing is known, nothing is done.
    let step = part(
        "http",
        &[
            ("url", text("http://127.0.0.1:9")),
            ("idempotent", Setting::Flag(true)),
        ],
    );
    assert!(matches!(act(&hands, &step), Err(ActError::Passing(_))));
}

fn run_once() {
    let dir = tempfile::tempdir().unwrap();
    let words = |words: &[&str]| Setting::List(words.iter().map(|word| (*word).to_owned()).collect());
    let command = words(&["sh", "-c", "echo $GRADUS_KEY >> done; echo said"]);
    let step = part(
        "run",
        &[("command", command), ("observe", words(&["test", "-e", "done"]))],
    );
    let refused = act(&hands(dir.path(), false), &step).unwrap_err();
    assert!(matches!(refused, ActError::Lasting(text) if text.contains("server.json")));
    let hands = hands(dir.path(), true);
    assert_eq!(act(&hands, &step).unwrap(), "sh ended with 0: said");
    assert_eq!(act(&hands, &step).unwrap(), "it had happened already");
    assert_eq!(
        std::fs::read_to_string(dir.path().join("done")).unwrap(),
        "w/web-1/0\n"
    );
    let yes = || ("idempotent", Setting::Flag(true));
    for (command, told) in [
        (words(&["sh", "-c", "echo no >&2; exit 3"]), "ended with 3: no"),
        (words(&["there-is-no-such-program"]), "cannot be run"),
        (
            words(&["sh", "-c", "echo $SECRET_OF_THE_SERVER; exit 1"]),
            "ended with 1",
        ),
    ] {
        let step = part("run", &[("command", command), yes()]);
        let failed = act(&hands, &step).unwrap_err();
        assert!(
            matches!(&failed, ActError::Lasting(text) if text.contains(told)),
            "{failed:?}"
        );
    }
    let slow = part(
        "run",
        &[
            ("command", words(&["sleep", "30"])),
            ("within", text("200ms")),
            yes(),
        ],
    );
    let stopped = act(&hands, &slow).unwrap_err();
    assert!(
        matches!(&stopped, ActError::Lasting(text) if text.contains("longer than allowed")),
        "{stopped:?}"
    );
    let loud = part(
        "run",
        &[("command", words(&["sh", "-c", "yes | head -c 3000000"])), yes()],
    );
    assert!(
        act(&hands, &loud).unwrap().len() < 3_000,
        "only the end of it is kept"
    );
}

/// It asks again until the answer is right; nothing is ever posted.
fn only_looks() {
    let dir = tempfile::tempdir().unwrap();
    let hands = hands(dir.path(), false);
    let (url, posted) = server(2);
    let settings = |status: f64| {
        let (every, within) = (text("50ms"), text("200ms"));
        let status = Setting::Number(status);
        let settings = [
            ("url", text(&url)),
            ("status", status),
            ("every", every),
            ("within", within),
        ];
        part("wait_healthy", &settings)
    };
    let never = act(&hands, &settings(201.0)).unwrap_err();
    assert!(
        matches!(&never, ActError::Lasting(text) if text.contains("not healthy in time")),
        "{never:?}"
    );
    // What this server says before anything was posted to it.
    act(&hands, &settings(404.0)).unwrap();
    act(&hands, &settings(404.0)).unwrap();
    assert!(posted.lock().unwrap().is_empty(), "{posted:?}");
}

#[test]
fn every_step_has_one_effect_wherever_a_worker_dies() {
    for step in gradus_parts::STEPS {
        match step.name {
            // They write files, by the same fenced commit.
            "write" | "edit" | "set" | "copy" => {
                write_once();
                propose_once();
            }
            "wait_healthy" => only_looks(),
            "http" => http_once(),
            // It observes before it acts: see the tests in argocd.rs.
            "argocd" => {}
            "run" => run_once(),
            other => panic!("{other} has no line here"),
        }
    }
}
