//! GitLab's security reports.

use gradus_evidence::Severity::{High, Medium};

const CLEAN: &str = r#"{"version": "15.0.7", "vulnerabilities": [], "scan": {"type": "sast", "status": "success", "scanner": {"id": "semgrep", "name": "Semgrep"}}}
"#;

fn report(version: &str, list: &str) -> String {
    format!(r#"{{"version": "{version}", "vulnerabilities": [{list}], "scan": {{"status": "success"}}}}"#)
}

hostile!(
    "gitlab",
    Json,
    CLEAN,
    crate::table::passes().fact("high", 0.0).tool("Semgrep")
);

cases! { "gitlab";
    version_15: report("15.0.7", r#"{"id": "x", "severity": "High", "identifiers": [{"type": "cve", "name": "CVE-1", "value": "CVE-1"}, {"value": "CWE-79"}], "location": {"file": "a.py"}}"#)
        => fails().fact("high", 1.0).found("CVE-1", High);
    version_14_has_other_names: report("14.1.2", r#"{"category": "sast", "cve": "a.py:1:B1", "severity": "Medium", "location": {"dependency": {"package": {"name": "django"}}}}"#)
        => fails().fact("medium", 1.0).found("a.py:1:B1", Medium);
    unknown_is_unknown: report("15.0.0", r#"{"id": "a", "severity": "Unknown"}, {"id": "b"}"#) => fails().fact("unknown", 2.0);
    info_is_harmless_and_shown: report("15.0.0", r#"{"id": "a", "severity": "Info"}"#) => passes().fact("none", 1.0);
    an_undefined_severity_is_unknown: report("15.0.0", r#"{"id": "a", "severity": "Undefined"}"#) => fails().fact("unknown", 1.0);
    a_failed_scan: CLEAN.replace("success", "failure") => inconclusive().noted("not_scanned").without("high");
    version_13: report("13.1", "") => refused("evidence.unsupported");
    a_list_that_is_null: r#"{"version": "15.0.0", "vulnerabilities": null}"# => refused("evidence.malformed");
    exit_code_without_findings: CLEAN => fails().exit(1).without("high");
    one_identifier_in_two_files: report("15.0.0", r#"{"id": "a", "severity": "Low", "identifiers": [{"value": "R1"}]}, {"id": "b", "severity": "Low", "identifiers": [{"value": "R1"}]}"#)
        => fails().fact("low", 1.0).fact("low_findings", 2.0);
}
