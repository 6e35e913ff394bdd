//! Checks, carried out: one file each, under the same names as in the registry of parts.

mod http;
mod metric;
mod probe;

use crate::Clock;
use gradus_connect::Transport;
use gradus_model::{Answer, Finding, Part, Why};

/// What checks are carried out with.
pub(crate) struct Means<'a> {
    pub(crate) transport: &'a dyn Transport,
    /// The address of Prometheus, where the policy names one.
    pub(crate) prometheus: Option<&'a str>,
    pub(crate) now: &'a dyn Clock,
}

/// Carries out one check.
pub(crate) fn check(part: &Part, means: &Means<'_>) -> Finding {
    match part.kind.as_str() {
        "http" => http::check(&part.settings, means.transport),
        "probe" => probe::check(&part.settings, means.transport),
        "metric" => metric::check(&part.settings, means),
        other => Finding {
            check: other.to_owned(),
            answer: Answer::Unknown(Why::Error),
            wanted: "an answer".to_owned(),
            observed: format!("this version of Gradus knows no check {other}"),
        },
    }
}
