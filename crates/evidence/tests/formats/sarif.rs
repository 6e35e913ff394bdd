//! SARIF, and the many ways in which its tools say how bad something is.

use gradus_evidence::Severity::{Critical, High, Low, Medium, None as Harmless, Unknown};

const CLEAN: &str = r#"{
  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
  "version": "2.1.0",
  "runs": [{
    "tool": {"driver": {"name": "CodeQL", "semanticVersion": "2.20.1", "rules": [{"id": "js/sql", "defaultConfiguration": {"level": "error"}}]}},
    "invocations": [{"executionSuccessful": true, "exitCode": 0}],
    "results": []
  }]
}
"#;

fn run(rules: &str, results: &str) -> String {
    format!(
        r#"{{"version": "2.1.0", "runs": [{{"tool": {{"driver": {{"name": "t", "rules": [{rules}]}}}}, "results": [{results}]}}]}}"#
    )
}

fn with(rest: &str) -> String {
    format!(r#"{{"version": "2.1.0", "runs": [{{"tool": {{"driver": {{"name": "t"}}}}, {rest}}}]}}"#)
}

fn scored(score: &str) -> String {
    run(
        &format!(r#"{{"id": "r", "properties": {{"security-severity": {score}}}}}"#),
        r#"{"ruleId": "r", "message": {"text": "m"}}"#,
    )
}

const R: &str = r#"{"ruleId": "r", "ruleIndex": 0, "message": {"text": "m"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.js"}}}]}"#;

hostile!(
    "sarif",
    Json,
    CLEAN,
    crate::table::passes()
        .fact("critical", 0.0)
        .fact("unknown", 0.0)
        .tool("CodeQL")
);

cases! { "sarif";
    a_result_says_its_level: run(r#"{"id": "r"}"#, r#"{"ruleId": "r", "level": "error"}"#)
        => fails().fact("high", 1.0).fact("level_error", 1.0).noted("by_level").found("r", High);
    a_result_takes_its_rules_level: run(r#"{"id": "r", "defaultConfiguration": {"level": "note"}}"#, R) => fails().fact("low", 1.0).found("r", Low);
    without_any_level_it_is_a_warning: run(r#"{"id": "r"}"#, R) => fails().fact("medium", 1.0).found("r", Medium);
    an_invocation_overrides_a_rules_level: with(r#""invocations": [{"executionSuccessful": true, "ruleConfigurationOverrides":
        [{"descriptor": {"id": "r"}, "configuration": {"level": "error"}}]}], "results": [{"ruleId": "r"}]"#).replace(r#""name": "t""#, r#""name": "t", "rules": [{"id": "r"}]"#)
        => fails().fact("high", 1.0);
    what_is_no_failure_is_harmless: run(r#"{"id": "r", "properties": {"security-severity": "9.8"}}"#, r#"{"ruleId": "r", "kind": "pass"}"#)
        => passes().fact("none", 1.0).found("r", Harmless);
    a_rule_found_by_index_only: run(r#"{"id": "x"}, {"id": "r", "defaultConfiguration": {"level": "error"}}"#, r#"{"ruleIndex": 1}"#)
        => fails().found("r", High);
    a_rule_found_by_reference: run(r#"{"id": "r", "defaultConfiguration": {"level": "error"}}"#, r#"{"rule": {"id": "r", "index": 0}}"#) => fails().found("r", High);
    a_rule_in_an_extension: with(r#""results": [{"rule": {"id": "r", "index": 0, "toolComponent": {"index": 0}}}]"#)
        .replace(r#"{"driver": {"name": "t"}}"#, r#"{"driver": {"name": "t"}, "extensions": [{"name": "pack", "rules": [{"id": "r", "properties": {"security-severity": "9.1"}}]}]}"#)
        => fails().fact("critical", 1.0).tool("t");
    a_rule_in_an_extension_by_id: with(r#""results": [{"ruleId": "r"}]"#)
        .replace(r#"{"driver": {"name": "t"}}"#, r#"{"driver": {"name": "t"}, "extensions": [{"rules": [{"id": "r", "properties": {"security-severity": "9.1"}}]}]}"#)
        => fails().fact("critical", 1.0);
    a_more_exact_id_than_its_rules: run(r#"{"id": "CA1", "properties": {"security-severity": "9.1"}}"#, r#"{"ruleId": "CA1/2"}"#) => fails().fact("critical", 1.0);
    an_index_that_points_at_another_rule: run(r#"{"id": "x", "defaultConfiguration": {"level": "note"}}, {"id": "r", "properties": {"security-severity": "9.1"}}"#,
        r#"{"ruleId": "r", "ruleIndex": 0}"#) => fails().fact("critical", 1.0);
    a_rule_that_cannot_be_found_is_unknown: run(r#"{"id": "x"}"#, r#"{"ruleId": "r"}"#) => fails().fact("unknown", 1.0).noted("no_rule").found("r", Unknown);
    results_before_their_rules: r#"{"runs": [{"results": [{"ruleId": "r"}], "tool": {"driver": {"rules": [{"properties": {"security-severity": "9.5"}, "id": "r"}], "name": "t"}}}], "version": "2.1.0"}"#
        => fails().fact("critical", 1.0);
    score_9_is_critical: scored("\"9.0\"") => fails().fact("critical", 1.0);
    score_8_9_is_high: scored("\"8.9\"") => fails().fact("high", 1.0);
    score_6_9_is_medium: scored("\"6.9\"") => fails().fact("medium", 1.0);
    score_3_9_is_low: scored("\"3.9\"") => fails().fact("low", 1.0);
    a_score_may_be_a_number: scored("7.5") => fails().fact("high", 1.0);
    score_zero_says_nothing: scored("\"0.0\"") => fails().fact("medium", 1.0).noted("by_level");
    a_score_out_of_range_says_nothing: scored("\"99\"") => fails().fact("medium", 1.0).noted("words");
    a_score_in_words: scored("\"HIGH\"") => fails().fact("high", 1.0).noted("words");
    a_score_in_unknown_words: scored("\"SEVERE\"") => fails().fact("unknown", 1.0).noted("words");
    a_score_of_nan: scored("\"NaN\"") => fails().noted("words");
    trivy_labels_tell_critical_from_high: run(r#"{"id": "r", "defaultConfiguration": {"level": "error"}, "properties": {"tags": ["vulnerability", "security", "CRITICAL"]}}"#, R)
        => fails().fact("critical", 1.0).fact("high", 0.0);
    a_label_that_disagrees_with_its_score: run(r#"{"id": "r", "properties": {"security-severity": "5.5", "tags": ["CRITICAL"]}}"#, R)
        => fails().fact("critical", 1.0).noted("labels");
    suppressed_in_source: run(r#"{"id": "r"}"#, r#"{"ruleId": "r", "suppressions": [{"kind": "inSource"}]}"#)
        => passes().fact("suppressed", 1.0).fact("medium", 0.0).noted("suppressed");
    an_empty_list_of_suppressions_suppresses_nothing: run(r#"{"id": "r"}"#, r#"{"ruleId": "r", "suppressions": []}"#) => fails().fact("medium", 1.0);
    a_suppression_under_review_does_not_count: run(r#"{"id": "r"}"#, r#"{"ruleId": "r", "suppressions": [{"kind": "external", "status": "accepted"}, {"kind": "external", "status": "underReview"}]}"#)
        => fails().fact("medium", 1.0).fact("suppressed", 0.0);
    a_rejected_suppression_does_not_count: run(r#"{"id": "r"}"#, r#"{"ruleId": "r", "suppressions": [{"kind": "external", "status": "rejected"}]}"#) => fails();
    what_the_baseline_knew_still_counts: run(r#"{"id": "r"}"#, r#"{"ruleId": "r", "baselineState": "unchanged"}"#) => fails().fact("medium", 1.0);
    what_is_gone_since_the_baseline_does_not: run(r#"{"id": "r"}"#, r#"{"ruleId": "r", "baselineState": "absent"}"#) => passes().fact("suppressed", 1.0);
    a_run_that_did_not_end_well: with(r#""invocations": [{"executionSuccessful": false}], "results": [{"ruleId": "r", "level": "error"}]"#)
        => inconclusive().noted("not_scanned").without("high").fact("high_findings", 1.0).noted("kept_back");
    no_run_at_all: r#"{"version": "2.1.0", "runs": []}"# => inconclusive().noted("nothing_examined").without("critical");
    results_that_are_not_there: with(r#""columnKind": "utf16CodeUnits""#) => inconclusive().noted("no_list");
    results_that_are_null: with(r#""results": null"#) => inconclusive().noted("no_list");
    results_in_another_file: with(r#""externalPropertyFileReferences": {"results": [{"location": {"uri": "r.sarif"}}]}"#) => inconclusive().noted("elsewhere");
    several_runs_of_several_tools: r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "a"}}, "results": []}, {"tool": {"driver": {"name": "b"}}, "results": [{"ruleId": "r", "level": "error"}]}]}"#
        => fails().fact("high", 1.0).tool("a, b");
    one_good_run_does_not_mend_a_missing_one: r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "a"}}, "results": []}, {"tool": {"driver": {"name": "b"}}}]}"#
        => inconclusive();
    the_same_rule_twice_is_one_id: run(r#"{"id": "r"}"#, &format!("{R},{R}")) => fails().fact("medium", 1.0).fact("medium_findings", 2.0).noted("repeated");
    one_id_counts_with_its_worst: run("", r#"{"ruleId": "r", "level": "note"}, {"ruleId": "r", "level": "error"}"#) => fails().fact("high", 1.0).fact("low", 0.0).fact("low_findings", 1.0);
    results_without_an_id_are_not_one: run("", r#"{"level": "error"}, {"level": "error"}"#) => fails().fact("high", 2.0);
    the_commit_is_read: with(&format!(r#""versionControlProvenance": [{{"repositoryUri": "x", "revisionId": "{}"}}], "results": []"#, "a".repeat(40))) => passes().commit(&"a".repeat(40));
    another_commit: with(&format!(r#""versionControlProvenance": [{{"revisionId": "{}"}}], "results": []"#, "a".repeat(40))) => broken().commit(&"b".repeat(40)).noted("subject").without("critical");
    an_exit_code_that_nothing_explains: CLEAN => fails().exit(2).noted("exit_code").without("critical").noted("kept_back");
    findings_explain_an_exit_code: run("", R) => fails().exit(1).fact("medium", 1.0).quiet("exit_code");
    at_least_means_nothing_here: CLEAN => inconclusive().at_least(1).noted("not_counted");
    version_1: r#"{"version": "1.0.0", "runs": []}"# => refused("evidence.unsupported");
    a_level_that_is_no_text: run("", r#"{"ruleId": "r", "level": 5}"#) => refused("evidence.malformed").place("runs[0].results[0].level");
    results_that_are_no_list: with(r#""results": {}"#) => refused("evidence.malformed").place("runs[0].results");
    runs_twice: r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t"}}, "results": [{"level": "error"}]}], "runs": []}"# => refused("evidence.malformed");
    an_unknown_level_is_unknown: run("", r#"{"ruleId": "r", "level": "catastrophic"}"#) => fails().fact("unknown", 1.0);
    too_many_rules: run(&vec!["{}"; 200].join(","), R) => refused("evidence.too_many").limits(|limits| limits.remembered = 400);
    too_many_runs: format!(r#"{{"version": "2.1.0", "runs": [{}]}}"#, vec!["{}"; 2_000].join(",")) => refused("evidence.too_many");
    too_many_keys: run("", &format!("{{{}}}", (0..400_000).map(|n| format!(r#""{n:040}":1"#)).collect::<Vec<_>>().join(","))) => refused("evidence.too_many").place("runs[0].results[0]");
    an_id_of_a_megabyte_is_cut: run("", &format!(r#"{{"ruleId": "{}", "level": "error"}}"#, "r".repeat(1 << 20))) => fails().fact("high", 1.0);
    too_many_different_findings: run("", &(0..50).map(|n| format!(r#"{{"ruleId": "r{n}"}}"#)).collect::<Vec<_>>().join(",")) => refused("evidence.too_many").limits(|limits| limits.remembered = 40);
    only_so_many_are_shown_and_all_are_counted: run("", &(0..50).map(|n| format!(r#"{{"ruleId": "r{n}"}}"#)).collect::<Vec<_>>().join(",")) => fails().fact("medium", 50.0).limits(|limits| limits.shown = 5);
}

#[test]
fn the_worst_are_shown_first() {
    let text = run(
        "",
        r#"{"ruleId": "a", "level": "note"}, {"ruleId": "b", "level": "error"}, {"ruleId": "c"}"#,
    );
    let report = gradus_evidence::read(std::io::Cursor::new(text), &Default::default()).unwrap();
    let ids: Vec<_> = report.findings.iter().map(|found| found.id.as_str()).collect();
    assert_eq!(ids, ["b", "c", "a"]);
    assert_eq!(Critical.word(), "critical");
}

#[test]
fn a_hundred_thousand_results() {
    let results = vec![R; 100_000].join(",");
    crate::table::run(
        "sarif",
        run(r#"{"id": "r"}"#, &results),
        crate::table::fails()
            .fact("medium_findings", 1e5)
            .fact("medium", 1.0),
    );
}
