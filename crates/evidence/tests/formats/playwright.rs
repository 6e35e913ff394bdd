//! Playwright's JSON.

const CLEAN: &str = r#"{"config": {"version": "1.56.0"}, "suites": [{"title": "a.spec.ts", "specs": [{"title": "t", "ok": true, "tests": [{"status": "expected", "results": [{"status": "passed"}]}]}],
 "suites": [{"title": "inner", "specs": [{"ok": true, "tests": [{"status": "expected"}, {"status": "skipped"}]}]}]}], "errors": [], "stats": {"expected": 2, "unexpected": 0, "flaky": 0, "skipped": 1}}
"#;

fn report(tests: &str, stats: &str, errors: &str) -> String {
    format!(
        r#"{{"config": {{}}, "suites": [{{"specs": [{{"ok": true, "tests": [{tests}]}}]}}], "errors": [{errors}], "stats": {{{stats}}}}}"#
    )
}

hostile!(
    "playwright",
    Json,
    CLEAN,
    crate::table::passes()
        .fact("passed", 2.0)
        .fact("skipped", 1.0)
        .quiet("counters")
);

cases! { "playwright";
    a_failure: report(r#"{"status": "unexpected"}"#, r#""unexpected": 1"#, "") => fails().exit(1).fact("failed", 1.0);
    a_syntax_error_leaves_all_counters_at_zero: r#"{"config": {}, "suites": [], "errors": [{"message": "SyntaxError: x"}], "stats": {"expected": 0, "unexpected": 0, "flaky": 0, "skipped": 0}}"#
        => fails().fact("errors", 1.0).noted("error_outside").noted("too_few");
    an_error_beside_passing_tests: report(r#"{"status": "expected"}"#, r#""expected": 1"#, r#"{"message": "global teardown failed"}"#) => fails().fact("errors", 1.0);
    flaky_is_ok_for_the_spec_and_shown_here: report(r#"{"status": "flaky"}"#, r#""flaky": 1"#, "") => passes().fact("flaky", 1.0).noted("flaky");
    an_expected_failure_is_a_pass: report(r#"{"expectedStatus": "failed", "status": "expected", "results": [{"status": "failed"}]}"#, r#""expected": 1"#, "") => passes();
    nothing_ran: report("", "", "") => inconclusive().noted("too_few");
    failures_declared_and_not_listed: report(r#"{"status": "expected"}"#, r#""expected": 1, "unexpected": 2"#, "") => fails().fact("failed", 2.0).noted("counters");
    failures_listed_and_not_declared: report(r#"{"status": "unexpected"}"#, r#""expected": 1"#, "") => fails().noted("counters");
    passes_declared_and_not_listed: report("", r#""expected": 50"#, "") => inconclusive().fact("passed", 0.0).noted("counters");
    a_status_nobody_knows_is_a_failure: report(r#"{"status": "odd"}"#, "", "") => fails();
    a_test_without_status_is_a_failure: report(r#"{"title": "x"}"#, "", "") => fails();
    without_statistics: r#"{"config": {}, "suites": [], "errors": []}"# => refused("evidence.malformed").named("playwright");
    fewer_than_asked: CLEAN => inconclusive().at_least(10);
    an_exit_code_that_nothing_explains: CLEAN => fails().exit(1).noted("exit_code");
}
