//! Cobertura as coverage.py, coverlet, gcovr and dotnet-coverage write it.

const CLEAN: &str = r#"<?xml version="1.0" ?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage version="7.6" timestamp="1" lines-valid="4" lines-covered="3" line-rate="0.75" branches-covered="1" branches-valid="2" branch-rate="0.5" complexity="0">
  <sources><source>/src</source></sources>
  <packages><package name="app" line-rate="0.75"><classes><class name="a.py" filename="a.py" line-rate="0.75">
    <methods/>
    <lines><line number="1" hits="1"/><line number="2" hits="1" branch="true" condition-coverage="50% (1/2)"/><line number="3" hits="0"/><line number="4" hits="2"/></lines>
  </class></classes></package></packages>
</coverage>
"#;

fn coverage(root: &str, class: &str) -> String {
    format!(
        "<coverage {root}><packages><package><classes><class>{class}</class></classes></package></packages></coverage>"
    )
}

const LINES: &str = r#"<lines><line number="1" hits="1"/><line number="2" hits="0"/></lines>"#;

hostile!(
    "cobertura",
    Xml,
    CLEAN,
    crate::table::passes()
        .fact("lines", 75.0)
        .fact("branches", 50.0)
        .fact("lines_valid", 4.0)
        .fact("lines_covered", 3.0)
);

cases! { "cobertura";
    without_counters_the_lines_count: coverage(r#"line-rate="0.5""#, LINES) => passes().fact("lines", 50.0).fact("lines_valid", 2.0).quiet("counters");
    counters_far_from_their_lines: coverage(r#"lines-valid="100" lines-covered="72" line-rate="0.72""#, &LINES.repeat(50)) => inconclusive().noted("counters");
    a_few_points_are_what_repetition_does: coverage(r#"lines-valid="1000" lines-covered="510" line-rate="0.51""#, LINES) => passes().fact("lines", 51.0).noted("counters");
    a_report_cut_to_size: coverage(r#"lines-valid="14183" lines-covered="9000""#, LINES) => passes().noted("counters").fact("lines_valid", 14183.0);
    counters_that_lie: coverage(r#"lines-valid="2" lines-covered="2" line-rate="1""#, LINES) => inconclusive().noted("counters").without("lines");
    lines_of_methods_are_not_added_to_those_of_classes: coverage(r#"line-rate="0.5""#, &format!("<methods><method>{LINES}</method></methods>{LINES}")) => passes().fact("lines_valid", 2.0);
    swift_lists_lines_under_methods_only: coverage(r#"line-rate="0.5""#, &format!("<methods><method>{LINES}</method></methods>")) => passes().fact("lines", 50.0).fact("lines_valid", 2.0);
    counts_may_have_a_point: coverage(r#"lines-valid="2.0" lines-covered="1.0" branches-valid="1.0" branches-covered="1.0""#, LINES) => passes().fact("branches", 100.0).fact("branches_valid", 1.0);
    counts_that_are_none: coverage(r#"lines-valid="1.5" lines-covered="1""#, LINES) => refused("evidence.malformed");
    a_branch_rate_of_no_branches_is_none: coverage(r#"lines-valid="2" lines-covered="1" branches-valid="0" branches-covered="0" branch-rate="1""#, LINES)
        => passes().without("branches").noted("nothing_to_cover");
    a_line_rate_of_no_lines_is_none: coverage(r#"lines-valid="0" lines-covered="0" line-rate="1""#, "") => inconclusive().without("lines").noted("too_few");
    a_rate_alone_says_nothing: coverage(r#"line-rate="0.99""#, "") => inconclusive().without("lines");
    more_covered_than_valid: coverage(r#"lines-valid="1" lines-covered="5""#, "") => inconclusive().noted("more_than_all").without("lines");
    a_shrunken_denominator: coverage(r#"lines-valid="2" lines-covered="2""#, "") => inconclusive().at_least(1000).noted("too_few").without("lines");
    a_document_type_without_system: format!("<!DOCTYPE coverage>{}", coverage("", LINES)) => passes();
    a_document_type_with_declarations: format!(r#"<!DOCTYPE coverage SYSTEM "x.dtd" [<!ENTITY x "y">]>{}"#, coverage("", LINES)) => refused("evidence.doctype");
    tests_that_failed_while_measuring: CLEAN => fails().exit(1).without("lines").noted("exit_code").fact("lines_valid", 4.0);
    conditions_without_counters: coverage("", r#"<lines><line number="1" hits="3" branch="True" condition-coverage="100% (2/2)"/></lines>"#) => passes().fact("branches", 100.0);
    hits_beyond_32_bits: coverage("", r#"<lines><line number="1" hits="99999999999"/></lines>"#) => passes().fact("lines", 100.0);
    a_prefixed_root: r#"<c:coverage xmlns:c="x" line-rate="1"><c:packages><c:line hits="1"/></c:packages></c:coverage>"# => passes();
}
