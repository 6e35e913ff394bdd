//! SonarQube.

const CLEAN: &str = r#"{"projectStatus": {"status": "OK", "conditions": [{"status": "OK", "metricKey": "new_coverage", "comparator": "LT", "errorThreshold": "80", "actualValue": "82.50562381034781"}],
 "ignoredConditions": false, "caycStatus": "compliant"}}
"#;

fn gate(status: &str, conditions: &str) -> String {
    format!(r#"{{"projectStatus": {{"status": "{status}", "conditions": [{conditions}]}}}}"#)
}

const BAD: &str = r#"{"status": "ERROR", "metricKey": "new_bugs", "actualValue": "3"}"#;

hostile!(
    "sonarqube",
    Json,
    CLEAN,
    crate::table::passes().text("status", "passed").text("gate", "OK")
);

cases! { "sonarqube";
    an_error: gate("ERROR", BAD) => fails().text("status", "failed").fact("conditions_failed", 1.0).noted("condition");
    none_is_never_analysed: gate("NONE", "") => inconclusive().noted("never_analysed").text("status", "inconclusive");
    warn_of_old_servers: gate("WARN", r#"{"status": "WARN"}"#) => inconclusive().noted("status");
    a_word_nobody_knows: gate("GREAT", r#"{"status": "OK"}"#) => inconclusive();
    ok_with_a_failed_condition: gate("OK", BAD) => fails().noted("counters");
    ok_without_conditions: gate("OK", "") => inconclusive().noted("too_few");
    conditions_left_out_of_a_small_change: CLEAN.replace("\"ignoredConditions\": false", "\"ignoredConditions\": true") => passes().noted("ignored_conditions");
    values_are_texts_and_thresholds_may_be_missing: gate("OK", r#"{"status": "OK", "metricKey": "x", "actualValue": "0.0"}"#) => passes();
    without_status: r#"{"projectStatus": {"conditions": []}}"# => refused("evidence.malformed");
    an_error_of_the_server: r#"{"errors": [{"msg": "Project not found"}]}"# => refused("evidence.unknown_format");
    the_same_named: r#"{"errors": [{"msg": "Project not found"}]}"# => refused("evidence.malformed").named("sonarqube");
    a_scanner_that_failed: CLEAN => fails().exit(1).text("status", "failed");
}
