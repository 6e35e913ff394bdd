//! What a person sees: transcripts of whole sessions, with both streams and the exit code.
//!
//! A file in `terminal/` holds commands (`$ …`) and, under each, what came of it: stdout, stderr
//! behind `!`, the exit code behind `=`. In a word, `_` stands for a space and `~` for an underscore. What differs from run to run is replaced by a word.
//! `GRADUS_BLESS=1` writes what comes now.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn gradus(dir: &Path, words: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gradus"));
    let words: Vec<String> = words
        .split(' ')
        .map(|word| word.replace('_', " ").replace('~', "_"))
        .collect();
    command
        .args(["--as", "ana"])
        .args(words)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("USER", "tester")
        .env_remove("GRADUS_AS")
        .env_remove("CLICOLOR_FORCE")
        .output()
        .unwrap()
}

/// Digests, times and lengths of time are other ones in every run.
fn steady(text: &str, dir: &Path) -> String {
    let text = text.replace(&dir.canonicalize().unwrap().display().to_string(), "DIR");
    let mut out = String::new();
    for piece in text.split_inclusive(|c: char| c.is_whitespace() || ",();…".contains(c)) {
        let bare = piece.trim_end_matches(|c: char| c.is_whitespace() || ",();…".contains(c));
        let rest = &piece[bare.len()..];
        // Where the length differs, so does what fills the column.
        if bare.is_empty() && out.ends_with("AGE ") {
            continue;
        }
        out.push_str(word(bare));
        out.push_str(rest);
    }
    out
}

fn word(bare: &str) -> &str {
    let hex = bare.len() == 12 && bare.chars().all(|c| c.is_ascii_hexdigit());
    let time = bare.len() > 19 && bare.starts_with("20") && bare.ends_with('Z');
    let units = bare.chars().all(|c| c.is_ascii_digit() || "dhms".contains(c));
    let period = units && bare.ends_with('s') || bare == "29d23h" || bare == "30d";
    let period = period && bare.starts_with(|c: char| c.is_ascii_digit());
    match (hex, time, period) {
        (true, ..) => "HEX",
        (_, true, _) => "TIME",
        (.., true) => "AGE",
        _ => bare,
    }
}

fn transcript(file: &Path) -> String {
    let dir = tempfile::tempdir().unwrap();
    let mut out = String::new();
    let script = std::fs::read_to_string(file).unwrap();
    for line in script.lines() {
        let Some(words) = line.strip_prefix("$ ") else {
            // What is written for the reader stays.
            if line.starts_with('#') {
                out.push_str(line);
                out.push('\n');
            }
            continue;
        };
        let done = gradus(dir.path(), words);
        out.push_str(&format!("$ {words}\n"));
        for line in steady(&String::from_utf8_lossy(&done.stdout), dir.path()).lines() {
            out.push_str(&format!("{line}\n").replace(" \n", "\n"));
        }
        for line in steady(&String::from_utf8_lossy(&done.stderr), dir.path()).lines() {
            out.push_str(&format!("! {line}\n"));
        }
        out.push_str(&format!("= {}\n\n", done.status.code().unwrap()));
    }
    out
}

fn files() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terminal");
    let entries = std::fs::read_dir(dir).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn every_session_looks_as_it_did() {
    for file in files() {
        let now = transcript(&file);
        if std::env::var_os("GRADUS_BLESS").is_some() {
            std::fs::write(&file, &now).unwrap();
        }
        let before = std::fs::read_to_string(&file).unwrap();
        assert_eq!(before, now, "{}", file.display());
    }
}

#[test]
fn the_commands_of_the_readme_run() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let part = readme.split("## Five minutes").nth(1).unwrap();
    let commands = part.lines().filter_map(|line| line.strip_prefix("    gradus "));
    let mut ran = 0;
    for command in commands {
        let words = command.split(" #").next().unwrap().trim();
        let words = words.replace("sha256:…", &format!("sha256:{}", "ab".repeat(32)));
        let done = gradus(dir.path(), &words);
        let exit = done.status.code().unwrap();
        let text = String::from_utf8_lossy(&done.stderr);
        assert!(
            matches!(exit, 0 | 3 | 4),
            "gradus {words} ended with {exit}\n{text}"
        );
        ran += 1;
    }
    assert!(ran >= 6, "the README shows only {ran} commands");
}

#[test]
fn colours_are_for_terminals_and_can_be_forbidden() {
    let dir = tempfile::tempdir().unwrap();
    let run = |name: &str, value: &str, other: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gradus"));
        let command = command
            .arg("status")
            .current_dir(dir.path())
            .env(name, value)
            .env(other, "1");
        let done = command.output().unwrap();
        String::from_utf8_lossy(&done.stderr).contains('\x1b')
    };
    assert!(!run("TERM", "xterm", "LANG"), "this is no terminal");
    assert!(run("TERM", "xterm", "CLICOLOR_FORCE"));
    assert!(!run("NO_COLOR", "1", "CLICOLOR_FORCE"));
}

#[test]
fn the_demo_says_what_it_needs() {
    let dir = tempfile::tempdir().unwrap();
    let demo = |path: &str, place: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gradus"));
        let command = command.args(["demo", "--dir"]).arg(place).env("PATH", path);
        let done = command.output().unwrap();
        (
            done.status.code(),
            String::from_utf8_lossy(&done.stderr).into_owned(),
        )
    };
    let (exit, text) = demo("/nowhere", dir.path());
    assert_eq!(exit, Some(1));
    assert!(text.contains("install git"), "{text}");
    assert_eq!(
        std::fs::read_dir(dir.path()).unwrap().count(),
        0,
        "nothing is left behind"
    );
    // Not even root can write here.
    let (exit, text) = demo("/usr/bin", Path::new("/proc/1"));
    assert_eq!(exit, Some(1));
    assert!(
        text.contains("cannot be written") && text.contains("--dir"),
        "{text}"
    );
}
