//! Whether what is written about this crate is true.

const ERRORS: &str = include_str!("../../src/error.rs");
const CODES: &str = include_str!("../../../../docs/codes.md");
const EDITING: &str = include_str!("../../../../docs/editing.md");
const TARGETS: &str = include_str!("../../src/targets/mod.rs");

#[test]
fn every_code_is_explained() {
    let codes: Vec<&str> = ERRORS
        .split('"')
        .filter(|word| word.starts_with("edit."))
        .collect();
    assert!(codes.len() > 10);
    for code in codes {
        assert!(CODES.contains(&format!("\n## {code}\n")), "{code} has no section");
        assert!(
            EDITING.contains(&format!("`{code}`")),
            "{code} is not in docs/editing.md"
        );
    }
}

#[test]
fn every_target_has_a_section() {
    let targets: Vec<&str> = TARGETS
        .lines()
        .filter_map(|line| line.strip_prefix("mod "))
        .collect();
    assert!(targets.len() > 5);
    for target in targets {
        let name = target.trim_end_matches(';').trim_start_matches("by_");
        assert!(
            EDITING.contains(&format!("\n## `{name}`")),
            "{name} has no section"
        );
    }
}
