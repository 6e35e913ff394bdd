//! Whether what is written about this crate is true.

use std::path::Path;

#[test]
fn every_code_is_explained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(root.join("src/error.rs")).unwrap();
    let codes = std::fs::read_to_string(root.join("../../docs/codes.md")).unwrap();
    let mut count = 0;
    for code in source.split('"').filter(|word| word.starts_with("edit.")) {
        assert!(codes.contains(&format!("\n## {code}\n")), "{code} has no section");
        count += 1;
    }
    assert!(count > 10);
}
