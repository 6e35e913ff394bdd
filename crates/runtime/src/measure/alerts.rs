//! `alerts`: what fires now, and whether silence means something.

use super::{Facts, Measuring, unknown};
use gradus_connect::{Trouble, alertmanager};
use gradus_model::Fact;

pub(super) fn alerts(measuring: &Measuring<'_>) -> Facts {
    let mut facts = Facts::new();
    match ask(measuring) {
        Ok(firing) => {
            let mut put = |name: &str, alerts: &[String]| {
                facts.insert(name.to_owned(), Fact::Number(alerts.len() as f64));
                if !alerts.is_empty() {
                    facts.insert(format!("{name}_names"), Fact::Text(alerts.join(", ")));
                }
            };
            put("critical", &firing.critical);
            put("warning", &firing.warning);
            facts.insert("suppressed".to_owned(), Fact::Number(firing.suppressed as f64));
        }
        Err(trouble) => unknown(&mut facts, &["critical", "warning"], &trouble),
    }
    facts
}

fn ask(measuring: &Measuring<'_>) -> Result<alertmanager::Firing, Trouble> {
    let metrics = measuring.metrics;
    let base = metrics.and_then(|metrics| metrics.alertmanager.as_deref());
    let (Some(metrics), Some(base)) = (metrics, base) else {
        return Err(Trouble::error("the policy names no Alertmanager"));
    };
    let hands = measuring.hands;
    let matchers: Vec<String> = metrics
        .alerts
        .iter()
        .map(|text| measuring.filled(Some(text)))
        .collect();
    let firing = alertmanager::firing(&hands.ask(&alertmanager::alerts(base, &matchers))?)?;
    // What fires, fires; only silence has to be proven.
    if firing.critical.is_empty() || firing.warning.is_empty() {
        let heartbeat = alertmanager::heartbeat(&metrics.heartbeat);
        let beats = hands.ask(&alertmanager::alerts(base, &heartbeat))?;
        let proven = alertmanager::beats(&beats, measuring.now).and_then(|()| {
            let status = hands.ask(&alertmanager::status(base))?;
            alertmanager::is_settled(&status, measuring.now, metrics.settled)
        });
        if firing.critical.is_empty() {
            proven?;
        }
    }
    Ok(firing)
}
