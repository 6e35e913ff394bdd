//! Whether docs/evidence.md is true.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests may stop at the first surprise, and read files"
)]

use gradus_evidence::FORMATS;
use std::path::Path;

fn document() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/evidence.md")).unwrap()
}

#[test]
fn every_format_has_its_section() {
    let text = document();
    let sections: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .collect();
    let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    assert_eq!(sections, names);
}

#[test]
fn every_test_that_is_named_exists() {
    let text = document();
    let rows = text
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains("::"));
    let mut seen = 0;
    for row in rows {
        let name = row.rsplit('`').nth(1).unwrap();
        let (module, test) = name.split_once("::").unwrap();
        let file = format!("{}/tests/formats/{module}.rs", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(file).unwrap();
        let there = source.contains(&format!("{test}: "))
            || source.contains(&format!("{test}:\n"))
            || source.contains(&format!("{test}!("));
        assert!(there, "{name} is in the table and not among the tests");
        seen += 1;
    }
    assert!(seen > 100);
}

#[test]
fn every_code_of_an_error_is_explained() {
    let codes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/codes.md");
    let codes = std::fs::read_to_string(codes).unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/error.rs");
    let source = std::fs::read_to_string(source).unwrap();
    for code in source.split('"').filter(|word| word.starts_with("evidence.")) {
        assert!(codes.contains(&format!("\n## {code}\n")), "{code}");
    }
}
