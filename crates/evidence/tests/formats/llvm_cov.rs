//! llvm-cov.

const CLEAN: &str = r#"{"data": [{"files": [{"filename": "a.rs", "summary": {}}], "totals": {"branches": {"count": 0, "covered": 0, "percent": 0}, "functions": {"count": 2, "covered": 1, "percent": 50},
 "lines": {"count": 10, "covered": 9, "percent": 90}, "regions": {"count": 4, "covered": 3, "percent": 75}}}], "type": "llvm.coverage.json.export", "version": "2.0.1"}
"#;

hostile!(
    "llvm-cov",
    Json,
    CLEAN,
    crate::table::passes()
        .fact("lines", 90.0)
        .fact("functions", 50.0)
        .fact("instructions", 75.0)
        .without("branches")
);

cases! { "llvm-cov";
    no_branches_have_no_share: CLEAN => passes().without("branches").noted("nothing_to_cover");
    several_exports_add_up: CLEAN.replace(r#""data": ["#, r#""data": [{"totals": {"lines": {"count": 10, "covered": 1}}},"#) => passes().fact("lines", 50.0);
    without_totals: r#"{"data": [], "type": "llvm.coverage.json.export"}"# => refused("evidence.malformed");
    no_lines: CLEAN.replace(r#""count": 10, "covered": 9"#, r#""count": 0, "covered": 0"#) => inconclusive().without("lines");
    a_percentage_that_lies: CLEAN.replace(r#""covered": 9, "percent": 90"#, r#""covered": 1, "percent": 90"#) => passes().fact("lines", 10.0);
    tests_failed: CLEAN => fails().exit(101).without("lines");
}
