use super::{NOW, evidence, people, release, word};
use gradus_model::{EnvironmentName, Part, Setting, Settings, Timestamp};
use gradus_parts::{Look, gates};

/// Expressions hold spaces and bars, so they have a table of their own.
#[test]
fn an_expression_must_be_true() {
    let (from, to) = (
        EnvironmentName::new("staging").unwrap(),
        EnvironmentName::new("prod").unwrap(),
    );
    let (release, people) = (release("1.0.0"), people());
    let said = [
        evidence(1, "coverage lines=84.5"),
        evidence(2, "tests/unit passed=40 failed=0"),
        evidence(3, "tests/e2e passed=9 of=another"),
        evidence(4, "quality status=passed event=pull_request"),
        evidence(5, "slo availability=NaN"),
    ];
    let long = format!("true{}", " || true".repeat(400));
    for (when, wanted) in [
        ("true", "pass"),
        ("false", "fail"),
        ("release.branch.startsWith('release/')", "pass"),
        ("release.branch == 'main'", "fail"),
        ("evidence['coverage'].lines >= 84.0", "pass"),
        ("evidence['coverage'].lines > 90.0", "fail"),
        (
            "evidence['tests/unit'].passed > 30.0 && environment.to == 'prod'",
            "pass",
        ),
        ("environment.from == 'dev'", "fail"),
        ("size(release.artifacts) == 1", "pass"),
        ("release.artifacts.all(a, a.digest.startsWith('sha256:'))", "pass"),
        // What nobody has said, or nobody who counts, is unknown and never false.
        ("evidence['tests/e2e'].passed > 1.0", "unknown"),
        ("evidence['quality'].status == 'passed'", "unknown"),
        ("evidence['coverage'].branches > 1.0", "unknown"),
        ("evidence['slo'].availability > 99.0", "unknown"),
        ("!(evidence['slo'].availability > 99.0)", "unknown"),
        ("1 + 1", "unknown"),
        // Scores, with marks at 0.8 and 0.5 behind the bar.
        ("0.5 * evidence['coverage'].lines / 100.0 + 0.5 | 0.8 0.5", "pass"),
        ("evidence['coverage'].lines / 150.0 | 0.8 0.5", "unknown"),
        ("evidence['coverage'].lines / 1000.0 | 0.8 0.5", "fail"),
        ("1 | 0.8 0.5", "pass"),
        ("0.0 / 0.0 | 0.8 0.5", "unknown"),
        ("'yes'", "unknown"),
        ("true &&", "unknown"),
        ("nobody.knows", "unknown"),
        (
            "[1,2].map(a, [1,2].map(b, [1,2].map(c, [1,2].map(d, a)))) == []",
            "unknown",
        ),
        (&long, "unknown"),
        ("", "unknown"),
        ("\u{0}", "unknown"),
    ] {
        let (when, marks) = when.split_once(" | 0").unwrap_or((when, ""));
        let marks = marks
            .split_whitespace()
            .zip(["pass_at", "warn_at"])
            .map(|(mark, name)| {
                let mark: f64 = mark.trim_start_matches('0').parse().unwrap();
                (name.to_owned(), Setting::Number(mark))
            });
        let texts = [("name", "rule"), ("when", when)]
            .map(|(name, text)| (name.to_owned(), Setting::Text(text.to_owned())));
        let part = Part {
            kind: "expression".to_owned(),
            settings: Settings(texts.into_iter().chain(marks).collect()),
        };
        let look = Look {
            now: Timestamp::from_second(NOW).unwrap(),
            release: &release,
            from: Some(&from),
            to: &to,
            evidence: &said.iter().collect::<Vec<_>>(),
            stays: &[],
            changes: &[],
            failures: &[],
            there: None,
            people: &people,
        };
        let verdicts = gates::ask(&part, &look);
        let (_, verdict) = &verdicts[0];
        assert_eq!(word(&verdict.answer), wanted, "{when}: {verdict:?}");
    }
}
