//! Whatever the bytes: no panic, and no pass for what nobody wrote.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

use gradus_evidence::{Expect, FORMATS, Limits, Verdict, read};
use proptest::prelude::*;
use std::io::Cursor;

/// One red report of each family, from which mutations are made. Whatever becomes of it, what is
/// left of its redness is found, or else something is not well-formed any more.
const RED: [&str; 12] = [
    r#"<testsuites tests="1" failures="1"><testsuite name="s" tests="1" failures="1"><testcase classname="a" name="b"><failure message="no">x &amp; y</failure></testcase></testsuite></testsuites>"#,
    r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t", "rules": [{"id": "r"}]}}, "results": [{"ruleId": "r", "level": "error"}]}]}"#,
    r#"{"SchemaVersion": 2, "ArtifactName": "a", "Results": [{"Target": "t", "Vulnerabilities": [{"VulnerabilityID": "CVE-1", "Severity": "HIGH"}]}]}"#,
    r#"{"matches": [{"vulnerability": {"id": "CVE-1", "severity": "High"}, "artifact": {"name": "z"}}], "descriptor": {"name": "grype"}}"#,
    r#"{"auditReportVersion": 2, "vulnerabilities": {"a": {"severity": "high", "via": [{"source": 1, "severity": "high"}]}}, "metadata": {"vulnerabilities": {"high": 1}}}"#,
    r#"<coverage line-rate="0" lines-valid="2" lines-covered="0"><packages><line hits="0"/><line hits="0"/></packages></coverage>"#,
    "TN:\nSF:a.c\nDA:1,0\nLF:1\nLH:0\nend_of_record\n",
    "1..2\nok 1\nnot ok 2 - b\n",
    "{\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"A\"}\n{\"Action\":\"fail\",\"Package\":\"p\",\"Test\":\"A\"}\n",
    "1700000000000,100,/,500,No,t 1-1,text,false,10\n",
    r#"{"projectStatus": {"status": "ERROR", "conditions": [{"status": "ERROR", "metricKey": "x", "actualValue": "1"}]}}"#,
    r#"{"payloadType": "application/vnd.in-toto+json", "payload": "e30=", "signatures": [{"sig": "AAAA"}]}"#,
];

fn small() -> Limits {
    Limits {
        bytes: 1 << 20,
        items: 10_000,
        remembered: 1_000,
        text: 1 << 16,
        shown: 10,
        ..Limits::default()
    }
}

fn verdict(bytes: &[u8], format: Option<&str>) -> Option<Verdict> {
    let expect = Expect {
        format,
        limits: small(),
        ..Expect::default()
    };
    match read(Cursor::new(bytes), &expect) {
        Ok(report) => Some(report.verdict),
        Err(error) => {
            assert!(error.code().starts_with("evidence."));
            assert!(!error.to_string().is_empty());
            None
        }
    }
}

fn format() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![
        Just(None),
        (0..FORMATS.len()).prop_map(|nth| Some(FORMATS[nth].name)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn arbitrary_bytes_never_pass(bytes in proptest::collection::vec(any::<u8>(), 0..400), format in format()) {
        prop_assert_ne!(verdict(&bytes, format), Some(Verdict::Pass));
    }

    #[test]
    fn arbitrary_marks_never_pass(text in r#"[\[\]{}<>/=":,!?&;#a-c0-2 \n-]{0,200}"#, format in format()) {
        prop_assert_ne!(verdict(text.as_bytes(), format), Some(Verdict::Pass), "{}", text);
    }

    /// Bytes are removed, repeated and overwritten with noise that is no word of any format.
    #[test]
    fn mutated_red_reports_never_panic(
        nth in 0..RED.len(),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..30, any::<u8>(), 0_u8..3), 1..5),
        format in format(),
    ) {
        let mut bytes = RED[nth].as_bytes().to_vec();
        for (place, length, byte, what) in cuts {
            let start = place.index(bytes.len().max(1));
            let end = (start + length).min(bytes.len());
            match what {
                0 => drop(bytes.drain(start..end)),
                1 => {
                    let again = bytes[start..end].to_vec();
                    bytes.splice(start..start, again);
                }
                _ => bytes.get_mut(start).into_iter().for_each(|found| *found = byte),
            }
        }
        verdict(&bytes, format);
    }

    /// What was cut off is never a pass, nor is what is followed by something else.
    #[test]
    fn a_red_report_cut_anywhere_never_passes(nth in 0..RED.len(), place in any::<prop::sample::Index>(), tail in "[ -~]{0,10}") {
        let text = RED[nth];
        // What coverage there is, is the gate's to judge.
        prop_assume!(!text.starts_with("<coverage") && !text.starts_with("TN:"));
        let cut = place.index(text.len());
        let mut bytes = text.as_bytes()[..cut].to_vec();
        bytes.extend_from_slice(tail.as_bytes());
        prop_assert_ne!(verdict(&bytes, None), Some(Verdict::Pass), "{}", String::from_utf8_lossy(&bytes));
    }

    /// Large and small pieces make no difference.
    #[test]
    fn how_bytes_arrive_does_not_matter(nth in 0..RED.len(), size in 1_usize..50) {
        let whole = read(Cursor::new(RED[nth]), &Expect::default());
        let pieces = read(Slow { inner: Cursor::new(RED[nth].as_bytes()), size }, &Expect::default());
        prop_assert_eq!(whole, pieces);
    }
}

/// A source that gives few bytes at a time.
struct Slow<'a> {
    inner: Cursor<&'a [u8]>,
    size: usize,
}

impl std::io::Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = buffer.len().min(self.size);
        self.inner.read(&mut buffer[..most])
    }
}

impl std::io::Seek for Slow<'_> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(to)
    }
}

/// A source that says something else each time it is read.
struct Fickle {
    inner: Cursor<Vec<u8>>,
    seeks: usize,
}

impl std::io::Read for Fickle {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl std::io::Seek for Fickle {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.seeks += 1;
        if self.seeks == 3 {
            let text = String::from_utf8(self.inner.get_ref().clone()).unwrap();
            *self.inner.get_mut() = text.replace("\"1\"", "\"0\"").into_bytes();
        }
        self.inner.seek(to)
    }
}

#[test]
fn a_report_that_changes_while_it_is_read_is_refused() {
    let inner = Cursor::new(RED[0].as_bytes().to_vec());
    let error = read(Fickle { inner, seeks: 0 }, &Expect::default()).unwrap_err();
    assert_eq!(error.code(), "evidence.changed");
}

#[test]
fn a_source_that_fails_is_unreadable() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("disk"))
        }
    }
    impl std::io::Seek for Broken {
        fn seek(&mut self, _: std::io::SeekFrom) -> std::io::Result<u64> {
            Ok(0)
        }
    }
    let error = read(Broken, &Expect::default()).unwrap_err();
    assert_eq!(error.code(), "evidence.unreadable");
}

#[test]
fn a_format_that_does_not_exist_is_told_with_those_that_do() {
    let expect = Expect {
        format: Some("excel"),
        ..Expect::default()
    };
    let error = read(Cursor::new("x"), &expect).unwrap_err();
    assert!(
        error.code() == "evidence.unknown_format" && error.to_string().contains("junit"),
        "{error}"
    );
}

#[test]
fn two_formats_in_one_are_ambiguous() {
    let text = r#"{"version": "2.1.0", "runs": [], "bomFormat": "CycloneDX"}"#;
    let error = read(Cursor::new(text), &Expect::default()).unwrap_err();
    assert_eq!(error.code(), "evidence.ambiguous");
}

#[test]
fn the_report_reads_as_json() {
    let report = read(Cursor::new(RED[0]), &Expect::default()).unwrap();
    let json: serde_json::Value = serde_json::to_value(&report).unwrap();
    assert_eq!(json["verdict"], "fail");
    assert_eq!(json["kind"], "tests");
    assert_eq!(json["facts"]["failed"], 1.0);
    assert!(json["raw"].as_str().unwrap().starts_with("sha256:"));
}
