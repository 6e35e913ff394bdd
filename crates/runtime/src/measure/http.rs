//! `http`: another system's yes or no.

use super::{Facts, Measuring, key, trouble};
use gradus_connect::{Request, Trouble};
use gradus_model::Fact;
use serde_json::{Value, json};

pub(super) fn http(measuring: &Measuring<'_>) -> Facts {
    let mut facts = Facts::new();
    match ask(measuring) {
        Ok((answer, text)) => {
            facts.insert("answer".to_owned(), Fact::Text(answer));
            if let Some(text) = text {
                facts.insert("text".to_owned(), Fact::Text(text));
            }
        }
        Err(found) => drop(facts.insert("answer".to_owned(), trouble(&found))),
    }
    facts
}

/// The answer is `pass`, `fail`, or anything else, which is neither.
fn ask(measuring: &Measuring<'_>) -> Result<(String, Option<String>), Trouble> {
    let url = measuring.settings.text("url").unwrap_or_default();
    let name = measuring.settings.text("name").unwrap_or_default();
    let release = measuring.release;
    let digest = release.digest();
    let body = json!({
        "app": release.app, "version": release.version, "digest": digest, "environment": measuring.place,
        "commit": release.commit, "artifacts": release.artifacts, "check": name,
    });
    let mut request = Request::post(url, "application/json", body.to_string());
    let place = measuring.place.as_str();
    let key = key(&[url, name, digest.as_str(), place]);
    request.headers.push(("Idempotency-Key".to_owned(), key));
    let reply = measuring.hands.ask(&request)?;
    if reply.status != 200 {
        return Err(Trouble::error(format!("it answers {}", reply.status)));
    }
    let json: Value = serde_json::from_str(&reply.body)
        .map_err(|error| Trouble::error(format!("its answer cannot be read: {error}")))?;
    let answer = json["answer"].as_str();
    let answer = answer.ok_or_else(|| Trouble::inconclusive("its answer says neither pass nor fail"))?;
    Ok((answer.to_owned(), json["text"].as_str().map(str::to_owned)))
}
