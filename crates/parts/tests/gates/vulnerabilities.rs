#[test]
fn few_enough_must_be_known() {
    super::table(
        "vulnerabilities",
        "
        critical=0 high=0 | vulnerabilities critical=0 high=0 | pass pass
        critical=0 high=0 | vulnerabilities critical=1 high=0 | fail pass
        high=0 | vulnerabilities critical=0 high=0 unknown=2 | fail
        high=2 | vulnerabilities high=1 unknown=1 | pass
        high=0 | vulnerabilities high=0 unknown=NaN | unknown
        critical=0 | vulnerabilities high=0 | unknown
        critical=0 | vulnerabilities critical=-1 | unknown
        critical=0 max_age=1d | vulnerabilities critical=0 age=2d | unknown
        critical=0 | | unknown
        critical=0 high=0 unknown_as=critical | vulnerabilities critical=0 high=0 unknown=1 | fail pass
        high=0 medium=1 unknown_as=medium | vulnerabilities high=0 medium=0 unknown=1 | pass pass
        high=0 medium=0 unknown_as=medium | vulnerabilities high=0 medium=0 unknown=1 | pass fail
        ",
    );
}

/// Settings with spaces in them are made here, not in the table.
#[test]
fn exceptions_have_an_end_and_a_reason() {
    use super::{NOW, evidence, people, release, word};
    use gradus_model::{EnvironmentName, Part, Setting, Settings, Timestamp};
    let to = EnvironmentName::new("prod").unwrap();
    let (release, people) = (release("1.0.0"), people());
    let found = evidence(
        1,
        "vulnerabilities critical=1 critical_ids=CVE-2026-1 high=0 unknown=1 unknown_ids=GHSA-x",
    );
    for (ignore, wanted) in [
        (
            "CVE-2026-1 until 2027-12-31 because it is not reachable",
            "pass fail",
        ),
        (
            "CVE-2026-1 until 2020-12-31 because it is not reachable",
            "fail fail",
        ),
        ("CVE-2026-1 until 2027-12-31 because ", "fail fail"),
        ("CVE-2026-1 because it is not reachable", "fail fail"),
        (
            "CVE-2026-1 until doomsday because it is not reachable",
            "fail fail",
        ),
        (
            "CVE-2026 until 2027-12-31 because it is not reachable",
            "fail fail",
        ),
        ("GHSA-x until 2027-12-31 because nobody calls it", "fail pass"),
    ] {
        let settings = [
            ("critical".to_owned(), Setting::Number(0.0)),
            ("high".to_owned(), Setting::Number(0.0)),
            ("ignore".to_owned(), Setting::List(vec![ignore.to_owned()])),
        ];
        let part = Part {
            kind: "vulnerabilities".to_owned(),
            settings: Settings(settings.into()),
        };
        let look = gradus_parts::Look {
            now: Timestamp::from_second(NOW).unwrap(),
            release: &release,
            from: None,
            to: &to,
            evidence: &[&found],
            stays: &[],
            changes: &[],
            failures: &[],
            there: None,
            people: &people,
        };
        let verdicts = gradus_parts::gates::ask(&part, &look);
        let answers: Vec<_> = verdicts
            .iter()
            .map(|(_, verdict)| word(&verdict.answer))
            .collect();
        assert_eq!(answers.join(" "), wanted, "{ignore}");
        let told = verdicts
            .iter()
            .any(|(_, verdict)| verdict.observed.contains(ignore));
        assert_eq!(
            told,
            wanted.contains("pass"),
            "an exception is told: {verdicts:?}"
        );
    }
}
