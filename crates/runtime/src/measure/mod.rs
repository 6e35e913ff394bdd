//! Measuring: how each live gate gets its numbers. A table of contents: one line for each.
//!
//! Whatever happens, evidence comes of it: a number with the query, the moment and how many
//! requests it rests on, or in the place of the number why there is none.

mod alerts;
mod canary;
pub(crate) mod drift;
mod http;
mod metric;
mod parity;
mod requests;
mod stability;

use crate::drift::Means;
use crate::hands::Hands;
use gradus_connect::{Trouble, prometheus};
use gradus_engine::{Step, World, fill_in, measures_every};
use gradus_model::{
    Digest, EnvironmentName, Evidence, EvidenceId, Fact, Finding, Metrics, Part, Period, Producer, Release,
    Settings, Subject, Timestamp, Version,
};
use gradus_parts::{Look, gates, measurement};
use std::collections::BTreeMap;

/// How many times its interval a measurement counts.
const COUNTS_FOR: u64 = 3;

/// What comes of a measurement, by fact.
pub(crate) type Facts = BTreeMap<String, Fact>;

/// What a measurement has to do with.
struct Measuring<'a> {
    hands: &'a dyn Hands,
    metrics: Option<&'a Metrics>,
    release: &'a Release,
    place: &'a EnvironmentName,
    /// The gate's settings, with the release and the environment filled in.
    settings: Settings,
    now: Timestamp,
}

/// Measures what one gate asks.
pub(crate) fn measure(
    means: Means<'_>,
    world: &World<'_>,
    step: &Step<'_>,
    (part, place): (&Part, &EnvironmentName),
    now: Timestamp,
) -> Evidence {
    let release = &step.release.release;
    let measuring = Measuring {
        hands: means.hands,
        metrics: world.policy.metrics.as_ref(),
        release,
        place,
        settings: fill_in(part, release, place).settings,
        now,
    };
    let facts = match part.kind.as_str() {
        "slo" => requests::slo(&measuring),
        "error_budget" => requests::error_budget(&measuring),
        "canary" => canary::canary(&measuring),
        "stability" => stability::stability(&measuring),
        "metric" => metric::metric(&measuring),
        "alerts" => alerts::alerts(&measuring),
        "http" => http::http(&measuring),
        "parity" => parity::parity(means, world, &part.settings, place),
        "drift" => drift::drift(means, world, place),
        _ => Facts::new(),
    };
    evidence(world, release, (part, place), facts, now)
}

/// What was measured for a gate, as evidence about a release in an environment.
pub(crate) fn evidence(
    world: &World<'_>,
    release: &Release,
    (part, place): (&Part, &EnvironmentName),
    facts: Facts,
    now: Timestamp,
) -> Evidence {
    let lasts = Period::from_millis(measures_every(world).as_millis() * COUNTS_FOR);
    Evidence {
        id: EvidenceId(0),
        kind: part.kind.clone(),
        name: measurement(&part.settings),
        subject: Subject {
            app: release.app.clone(),
            version: release.version.clone(),
            digest: release.digest(),
            commit: None,
            environment: Some(place.clone()),
        },
        facts,
        producer: Producer {
            identity: String::new(),
            tool: None,
            link: None,
            raw: None,
            workflow: None,
            event: None,
            measured: true,
        },
        taken_at: now,
        expires_at: Some(lasts.after(now)),
    }
}

/// Asks a live gate about an environment and what is in it: measured now, and judged as the gate does.
pub(crate) fn ask(
    means: Means<'_>,
    world: &World<'_>,
    (version, place): (&Version, &EnvironmentName),
    part: &Part,
    now: Timestamp,
) -> Vec<Finding> {
    let Some(step) = Step::back(world, version, place) else {
        return Vec::new();
    };
    let measured = measure(means, world, &step, (part, place), now);
    let look = Look {
        now,
        release: &step.release.release,
        from: Some(place),
        to: place,
        evidence: &[&measured],
        stays: &[],
        changes: &[],
        failures: &[],
        there: None,
        people: &world.policy.people,
    };
    let asked = gates::ask(part, &look).into_iter();
    let found = asked.map(|(check, verdict)| Finding {
        check,
        answer: verdict.answer,
        wanted: verdict.wanted,
        observed: verdict.observed,
        target: None,
    });
    found.collect()
}

impl Measuring<'_> {
    /// A selector or query of the policy, with the release and the environment filled in.
    fn filled(&self, text: Option<&String>) -> String {
        let settings = text.map(|text| ("text".to_owned(), gradus_model::Setting::Text(text.clone())));
        let part = Part {
            kind: String::new(),
            settings: Settings(settings.into_iter().collect()),
        };
        let filled = fill_in(&part, self.release, self.place);
        filled.settings.text("text").unwrap_or_default().to_owned()
    }

    /// The one number that a query gives now. The query, the number and the moment are noted.
    fn number(&self, name: &str, query: &str, facts: &mut Facts) -> Result<f64, Trouble> {
        facts.insert(format!("{name}_query"), Fact::Text(query.to_owned()));
        let base = self.metrics.and_then(|metrics| metrics.prometheus.as_deref());
        let base = base.ok_or_else(|| Trouble::error("the policy names no Prometheus"))?;
        let reply = self.hands.ask(&prometheus::instant(base, query, self.now))?;
        let sample = prometheus::one(&reply)?;
        facts.insert(format!("{name}_raw"), Fact::Number(sample.value));
        for note in sample.notes {
            facts.insert(format!("{name}_note"), Fact::Text(note));
        }
        Ok(sample.value)
    }

    /// How long a time a gate asks about.
    fn window(&self, default: Period) -> Period {
        self.settings.period("window").unwrap_or(default)
    }
}

/// What stands in place of a number.
fn trouble(trouble: &Trouble) -> Fact {
    Fact::unknown(trouble.why, &trouble.text)
}

/// The same trouble for several facts.
fn unknown(facts: &mut Facts, names: &[&str], found: &Trouble) {
    for name in names {
        facts.insert((*name).to_owned(), trouble(found));
    }
}

/// A share of a hundred, to the digits that it has: so that 99.9 is 99.9.
fn percent(part: f64, whole: f64) -> f64 {
    let share = part / whole * 100.0;
    (share * 1e9).round() / 1e9
}

/// The key of a question that was asked about a release: the same whenever the same is asked.
fn key(parts: &[&str]) -> String {
    Digest::of(parts.join("\n").as_bytes()).as_str().to_owned()
}
