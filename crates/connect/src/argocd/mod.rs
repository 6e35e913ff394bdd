//! Questions to Argo CD, and when its answer means that a commit runs.
//!
//! "Synced and healthy" right after a push speaks of the commit before. So the expected commit must be
//! what was compared with and what was synced, the operation must be over, and the comparison must be
//! from after its end.

mod live;
mod session;

pub use live::{Live, live};
pub use session::{session, token};

use crate::transport::{Reply, Request, Trouble};
use gradus_model::{Commit, Timestamp};
use serde_json::{Value, json};
use std::borrow::Cow;

/// Where an application is.
#[derive(Debug, Clone)]
pub struct Address<'a> {
    /// The server, such as `https://argocd.example.com`.
    pub server: &'a str,
    /// The application.
    pub app: &'a str,
    /// Its project: without it, an application that is missing looks like one that is forbidden.
    pub project: Option<&'a str>,
    /// Which of its sources, where it has several.
    pub source: Option<usize>,
    /// The token.
    pub token: Cow<'a, str>,
}

/// How far an application is with a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The commit runs, and is healthy.
    Arrived,
    /// Not yet, and why.
    Waiting(String),
    /// It must be told to sync: it does not by itself.
    NeedsSync,
    /// It will not arrive.
    Failed(String),
    /// The token is not valid, or no longer.
    SignedOut,
}

impl Address<'_> {
    fn place(&self, rest: &str) -> String {
        let server = self.server.trim_end_matches('/');
        let app = crate::prometheus::escaped(self.app);
        format!("{server}/api/v1/applications/{app}{rest}")
    }

    fn url(&self, rest: &str, query: &str) -> String {
        let place = self.place(rest);
        let project = self.project.map(crate::prometheus::escaped);
        let project = project.map(|name| format!("project={name}&")).unwrap_or_default();
        let query = format!("{project}{query}");
        let query = query.trim_end_matches('&');
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{place}{mark}{query}")
    }

    fn signed(&self, mut request: Request) -> Request {
        let bearer = format!("Bearer {}", self.token);
        request.headers.push(("Authorization".to_owned(), bearer));
        request
    }

    /// Asks for the application, compared anew with its repository.
    pub fn refresh(&self) -> Request {
        let mut request = self.signed(Request::get(self.url("", "refresh=normal")));
        request.timeout = std::time::Duration::from_secs(60);
        request
    }

    /// Tells it to sync to a commit.
    pub fn sync(&self, commit: &Commit) -> Request {
        let mut body = match self.source {
            None => json!({ "revision": commit }),
            // Positions count from one there.
            Some(source) => json!({ "revisions": [commit], "sourcePositions": [source + 1] }),
        };
        // A request with a body is read from its body alone.
        if let Some(project) = self.project {
            body["project"] = project.into();
        }
        let url = self.place("/sync");
        self.signed(Request::post(url, "application/json", body.to_string()))
    }

    /// Tells it to give up what it is doing: a stuck operation would block the one that mends it.
    pub fn terminate(&self) -> Request {
        self.signed(Request {
            method: "DELETE",
            ..Request::get(self.url("/operation", ""))
        })
    }

    /// How far the application is with a commit.
    pub fn progress(&self, reply: &Reply, commit: &Commit) -> Result<Progress, Trouble> {
        match reply.status {
            200 => {}
            401 => return Ok(Progress::SignedOut),
            403 => {
                let hint = "not permitted, or, without a project, missing";
                return Ok(Progress::Failed(format!("{}: {hint}", self.app)));
            }
            404 => return Ok(Progress::Failed(format!("there is no application {}", self.app))),
            other => {
                let text = reply.beginning();
                return Err(Trouble::error(format!("Argo CD answers {other}: {text}")));
            }
        }
        Ok(self.judge(&reply.json()?, commit))
    }

    fn judge(&self, app: &Value, commit: &Commit) -> Progress {
        let status = &app["status"];
        let operation = &status["operationState"];
        let phase = operation["phase"].as_str().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let revision = |of: &Value| match self.source {
            None => text(&of["revision"]),
            Some(source) => text(&of["revisions"][source]),
        };
        let compared = revision(&status["sync"]);
        let synced = revision(&operation["syncResult"]);
        let ours = commit.as_str();
        if !app["operation"].is_null() || matches!(phase, "Running" | "Terminating") {
            return Progress::Waiting("an operation is in progress".to_owned());
        }
        if matches!(phase, "Failed" | "Error") && synced == ours {
            return Progress::Failed(format!(
                "the sync ended in {phase}: {}",
                text(&operation["message"])
            ));
        }
        if compared != ours {
            let short: String = compared.chars().take(12).collect();
            return Progress::Waiting(format!(
                "it is compared with {short}, not yet with {}",
                commit.short()
            ));
        }
        if text(&status["sync"]["status"]) != "Synced" {
            let automated = &app["spec"]["syncPolicy"]["automated"];
            // With automatic sync, a sync by hand would race with it.
            return if automated.is_null() || automated["enabled"] == false {
                Progress::NeedsSync
            } else {
                Progress::Waiting("it syncs by itself, and has not yet".to_owned())
            };
        }
        let moment = |value: &Value| value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
        // A commit that changes nothing here starts no operation: then the comparison is all there is.
        let by_operation = synced == ours;
        let settled = moment(&status["reconciledAt"]) >= moment(&operation["finishedAt"]);
        if by_operation && !settled {
            return Progress::Waiting("it was not compared since the sync ended".to_owned());
        }
        match text(&status["health"]["status"]).as_str() {
            "Healthy" => Progress::Arrived,
            "Degraded" => Progress::Failed(format!("it is degraded: {}", text(&status["health"]["message"]))),
            other => Progress::Waiting(format!("its health is {other}")),
        }
    }
}

/// Whether an application is synced and healthy: both words, as they are.
pub fn condition(reply: &Reply) -> Result<(String, String), Trouble> {
    if reply.status != 200 {
        let text = reply.beginning();
        return Err(Trouble::error(format!(
            "Argo CD answers {}: {text}",
            reply.status
        )));
    }
    let app = reply.json()?;
    let word = |of: &str| {
        app["status"][of]["status"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    Ok((word("sync"), word("health")))
}

/// Whether an answer to [`Address::sync`] or [`Address::terminate`] was a yes; what can be tried again is
/// told apart from what cannot.
pub fn accepted(reply: &Reply) -> Result<(), Result<String, String>> {
    let text = reply.beginning();
    // Another operation ends, and where it goes by itself from now on it is left to do so.
    let passing = [
        "another operation is already in progress",
        "auto-sync currently set to",
    ];
    let again = passing.iter().any(|passing| text.contains(passing)) || reply.status >= 500;
    match reply.status {
        200 => Ok(()),
        _ if again => Err(Ok(text)),
        status => Err(Err(format!("Argo CD answers {status}: {text}"))),
    }
}
