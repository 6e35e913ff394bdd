//! JaCoCo.

const CLEAN: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report name="web"><sessioninfo id="ci" start="1" dump="2"/><package name="a"><class name="a/B" sourcefilename="B.java"><method name="m" desc="()V" line="3"><counter type="LINE" missed="1" covered="3"/></method><counter type="LINE" missed="1" covered="3"/></class><sourcefile name="B.java"><line nr="3" mi="0" ci="2" mb="0" cb="0"/><counter type="LINE" missed="1" covered="3"/></sourcefile><counter type="LINE" missed="1" covered="3"/></package><counter type="INSTRUCTION" missed="2" covered="8"/><counter type="BRANCH" missed="1" covered="1"/><counter type="LINE" missed="1" covered="3"/><counter type="COMPLEXITY" missed="1" covered="2"/><counter type="METHOD" missed="0" covered="1"/><counter type="CLASS" missed="0" covered="1"/></report>
"#;

fn report(body: &str) -> String {
    format!(r#"<report name="r">{body}</report>"#)
}

hostile!(
    "jacoco",
    Xml,
    CLEAN,
    crate::table::passes()
        .fact("lines", 75.0)
        .fact("branches", 50.0)
        .fact("functions", 100.0)
        .fact("instructions", 80.0)
);

cases! { "jacoco";
    only_the_counters_of_the_whole_count: CLEAN => passes().fact("lines_covered", 3.0).fact("lines_valid", 4.0);
    modules_are_groups: report(r#"<group name="a"><counter type="LINE" missed="0" covered="2"/></group><group name="b"><counter type="LINE" missed="2" covered="0"/></group><counter type="LINE" missed="2" covered="2"/>"#)
        => passes().fact("lines", 50.0).fact("modules", 2.0);
    a_whole_that_is_not_its_parts: report(r#"<package name="a"><counter type="LINE" missed="9" covered="1"/></package><counter type="LINE" missed="0" covered="10"/>"#)
        => inconclusive().noted("counters").without("lines");
    no_counter_at_all: report(r#"<sessioninfo id="x"/>"#) => inconclusive().noted("too_few");
    no_branches_have_no_share: report(r#"<counter type="LINE" missed="0" covered="2"/><counter type="BRANCH" missed="0" covered="0"/>"#) => passes().without("branches").noted("nothing_to_cover");
    classes_without_line_numbers: report(r#"<counter type="INSTRUCTION" missed="0" covered="2"/>"#) => inconclusive().noted("no_lines");
    a_counter_that_is_no_number: report(r#"<counter type="LINE" missed="x" covered="2"/>"#) => refused("evidence.malformed");
    a_negative_counter: report(r#"<counter type="LINE" missed="-5" covered="2"/>"#) => refused("evidence.malformed");
    declarations_in_the_document_type: format!(r#"<!DOCTYPE report PUBLIC "a" "b" [<!ENTITY x SYSTEM "file:///etc/passwd">]>{}"#, report("<sessioninfo/>")) => refused("evidence.doctype");
    fewer_lines_than_asked: CLEAN => inconclusive().at_least(100).without("lines");
    a_failed_build: CLEAN => fails().exit(1).without("lines");
}
