//! What an application runs, against what its repository declares.

use crate::transport::{Reply, Trouble};
use serde_json::Value;

/// What an application runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// The images, as the cluster has them.
    pub images: Vec<String>,
    /// What is other than declared, such as `Deployment web`.
    pub out_of_sync: Vec<String>,
    /// Whether what is declared was synced once, so that the difference was made in the cluster.
    pub by_hand: bool,
    /// Whether it changes such things back by itself.
    pub heals: bool,
}

/// What an application runs, as an answer to [`super::Address::refresh`] has it. What is being changed just
/// now says nothing.
pub fn live(reply: &Reply) -> Result<Live, Trouble> {
    if reply.status != 200 {
        let text = reply.beginning();
        return Err(Trouble::error(format!(
            "Argo CD answers {}: {text}",
            reply.status
        )));
    }
    let app = reply.json()?;
    let status = &app["status"];
    let operation = &status["operationState"];
    let phase = operation["phase"].as_str().unwrap_or_default();
    if !app["operation"].is_null() || matches!(phase, "Running" | "Terminating") {
        return Err(Trouble::inconclusive("an operation is in progress"));
    }
    let out_of_sync = match status["sync"]["status"].as_str() {
        Some("Synced") => Vec::new(),
        Some("OutOfSync") => resources(&status["resources"]),
        _ => return Err(Trouble::inconclusive("Argo CD cannot tell what it runs")),
    };
    let images = status["summary"]["images"].as_array();
    let images = images.into_iter().flatten().filter_map(Value::as_str);
    let (compared, synced) = (&status["sync"], &operation["syncResult"]);
    let same = |key: &str| !compared[key].is_null() && compared[key] == synced[key];
    let automated = &app["spec"]["syncPolicy"]["automated"];
    Ok(Live {
        images: images.map(str::to_owned).collect(),
        out_of_sync,
        by_hand: same("revision") || same("revisions"),
        heals: automated["selfHeal"] == true && automated["enabled"] != false,
    })
}

/// The resources that are other than declared; the application as a whole, where it names none.
fn resources(all: &Value) -> Vec<String> {
    let other = all.as_array().into_iter().flatten();
    let other = other.filter(|resource| resource["status"] == "OutOfSync");
    let word = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let named = other.map(|resource| format!("{} {}", word(&resource["kind"]), word(&resource["name"])));
    let named: Vec<String> = named.collect();
    match named.is_empty() {
        true => vec!["something that it does not name".to_owned()],
        false => named,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn seen(app: &Value) -> Result<Live, Trouble> {
        live(&Reply {
            status: 200,
            body: app.to_string(),
            content_type: "application/json".to_owned(),
        })
    }

    fn app(sync: &str, compared: &str) -> Value {
        json!({
            "spec": { "syncPolicy": { "automated": { "selfHeal": true } } },
            "status": {
                "sync": { "status": sync, "revision": compared }, "summary": { "images": ["r/web:1"] },
                "operationState": { "phase": "Succeeded", "syncResult": { "revision": "a" } },
                "resources": [
                    { "kind": "Deployment", "name": "web", "status": "OutOfSync" },
                    { "kind": "Service", "name": "web", "status": "Synced" },
                ],
            },
        })
    }

    #[test]
    fn what_is_declared_and_what_runs() {
        let found = seen(&app("Synced", "a")).unwrap();
        assert_eq!(
            (found.images, found.out_of_sync.len()),
            (vec!["r/web:1".to_owned()], 0)
        );
        let found = seen(&app("OutOfSync", "a")).unwrap();
        assert_eq!(found.out_of_sync, ["Deployment web"]);
        assert!(found.by_hand && found.heals);
        assert!(
            !seen(&app("OutOfSync", "b")).unwrap().by_hand,
            "b was never synced"
        );
        let mut nameless = app("OutOfSync", "a");
        nameless["status"]["resources"] = Value::Null;
        nameless["spec"] = json!({ "syncPolicy": { "automated": { "selfHeal": true, "enabled": false } } });
        let found = seen(&nameless).unwrap();
        assert!(!found.heals && found.out_of_sync.len() == 1);
    }

    #[test]
    fn what_cannot_be_told_is_not_no_difference() {
        let mut busy = app("Synced", "a");
        busy["operation"] = json!({ "sync": {} });
        for odd in [busy, app("Unknown", "a"), json!({})] {
            assert!(seen(&odd).is_err(), "{odd}");
        }
    }
}
