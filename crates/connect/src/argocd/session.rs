//! Sessions: for those who have a user and a password, and no token.

use crate::transport::{Reply, Request, Trouble};
use serde_json::json;

/// Asks for a session: what it answers is a token for a day.
pub fn session(server: &str, user: &str, password: &str) -> Request {
    let url = format!("{}/api/v1/session", server.trim_end_matches('/'));
    let body = json!({ "username": user, "password": password });
    Request::post(url, "application/json", body.to_string())
}

/// The token of a session, or why there is none.
pub fn token(reply: &Reply) -> Result<String, Trouble> {
    match reply.status {
        200 => {}
        401 | 403 => {
            return Err(Trouble::error("Argo CD knows no such user, or another password"));
        }
        other => {
            let text = reply.beginning();
            return Err(Trouble::error(format!(
                "no session: Argo CD answers {other}: {text}"
            )));
        }
    }
    let answer = reply.json()?;
    let token = answer["token"].as_str().filter(|token| !token.is_empty());
    token
        .map(str::to_owned)
        .ok_or_else(|| Trouble::error("a session without a token"))
}
