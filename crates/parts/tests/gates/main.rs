//! Every gate against a table: settings, what was said, and the answers.
//!
//! A row reads `settings | evidence; evidence | answers`. Settings are `name=value`, lists in
//! brackets. `measured=name:value+name:value` is a measurement for a gate with those settings; its
//! facts may say `unknown:_no_data:_…`, with `_` for a space.
//! A piece of evidence is `kind[/name] fact=value …`, with `in=`, `age=`, `expires=`,
//! `by=` and `of=another` (another release) for what is not a fact. `stay=ENV:SINCE[:UNTIL]` and
//! `changed=ENV:AGO` tell the history.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

mod alerts;
mod branch;
mod canary;
mod coverage;
mod drift;
mod error_budget;
mod expression;
mod http;
mod manual;
mod metric;
mod parity;
mod performance;
mod provenance;
mod quality;
mod sbom;
mod slo;
mod soak;
mod stability;
mod tests;
mod verified_in;
mod vulnerabilities;

use gradus_model::{
    Answer, AppName, Artifact, Digest, EnvironmentName, Evidence, EvidenceId, Fact, Part, People, Period,
    Person, PersonName, Producer, Release, ReleaseKind, SchemaChange, Setting, Settings, Subject, TeamName,
    Timestamp, Version,
};
use gradus_parts::{Look, Stay, gates};
use std::collections::BTreeMap;

const NOW: i64 = 1_800_000_000;

fn ago(text: &str) -> Timestamp {
    let period: Period = text.parse().unwrap();
    Timestamp::from_millisecond(NOW * 1000 - i64::try_from(period.as_millis()).unwrap()).unwrap()
}

fn release(version: &str) -> Release {
    Release {
        app: AppName::new("web").unwrap(),
        version: Version::new(version).unwrap(),
        kind: ReleaseKind::Standard,
        artifacts: vec![Artifact {
            name: "r/web".into(),
            digest: Digest::of(version.as_bytes()),
        }],
        commit: None,
        branch: "release/v1.2.3".into(),
        authors: Vec::new(),
        schema: SchemaChange::None,
        chain: None,
        built_for: None,
        notes: String::new(),
    }
}

/// olga of team ops, quin of team qa, and a machine.
fn people() -> People {
    let name = |text: &str| PersonName::new(text).unwrap();
    let mut people = People::default();
    for (who, team) in [("olga", "ops"), ("quin", "qa")] {
        people
            .teams
            .insert(TeamName::new(team).unwrap(), [name(who)].into());
    }
    for who in ["olga", "quin", "ci"] {
        let person = Person {
            identities: Default::default(),
            machine: who == "ci",
        };
        people.known.insert(name(who), person);
    }
    people
}

fn setting(text: &str) -> Setting {
    if let Some(list) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        return Setting::List(list.split(',').map(str::to_owned).collect());
    }
    match text.parse::<f64>() {
        Ok(number) => Setting::Number(number),
        Err(_) => Setting::Text(text.to_owned()),
    }
}

fn settings(text: &str) -> Settings {
    let each = text.split_whitespace().map(|pair| pair.split_once('=').unwrap());
    Settings(
        each.map(|(name, value)| (name.to_owned(), setting(value)))
            .collect(),
    )
}

fn evidence(id: u64, text: &str) -> Evidence {
    let mut words = text.split_whitespace();
    let (kind, name) = words
        .next()
        .map(|word| word.split_once('/').unwrap_or((word, "")))
        .unwrap();
    let own = release("1.0.0");
    let mut found = Evidence {
        id: EvidenceId(id),
        kind: kind.to_owned(),
        name: name.to_owned(),
        subject: Subject {
            app: own.app.clone(),
            version: own.version.clone(),
            digest: own.digest(),
            commit: None,
            environment: None,
        },
        facts: BTreeMap::new(),
        producer: Producer {
            identity: "ci".into(),
            tool: None,
            link: None,
            raw: None,
            workflow: None,
            event: None,
            measured: false,
        },
        taken_at: ago("1m"),
        expires_at: None,
    };
    for (key, value) in words.map(|word| word.split_once('=').unwrap()) {
        match key {
            "in" => found.subject.environment = Some(EnvironmentName::new(value).unwrap()),
            "of" => found.subject.digest = release("2.0.0").digest(),
            "age" => found.taken_at = ago(value),
            "expires" => found.expires_at = Some(ago(value)),
            "measured" => {
                found.producer.measured = true;
                found.name = gradus_parts::measurement(&settings(&value.replace('+', " ").replace(':', "=")));
            }
            "workflow" => found.producer.workflow = Some(value.to_owned()),
            "event" => found.producer.event = Some(value.to_owned()),
            "by" => found.producer.identity = value.to_owned(),
            fact => drop(
                found
                    .facts
                    .insert(fact.to_owned(), Fact::from_text(&value.replace('_', " "))),
            ),
        }
    }
    found
}

fn word(answer: &Answer) -> &'static str {
    match answer {
        Answer::Pass => "pass",
        Answer::Fail => "fail",
        Answer::Unknown(_) => "unknown",
    }
}

/// Plays every row, and says how many there were.
fn table(gate: &str, rows: &str) {
    let mut played = 0;
    for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let [set, said, wanted] = row.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("{gate}: {row} has not three columns");
        };
        let (mut list, mut stays, mut changes) = (Vec::new(), Vec::new(), Vec::new());
        let mut about_other: Vec<String> = Vec::new();
        let mut failures = Vec::new();
        for (at, text) in said
            .split(';')
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .enumerate()
        {
            if let Some(stay) = text.strip_prefix("stay=") {
                let parts: Vec<_> = stay.split(':').collect();
                stays.push(Stay {
                    environment: EnvironmentName::new(parts[0]).unwrap(),
                    since: ago(parts[1]),
                    until: parts.get(2).map(|text| ago(text)),
                });
            } else if let Some((place, when)) = text.strip_prefix("failed=").and_then(|t| t.split_once(':')) {
                failures.push((EnvironmentName::new(place).unwrap(), ago(when)));
            } else if let Some((place, when)) = text.strip_prefix("changed=").and_then(|t| t.split_once(':'))
            {
                changes.push((EnvironmentName::new(place).unwrap(), ago(when)));
            } else if let Some(said) = text.strip_prefix("there ") {
                about_other.push(said.to_owned());
            } else {
                list.push(evidence(at as u64 + 1, text));
            }
        }
        let (from, to) = (
            EnvironmentName::new("staging").unwrap(),
            EnvironmentName::new("prod").unwrap(),
        );
        // `there kind fact=value` is said of another release, which is in the target now.
        let other: Vec<Evidence> = about_other
            .iter()
            .map(|text| evidence(90, &format!("{text} of=another")))
            .collect();
        let there = (!other.is_empty()).then(|| (release("2.0.0"), other.iter().collect::<Vec<_>>()));
        let (release, people) = (release("1.0.0"), people());
        let look = Look {
            now: Timestamp::from_second(NOW).unwrap(),
            release: &release,
            from: Some(&from),
            to: &to,
            evidence: &list.iter().collect::<Vec<_>>(),
            stays: &stays,
            changes: &changes,
            failures: &failures,
            there: there
                .as_ref()
                .map(|(release, evidence)| (release, evidence.as_slice())),
            people: &people,
        };
        let part = Part {
            kind: gate.to_owned(),
            settings: settings(set),
        };
        let verdicts = gates::ask(&part, &look);
        let answers: Vec<_> = verdicts
            .iter()
            .map(|(_, verdict)| word(&verdict.answer))
            .collect();
        assert_eq!(answers.join(" "), wanted, "{gate}: {row}\n{verdicts:#?}");
        for (_, verdict) in &verdicts {
            assert!(
                !verdict.wanted.is_empty() && !verdict.observed.is_empty(),
                "{gate}: {row}: no words"
            );
        }
        played += 1;
    }
    assert!(played >= 6, "{gate} has only {played} rows");
}

#[test]
fn every_gate_has_its_table() {
    let file = include_str!("main.rs");
    for gate in gates::GATES {
        assert!(
            file.contains(&format!("\nmod {};", gate.name)),
            "{} has no table",
            gate.name
        );
    }
}
