//! Reports that the tools themselves have written (`script/fixtures`): what comes of each stands in its
//! name. `green` is a report that calls a red run green, which only the exit code gives away.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

use gradus_evidence::{Expect, Report, Verdict, read};
use std::io::Cursor;
use std::path::Path;

fn of(bytes: &[u8], exit_code: Option<i32>) -> Result<Report, String> {
    let expect = Expect {
        exit_code,
        ..Expect::default()
    };
    read(Cursor::new(bytes), &expect).map_err(|error| error.to_string())
}

#[test]
fn what_tools_write_is_understood() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/produced");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        let wanted = name.rsplit('-').next().unwrap();
        let report = of(&bytes, None);
        let verdict = report.as_ref().map(|report| report.verdict);
        match wanted {
            "pass" => assert_eq!(verdict, Ok(Verdict::Pass), "{name}: {report:?}"),
            "fail" => assert_eq!(verdict, Ok(Verdict::Fail), "{name}: {report:?}"),
            "inconclusive" => assert_eq!(verdict, Ok(Verdict::Inconclusive), "{name}: {report:?}"),
            "error" => assert!(
                !matches!(verdict, Ok(Verdict::Pass | Verdict::Fail)),
                "{name}: {report:?}"
            ),
            "green" => {
                assert_eq!(verdict, Ok(Verdict::Pass), "{name} has become honest: {report:?}");
                let with_code = of(&bytes, Some(1)).unwrap();
                assert_eq!(with_code.verdict, Verdict::Fail, "{name}: {with_code:?}");
                assert!(
                    !with_code.facts.contains_key("failed")
                        || with_code.facts["status"].to_string() == "failed"
                );
            }
            other => panic!("{name}: what is {other}?"),
        }
        seen += 1;
    }
    assert!(seen >= 23, "only {seen} reports");
}

#[test]
fn what_they_count_is_counted() {
    let report = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/produced")
            .join(name);
        of(&std::fs::read(path).unwrap(), None).unwrap()
    };
    let fact = |name: &str, fact: &str| report(name).facts[fact].to_string();
    assert_eq!(fact("nextest-pass.xml", "passed"), "2");
    assert_eq!(fact("nextest-pass.xml", "flaky"), "1");
    assert_eq!(fact("nextest-fail.xml", "failed"), "1");
    assert_eq!(fact("pytest-pass.xml", "passed"), "1");
    assert_eq!(fact("pytest-pass.xml", "skipped"), "2");
    assert_eq!(fact("node-pass.tap", "passed"), "1");
    assert_eq!(fact("istanbul-pass.json", "branches"), "50");
    // Two tools about the same run of the same code agree.
    assert_eq!(
        fact("coveragepy-pass.xml", "lines"),
        fact("coveragepy-pass.lcov", "lines")
    );
}
