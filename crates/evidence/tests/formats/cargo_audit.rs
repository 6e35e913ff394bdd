//! cargo-audit.

use gradus_evidence::Severity::{Critical, High, Unknown};

const CLEAN: &str = r#"{"database": {"advisory-count": 800, "last-commit": "x"}, "lockfile": {"dependency-count": 210},
 "settings": {"ignore": []}, "vulnerabilities": {"found": false, "count": 0, "list": []}, "warnings": {}}
"#;

fn audit(list: &str, rest: &str) -> String {
    format!(
        r#"{{"database": {{"advisory-count": 800}}, "lockfile": {{"dependency-count": 2}}, "vulnerabilities": {{{rest} "list": [{list}]}}, "warnings": {{}}}}"#
    )
}

fn one(cvss: &str) -> String {
    format!(
        r#"{{"advisory": {{"id": "RUSTSEC-2024-0001", "package": "time", "title": "t", "cvss": {cvss}}}, "package": {{"name": "time"}}}}"#
    )
}

hostile!(
    "cargo-audit",
    Json,
    CLEAN,
    crate::table::passes().fact("critical", 0.0).exit(0)
);

cases! { "cargo-audit";
    cvss_3_1_critical: audit(&one(r#""CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H""#), "") => fails().exit(1).fact("critical", 1.0).found("RUSTSEC-2024-0001", Critical);
    cvss_3_0_high: audit(&one(r#""CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H""#), "") => fails().fact("high", 1.0).found("RUSTSEC-2024-0001", High);
    cvss_3_1_medium: audit(&one(r#""CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H""#), "") => fails().fact("medium", 1.0);
    cvss_4_0: audit(&one(r#""CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N""#), "") => fails().fact("critical", 1.0);
    cvss_4_0_low: audit(&one(r#""CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N""#), "") => fails().fact("low", 1.0);
    cvss_2_is_unknown: audit(&one(r#""AV:N/AC:L/Au:N/C:P/I:P/A:P""#), "") => fails().fact("unknown", 1.0);
    no_cvss_is_unknown: audit(&one("null"), r#""found": true, "count": 1,"#) => fails().fact("unknown", 1.0).found("RUSTSEC-2024-0001", Unknown).noted("unknown_severity");
    a_broken_vector_is_unknown: audit(&one(r#""CVSS:3.1/AV:X""#), "") => fails().fact("unknown", 1.0);
    a_vector_that_is_no_text: audit(&one("9.8"), "") => fails().fact("unknown", 1.0);
    more_declared_than_listed: audit("", r#""found": true, "count": 3,"#) => fails().fact("unknown", 3.0).noted("counters");
    found_and_none_listed: audit("", r#""found": true,"#) => fails().fact("unknown", 1.0).noted("counters");
    fewer_declared_than_listed: audit(&one("null"), r#""found": false, "count": 0,"#) => fails().fact("unknown", 1.0).noted("counters");
    warnings_are_told_apart: CLEAN.replace(r#""warnings": {}"#, r#""warnings": {"unmaintained": [{"kind": "unmaintained"}], "yanked": [{}, {}]}"#)
        => passes().fact("unmaintained", 1.0).fact("yanked", 2.0).noted("warnings");
    ignored_advisories_are_shown: CLEAN.replace(r#""ignore": []"#, r#""ignore": ["RUSTSEC-2020-0071"]"#) => passes().noted("ignored");
    an_empty_database: CLEAN.replace("800", "0") => inconclusive().noted("nothing_examined").without("critical");
    an_empty_lockfile: CLEAN.replace("210", "0") => inconclusive().noted("nothing_examined");
    exit_code_2_is_a_failure: CLEAN => broken().exit(2).without("critical");
    without_a_list: CLEAN.replace(r#", "list": []"#, "") => refused("evidence.malformed");
}
