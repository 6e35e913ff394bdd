//! Policies: whatever the text, there is a policy or there are problems, each with a place in it.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let reading = gradus_policy::read("gradus.yaml", text, &|_| Err("no other files".to_owned()));
    assert_eq!(reading.policy.is_none(), !reading.problems.is_empty());
    // YAML ends lines with more than one character.
    let lines = text.chars().filter(|letter| "\n\r\u{85}\u{2028}\u{2029}".contains(*letter)).count() + 2;
    for problem in &reading.problems {
        assert!(problem.line >= 1 && problem.line <= lines, "{problem:?} is outside of the file");
    }
});
