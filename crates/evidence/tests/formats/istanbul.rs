//! Istanbul's json-summary.

const CLEAN: &str = r#"{"total": {"lines": {"total": 4, "covered": 4, "skipped": 0, "pct": 100}, "statements": {"total": 5, "covered": 4, "skipped": 0, "pct": 80},
 "functions": {"total": 2, "covered": 1, "skipped": 0, "pct": 50}, "branches": {"total": 4, "covered": 1, "skipped": 0, "pct": 25}, "branchesTrue": {"total": 0, "covered": 0, "skipped": 0, "pct": "Unknown"}},
 "/src/a.js": {"lines": {"total": 4, "covered": 4, "skipped": 0, "pct": 100}}}
"#;

fn total(body: &str) -> String {
    format!(r#"{{"total": {{"statements": {{"total": 1, "covered": 1}}, {body}}}}}"#)
}

hostile!(
    "istanbul",
    Json,
    CLEAN,
    crate::table::passes()
        .fact("lines", 100.0)
        .fact("branches", 25.0)
        .fact("functions", 50.0)
        .fact("statements", 80.0)
);

cases! { "istanbul";
    metrics_differ_and_each_is_named: CLEAN => passes().fact("lines", 100.0).fact("branches", 25.0);
    a_percentage_may_be_a_word: CLEAN => passes().fact("lines_valid", 4.0);
    empty_sets_have_no_share: total(r#""lines": {"total": 3, "covered": 3, "pct": 100}, "branches": {"total": 0, "covered": 0, "pct": 100}"#) => passes().without("branches").noted("nothing_to_cover");
    nothing_at_all: total(r#""lines": {"total": 0, "covered": 0, "pct": 100}"#) => inconclusive().without("lines").noted("too_few");
    a_percentage_that_lies: total(r#""lines": {"total": 10, "covered": 1, "pct": 100}"#) => passes().fact("lines", 10.0);
    a_total_that_is_not_that_of_its_files: CLEAN.replace(r#""/src/a.js": {"lines": {"total": 4"#, r#""/src/a.js": {"lines": {"total": 40"#) => passes().noted("counters");
    counts_that_are_words: total(r#""lines": {"total": "all", "covered": 1}"#) => refused("evidence.malformed").place("total.lines.total");
    without_counts: total(r#""lines": {"pct": 100}"#) => refused("evidence.malformed");
    more_covered_than_there_is: total(r#""lines": {"total": 1, "covered": 9}"#) => inconclusive().without("lines");
    tests_failed: CLEAN => fails().exit(1).without("lines");
}
