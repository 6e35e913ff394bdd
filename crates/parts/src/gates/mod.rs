//! Gates: questions about evidence with three answers. One file each.

pub(crate) mod alerts;
mod branch;
mod canary;
mod coverage;
mod drift;
pub(crate) mod error_budget;
mod expression;
mod http;
mod manual;
mod metric;
mod parity;
mod performance;
mod provenance;
mod quality;
mod sbom;
pub(crate) mod slo;
mod soak;
mod stability;
mod tests;
mod verified_in;
mod vulnerabilities;

pub use metric::compare;

use crate::question::Asked;
use crate::{Field, Look};
use gradus_model::{Part, Settings, Verdict, Why};

/// A gate: what it is called, what it takes, and how it judges.
#[derive(Debug)]
pub struct Gate {
    /// Its name in policies.
    pub name: &'static str,
    /// What it asks, in a sentence.
    pub about: &'static str,
    /// Its settings.
    pub fields: &'static [Field],
    /// Whether at least one setting must be given for it to ask anything.
    pub needs_settings: bool,
    /// Whether it reads what was measured in a running environment, rather than of the release.
    pub live: bool,
    /// The questions it asks, each with its answer.
    pub judge: fn(&Settings, &Look<'_>) -> Vec<Asked>,
}

/// Every gate there is.
pub static GATES: &[&Gate] = &[
    &tests::GATE,
    &coverage::GATE,
    &vulnerabilities::GATE,
    &quality::GATE,
    &slo::GATE,
    &error_budget::GATE,
    &alerts::GATE,
    &canary::GATE,
    &performance::GATE,
    &stability::GATE,
    &soak::GATE,
    &verified_in::GATE,
    &branch::GATE,
    &manual::GATE,
    &metric::GATE,
    &http::GATE,
    &sbom::GATE,
    &provenance::GATE,
    &drift::GATE,
    &parity::GATE,
    &expression::GATE,
];

/// The gate of that name.
pub fn gate(name: &str) -> Option<&'static Gate> {
    GATES.iter().find(|gate| gate.name == name).copied()
}

/// Asks one gate of a policy: each of its questions, by full name, with its verdict.
///
/// A gate that this build does not know (a policy written for a newer one) and a gate that asks
/// nothing are unknown: neither ever passes.
pub fn ask(part: &Part, look: &Look<'_>) -> Vec<(String, Verdict)> {
    let nothing = |observed: String| {
        vec![(
            part.kind.clone(),
            crate::question::unknown(Why::Error, "an answer", observed),
        )]
    };
    let Some(gate) = gate(&part.kind) else {
        return nothing(format!("this version of Gradus knows no gate {}", part.kind));
    };
    let asked = (gate.judge)(&part.settings, look);
    if asked.is_empty() {
        return nothing("the gate asks nothing".to_owned());
    }
    let full = |name: String| {
        if name.is_empty() {
            part.kind.clone()
        } else {
            format!("{} {name}", part.kind)
        }
    };
    asked
        .into_iter()
        .map(|(name, verdict)| (full(name), verdict))
        .collect()
}
