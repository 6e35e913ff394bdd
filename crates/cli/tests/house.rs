//! The house: what may lean on what, how large things may grow, and whether what is written is true.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

use std::path::{Path, PathBuf};

/// The crates, ground floor first. Each may lean on those before it, never on those behind.
const FLOORS: [&str; 13] = [
    "model", "evidence", "edit", "parts", "policy", "engine", "auditor", "ledger", "repo", "connect",
    "runtime", "sim", "cli",
];
/// The heart: it knows no clock, no file, no network and no database.
const PURE: [&str; 6] = ["model", "evidence", "edit", "parts", "engine", "auditor"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn manifest(name: &str) -> String {
    let text = std::fs::read_to_string(root().join(format!("crates/{name}/Cargo.toml"))).unwrap();
    let start = text.find("[dependencies]").unwrap();
    text[start..].split("\n[").next().unwrap().to_owned()
}

fn files(dir: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_crate_has_its_floor() {
    let mut found: Vec<_> = std::fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    let mut known = FLOORS.to_vec();
    known.sort_unstable();
    assert_eq!(found, known);
}

#[test]
fn nothing_leans_on_what_is_above_it() {
    for (floor, name) in FLOORS.iter().enumerate() {
        let manifest = manifest(name);
        for above in &FLOORS[floor..] {
            assert!(
                !manifest.contains(&format!("gradus-{above}")),
                "{name} leans on {above}"
            );
        }
    }
    assert!(
        !manifest("auditor").contains("gradus-engine"),
        "the second opinion must not ask the first"
    );
    assert!(
        !manifest("engine").contains("gradus-policy"),
        "the engine knows the model, not the file"
    );
}

#[test]
fn the_heart_is_pure() {
    for name in PURE {
        let manifest = manifest(name);
        for forbidden in [
            "tokio",
            "rusqlite",
            "sqlx",
            "ureq",
            "reqwest",
            "getrandom",
            "rand",
            "uuid",
        ] {
            assert!(
                !manifest.contains(&format!("\n{forbidden}")),
                "{name} depends on {forbidden}"
            );
        }
        for file in files(&root().join(format!("crates/{name}/src")), ".rs") {
            let text = std::fs::read_to_string(&file).unwrap();
            for forbidden in [
                "std::fs",
                "std::net",
                "std::env",
                "std::process",
                "SystemTime",
                "Instant::now",
                "Timestamp::now",
            ] {
                assert!(!text.contains(forbidden), "{} knows {forbidden}", file.display());
            }
        }
    }
}

#[test]
fn files_stay_small() {
    let mut sizes = Vec::new();
    for name in FLOORS {
        for file in files(&root().join(format!("crates/{name}/src")), ".rs") {
            let lines = std::fs::read_to_string(&file).unwrap().lines().count();
            assert!(lines <= 600, "{} has {lines} lines", file.display());
            sizes.push(lines);
        }
    }
    sizes.sort_unstable();
    let median = sizes[sizes.len() / 2];
    assert!(median <= 150, "half of the files have more than {median} lines");
}

#[test]
fn functions_fit_a_screen() {
    for name in FLOORS {
        for file in files(&root().join(format!("crates/{name}/src")), ".rs") {
            let text = std::fs::read_to_string(&file).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            for (at, line) in lines.iter().enumerate() {
                let bare = line.trim_start();
                let begins = ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn "];
                let mut head = lines[at..].iter();
                let body = head.find(|line| line.ends_with(['{', ';', '}']));
                let has_body = body.is_some_and(|line| line.ends_with('{'));
                if !has_body || !begins.iter().any(|word| bare.starts_with(word)) {
                    continue;
                }
                let close = format!("{}}}", &line[..line.len() - bare.len()]);
                let length = lines[at..].iter().position(|line| *line == close).unwrap_or(0) + 1;
                assert!(length <= 75, "{}:{}: {length} lines", file.display(), at + 1);
            }
        }
    }
}

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let mut documents = files(&root().join("docs"), ".md");
    documents.extend(
        std::fs::read_dir(root())
            .unwrap()
            .map(|entry| entry.unwrap().path()),
    );
    for document in documents
        .iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
    {
        let text = std::fs::read_to_string(document).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap();
            let alive = link.starts_with("http") || document.parent().unwrap().join(target).exists();
            assert!(alive, "{} links to {link}", document.display());
        }
    }
}

#[test]
fn every_code_is_explained() {
    let codes = std::fs::read_to_string(root().join("docs/codes.md")).unwrap();
    let families = [
        "access",
        "app",
        "approval",
        "branch",
        "break_glass",
        "edit",
        "environment",
        "evidence",
        "path",
        "plan",
        "policy",
        "promotion",
        "ref",
        "repo",
        "rollback",
        "schema",
        "scope",
        "url",
        "window",
        "workspace",
    ];
    let word = |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !text.is_empty();
    for file in FLOORS
        .iter()
        .flat_map(|name| files(&root().join(format!("crates/{name}/src")), ".rs"))
    {
        let text = std::fs::read_to_string(&file).unwrap();
        for literal in text.split('"').skip(1).step_by(2) {
            let Some((family, rest)) = literal.split_once('.') else {
                continue;
            };
            if families.contains(&family) && word(rest) && rest != "git" {
                assert!(
                    codes.contains(&format!("\n## {literal}\n")),
                    "{literal} in {} has no section",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn every_gate_has_its_line_in_the_documents() {
    let gates = std::fs::read_to_string(root().join("docs/gates.md")).unwrap();
    for gate in gradus_parts::GATES {
        assert!(
            gates.contains(&format!("`{}`", gate.name)),
            "{} is not in docs/gates.md",
            gate.name
        );
    }
}

#[test]
fn the_demo_tells_its_story_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(["demo", "--json", "--dir"])
        .arg(dir.path())
        .output()
        .unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(
        out.status.success(),
        "{text}\n{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let last = lines.last().unwrap();
    assert_eq!(
        (
            &last["audit"],
            &last["promotions"],
            &last["rollbacks"],
            &last["commits"]
        ),
        (&"ok".into(), &10.into(), &1.into(), &12.into())
    );
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}
