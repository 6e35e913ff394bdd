//! TRX.

const CLEAN: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<TestRun id="1" name="ci 2026-01-01" xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
  <Results>
    <UnitTestResult testName="A" outcome="Passed" duration="00:00:01"><Output><StdOut>hello</StdOut></Output></UnitTestResult>
    <UnitTestResult testName="B" outcome="NotExecuted"/>
  </Results>
  <ResultSummary outcome="Completed"><Counters total="2" executed="1" passed="1" failed="0" error="0" timeout="0" aborted="0"/></ResultSummary>
</TestRun>
"#;

fn run(results: &str, counters: &str) -> String {
    format!(
        r#"<TestRun><Results>{results}</Results><ResultSummary outcome="Completed"><Counters {counters}/></ResultSummary></TestRun>"#
    )
}

const OK: &str = r#"<UnitTestResult outcome="Passed"/>"#;

hostile!(
    "trx",
    Xml,
    CLEAN,
    crate::table::passes()
        .fact("passed", 1.0)
        .fact("skipped", 1.0)
        .quiet("counters")
);

cases! { "trx";
    a_failure: run(r#"<UnitTestResult outcome="Failed"/>"#, r#"total="1" failed="1""#) => fails().fact("failed", 1.0);
    a_timeout_is_an_error: run(r#"<UnitTestResult outcome="Timeout"/>"#, "") => fails().fact("errors", 1.0);
    an_outcome_yet_to_come_is_an_error: run(r#"<UnitTestResult outcome="Exploded"/>"#, "") => fails().fact("errors", 1.0);
    no_outcome_is_not_run: run(r#"<UnitTestResult/>"#, "") => inconclusive().fact("skipped", 1.0);
    inconclusive_is_not_passed: run(r#"<UnitTestResult outcome="Inconclusive"/>"#, "") => inconclusive();
    declared_failures_without_results: run(OK, r#"total="1" failed="1""#) => fails().noted("counters");
    declared_aborts_without_results: run(OK, r#"total="1" aborted="1""#) => fails().noted("counters");
    failures_that_the_counters_hide: run(r#"<UnitTestResult outcome="Failed"/>"#, r#"total="1" failed="0""#) => fails().noted("counters");
    a_run_that_was_aborted: run(OK, "").replace("Completed", "Aborted") => fails().noted("run_outcome");
    a_run_that_failed_without_a_failed_test: run(OK, "").replace("Completed", "Failed") => fails();
    an_error_outside_of_the_tests: run(OK, "").replace("</ResultSummary>", r#"<RunInfos><RunInfo outcome="Error"><Text>host crashed</Text></RunInfo></RunInfos></ResultSummary>"#) => fails().noted("run_error");
    rows_of_a_data_driven_test: run(r#"<UnitTestResult outcome="Failed"><InnerResults><UnitTestResult outcome="Passed"/><UnitTestResult outcome="Failed"/></InnerResults></UnitTestResult>"#, "")
        => fails().fact("passed", 1.0).fact("failed", 1.0);
    nothing_ran: run("", r#"total="0""#) => inconclusive().noted("too_few");
    a_document_type: format!("<!DOCTYPE TestRun>{}", run(OK, "")) => refused("evidence.doctype");
    a_test_host_that_crashed: run(OK, "") => fails().exit(1).noted("exit_code");
}
