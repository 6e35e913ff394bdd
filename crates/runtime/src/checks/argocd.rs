//! `argocd`: synced and healthy, as Argo CD sees it now.

use super::Means;
use crate::steps::argocd_address;
use gradus_connect::argocd::condition;
use gradus_model::{Answer, Finding, Settings, Why};

pub(super) fn check(settings: &Settings, means: &Means<'_>) -> Finding {
    let (answer, observed) = match ask(settings, means) {
        Ok((sync, health)) => {
            let answer = match (sync.as_str(), health.as_str()) {
                ("Synced", "Healthy") => Answer::Pass,
                // On its way somewhere; it may still turn out well.
                (_, "Progressing" | "Unknown" | "Suspended") | ("Unknown" | "", _) => {
                    Answer::Unknown(Why::Inconclusive)
                }
                _ => Answer::Fail,
            };
            (answer, format!("{sync}, {health}"))
        }
        Err(text) => (Answer::Unknown(Why::Error), text),
    };
    Finding {
        check: "argocd".to_owned(),
        answer,
        wanted: "Synced, Healthy".to_owned(),
        observed,
        target: None,
    }
}

fn ask(settings: &Settings, means: &Means<'_>) -> Result<(String, String), String> {
    let address = argocd_address(settings, means.logins, means.transport)?;
    let reply = means
        .transport
        .send(&address.refresh())
        .map_err(|trouble| trouble.text)?;
    condition(&reply).map_err(|trouble| trouble.text)
}
