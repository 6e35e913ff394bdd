//! How long the binary takes to start, beside a peer in the same run.
//!
//! `cargo run --release -p gradus-cli --example startup -- target/release/gradus`
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program that measures")]

use std::process::{Command, Stdio};
use std::time::Instant;

/// The middle one of many runs, in milliseconds.
fn median(program: &str, words: &[&str], dir: &std::path::Path) -> f64 {
    let mut times: Vec<f64> = (0..101)
        .map(|_| {
            let mut command = Command::new(program);
            command
                .args(words)
                .current_dir(dir)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            let begun = Instant::now();
            command.status().unwrap();
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let gradus = std::env::args().nth(1).unwrap();
    let gradus = std::path::absolute(gradus).unwrap().display().to_string();
    let dir = tempfile::tempdir().unwrap();
    let show = |what: &str, time: f64| println!("{what:<34} {time:6.1} ms");
    show("git --version", median("git", &["--version"], dir.path()));
    show("gradus --version", median(&gradus, &["--version"], dir.path()));
    Command::new(&gradus)
        .args(["init", "--template", "six-environment"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    show(
        "gradus check (six environments)",
        median(&gradus, &["check"], dir.path()),
    );
    show(
        "gradus status (opens the ledger)",
        median(&gradus, &["status"], dir.path()),
    );
}
