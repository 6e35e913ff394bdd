//! Trivy, version 2 and the bare lists before it.

use gradus_evidence::Severity::{Critical, Low};

const CLEAN: &str = r#"{
  "SchemaVersion": 2,
  "ArtifactName": "ghcr.io/acme/web:1.4.0",
  "ArtifactType": "container_image",
  "Metadata": {"OS": {"Family": "debian"}, "RepoDigests": ["ghcr.io/acme/web@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]},
  "Results": [{"Target": "debian", "Class": "os-pkgs", "Type": "debian"}]
}
"#;

fn results(body: &str) -> String {
    format!(r#"{{"SchemaVersion": 2, "ArtifactName": "a", "Results": [{{"Target": "t", {body}}}]}}"#)
}

fn vulnerability(rest: &str) -> String {
    results(&format!(
        r#""Vulnerabilities": [{{"VulnerabilityID": "CVE-1", "PkgName": "zlib", {rest}}}]"#
    ))
}

const A: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

hostile!(
    "trivy",
    Json,
    CLEAN,
    crate::table::passes().fact("critical", 0.0).tool("trivy")
);

cases! { "trivy";
    a_critical_one: vulnerability(r#""Severity": "CRITICAL""#) => fails().fact("critical", 1.0).found("CVE-1", Critical).fact("in_packages", 1.0);
    unknown_is_unknown: vulnerability(r#""Severity": "UNKNOWN""#) => fails().fact("unknown", 1.0);
    without_severity_is_unknown: vulnerability(r#""Title": "x""#) => fails().fact("unknown", 1.0);
    no_results_is_clean: r#"{"SchemaVersion": 2, "ArtifactName": "a", "ArtifactType": "filesystem"}"# => passes().exit(0);
    null_is_clean_with_exit_code_0: "null\n" => passes().exit(0).noted("null").fact("critical", 0.0);
    null_alone_says_nothing: "null\n" => inconclusive().noted("null").without("critical");
    null_and_a_failure: "null\n" => inconclusive().exit(1).without("critical");
    a_bare_list_of_version_1: r#"[{"Target": "t", "Vulnerabilities": [{"VulnerabilityID": "CVE-1", "Severity": "LOW"}]}]"# => fails().fact("low", 1.0).found("CVE-1", Low);
    a_bare_list_without_findings: r#"[{"Target": "t", "Vulnerabilities": null}]"# => passes();
    clusters_nest_their_results: r#"{"ClusterName": "k", "Resources": [{"Kind": "Pod", "Results": [{"Target": "t", "Vulnerabilities": [{"VulnerabilityID": "CVE-1", "Severity": "HIGH"}]}]}]}"#
        => fails().fact("high", 1.0);
    old_clusters_nest_under_vulnerabilities: r#"{"ClusterName": "k", "Vulnerabilities": [{"Kind": "Pod", "Results": [{"Target": "t", "Vulnerabilities": [{"VulnerabilityID": "CVE-1", "Severity": "HIGH"}]}]}]}"#
        => fails().fact("high", 1.0);
    a_resource_that_was_not_scanned: r#"{"ClusterName": "k", "Resources": [{"Kind": "Pod", "Error": "image not found"}]}"# => inconclusive().noted("not_scanned").without("critical");
    a_check_that_was_met_is_no_finding: results(r#""Misconfigurations": [{"ID": "DS002", "Severity": "HIGH", "Status": "PASS"}]"#) => passes().fact("checks_met", 1.0);
    a_check_that_was_not_met: results(r#""Misconfigurations": [{"ID": "DS002", "Severity": "HIGH", "Status": "FAIL"}]"#) => fails().fact("high", 1.0).fact("in_configuration", 1.0);
    secrets_count: results(r#""Secrets": [{"RuleID": "aws-key", "Severity": "CRITICAL"}]"#) => fails().fact("critical", 1.0).fact("in_secrets", 1.0);
    licences_count: results(r#""Licenses": [{"Severity": "HIGH", "PkgName": "x", "Name": "AGPL-3.0"}]"#) => fails().fact("high", 1.0).fact("in_licences", 1.0);
    what_will_not_be_fixed_counts: vulnerability(r#""Severity": "HIGH", "Status": "will_not_fix""#) => fails().fact("high", 1.0);
    end_of_life_counts: vulnerability(r#""Severity": "HIGH", "Status": "end_of_life""#) => fails().fact("high", 1.0);
    what_does_not_affect_is_suppressed: vulnerability(r#""Severity": "HIGH", "Status": "not_affected""#) => passes().fact("suppressed", 1.0).fact("high", 0.0);
    what_was_ignored_is_shown: results(r#""ExperimentalModifiedFindings": [{"Type": "vulnerability", "Status": "ignored", "Statement": "later", "Finding": {"VulnerabilityID": "CVE-1", "Severity": "CRITICAL"}}]"#)
        => passes().fact("suppressed", 1.0);
    one_cve_in_two_packages: results(r#""Vulnerabilities": [{"VulnerabilityID": "CVE-1", "PkgName": "a", "Severity": "LOW"}, {"VulnerabilityID": "CVE-1", "PkgName": "b", "Severity": "LOW"}]"#)
        => fails().fact("low", 1.0).fact("low_findings", 2.0);
    the_right_image: CLEAN => passes().digest(A);
    another_image: CLEAN => broken().digest(B).noted("subject").without("critical");
    a_newer_schema: r#"{"SchemaVersion": 3, "ArtifactName": "a"}"# => refused("evidence.unsupported");
    a_failed_scan_without_findings: CLEAN => fails().exit(1).without("critical");
    results_that_are_no_list: r#"{"SchemaVersion": 2, "ArtifactName": "a", "Results": "none"}"# => refused("evidence.malformed").place("Results");
}
