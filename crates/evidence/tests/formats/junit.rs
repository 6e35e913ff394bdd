//! JUnit as its many writers understand it.

const CLEAN: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<testsuites name="unit" tests="3" failures="0" errors="0">
  <testsuite name="pytest" tests="3" failures="0" errors="0" skipped="1" hostname="ci" time="0.12">
    <testcase classname="tests.test_a" name="test_one" time="0.01"><system-out><![CDATA[a <b> & c]]></system-out></testcase>
    <testcase classname="tests.test_a" name="test_two &lt;&#65;&gt;" time="0.01"/>
    <testcase classname="tests.test_a" name="test_three"><skipped type="pytest.skip" message="later">x &amp; y</skipped></testcase>
  </testsuite>
</testsuites>
"#;

fn suite(attributes: &str, body: &str) -> String {
    format!("<testsuites><testsuite name=\"s\" {attributes}>{body}</testsuite></testsuites>")
}

fn root(attributes: &str, body: &str) -> String {
    format!("<testsuites {attributes}>{body}</testsuites>")
}

const OK: &str = r#"<testcase classname="a" name="ok"/>"#;
const BAD: &str = r#"<testcase classname="a" name="bad"><failure message="no">trace</failure></testcase>"#;

hostile!(
    "junit",
    Xml,
    CLEAN,
    crate::table::passes().fact("passed", 2.0).fact("skipped", 1.0)
);

cases! { "junit";
    a_failure_is_red: suite("", BAD) => fails().fact("failed", 1.0).fact("passed", 0.0);
    an_error_is_red: suite("", r#"<testcase name="a"><error type="E"/></testcase>"#) => fails().fact("errors", 1.0);
    a_bare_suite_is_a_root: r#"<testsuite name="go" tests="1" failures="0"><testcase name="a"/></testsuite>"#
        => passes().fact("passed", 1.0);
    suites_nest: root("", &format!(r#"<testsuite name="o" tests="2"><testsuite name="i" tests="2">{OK}{BAD}</testsuite></testsuite>"#))
        => fails().fact("passed", 1.0).fact("failed", 1.0).quiet("counters");
    an_inner_suite_that_declares_failures_is_red:
        root("", &format!(r#"<testsuite tests="1" failures="0"><testsuite tests="1" failures="1">{OK}</testsuite></testsuite>"#))
        => fails().noted("counters");
    cases_right_below_the_root_count: root("", OK) => passes().fact("passed", 1.0);
    no_case_at_all: root(r#"tests="0" failures="0""#, "") => inconclusive().noted("too_few");
    all_skipped_is_nothing_run: suite("", r#"<testcase name="a"><skipped/></testcase>"#)
        => inconclusive().fact("skipped", 1.0).fact("passed", 0.0);
    fewer_than_asked: suite("", OK) => inconclusive().at_least(2).noted("too_few");
    as_many_as_asked: suite("", OK) => passes().at_least(1);
    declared_failures_without_cases: suite(r#"tests="1" failures="2""#, OK)
        => fails().fact("failed", 2.0).noted("counters");
    declared_errors_without_cases: root(r#"errors="1""#, &suite_only(OK)) => fails().fact("errors", 1.0).noted("counters");
    declared_green_with_red_cases: suite(r#"tests="2" failures="0" errors="0""#, &format!("{OK}{BAD}"))
        => fails().fact("failed", 1.0).noted("counters");
    more_cases_than_declared: suite(r#"tests="1""#, &format!("{OK}<testcase name='b'/>")) => passes().noted("counters");
    fewer_cases_than_declared: suite(r#"tests="100" failures="0""#, OK) => passes().noted("counters").fact("passed", 1.0);
    root_and_suites_disagree: root(r#"tests="1" failures="3""#, &format!(r#"<testsuite tests="1" failures="0">{OK}</testsuite>"#))
        => fails().noted("counters");
    a_counter_that_is_no_number: suite(r#"tests="many""#, OK) => refused("evidence.malformed").place(" at 1:");
    a_negative_counter: suite(r#"failures="-1""#, OK) => refused("evidence.malformed");
    an_empty_counter_claims_nothing: suite(r#"failures="" errors="""#, OK) => passes();
    a_huge_counter_does_not_wrap: root("", &format!(r#"<testsuite failures="8999999999999999">{OK}</testsuite>"#).repeat(3000))
        => fails().noted("counters");

    jest_hides_a_suite_that_cannot_be_imported: suite(r#"tests="1" failures="0""#, OK) => fails().exit(1).noted("exit_code");
    a_suite_error_is_red: suite(r#"tests="0""#, r#"<error message="cannot load class">trace</error>"#)
        => fails().fact("errors", 1.0).noted("suite_error");
    gotestsum_tells_compile_failures_in_the_root_only:
        root(r#"tests="1" failures="0" errors="1""#, &format!(r#"<testsuite name="ok" tests="1" failures="0">{OK}</testsuite>"#))
        => fails().exit(1).fact("errors", 1.0).noted("counters");
    gotestsum_fails_the_parent_of_a_failed_subtest: suite(r#"tests="3" failures="3""#, &format!(
        "{}{}{}", BAD, BAD.replace("bad", "bad/sub"), BAD.replace("bad", "bad/sub/sub"))) => fails().fact("failed", 3.0);
    exit_code_zero_with_failures: suite("", BAD) => fails().exit(0).noted("exit_code");
    exit_code_and_failures_agree: suite("", BAD) => fails().exit(1).quiet("exit_code");
    pytest_that_collects_nothing: root("", r#"<testsuite name="pytest" errors="0" failures="0" tests="0"/>"#)
        => fails().exit(5).noted("exit_code").noted("too_few");
    pytest_collection_error: suite(r#"errors="1" tests="1""#, r#"<testcase classname="" name="tests.test_x"><error message="collection failure">E</error></testcase>"#)
        => fails().exit(2).fact("errors", 1.0);
    pytest_xfail_is_skipped: suite("", &format!(r#"{OK}<testcase name="x"><skipped type="pytest.xfail" message=""/></testcase>"#))
        => passes().fact("skipped", 1.0);
    pytest_strict_xpass_is_a_failure: suite("", r#"<testcase name="x"><failure message="[XPASS(strict)] "/></testcase>"#)
        => fails().fact("failed", 1.0);
    pytest_setup_failure_is_an_error: suite("", r#"<testcase name="x"><error message="failed on setup"/></testcase>"#)
        => fails().fact("errors", 1.0);
    pytest_failing_and_failing_teardown_are_two_cases_with_one_id: suite(r#"tests="1" failures="1" errors="1""#,
        r#"<testcase classname="a" name="x"><failure/></testcase><testcase classname="a" name="x"><error/></testcase>"#)
        => fails().fact("failed", 1.0).fact("errors", 1.0).noted("counters");
    pytest_reruns_are_plain_passes_of_one_id: suite(r#"tests="1""#, &OK.repeat(3))
        => passes().fact("passed", 1.0).fact("repeated", 2.0).noted("repeated");
    repeated_passes_do_not_reach_the_minimum: suite("", &OK.repeat(10)) => inconclusive().at_least(5).noted("too_few");
    the_same_name_in_another_suite_is_another_test: root("",
        r#"<testsuite name="a"><testcase name="t"/></testsuite><testsuite name="b"><testcase name="t"/></testsuite>"#)
        => passes().fact("passed", 2.0).quiet("repeated");
    jest_todo_is_not_in_the_counter: suite(r#"tests="1""#, &format!(r#"{OK}<testcase name="todo"/>"#)) => passes().noted("counters");
    jest_suites_named_undefined: r#"<testsuites name="jest tests"><testsuite name="undefined" tests="1"><testcase classname=" top" name=" top"/></testsuite></testsuites>"#
        => passes().fact("passed", 1.0);
    nextest_retried_then_passed_is_flaky: suite("", r#"<testcase name="x"><flakyFailure message="m">out</flakyFailure></testcase>"#)
        => passes().fact("passed", 1.0).fact("flaky", 1.0).noted("flaky");
    nextest_failed_after_reruns: suite("", r#"<testcase name="x"><failure/><rerunFailure/></testcase>"#)
        => fails().fact("failed", 1.0).exit(100);
    nextest_leaves_out_ignored_tests: suite(r#"tests="1" skipped="0""#, OK) => passes().fact("skipped", 0.0);
    surefire_flaky_error: suite("", r#"<testcase name="x"><flakyError type="E"><stackTrace>t</stackTrace></flakyError></testcase>"#)
        => passes().fact("flaky", 1.0);
    surefire_rerun_error_alone_is_red: suite("", r#"<testcase name="x"><rerunError/></testcase>"#) => fails().fact("errors", 1.0);
    surefire_counts_failures_of_a_flaky_test: suite(r#"tests="1" failures="2""#, r#"<testcase name="x"><flakyFailure/><flakyFailure/></testcase>"#)
        => fails().fact("flaky", 1.0).noted("counters");
    playwright_expected_failure_is_a_pass: suite(r#"tests="1""#, r#"<testcase name="expected to fail"></testcase>"#) => passes();
    a_status_attribute_counts: suite("", r#"<testcase name="x" status="failed"/>"#) => fails().fact("failed", 1.0);
    googletest_disabled_is_skipped: suite("", &format!(r#"{OK}<testcase name="x" status="notrun" result="suppressed"/>"#))
        => passes().fact("skipped", 1.0);
    failed_and_skipped_is_failed: suite("", r#"<testcase name="x"><failure/><skipped/></testcase>"#) => fails();

    a_document_type_is_refused: r#"<!DOCTYPE testsuites SYSTEM "http://example.com/x.dtd"><testsuites/>"#
        => refused("evidence.doctype").place(" at 1:");
    an_xxe_sample: r#"<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuites name="&x;"/>"#
        => refused("evidence.doctype");
    an_entity_in_a_message: suite("", r#"<testcase name="x"><failure message="&bomb;"/></testcase>"#) => refused("evidence.entity");
    an_entity_in_output: suite("", r#"<testcase name="x"><system-out>&bomb;</system-out></testcase>"#) => refused("evidence.entity");
    cases_in_captured_output_are_output: suite("", &format!(r#"<testcase name="x"><system-out><![CDATA[{BAD}]]></system-out></testcase>"#))
        => passes().fact("failed", 0.0);
    commented_out_failures_are_comments: suite("", &format!("{OK}<!-- {BAD} -->")) => passes();
    a_case_within_a_case: suite("", &format!(r#"<testcase name="x">{BAD}</testcase>"#)) => inconclusive().noted("misplaced");
    a_suite_within_properties: suite("", &format!("{OK}<properties>{}</properties>", suite_only(BAD))) => inconclusive().noted("misplaced");
    tags_that_do_not_match: "<testsuites><testsuite></testsuites></testsuite>" => refused("evidence.malformed").place(" at 1:");
    two_attributes_of_one_name: suite(r#"tests="1" tests="2""#, OK) => refused("evidence.malformed");
    text_after_the_root: "<testsuites/>trailing" => refused("evidence.malformed");
    another_document_after_the_root: "<testsuites/><testsuites/>" => refused("evidence.malformed");
    an_encoding_that_is_not_read: "<?xml version='1.0' encoding='ISO-8859-1'?><testsuites/>" => refused("evidence.encoding");
    too_many_elements: suite("", &OK.repeat(200)) => refused("evidence.too_many").limits(|limits| limits.items = 100);
    too_many_attributes: suite(&(0..500).map(|n| format!("a{n}='' ")).collect::<String>(), OK) => refused("evidence.too_many");
    the_place_of_an_error_is_told: "<testsuites>\n<testsuite>\n  <oops>\n</testsuite>" => refused("evidence.malformed").place(" at 4:");
    the_commit_is_not_said_and_so_not_contradicted: suite("", OK) => passes().commit(&"a".repeat(40));
}

fn suite_only(body: &str) -> String {
    format!("<testsuite>{body}</testsuite>")
}

/// Whatever lengths the runs of text have, what stands behind them is read.
#[test]
fn long_output_is_let_go_without_losing_its_neighbours() {
    let lengths = (65_500..65_600).chain([200_000, 1_000_000]);
    for length in lengths {
        for (before, after) in [
            ("<![CDATA[", "]]>"),
            ("", ""),
            ("<!--", "-->"),
            ("é", "&amp;"),
            ("", "&#xE9;é"),
            ("<?p ", "?>"),
        ] {
            let output = format!("{before}{}{after}", "x".repeat(length));
            let text = suite(
                "",
                &format!(r#"<testcase name="x"><system-out>{output}</system-out></testcase>{BAD}"#),
            );
            crate::table::run(
                "junit",
                text,
                crate::table::fails().fact("passed", 1.0).fact("failed", 1.0),
            );
        }
    }
}

#[test]
fn the_place_of_an_error_behind_long_output_is_told() {
    let output = format!("<![CDATA[{}]]>\n", "x\n".repeat(100_000));
    let text = suite(
        "",
        &format!("<testcase name='x'><system-out>{output}</system-out></testcase><a>"),
    );
    let error = gradus_evidence::read(std::io::Cursor::new(&text), &Default::default()).unwrap_err();
    assert!(error.to_string().contains(" at 100002:"), "{error}");
}

#[test]
fn a_hundred_thousand_cases() {
    let cases: String = (0..100_000)
        .map(|n| format!("<testcase classname='c' name='t{n}' time='0.1'/>"))
        .collect();
    let wants = crate::table::passes().fact("passed", 100_000.0).at_least(100_000);
    crate::table::run("junit", suite("tests='100000'", &cases), wants);
}
