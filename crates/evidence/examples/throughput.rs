//! How fast, and in how much memory, large reports are read.
//!
//!     cargo run --release -p gradus-evidence --example throughput
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "an example measures and tells"
)]

use gradus_evidence::{Expect, read};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

fn junit(path: &Path, size: u64) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut written = 0;
    writeln!(
        file,
        "<?xml version=\"1.0\"?>\n<testsuites>\n<testsuite name=\"generated\">"
    )?;
    for number in 0.. {
        let case = format!(
            "<testcase classname=\"com.example.module{}.ServiceTest\" name=\"handles_request_{number}\" time=\"0.012\">\
             <system-out><![CDATA[{}]]></system-out></testcase>\n",
            number % 97,
            "INFO request handled in 12 ms\n".repeat(number % 8),
        );
        file.write_all(case.as_bytes())?;
        written += case.len() as u64;
        if written >= size {
            break;
        }
    }
    writeln!(file, "</testsuite>\n</testsuites>")?;
    file.flush()
}

fn sarif(path: &Path, size: u64) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let rules: Vec<_> = (0..400)
        .map(|n| format!(r#"{{"id": "rule/{n}", "defaultConfiguration": {{"level": "warning"}}, "properties": {{"security-severity": "{}.5"}}}}"#, n % 10))
        .collect();
    write!(
        file,
        r#"{{"version": "2.1.0", "runs": [{{"tool": {{"driver": {{"name": "generated", "rules": [{}]}}}}, "results": ["#,
        rules.join(",")
    )?;
    let mut written = 0;
    for number in 0_u64.. {
        let result = format!(
            "{}{{\"ruleId\": \"rule/{rule}\", \"ruleIndex\": {rule}, \"message\": {{\"text\": \"User input flows into a query here.\"}}, \
             \"locations\": [{{\"physicalLocation\": {{\"artifactLocation\": {{\"uri\": \"src/module{number}.js\"}}, \"region\": {{\"startLine\": {number}}}}}}}], \
             \"partialFingerprints\": {{\"primaryLocationLineHash\": \"39fa2ee980eb94b0:{number}\"}}}}\n",
            if number == 0 { "" } else { "," },
            rule = number % 400,
        );
        file.write_all(result.as_bytes())?;
        written += result.len() as u64;
        if written >= size {
            break;
        }
    }
    write!(file, "]}}]}}")?;
    file.flush()
}

/// The most memory this process has ever held, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

fn measure(what: &str, path: &Path) {
    let size = std::fs::metadata(path).unwrap().len() as f64 / 1e6;
    let before = peak();
    let start = Instant::now();
    let report = read(File::open(path).unwrap(), &Expect::default()).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{what}: {size:.0} MB in {seconds:.2} s, {:.0} MB/s, verdict {}, peak memory {} MiB (before: {before} MiB)",
        size / seconds,
        report.verdict.status(),
        peak()
    );
}

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let (tests, scan) = (dir.path().join("a"), dir.path().join("b"));
    junit(&tests, 100_000_000).unwrap();
    sarif(&scan, 50_000_000).unwrap();
    measure("JUnit", &tests);
    measure("SARIF", &scan);
}
