//! `metrics`: whom live gates ask.

use super::{Sources, number, period, texts};
use crate::node::Node;
use gradus_model::{Metrics, Period};

const EVERY: Period = Period::from_secs(60);
const SETTLED: Period = Period::from_secs(120);
const AT_LEAST: f64 = 20.0;

/// The section, if the policy has one.
pub(super) fn metrics(sources: &Sources<'_>) -> Option<Metrics> {
    let node = sources.section("metrics")?;
    let text = |key: &str| node.get(key).and_then(Node::as_text).map(str::to_owned);
    Some(Metrics {
        prometheus: text("prometheus"),
        alertmanager: text("alertmanager"),
        heartbeat: text("heartbeat").unwrap_or_else(|| "Watchdog".to_owned()),
        settled: period(node, "settled", SETTLED),
        every: period(node, "every", EVERY),
        at_least: node.get("at_least").and_then(number).unwrap_or(AT_LEAST),
        objective: node.get("objective").and_then(number),
        requests: text("requests"),
        failed: text("failed"),
        canary_requests: text("canary_requests"),
        canary_failed: text("canary_failed"),
        restarts: text("restarts"),
        alerts: texts(node.get("alerts")),
    })
}
