//! A server that behaves as Argo CD is documented to, and keeps a book of everything that is wrong with what
//! it was asked and with what it answered.

use crate::contract::Contract;
use gradus_model::Timestamp;
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

pub const OLD: &str = "1111111111111111111111111111111111111111";
pub const NEW: &str = "2222222222222222222222222222222222222222";

/// The application as the server has it.
#[derive(Clone)]
pub struct App {
    /// What the repository holds, and after how many comparisons the server notices.
    pub head: &'static str,
    pub notices_after: u32,
    pub automatic: bool,
    /// How many more times somebody must ask until the operation is over.
    pub running: Option<u32>,
    pub target: String,
    pub synced: String,
    pub phase: Value,
    pub finished: String,
    pub reconciled: String,
    pub health: &'static str,
    pub ends_in: &'static str,
    pub token: &'static str,
    pub exists: bool,
    pub posts: u32,
    pub deletes: u32,
    pub meanwhile: Meanwhile,
    /// How many sessions were begun.
    pub sessions: u32,
    /// How many more requests the token is good for.
    pub expires_after: Option<u32>,
    /// What the cluster runs.
    pub images: Vec<&'static str>,
    /// The resource that somebody has changed in the cluster, and whether such things are changed back.
    pub changed: Option<&'static str>,
    pub heals: bool,
    /// Everything that did not keep to the contract.
    pub wrong: Vec<String>,
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
            meanwhile: Meanwhile::Nothing,
            sessions: 0,
            expires_after: None,
            images: Vec::new(),
            changed: None,
            heals: false,
            wrong: Vec::new(),
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
            ("DELETE", _, true) => self.terminate(),
            ("POST", true, _) => self.sync(body["revision"].as_str().unwrap_or_default()),
            _ => (200, self.refreshed()),
        }
    }

    /// A new session ends as late as the server lets sessions live.
    fn session(&mut self, body: &Value) -> (u16, Value) {
        if body["username"] != "gradus" || body["password"] != "pa55word" {
            return refused(401, 16, "Invalid username or password");
        }
        self.sessions += 1;
        self.expires_after = None;
        (200, json!({ "token": self.token }))
    }

    fn terminate(&mut self) -> (u16, Value) {
        self.deletes += 1;
        if self.running.take().is_none() {
            return refused(
                400,
                9,
                "Unable to terminate operation. No operation is in progress",
            );
        }
        self.phase = "Failed".into();
        (200, json!({}))
    }

    fn sync(&mut self, target: &str) -> (u16, Value) {
        self.posts += 1;
        match std::mem::replace(&mut self.meanwhile, Meanwhile::Nothing) {
            Meanwhile::Nothing => {}
            Meanwhile::Operation => self.start(OLD, 2),
            Meanwhile::Automatic => self.automatic = true,
            Meanwhile::Window => return refused(403, 7, "cannot sync: blocked by sync window"),
        }
        if self.automatic {
            let message = format!("Cannot sync to {target}: auto-sync currently set to main");
            return refused(400, 9, &message);
        }
        if self.running.is_some() {
            return refused(400, 9, "another operation is already in progress");
        }
        self.start(target, 2);
        (200, self.seen(OLD))
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
        // Automatic sync changes back what differs from the commit only where it is told to.
        if self.automatic && self.heals && self.running.is_none() {
            self.changed = None;
        }
        let compared = if self.notices_after > 0 { OLD } else { self.head };
        self.notices_after = self.notices_after.saturating_sub(1);
        if self.automatic && self.running.is_none() && compared != self.synced {
            self.start(compared, 2);
        }
        self.seen(compared)
    }

    /// The application as it is told.
    fn seen(&self, compared: &str) -> Value {
        let operation = match &self.phase {
            Value::Null => Value::Null,
            phase => json!({
                "phase": phase, "finishedAt": self.finished, "syncResult": { "revision": self.synced },
                "message": "one or more objects failed to apply",
            }),
        };
        let automated = if self.automatic {
            json!({ "automated": { "selfHeal": self.heals } })
        } else {
            json!({})
        };
        let good = compared == self.synced && self.changed.is_none();
        let word = |good: bool| if good { "Synced" } else { "OutOfSync" };
        let resource = |name: &str| {
            let good = compared == self.synced && self.changed != Some(name);
            json!({ "group": "apps", "version": "v1", "kind": "Deployment", "name": name, "status": word(good) })
        };
        json!({
            "spec": { "syncPolicy": automated },
            "operation": self.running.map(|_| json!({ "sync": {} })),
            "status": {
                "sync": { "status": word(good), "revision": compared },
                "health": { "status": self.health }, "operationState": operation, "reconciledAt": self.reconciled,
                "summary": { "images": self.images }, "resources": [resource("web"), resource("db")],
            },
        })
    }
}

/// What happens between the last question and the sync.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Meanwhile {
    Nothing,
    /// Somebody else starts an operation.
    Operation,
    /// Somebody turns automatic sync on.
    Automatic,
    /// A window closes.
    Window,
}

fn refused(status: u16, code: u16, message: &str) -> (u16, Value) {
    (
        status,
        json!({ "code": code, "error": message, "message": message }),
    )
}

/// Serves it, and shares what has become of it.
pub fn serve(app: App) -> (String, Arc<Mutex<App>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let shared = Arc::new(Mutex::new(app));
    let app = shared.clone();
    let contract = Contract::read();
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
            let signs_in = url == "/api/v1/session";
            let first = app.sessions == 0;
            let lives = app.expires_after;
            let expired = app.expires_after == Some(0);
            app.expires_after = app.expires_after.map(|left| left.saturating_sub(1));
            let bearer = format!("authorization: bearer {}", app.token);
            let signed = request.to_lowercase().contains(&bearer) && !expired;
            // Where a request has a body, the project stands in it.
            let project = url.contains("project=") || body["project"].is_string();
            let mut wrong = contract.request(method, url, &body);
            let (status, answer) = match (signed, app.exists, project) {
                _ if signs_in => {
                    let answered = app.session(&body);
                    // The first one of those that end ends when it was said.
                    app.expires_after = lives.filter(|_| first);
                    answered
                }
                (false, ..) => refused(401, 16, "invalid session: token is expired"),
                (_, false, false) => refused(403, 7, "permission denied"),
                (_, false, true) => refused(404, 5, "applications.argoproj.io not found"),
                _ => app.answer(method, url, &body),
            };
            wrong.extend(contract.answer(method, url, status, &answer));
            app.wrong.extend(wrong);
            let answer = answer.to_string();
            let head =
                format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n");
            let _ = stream
                .write_all(format!("{head}Content-Length: {}\r\n\r\n{answer}", answer.len()).as_bytes());
        }
    });
    (url, shared)
}
