//! OSV-Scanner.

use gradus_evidence::Severity::{Critical, High, Medium};

const CLEAN: &str = r#"{"results": [{"source": {"path": "Cargo.lock", "type": "lockfile"}, "packages": []}], "experimental_config": {"licenses": {}}}
"#;

fn packages(vulnerabilities: &str, groups: &str) -> String {
    format!(
        r#"{{"results": [{{"source": {{"path": "p"}}, "packages": [{{"package": {{"name": "django", "version": "1", "ecosystem": "PyPI"}}, "vulnerabilities": [{vulnerabilities}] {groups}}}]}}]}}"#
    )
}

const GHSA: &str = r#"{"id": "GHSA-1", "aliases": ["CVE-1"], "database_specific": {"severity": "MODERATE"}}"#;
const PYSEC: &str = r#"{"id": "PYSEC-1", "aliases": ["CVE-1"], "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]}"#;
const BARE: &str = r#"{"id": "GO-1"}"#;

hostile!(
    "osv-scanner",
    Json,
    CLEAN,
    crate::table::passes().fact("high", 0.0).exit(0)
);

cases! { "osv-scanner";
    groups_count_not_entries: packages(&format!("{GHSA},{PYSEC}"), r#", "groups": [{"ids": ["GHSA-1", "PYSEC-1"], "max_severity": "9.8"}]"#)
        => fails().exit(1).fact("critical", 1.0).fact("medium", 0.0).found("GHSA-1", Critical);
    groups_before_entries: r#"{"results": [{"packages": [{"groups": [{"ids": ["GHSA-1"], "max_severity": "7.5"}], "vulnerabilities": [{"id": "GHSA-1"}], "package": {"name": "x"}}]}]}"#
        => fails().fact("high", 1.0).found("GHSA-1", High);
    older_groups_say_no_severity: packages(&format!("{GHSA},{PYSEC}"), r#", "groups": [{"ids": ["GHSA-1", "PYSEC-1"]}]"#) => fails().fact("critical", 1.0);
    an_empty_severity_of_a_group: packages(GHSA, r#", "groups": [{"ids": ["GHSA-1"], "max_severity": ""}]"#) => fails().fact("medium", 1.0).found("GHSA-1", Medium);
    without_groups_each_entry_counts: packages(&format!("{GHSA},{PYSEC}"), "") => fails().fact("critical", 1.0).fact("medium", 1.0);
    an_entry_outside_of_all_groups: packages(&format!("{GHSA},{BARE}"), r#", "groups": [{"ids": ["GHSA-1"]}]"#) => fails().fact("medium", 1.0).fact("unknown", 1.0);
    no_severity_anywhere: packages(BARE, r#", "groups": [{"ids": ["GO-1"]}]"#) => fails().fact("unknown", 1.0);
    a_cvss_4_vector: packages(r#"{"id": "A", "severity": [{"type": "CVSS_V4", "score": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"}]}"#, "") => fails().fact("critical", 1.0);
    one_vulnerability_under_two_names: packages(GHSA, r#", "groups": [{"ids": ["GHSA-1"], "aliases": ["CVE-1", "GHSA-1"]}]"#) => fails().found("CVE-1", Medium);
    an_empty_list_of_results: r#"{"results": []}"# => passes().exit(0);
    null_results: r#"{"results": null}"# => inconclusive().noted("no_list").without("high");
    an_empty_file_with_exit_code_0: "" => passes().named("osv-scanner").exit(0).noted("empty").fact("critical", 0.0);
    an_empty_file_alone: "" => refused("evidence.empty").named("osv-scanner");
    an_empty_file_and_a_failure: "" => refused("evidence.empty").named("osv-scanner").exit(127);
    an_empty_file_of_an_unnamed_format: "" => refused("evidence.empty").exit(0);
    an_empty_file_of_another_format: "" => refused("evidence.empty").named("trivy").exit(0);
    exit_code_127: CLEAN => broken().exit(127).without("high");
    exit_code_128_no_packages: CLEAN => broken().exit(128).without("high");
    exit_code_1_without_findings: CLEAN => fails().exit(1).noted("exit_code").without("high");
    a_score_out_of_range: packages(BARE, r#", "groups": [{"ids": ["GO-1"], "max_severity": "11"}]"#) => fails().fact("unknown", 1.0);
}
