//! How long hostile policies hold the reader up, and how much memory they get.
//!
//! `cargo run --release -p gradus-policy --example bombs`
#![allow(clippy::print_stdout, reason = "a program that measures")]

use std::time::Instant;

/// The most memory that this process ever had, in MiB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.unwrap_or_default() / 1024.0
}

fn main() {
    let laughs = (1..30).fold("a0: &a0 [ha]\n".to_owned(), |text, n| {
        let refs = vec![format!("*a{}", n - 1); 9].join(", ");
        format!("{text}a{n}: &a{n} [{refs}]\n")
    });
    let bombs = [
        ("1 MiB of list", "x:\n".to_owned() + &"- y\n".repeat(262_000)),
        (
            "1 MiB of brackets",
            "x:\n".to_owned() + &"- [[[[[[y]]]]]]\n".repeat(65_000),
        ),
        (
            "1 MiB of keys",
            (0..80_000).map(|n| format!("k{n}: 1\n")).collect(),
        ),
        (
            "1 MiB of wrong apps",
            "apps:\n".to_owned() + &"  A!: 1\n".repeat(110_000),
        ),
        ("aliases of aliases", laughs),
        ("100 000 brackets", "x: ".to_owned() + &"[".repeat(100_000)),
        ("20 MB of list", "x:\n".to_owned() + &"- y\n".repeat(5_000_000)),
        ("20 MB in one word", "x: ".to_owned() + &"y".repeat(20_000_000)),
        (
            "a million keys",
            (0..1_000_000).map(|n| format!("k{n}: 1\n")).collect(),
        ),
        (
            "deep indentation",
            (0..3_000).map(|n| " ".repeat(n) + "k:\n").collect(),
        ),
    ];
    for (name, text) in bombs {
        // The peak begins anew at what there is now: the text itself, for one.
        let reset = std::fs::write("/proc/self/clear_refs", "5").is_ok();
        let before = peak();
        let begun = Instant::now();
        let reading = gradus_policy::read("gradus.yaml", &text, &|_| Err(String::new()));
        let time = begun.elapsed().as_secs_f64() * 1000.0;
        let more = if reset { peak() - before } else { f64::NAN };
        let code = reading
            .problems
            .first()
            .map(|problem| problem.code)
            .unwrap_or_default();
        println!("{name:<20} {time:7.1} ms  {more:5.1} MiB more  {code}");
    }
}
