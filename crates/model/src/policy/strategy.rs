//! Strategies: how a delivery proceeds, and how long it is watched. All of it is data.

use super::Part;
use crate::{Period, Settings, TargetName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The real places behind an environment, each with the values that only it has: clusters, regions,
/// instances of Argo CD.
pub type Targets = BTreeMap<TargetName, BTreeMap<String, String>>;

/// How a delivery proceeds. Each is a sequence of phases in the end; the engine makes them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Everything at once.
    #[default]
    Direct,
    /// A growing share of the traffic.
    Canary(Canary),
    /// Beside what runs, and then the switch.
    BlueGreen(BlueGreen),
    /// Some targets first.
    Waves(Waves),
}

impl Strategy {
    /// Whether it is the one that needs no words.
    pub fn is_direct(&self) -> bool {
        *self == Strategy::Direct
    }
}

/// A growing share of the traffic: the delivery's steps go first, then the share grows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Canary {
    /// The shares, in order.
    pub steps: Vec<Share>,
    /// What sets a share; `${weight}` is filled in.
    pub shift: Vec<Part>,
    /// What is checked at each share; what the environment verifies, if empty.
    pub verify: Vec<Part>,
    /// What is done in the end, when the new version has proved itself.
    pub finish: Vec<Part>,
}

/// One share of the traffic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// How much of it, in per cent.
    pub weight: f64,
    /// How long it stays so, and must stay good.
    pub hold: Period,
    /// Whether a human must say that it goes on.
    pub pause: bool,
}

/// Beside what runs, and then the switch. `${colour}` is the one that is not live.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BlueGreen {
    /// The value that says which colour is live.
    pub live: Settings,
    /// The two names.
    pub colours: Vec<String>,
    /// What is checked before the switch.
    pub verify: Vec<Part>,
    /// How long the old one stays ready behind the new one.
    pub keep: Period,
    /// What is done to the old one after that; `${colour}` is its name.
    pub retire: Vec<Part>,
}

/// Some targets first, the others when those are good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waves {
    /// The targets of each wave.
    pub order: Vec<Vec<TargetName>>,
    /// How long each wave must stay good.
    pub hold: Period,
    /// Whether a human must say that the next wave goes.
    pub pause: bool,
    /// How many targets may fail without stopping the others; a human looks in the end.
    pub failures: u32,
}

/// How long what was delivered is watched, and how closely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observe {
    /// How long the checks must hold before a delivery is good.
    pub lasting: Period,
    /// How often they are asked.
    pub every: Period,
    /// How many times they may fail before it counts.
    pub failures: u32,
    /// How long the environment is watched after that.
    pub afterwards: Period,
}
