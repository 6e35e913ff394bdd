//! Checks, carried out: one file each, under the same names as in the registry of parts.

mod http;

use gradus_connect::Transport;
use gradus_model::{Answer, Finding, Part, Why};

/// Carries out one check.
pub(crate) fn check(part: &Part, transport: &dyn Transport) -> Finding {
    match part.kind.as_str() {
        "http" => http::check(&part.settings, transport),
        other => Finding {
            check: other.to_owned(),
            answer: Answer::Unknown(Why::Error),
            wanted: "an answer".to_owned(),
            observed: format!("this version of Gradus knows no check {other}"),
        },
    }
}
