//! What the policy says about measuring: whom to ask, and what counts as a request.

use crate::Period;
use serde::{Deserialize, Serialize};

/// Where live gates get their numbers. Queries are PromQL; `${app}`, `${environment}`,
/// `${release.version}` and `${window}` are filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// The address of Prometheus, or of what speaks its language.
    pub prometheus: Option<String>,
    /// The address of Alertmanager.
    pub alertmanager: Option<String>,
    /// The alert that always fires; without it, no alerts proves nothing.
    pub heartbeat: String,
    /// How long Alertmanager must be up to know every alert: it forgets them when it restarts.
    pub settled: Period,
    /// How often something is measured anew while a promotion waits for it.
    pub every: Period,
    /// How many requests there must have been for a share of them to mean something.
    pub at_least: f64,
    /// The share of requests that must be served, where a gate does not say it.
    pub objective: Option<f64>,
    /// The counter of requests, as a selector.
    pub requests: Option<String>,
    /// The counter of failed requests, as a selector.
    pub failed: Option<String>,
    /// The counter of requests that the canary served, as a selector.
    pub canary_requests: Option<String>,
    /// The counter of requests that failed on the canary, as a selector.
    pub canary_failed: Option<String>,
    /// The counter of restarts, as a selector.
    pub restarts: Option<String>,
    /// What alerts must match to count, one matcher each.
    pub alerts: Vec<String>,
}
