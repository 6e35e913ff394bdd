//! The real gates, with the widest bounds there are: what is in doubt must not pass even those.

use gradus_evidence::{Report, Verdict};
use gradus_model::{
    Answer, AppName, Digest, EnvironmentName, Evidence, EvidenceId, Part, People, Producer, Release,
    ReleaseKind, SchemaChange, Setting, Settings, Subject, Timestamp, Version,
};
use gradus_parts::{Look, gates};

fn release() -> Release {
    Release {
        app: AppName::new("web").unwrap(),
        version: Version::new("1.0.0").unwrap(),
        kind: ReleaseKind::Standard,
        artifacts: Vec::new(),
        commit: None,
        branch: "main".into(),
        authors: Vec::new(),
        schema: SchemaChange::None,
        chain: None,
        built_for: None,
        notes: String::new(),
    }
}

fn parts() -> Vec<Part> {
    let number = |names: &[&str], value: f64| {
        let pairs = names
            .iter()
            .map(|name| ((*name).to_owned(), Setting::Number(value)));
        Settings(pairs.collect())
    };
    let part = |kind: &str, settings| Part {
        kind: kind.into(),
        settings,
    };
    let metric = |metric: &str| {
        let mut settings = number(&["at_least"], 0.0);
        settings.0.insert("metric".into(), Setting::Text(metric.into()));
        part("coverage", settings)
    };
    let mut suites = Settings::default();
    suites
        .0
        .insert("passed".into(), Setting::List(vec![String::new()]));
    vec![
        part("tests", suites),
        metric("lines"),
        metric("branches"),
        metric("functions"),
        part(
            "vulnerabilities",
            number(&["critical", "high", "medium", "low"], 1e9),
        ),
        part("quality", Settings::default()),
        part("performance", Settings::default()),
        part("performance", number(&["p95_ms", "p99_ms", "error_rate"], 1e9)),
        part("performance", number(&["throughput"], 0.0)),
    ]
}

/// Every answer of the gate that reads this report.
pub fn answers(report: &Report) -> Vec<(String, Answer)> {
    let release = release();
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let evidence = Evidence {
        id: EvidenceId(1),
        kind: report.kind.word().into(),
        name: String::new(),
        subject: Subject {
            app: release.app.clone(),
            version: release.version.clone(),
            digest: release.digest(),
            commit: None,
            environment: None,
        },
        facts: report.facts.clone(),
        producer: Producer {
            identity: "ci".into(),
            tool: None,
            link: None,
            raw: Some(Digest::of(b"")),
            workflow: None,
            event: None,
            measured: false,
        },
        taken_at: now,
        expires_at: None,
    };
    let to = EnvironmentName::new("test").unwrap();
    let people = People::default();
    let look = Look {
        now,
        release: &release,
        from: None,
        to: &to,
        evidence: &[&evidence],
        stays: &[],
        changes: &[],
        failures: &[],
        there: None,
        people: &people,
    };
    let kind = report.kind.word();
    let asked = parts().into_iter().filter(|part| part.kind == kind);
    asked
        .flat_map(|part| gates::ask(&part, &look))
        .map(|(name, verdict)| (name, verdict.answer))
        .collect()
}

/// Facts alone must not say more than the report as a whole.
pub fn never_pass_in_doubt(report: &Report) {
    let judged = answers(report);
    let doubtful = matches!(report.verdict, Verdict::Inconclusive | Verdict::Error);
    let red = report.verdict == Verdict::Fail && ["tests", "quality"].contains(&report.kind.word());
    for (name, answer) in &judged {
        let passed = *answer == Answer::Pass;
        assert!(!passed || !(doubtful || red), "{name} passes: {report:#?}");
    }
    if report.verdict == Verdict::Pass && ["tests", "quality"].contains(&report.kind.word()) {
        assert!(
            judged.iter().all(|(_, answer)| *answer == Answer::Pass),
            "{judged:?}: {report:#?}"
        );
    }
}
