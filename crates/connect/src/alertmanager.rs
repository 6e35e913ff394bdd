//! Questions to Alertmanager, and when its silence means something.
//!
//! An Alertmanager that has just started, or that nobody sends to, answers "no alerts" like one that
//! has looked. So an alert that always fires, the heartbeat, is looked for too: without it, silence
//! is unknown.

use crate::prometheus::escaped;
use crate::transport::{Reply, Request, Trouble};
use gradus_model::{Period, Timestamp};
use serde_json::Value;

/// Alerts that fire, by severity, and what they are called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Firing {
    /// Those of severity `critical`.
    pub critical: Vec<String>,
    /// Those of severity `warning`.
    pub warning: Vec<String>,
    /// How many are silenced or inhibited; they are counted above all the same.
    pub suppressed: usize,
}

/// Asks for the alerts that match, one matcher each, such as `env="production"`. Silenced and
/// inhibited ones come too: a silence is no proof of health.
pub fn alerts(base: &str, matchers: &[String]) -> Request {
    let mut url = format!(
        "{}/api/v2/alerts?active=true&silenced=true&inhibited=true&unprocessed=true",
        base.trim_end_matches('/')
    );
    for matcher in matchers {
        url.push_str("&filter=");
        url.push_str(&escaped(matcher));
    }
    Request::get(url)
}

/// Asks how long it has been up.
pub fn status(base: &str) -> Request {
    Request::get(format!("{}/api/v2/status", base.trim_end_matches('/')))
}

/// The matcher for the heartbeat.
pub fn heartbeat(name: &str) -> Vec<String> {
    vec![format!("alertname={}", Value::String(name.to_owned()))]
}

fn list(reply: &Reply) -> Result<Vec<Value>, Trouble> {
    if reply.status != 200 {
        let text = reply.beginning();
        return Err(Trouble::error(format!(
            "Alertmanager answers {}: {text}",
            reply.status
        )));
    }
    match reply.json()? {
        Value::Array(alerts) => Ok(alerts),
        _ => Err(Trouble::error("Alertmanager answers something else than alerts")),
    }
}

/// The alerts of an answer to [`alerts`].
pub fn firing(reply: &Reply) -> Result<Firing, Trouble> {
    let mut firing = Firing::default();
    for alert in list(reply)? {
        let label = |name: &str| alert["labels"][name].as_str().unwrap_or_default().to_owned();
        let name = label("alertname");
        match label("severity").as_str() {
            "critical" | "page" => firing.critical.push(name),
            "warning" | "ticket" => firing.warning.push(name),
            _ => continue,
        }
        let state = alert["status"]["state"].as_str().unwrap_or_default();
        firing.suppressed += usize::from(state == "suppressed");
    }
    firing.critical.sort();
    firing.warning.sort();
    Ok(firing)
}

/// Whether an answer to [`alerts`] with [`heartbeat`] shows that alerts arrive: the heartbeat is
/// there, and not past its end.
pub fn beats(reply: &Reply, now: Timestamp) -> Result<(), Trouble> {
    let alerts = list(reply)?;
    let lives = |alert: &Value| {
        let end: Option<Timestamp> = alert["endsAt"].as_str().and_then(|text| text.parse().ok());
        end.is_some_and(|end| end > now)
    };
    if alerts.iter().any(lives) {
        return Ok(());
    }
    let text = "the heartbeat alert does not fire, so no alert at all proves nothing";
    Err(Trouble::inconclusive(text))
}

/// Whether an answer to [`status`] shows that it has been up for so long.
pub fn is_settled(reply: &Reply, now: Timestamp, settled: Period) -> Result<(), Trouble> {
    if reply.status != 200 {
        return Err(Trouble::error(format!("Alertmanager answers {}", reply.status)));
    }
    let json = reply.json()?;
    let since: Option<Timestamp> = json["uptime"].as_str().and_then(|text| text.parse().ok());
    match since {
        Some(since) if settled.after(since) <= now => Ok(()),
        Some(_) => Err(Trouble::inconclusive(format!(
            "Alertmanager has been up for less than {settled} and may not know every alert yet"
        ))),
        None => Err(Trouble::error(
            "Alertmanager does not say how long it has been up",
        )),
    }
}
