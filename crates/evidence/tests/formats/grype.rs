//! Grype.

use gradus_evidence::Severity::High;

const CLEAN: &str = r#"{
  "matches": [],
  "source": {"type": "image", "target": {"userInput": "web:1", "repoDigests": ["web@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]}},
  "distro": {"name": "debian", "version": "12"},
  "descriptor": {"name": "grype", "version": "0.100.0"}
}
"#;

fn matches(body: &str) -> String {
    format!(
        r#"{{"matches": [{body}], "source": {{"type": "directory", "target": "."}}, "descriptor": {{"name": "grype"}}}}"#
    )
}

fn one(severity: &str) -> String {
    format!(
        r#"{{"vulnerability": {{"id": "CVE-1", {severity} "fix": {{"versions": [], "state": ""}}}}, "artifact": {{"name": "zlib", "version": "1"}}}}"#
    )
}

hostile!(
    "grype",
    Json,
    CLEAN,
    crate::table::passes().fact("high", 0.0).tool("grype")
);

cases! { "grype";
    a_high_one: matches(&one(r#""severity": "High","#)) => fails().fact("high", 1.0).found("CVE-1", High);
    negligible_is_low: matches(&one(r#""severity": "Negligible","#)) => fails().fact("low", 1.0);
    unknown_is_unknown: matches(&one(r#""severity": "Unknown","#)) => fails().fact("unknown", 1.0);
    a_missing_severity_is_unknown: matches(&one("")) => fails().fact("unknown", 1.0);
    a_severity_of_null_is_unknown: matches(&one(r#""severity": null,"#)) => fails().fact("unknown", 1.0);
    one_cve_at_two_paths: matches(&[one(r#""severity": "High","#), one(r#""severity": "High","#)].join(",")) => fails().fact("high", 1.0).fact("high_findings", 2.0);
    fix_states: matches(&one(r#""severity": "High","#).replace(r#""state": """#, r#""state": "fixed""#)) => fails().fact("fixable", 1.0);
    an_empty_fix_state_is_no_fix: matches(&one(r#""severity": "High","#)) => fails().fact("fixable", 0.0);
    what_will_not_be_fixed_counts: matches(&one(r#""severity": "High","#).replace(r#""state": """#, r#""state": "wont-fix""#)) => fails().fact("high", 1.0);
    vex_ignored_is_suppressed: format!(r#"{{"matches": [], "ignoredMatches": [{}], "descriptor": {{"name": "grype"}}}}"#, one(r#""severity": "Critical","#))
        => passes().fact("suppressed", 1.0).fact("critical", 0.0);
    matches_that_are_null: r#"{"matches": null, "descriptor": {"name": "grype"}}"# => refused("evidence.malformed");
    the_right_image: CLEAN => passes().digest("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    another_image: CLEAN => broken().digest("sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    a_failure_without_findings: CLEAN => fails().exit(1).without("high");
    several_thousand_matches: matches(&vec![one(r#""severity": "Medium","#); 5_000].join(",")) => fails().fact("medium_findings", 5_000.0);
    matches_cut_off_after_the_list: r#"{"matches": [], "source": {}"# => refused("evidence.truncated");
}
