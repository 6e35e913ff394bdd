//! The step `argocd` against a server that behaves as Argo CD is documented to: a sync empties the state
//! of the operation, an answer right after a push is about the commit before, a sync by hand is refused
//! where it goes by itself, one operation at a time, tokens expire, and what is missing is forbidden
//! unless the project is named.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

use gradus_connect::{Guard, Http};
use gradus_model::{Commit, Part, Setting, Settings, Timestamp};
use gradus_runtime::{Act, ActError, Clock, Hands as _, RealHands};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

const OLD: &str = "1111111111111111111111111111111111111111";
const NEW: &str = "2222222222222222222222222222222222222222";

/// The application as the server has it.
#[derive(Clone)]
struct App {
    /// What the repository holds, and after how many comparisons the server notices.
    head: &'static str,
    notices_after: u32,
    automatic: bool,
    /// How many more times somebody must ask until the operation is over.
    running: Option<u32>,
    target: String,
    synced: String,
    phase: Value,
    finished: String,
    reconciled: String,
    health: &'static str,
    ends_in: &'static str,
    token: &'static str,
    exists: bool,
    posts: u32,
    deletes: u32,
}

impl Default for App {
    fn default() -> Self {
        Self {
            head: NEW,
            notices_after: 0,
            automatic: false,
            running: None,
            target: OLD.into(),
            synced: OLD.into(),
            phase: "Succeeded".into(),
            finished: Timestamp::now().to_string(),
            reconciled: Timestamp::now().to_string(),
            health: "Healthy",
            ends_in: "Succeeded",
            token: "t0ken",
            exists: true,
            posts: 0,
            deletes: 0,
        }
    }
}

impl App {
    fn start(&mut self, target: &str, times: u32) {
        self.running = Some(times);
        self.target = target.to_owned();
        self.phase = Value::Null;
    }

    fn answer(&mut self, method: &str, url: &str, body: &Value) -> (u16, Value) {
        match (method, url.contains("/sync"), url.contains("/operation")) {
            ("DELETE", _, true) => {
                self.deletes += 1;
                self.running = None;
                self.phase = "Failed".into();
                (200, json!({}))
            }
            ("POST", true, _) => {
                self.posts += 1;
                let target = body["revision"].as_str().unwrap_or_default().to_owned();
                if self.automatic {
                    let message = format!(
                        "Cannot sync to {target}: auto-sync currently set to {}",
                        self.head
                    );
                    return (400, json!({ "code": 9, "message": message }));
                }
                if self.running.is_some() {
                    return (
                        400,
                        json!({ "code": 9, "message": "another operation is already in progress" }),
                    );
                }
                self.start(&target, 2);
                (200, json!({}))
            }
            _ => (200, self.refreshed()),
        }
    }

    fn refreshed(&mut self) -> Value {
        let now = Timestamp::now().to_string();
        match self.running {
            Some(0) => {
                self.running = None;
                self.phase = self.ends_in.into();
                self.synced.clone_from(&self.target);
                self.finished = now;
            }
            Some(times) => {
                self.running = Some(times - 1);
                self.phase = if times == 2 { Value::Null } else { "Running".into() };
            }
            None => self.reconciled = now,
        }
        let compared = if self.notices_after > 0 { OLD } else { self.head };
        self.notices_after = self.notices_after.saturating_sub(1);
        if self.automatic && self.running.is_none() && compared != self.synced {
            self.start(compared, 2);
        }
        let operation = match &self.phase {
            Value::Null => Value::Null,
            phase => json!({
                "phase": phase, "finishedAt": self.finished, "syncResult": { "revision": self.synced },
                "message": "one or more objects failed to apply",
            }),
        };
        let automated = if self.automatic {
            json!({ "automated": {} })
        } else {
            json!({})
        };
        json!({
            "spec": { "syncPolicy": automated },
            "operation": self.running.map(|_| json!({ "sync": {} })),
            "status": {
                "sync": { "status": if compared == self.synced { "Synced" } else { "OutOfSync" }, "revision": compared },
                "health": { "status": self.health }, "operationState": operation, "reconciledAt": self.reconciled,
            },
        })
    }
}

fn serve(app: App) -> (String, Arc<Mutex<App>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let shared = Arc::new(Mutex::new(app));
    let app = shared.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut bytes = vec![0u8; 16_384];
            let mut length = stream.read(&mut bytes).unwrap_or(0);
            let mut request = String::from_utf8_lossy(&bytes[..length]).into_owned();
            // The body may come in a piece of its own.
            if request.starts_with("POST") && request.ends_with("\r\n\r\n") {
                length = stream.read(&mut bytes).unwrap_or(0);
                request.push_str(&String::from_utf8_lossy(&bytes[..length]));
            }
            let mut words = request.split(' ');
            let (method, url) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let body = request.split("\r\n\r\n").nth(1).unwrap_or_default();
            let body = serde_json::from_str(body).unwrap_or(Value::Null);
            let mut app = app.lock().unwrap();
            let signed = request
                .to_lowercase()
                .contains(&format!("authorization: bearer {}", app.token));
            let (status, answer) = match (signed, app.exists, url.contains("project=")) {
                (false, ..) => (401, json!({ "message": "invalid session: token is expired" })),
                (_, false, false) => (403, json!({ "message": "permission denied" })),
                (_, false, true) => (404, json!({ "message": "applications.argoproj.io not found" })),
                _ => app.answer(method, url, &body),
            };
            let answer = answer.to_string();
            let head =
                format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n");
            let _ = stream
                .write_all(format!("{head}Content-Length: {}\r\n\r\n{answer}", answer.len()).as_bytes());
        }
    });
    (url, shared)
}

struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Carries the step out, and answers what came of it and what the server has seen.
fn carry_out(app: App, back: bool, project: Option<&str>) -> (Result<String, ActError>, App) {
    let (url, shared) = serve(app);
    let dir = tempfile::tempdir().unwrap();
    let hands = RealHands {
        caches: dir.path().join("caches"),
        base: dir.path().to_path_buf(),
        transport: Http::new(Guard::default()),
        prometheus: None,
        programs: false,
        tokens: vec![("http://127.0.0.1".to_owned(), "t0ken".to_owned())],
        clock: Box::new(Now),
        credentials: Vec::new(),
        repositories: BTreeMap::new(),
    };
    let text = |text: &str| Setting::Text(text.to_owned());
    let mut settings = BTreeMap::from([
        ("server".to_owned(), text(&url)),
        ("app".to_owned(), text("web-prod")),
        ("every".to_owned(), text("10ms")),
        ("steady".to_owned(), text("30ms")),
        ("within".to_owned(), text("2s")),
    ]);
    settings.extend(project.map(|name| ("project".to_owned(), text(name))));
    let part = Part {
        kind: "argocd".to_owned(),
        settings: Settings(settings),
    };
    let (about, commit) = (json!({}), Commit::new(NEW).unwrap());
    let outcome = hands.act(&Act {
        part: &part,
        key: "w/web-1/1",
        about: &about,
        back,
        commit: Some(&commit),
    });
    let seen = shared.lock().unwrap().clone();
    (outcome, seen)
}

fn arrives(app: App) -> App {
    let (outcome, seen) = carry_out(app, false, None);
    assert_eq!(outcome.unwrap(), "web-prod runs 222222222");
    assert_eq!(seen.synced, NEW, "it runs what was written");
    seen
}

fn fails(app: App, project: Option<&str>, told: &str) -> App {
    let (outcome, seen) = carry_out(app, false, project);
    match outcome {
        Err(ActError::Lasting(text)) if text.contains(told) => seen,
        other => panic!("{told}: {other:?}"),
    }
}

#[test]
fn it_is_told_to_sync_once_where_it_does_not_by_itself() {
    assert_eq!(arrives(App::default()).posts, 1);
    // Done already: by us before we died, or by somebody else.
    let done = App {
        synced: NEW.into(),
        ..App::default()
    };
    assert_eq!(arrives(done).posts, 0);
}

#[test]
fn it_is_left_alone_where_it_syncs_by_itself() {
    let automatic = App {
        automatic: true,
        ..App::default()
    };
    assert_eq!(arrives(automatic).posts, 0);
}

#[test]
fn synced_and_healthy_right_after_a_push_is_about_the_commit_before() {
    let stale = App {
        notices_after: 5,
        ..App::default()
    };
    let seen = arrives(stale);
    assert_eq!((seen.notices_after, seen.posts), (0, 1));
}

#[test]
fn an_operation_of_others_is_waited_for() {
    let busy = App {
        running: Some(4),
        ..App::default()
    };
    assert_eq!(arrives(busy).posts, 1);
}

#[test]
fn what_will_not_arrive_is_told() {
    let app = App::default;
    fails(
        App {
            token: "another",
            ..app()
        },
        None,
        "token is not valid",
    );
    fails(
        App {
            exists: false,
            ..app()
        },
        None,
        "not permitted, or, without a project, missing",
    );
    fails(
        App {
            exists: false,
            ..app()
        },
        Some("shop"),
        "there is no application web-prod",
    );
    fails(
        App {
            ends_in: "Failed",
            ..app()
        },
        None,
        "the sync ended in Failed: one or more objects",
    );
    fails(
        App {
            health: "Degraded",
            ..app()
        },
        None,
        "degraded",
    );
    fails(
        App {
            health: "Progressing",
            ..app()
        },
        None,
        "took too long: its health is Progressing",
    );
    fails(
        App {
            notices_after: 1_000,
            ..app()
        },
        None,
        "took too long: it is compared with 111111111111",
    );
}

#[test]
fn a_rollback_ends_what_is_stuck_first() {
    let stuck = App {
        running: Some(10_000),
        ..App::default()
    };
    let (outcome, seen) = carry_out(stuck.clone(), true, None);
    assert!(outcome.is_ok(), "{outcome:?}");
    assert_eq!((seen.deletes, seen.posts), (1, 1));
    fails(stuck, None, "took too long: an operation is in progress");
}
