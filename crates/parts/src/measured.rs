//! Which gates can be measured from here, and how their measurements are told apart.

use gradus_model::{Digest, Metrics, Part, Settings};

/// What a measurement for a gate with these settings is named: another window or query is another
/// question, and its answer does not count here.
pub fn measurement(settings: &Settings) -> String {
    Digest::of_value(settings).short().to_owned()
}

/// Whether the policy says how to measure what a gate asks.
pub fn is_measured(part: &Part, metrics: Option<&Metrics>) -> bool {
    if matches!(part.kind.as_str(), "http" | "drift" | "parity") {
        return true;
    }
    let Some(metrics) = metrics else { return false };
    let prometheus = metrics.prometheus.is_some();
    let requests = prometheus && metrics.requests.is_some() && metrics.failed.is_some();
    match part.kind.as_str() {
        "slo" | "error_budget" => requests,
        "canary" => requests && metrics.canary_requests.is_some() && metrics.canary_failed.is_some(),
        "stability" => prometheus && metrics.restarts.is_some() && part.settings.number("restarts").is_some(),
        "metric" => prometheus,
        "alerts" => metrics.alertmanager.is_some(),
        _ => false,
    }
}
