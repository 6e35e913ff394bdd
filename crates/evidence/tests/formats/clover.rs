//! Clover.

const CLEAN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<coverage generated="1700000000" clover="3.2.0">
  <project timestamp="1700000000" name="All files">
    <metrics statements="4" coveredstatements="3" conditionals="2" coveredconditionals="1" methods="1" coveredmethods="1"/>
    <file name="a.js"><metrics statements="4" coveredstatements="3"/>
      <line num="1" count="1" type="stmt"/><line num="2" count="0" type="stmt"/><line num="3" count="5" type="stmt"/><line num="4" count="1" type="stmt"/><line num="5" count="1" type="cond"/>
    </file>
  </project>
</coverage>
"#;

fn project(metrics: &str, rest: &str) -> String {
    format!(r#"<coverage generated="1"><project name="p"><metrics {metrics}/>{rest}</project></coverage>"#)
}

hostile!(
    "clover",
    Xml,
    CLEAN,
    crate::table::passes()
        .fact("lines", 75.0)
        .fact("statements", 75.0)
        .fact("branches", 50.0)
        .fact("functions", 100.0)
);

cases! { "clover";
    nothing_to_cover: project(r#"statements="0" coveredstatements="0""#, "") => inconclusive().without("lines");
    no_conditionals_have_no_share: project(r#"statements="1" coveredstatements="1" conditionals="0" coveredconditionals="0""#, "") => passes().without("branches");
    metrics_that_disagree_with_the_lines: project(r#"statements="2" coveredstatements="2""#, r#"<file><line type="stmt" count="0"/><line type="stmt" count="1"/></file>"#) => passes().noted("counters");
    metrics_of_test_code_are_not_those_of_the_project: format!(r#"{}<testproject><metrics statements="9" coveredstatements="9"/></testproject></coverage>"#, project(r#"statements="2" coveredstatements="1""#, "").trim_end_matches("</coverage>"))
        => passes().fact("lines", 50.0);
    without_metrics: r#"<coverage generated="1"><project name="p"></project></coverage>"# => refused("evidence.malformed");
    more_covered_than_there_is: project(r#"statements="1" coveredstatements="7""#, "") => inconclusive().without("lines");
    a_failed_build: CLEAN => fails().exit(1).without("lines");
}
