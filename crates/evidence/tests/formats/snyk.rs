//! Snyk.

use gradus_evidence::Severity::High;

const CLEAN: &str = r#"{"vulnerabilities": [], "ok": true, "dependencyCount": 12, "org": "acme", "uniqueCount": 0, "projectName": "web", "packageManager": "npm"}
"#;

fn project(list: &str, rest: &str) -> String {
    format!(r#"{{"vulnerabilities": [{list}], "dependencyCount": 3, {rest}}}"#)
}

const V: &str = r#"{"id": "SNYK-JS-1", "severity": "high", "packageName": "lodash", "from": ["a", "b"]}"#;

hostile!("snyk", Json, CLEAN, crate::table::passes().fact("high", 0.0));

cases! { "snyk";
    a_high_one: project(V, r#""ok": false, "uniqueCount": 1"#) => fails().fact("high", 1.0).found("SNYK-JS-1", High);
    paths_are_not_findings: project(&vec![V; 40].join(","), r#""ok": false, "uniqueCount": 1"#) => fails().fact("high", 1.0).fact("high_findings", 40.0).noted("repeated");
    a_missing_severity: project(r#"{"id": "a"}"#, r#""ok": false"#) => fails().fact("unknown", 1.0);
    several_projects: format!("[{CLEAN},{}]", project(V, r#""ok": false"#)) => fails().fact("high", 1.0).fact("projects", 2.0);
    no_project: "[]" => inconclusive().named("snyk").noted("nothing_examined").without("high");
    a_failure_is_no_verdict: r#"{"ok": false, "error": "Could not detect supported target files", "path": "/src"}"# => broken().exit(3).noted("tool_error").without("high");
    a_failure_among_projects: format!(r#"[{CLEAN},{{"ok": false, "error": "no"}}]"#) => broken().without("high");
    exit_code_2_is_a_failure: CLEAN => broken().exit(2).without("high");
    exit_code_1_with_findings: project(V, r#""ok": false"#) => fails().exit(1).quiet("exit_code");
    not_ok_and_nothing_listed: project("", r#""ok": false"#) => inconclusive().noted("counters").without("high");
    ok_and_something_listed: project(V, r#""ok": true"#) => fails().noted("counters").fact("high", 1.0);
    more_declared_than_listed: project(V, r#""ok": false, "uniqueCount": 5"#) => inconclusive().noted("counters").without("high");
    without_dependencies: r#"{"vulnerabilities": [], "ok": true, "dependencyCount": 0}"# => inconclusive().noted("nothing_examined");
    a_list_that_is_null: r#"{"vulnerabilities": null, "ok": true}"# => inconclusive().noted("no_list");
    ignored_by_policy: r#"{"vulnerabilities": [], "ok": true, "filtered": {"ignore": [{"id": "a", "severity": "critical"}], "patch": []}}"# => passes().fact("suppressed", 1.0);
    infrastructure_issues: r#"{"ok": false, "infrastructureAsCodeIssues": [{"id": "K8S-1", "severity": "medium", "isIgnored": false}]}"# => fails().fact("medium", 1.0);
    images_bring_applications: format!(r#"{{"vulnerabilities": [], "ok": true, "applications": [{}]}}"#, project(V, r#""ok": false"#)) => fails().fact("high", 1.0);
    snyk_code_is_sarif: r#"{"$schema": "s", "version": "2.1.0", "runs": [{"tool": {"driver": {"name": "SnykCode"}}, "results": []}]}"# => refused("evidence.malformed").named("snyk");
}
