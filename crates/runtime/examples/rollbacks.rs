//! How long it takes to take a bad release back: from the verdict that it is bad to the end of the rollback,
//! which is the pushed commit and one look whether the release before is good. A hundred times, over git on
//! HTTP on this machine; both moments are the ledger's own.
//!
//! `cargo run --release -p gradus-runtime --example rollbacks [TIMES]`
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    unreachable_pub,
    reason = "a program that measures"
)]

#[allow(dead_code, reason = "the tests need more of it")]
#[path = "../../repo/tests/git/servers/mod.rs"]
mod servers;

use gradus_connect::{Guard, Http};
use gradus_engine::{Command, RequestKind, Step, WorkspaceCommand};
use gradus_ledger::{Ledger as _, SigningKey, Sqlite};
use gradus_model::{
    Actor, AppName, Artifact, Digest, EnvironmentName, Event, Policy, Release, ReleaseKind, SchemaChange,
    Stream, Timestamp, Version,
};
use gradus_runtime::{Clock, RealHands, Runtime, Setup};
use servers::{git, http};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;

struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A service that is well, unless it is a bad release that is asked about.
fn service() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut bytes = [0u8; 4096];
            let length = stream.read(&mut bytes).unwrap_or(0);
            let bad = String::from_utf8_lossy(&bytes[..length]).contains("/bad");
            let status = if bad { "500 No" } else { "200 Yes" };
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    port
}

fn policy(git: u16, service: u16) -> Policy {
    let text = format!(
        r#"
environments:
  prod:
    direct: true
    deliver: [{{ write: {{ repository: deploy, file: "${{environment}}/${{app}}.yaml" }} }}]
    verify: [{{ http: {{ url: "http://127.0.0.1:{service}/${{release.version}}", within: 50ms, every: 50ms }} }}]
repositories: {{ deploy: {{ url: "http://127.0.0.1:{git}/deploy.git" }} }}
apps: {{ web: {{}} }}
"#
    );
    let reading = gradus_policy::read("gradus.yaml", &text, &|_| Err(String::new()));
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    reading.policy.unwrap()
}

fn release(version: &str) -> Release {
    Release {
        app: web(),
        version: Version::new(version).unwrap(),
        kind: ReleaseKind::Standard,
        artifacts: vec![Artifact {
            name: "r/web".into(),
            digest: Digest::of(version.as_bytes()),
        }],
        commit: None,
        branch: "main".into(),
        authors: Vec::new(),
        schema: SchemaChange::None,
        chain: None,
        built_for: None,
        notes: String::new(),
    }
}

fn web() -> AppName {
    AppName::new("web").unwrap()
}

/// Asks for a release, and carries out everything that comes of it.
fn promote(runtime: &Runtime<'_>, version: &str) {
    let (app, prod, dora) = (web(), EnvironmentName::new("prod").unwrap(), Actor::local("dora"));
    let release = release(version);
    let (version, command) = (release.version.clone(), Command::AddRelease(release));
    runtime.submit(&app, &dora, &command).unwrap();
    let (state, workspace) = (runtime.load(&app).unwrap().0, runtime.load_workspace().unwrap().0);
    let world = runtime.world(&app, (&state, &workspace));
    let step = Step::forward(&world, &version, None, &prod).unwrap();
    let (plan, rules) = runtime.plan_step(&step).unwrap();
    let request = Command::Request {
        kind: RequestKind::ByHand,
        plan: Box::new(plan),
        rules: Box::new(rules),
        reason: None,
        break_glass: None,
        override_window: None,
    };
    runtime.submit(&app, &dora, &request).unwrap();
    runtime.drain().unwrap();
}

/// For each rollback, the milliseconds from the verdict to its end.
fn durations(ledger: &Sqlite) -> Vec<f64> {
    let (mut failed, mut took, mut seq) = (None, Vec::new(), 0);
    loop {
        let events = ledger.read(&Stream::App(web()), seq, 1000).unwrap();
        let Some(last) = events.last() else {
            return took;
        };
        seq = last.seq;
        for recorded in &events {
            match recorded.event {
                Event::VerificationFailed { .. } => failed = Some(recorded.at),
                Event::RollbackFinished { .. } => {
                    let millis = recorded.at.duration_since(failed.take().unwrap()).as_secs_f64() * 1000.0;
                    took.push(millis);
                }
                _ => {}
            }
        }
    }
}

fn main() {
    let times: usize = std::env::args().nth(1).map_or(100, |text| text.parse().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let (_stop, port) = http::server(dir.path());
    let policy = policy(port, service());
    let ledger = Sqlite::create(&dir.path().join("ledger.db")).unwrap();
    let key = SigningKey::create(&dir.path().join("key"), "gradus/figures").unwrap();
    let hands = RealHands {
        caches: dir.path().join("caches"),
        base: dir.path().to_path_buf(),
        transport: Http::new(Guard::default()),
        prometheus: None,
        logins: Vec::new(),
        programs: false,
        clock: Box::new(Now),
        credentials: http::credential(port, "secret").into_iter().collect(),
        repositories: policy.repositories.clone(),
    };
    let runtime = Runtime::new(Setup {
        ledger: &ledger,
        policy: &policy,
        hands: &hands,
        clock: &Now,
        worker: "figures",
        key: &key,
        marker_prefix: "w",
        watch: &|_| {},
    });
    let adopt = WorkspaceCommand::AdoptPolicy(Box::new(policy.clone()));
    runtime.submit_workspace(&Actor::local("dora"), &adopt).unwrap();
    promote(&runtime, "good");
    for number in 0..times {
        promote(&runtime, &format!("bad-{number}"));
    }
    let mut took = durations(&ledger);
    assert_eq!(took.len(), times, "each bad release was taken back");
    assert_eq!(commits(dir.path()), 1 + 2 * times);
    took.sort_by(f64::total_cmp);
    let at = |share: usize| took[(took.len() * share / 100).min(took.len() - 1)];
    println!(
        "{times} rollbacks over HTTP: median {:.0} ms, p95 {:.0} ms, longest {:.0} ms",
        at(50),
        at(95),
        at(100)
    );
}

fn commits(dir: &Path) -> usize {
    let bare = dir.join("srv/deploy.git").display().to_string();
    git(&["-C", &bare, "rev-list", "--count", "main"])
        .parse()
        .unwrap()
}
