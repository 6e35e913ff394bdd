//! Checks, carried out: one file each, under the same names as in the registry of parts.

mod argocd;
mod http;
mod metric;
mod probe;
mod run;

use crate::Clock;
use crate::steps::Login;
use gradus_connect::Transport;
use gradus_model::{Answer, Finding, Part, Settings, Timestamp, Why};
use std::path::Path;

/// What checks are carried out with.
pub(crate) struct Means<'a> {
    pub(crate) transport: &'a dyn Transport,
    /// The address of Prometheus, where the policy names one.
    pub(crate) prometheus: Option<&'a str>,
    pub(crate) now: &'a dyn Clock,
    /// When the delivery began that is checked: what was then is compared with what is now.
    pub(crate) before: Option<Timestamp>,
    /// How to sign in to Argo CD.
    pub(crate) logins: &'a [Login],
    /// The folder that programs run in; none, where they may not run.
    pub(crate) programs_in: Option<&'a Path>,
}

/// Whether a service answers as it should.
pub(crate) fn healthy(settings: &Settings, transport: &dyn Transport) -> Finding {
    http::check(settings, transport)
}

/// Carries out one check.
pub(crate) fn check(part: &Part, means: &Means<'_>) -> Finding {
    match part.kind.as_str() {
        "http" => http::check(&part.settings, means.transport),
        "probe" => probe::check(&part.settings, means.transport),
        "metric" => metric::check(&part.settings, means),
        "run" => run::check(&part.settings, means.programs_in),
        "argocd" => argocd::check(&part.settings, means),
        other => Finding {
            check: other.to_owned(),
            answer: Answer::Unknown(Why::Error),
            wanted: "an answer".to_owned(),
            observed: format!("this version of Gradus knows no check {other}"),
            target: None,
        },
    }
}
