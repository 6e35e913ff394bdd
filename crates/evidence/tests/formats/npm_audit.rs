//! npm audit, versions 1 and 2.

use gradus_evidence::Severity::{High, Medium};

const CLEAN: &str = r#"{"auditReportVersion": 2, "vulnerabilities": {}, "metadata": {
  "vulnerabilities": {"info": 0, "low": 0, "moderate": 0, "high": 0, "critical": 0, "total": 0},
  "dependencies": {"prod": 10, "dev": 2, "total": 12}}}
"#;

fn v2(packages: &str, counts: &str) -> String {
    format!(
        r#"{{"auditReportVersion": 2, "vulnerabilities": {{{packages}}}, "metadata": {{"vulnerabilities": {{{counts}}}, "dependencies": {{"total": 5}}}}}}"#
    )
}

const LODASH: &str = r#""lodash": {"name": "lodash", "severity": "high", "via": [
  {"source": 1, "name": "lodash", "url": "https://github.com/advisories/GHSA-aaaa-bbbb-cccc", "severity": "high"},
  {"source": 2, "name": "lodash", "url": "https://github.com/advisories/GHSA-dddd-eeee-ffff", "severity": "moderate"}]}"#;

fn v1(count: u64) -> String {
    format!(
        r#"{{"actions": [], "advisories": {{"1065": {{"id": 1065, "module_name": "lodash", "severity": "high", "findings": [{{"version": "4", "paths": ["a>lodash", "b>lodash", "c>lodash"]}}]}}}},
      "muted": [], "metadata": {{"vulnerabilities": {{"info": 0, "low": 0, "moderate": 0, "high": {count}, "critical": 0}}, "totalDependencies": 9}}}}"#
    )
}

hostile!(
    "npm-audit",
    Json,
    CLEAN,
    crate::table::passes().fact("high", 0.0).exit(0)
);

cases! { "npm-audit";
    version_2_lists_advisories_by_package: v2(LODASH, r#""high": 1, "total": 1"#)
        => fails().exit(1).fact("high", 1.0).fact("medium", 1.0).found("GHSA-aaaa-bbbb-cccc", High).found("GHSA-dddd-eeee-ffff", Medium).quiet("counters");
    moderate_is_medium: v2(r#""a": {"severity": "moderate", "via": [{"source": 3, "severity": "moderate"}]}"#, r#""moderate": 1"#) => fails().fact("medium", 1.0).found("3", Medium);
    a_package_that_inherits_is_not_counted_again: v2(&format!(r#"{LODASH}, "grunt": {{"severity": "high", "via": ["lodash"]}}"#), r#""high": 2"#) => fails().fact("high", 1.0).quiet("counters");
    version_1_counts_paths: v1(3) => fails().exit(1).fact("high", 1.0).fact("high_findings", 3.0).found("1065", High).quiet("counters");
    version_1_counts_wrongly: v1(6) => fails().noted("counters");
    counts_without_a_list: v2("", r#""critical": 2, "total": 2"#) => fails().fact("critical", 2.0).noted("counters");
    fewer_counted_than_listed: v2(LODASH, r#""high": 0"#) => fails().fact("high", 1.0).noted("counters");
    a_counter_too_large_to_believe: v2("", r#""critical": 900000000"#) => refused("evidence.too_many");
    a_failed_audit_is_no_verdict: r#"{"message": "request failed", "error": {"code": "ENOAUDIT", "summary": "audit endpoint returned an error", "detail": ""}}"#
        => broken().exit(1).noted("tool_error").without("high");
    a_failed_audit_without_exit_code: r#"{"error": {"summary": "", "code": "ENOLOCK"}}"# => broken().without("high");
    an_error_that_is_a_text: r#"{"auditReportVersion": 2, "error": "offline"}"# => broken();
    exit_code_1_without_findings: CLEAN => fails().exit(1).noted("exit_code").without("high");
    nothing_installed: r#"{"auditReportVersion": 2, "vulnerabilities": {}, "metadata": {"dependencies": {"total": 0}}}"# => inconclusive().noted("nothing_examined");
    version_3: r#"{"auditReportVersion": 3, "vulnerabilities": {}}"# => refused("evidence.unsupported");
    without_a_list: r#"{"auditReportVersion": 2, "metadata": {}}"# => refused("evidence.malformed");
    a_severity_that_is_unknown: v2(r#""a": {"severity": "grave", "via": [{"source": 3, "severity": "grave"}]}"#, "") => fails().fact("unknown", 1.0);
}
