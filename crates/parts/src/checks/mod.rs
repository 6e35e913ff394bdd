//! Checks: what is looked at after a delivery. One file each; the runtime carries them out.

mod argocd;
mod http;
mod live;
mod metric;
mod probe;
mod run;

pub(crate) use argocd::APPLICATION;
pub(crate) use http::ANSWER;

use crate::Field;

/// A check: what it is called and what it takes.
#[derive(Debug)]
pub struct Check {
    /// Its name in policies.
    pub name: &'static str,
    /// What it looks at, in a sentence.
    pub about: &'static str,
    /// Its settings.
    pub fields: &'static [Field],
}

/// Every check there is.
pub static CHECKS: &[&Check] = &[
    &http::CHECK,
    &probe::CHECK,
    &metric::CHECK,
    &run::CHECK,
    &argocd::CHECK,
    &live::ALERTS,
    &live::SLO,
    &live::ERROR_BUDGET,
];

/// Whether a check is a live gate, asked about the environment that was delivered to.
pub fn is_gate(check: &str) -> bool {
    [&live::ALERTS, &live::SLO, &live::ERROR_BUDGET]
        .iter()
        .any(|gate| gate.name == check)
}
