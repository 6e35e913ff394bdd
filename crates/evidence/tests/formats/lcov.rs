//! LCOV, versions 1 and 2.

const CLEAN: &str = "TN:unit\nSF:/src/a.c\nFN:1,main\nFNDA:1,main\nFNF:1\nFNH:1\nBRDA:2,0,0,1\nBRDA:2,0,1,-\nBRF:2\nBRH:1\nDA:1,1\nDA:2,5\nDA:3,0\nDA:4,1\nLF:4\nLH:3\nend_of_record\n";

fn record(file: &str, body: &str) -> String {
    format!("SF:{file}\n{body}end_of_record\n")
}

hostile!(
    "lcov",
    Text,
    CLEAN,
    crate::table::passes()
        .fact("lines", 75.0)
        .fact("branches", 50.0)
        .fact("functions", 100.0)
);

cases! { "lcov";
    version_2_functions: record("a.c", "VER:x\nFNL:0,3,9\nFNA:0,4,main\nFNL:1,12\nFNA:1,0,other\nFNF:2\nFNH:1\nDA:1,1\nLF:1\nLH:1\n") => passes().fact("functions", 50.0);
    version_2_comments_and_conditions: format!("# made by lcov 2\n{}", record("a.c", "MCDC:3,2,t,1,0,a\nMCF:1\nMCH:0\nDA:1,1,checksum\n")) => passes().fact("lines", 100.0);
    version_2_exception_branches: record("a.c", "BRDA:2,e0,0,1\nBRDA:2,e0,1,0\nDA:1,1\n") => passes().fact("branches", 50.0);
    one_file_in_two_records_counts_once: format!("{}{}", record("a.c", "DA:1,1\nDA:2,0\n"), record("a.c", "DA:1,0\nDA:2,0\n")) => passes().fact("lines_valid", 2.0).fact("lines_covered", 1.0).noted("repeated");
    windows_paths_are_one_file: format!("{}{}", record(r"C:\src\a.c", "DA:1,1\n"), record("C:/src/a.c", "DA:1,1\n")) => passes().fact("lines_valid", 1.0).fact("files", 1.0);
    crlf: CLEAN.replace('\n', "\r\n") => passes().fact("lines", 75.0);
    without_a_test_name: record("a.c", "DA:1,1\n") => passes();
    counters_that_lie: record("a.c", "DA:1,0\nDA:2,0\nLF:2\nLH:2\n") => passes().fact("lines", 0.0).noted("counters");
    counters_without_lines: record("a.c", "LF:10\nLH:4\n") => passes().fact("lines", 40.0);
    no_lines: record("a.c", "") => inconclusive().without("lines");
    no_branches_have_no_share: record("a.c", "DA:1,1\nBRF:0\nBRH:0\n") => passes().without("branches").noted("nothing_to_cover");
    negative_counts_are_none: record("a.c", "DA:1,-1\nDA:2,1\n") => passes().fact("lines", 50.0);
    huge_counts_with_exponent: record("a.c", "DA:1,1.5e+20\n") => passes().fact("lines", 100.0);
    a_count_that_is_a_word: record("a.c", "DA:1,many\n") => refused("evidence.malformed").place(" at 2:");
    an_open_record: "SF:a.c\nDA:1,1\n" => refused("evidence.truncated");
    a_record_within_a_record: "SF:a.c\nSF:b.c\nend_of_record\n" => refused("evidence.malformed");
    an_end_without_a_record: "TN:\nSF:a\nend_of_record\nend_of_record\n" => refused("evidence.malformed");
    a_line_of_something_else: record("a.c", "hello\n") => refused("evidence.malformed");
    too_many_lines_of_code: record("a.c", &(0..200).map(|n| format!("DA:{n},1\n")).collect::<String>()) => refused("evidence.too_many").limits(|limits| limits.remembered = 10);
    too_many_files: (0..100).map(|n| record(&format!("{n}.c"), "")).collect::<String>() => refused("evidence.too_many").limits(|limits| limits.remembered = 40);
    fewer_lines_than_asked: CLEAN => inconclusive().at_least(100).without("lines");
    tests_failed: CLEAN => fails().exit(1).without("lines");
}
