//! Whether what is written about this crate is true.

const ERRORS: &str = include_str!("../../src/error.rs");
const CODES: &str = include_str!("../../../../docs/codes.md");
const EDITING: &str = include_str!("../../../../docs/editing.md");

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
    for (name, about) in gradus_edit::Target::KINDS {
        assert!(
            EDITING.contains(&format!("\n## `{name}`")),
            "{name} has no section"
        );
        assert!(about.ends_with('.'), "{about}");
    }
}
