//! A case: a report and what must come of it.

use gradus_evidence::{Expect, Key, Limits, Report, Severity, Verdict, read};
use gradus_model::{Commit, Digest, Fact};
use std::io::Cursor;

/// What must come of a report, and what is known when it is read.
#[derive(Clone)]
pub struct Wants {
    verdict: Result<Verdict, &'static str>,
    facts: Vec<(&'static str, Fact)>,
    absent: Vec<&'static str>,
    notes: Vec<&'static str>,
    quiet: Vec<&'static str>,
    found: Vec<(&'static str, Severity)>,
    place: Option<&'static str>,
    tool: Option<&'static str>,
    named: Option<&'static str>,
    exit_code: Option<i32>,
    at_least: Option<u64>,
    commit: Option<Commit>,
    digests: Vec<Digest>,
    keys: Vec<Key>,
    limits: Limits,
}

fn wants(verdict: Result<Verdict, &'static str>) -> Wants {
    Wants {
        verdict,
        facts: Vec::new(),
        absent: Vec::new(),
        notes: Vec::new(),
        quiet: Vec::new(),
        found: Vec::new(),
        place: None,
        tool: None,
        named: None,
        exit_code: None,
        at_least: None,
        commit: None,
        digests: Vec::new(),
        keys: Vec::new(),
        limits: Limits::default(),
    }
}

pub fn passes() -> Wants {
    wants(Ok(Verdict::Pass))
}

pub fn fails() -> Wants {
    wants(Ok(Verdict::Fail))
}

pub fn inconclusive() -> Wants {
    wants(Ok(Verdict::Inconclusive))
}

pub fn broken() -> Wants {
    wants(Ok(Verdict::Error))
}

pub fn refused(code: &'static str) -> Wants {
    wants(Err(code))
}

#[allow(dead_code, reason = "each format uses some of these")]
impl Wants {
    pub fn fact(mut self, name: &'static str, value: f64) -> Self {
        self.facts.push((name, Fact::Number(value)));
        self
    }
    pub fn text(mut self, name: &'static str, value: &str) -> Self {
        self.facts.push((name, Fact::Text(value.into())));
        self
    }
    pub fn flag(mut self, name: &'static str, value: bool) -> Self {
        self.facts.push((name, Fact::Flag(value)));
        self
    }
    pub fn without(mut self, name: &'static str) -> Self {
        self.absent.push(name);
        self
    }
    pub fn noted(mut self, code: &'static str) -> Self {
        self.notes.push(code);
        self
    }
    pub fn quiet(mut self, code: &'static str) -> Self {
        self.quiet.push(code);
        self
    }
    pub fn found(mut self, id: &'static str, severity: Severity) -> Self {
        self.found.push((id, severity));
        self
    }
    pub fn place(mut self, place: &'static str) -> Self {
        self.place = Some(place);
        self
    }
    pub fn tool(mut self, tool: &'static str) -> Self {
        self.tool = Some(tool);
        self
    }
    pub fn named(mut self, format: &'static str) -> Self {
        self.named = Some(format);
        self
    }
    pub fn exit(mut self, code: i32) -> Self {
        self.exit_code = Some(code);
        self
    }
    pub fn at_least(mut self, count: u64) -> Self {
        self.at_least = Some(count);
        self
    }
    pub fn commit(mut self, text: &str) -> Self {
        self.commit = Some(Commit::new(text).unwrap());
        self
    }
    pub fn digest(mut self, text: &str) -> Self {
        self.digests.push(Digest::new(text).unwrap());
        self
    }
    pub fn key(mut self, key: &Key) -> Self {
        self.keys.push(key.clone());
        self
    }
    pub fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    pub fn expect(&self) -> Expect<'_> {
        Expect {
            format: self.named,
            exit_code: self.exit_code,
            at_least: self.at_least,
            commit: self.commit.as_ref(),
            digests: &self.digests,
            keys: &self.keys,
            limits: self.limits.clone(),
        }
    }
}

pub fn run(format: &str, text: impl AsRef<[u8]>, wants: Wants) {
    let outcome = read(Cursor::new(text.as_ref()), &wants.expect());
    match (outcome, wants.verdict) {
        (Ok(report), Ok(verdict)) => {
            assert_eq!(report.format, format, "{report:#?}");
            assert_eq!(report.verdict, verdict, "{report:#?}");
            assert_eq!(report.raw, Digest::of(text.as_ref()));
            compare(&report, &wants);
            super::gates::never_pass_in_doubt(&report);
        }
        (Err(error), Err(code)) => {
            assert_eq!(error.code(), code, "{error}");
            let place = wants.place.unwrap_or_default();
            assert!(error.to_string().contains(place), "{error} is not at {place}");
        }
        (outcome, wanted) => panic!("wanted {wanted:?}, got {outcome:#?}"),
    }
}

fn compare(report: &Report, wants: &Wants) {
    for (name, value) in &wants.facts {
        let found = report.facts.get(*name);
        let same = match (found, value) {
            (Some(Fact::Number(found)), Fact::Number(value)) => (found - value).abs() < 1e-6,
            (found, value) => found == Some(value),
        };
        assert!(same, "{name} is {found:?}, not {value:?}: {report:#?}");
    }
    for name in &wants.absent {
        assert!(!report.facts.contains_key(*name), "{name} is there: {report:#?}");
    }
    let noted = |code: &str| report.anomalies.iter().any(|anomaly| anomaly.code == code);
    for code in &wants.notes {
        assert!(noted(code), "no {code}: {report:#?}");
    }
    for code in &wants.quiet {
        assert!(!noted(code), "{code}: {report:#?}");
    }
    for (id, severity) in &wants.found {
        let finds = |found: &&gradus_evidence::Finding| found.id == *id && found.severity == *severity;
        assert!(
            report.findings.iter().any(|found| finds(&found)),
            "no {id}: {report:#?}"
        );
    }
    if let Some(tool) = wants.tool {
        assert_eq!(report.tool.as_deref(), Some(tool));
    }
}

/// One test for each case.
macro_rules! cases {
    ($format:literal; $($name:ident: $text:expr => $wants:expr;)*) => {$(
        #[test]
        fn $name() {
            #[allow(unused_imports, reason = "each format uses some of these")]
            use $crate::table::{broken, fails, inconclusive, passes, refused};
            $crate::table::run($format, $text, $wants);
        }
    )*};
}

/// What every format must withstand, made from a clean report of its own.
macro_rules! hostile {
    ($format:literal, $shape:ident, $clean:expr) => {
        hostile!($format, $shape, $clean, $crate::table::passes());
    };
    ($format:literal, $shape:ident, $clean:expr, $wants:expr) => {
        mod hostile {
            #[allow(unused_imports, reason = "the clean report may need them")]
            use super::*;
            use $crate::table;

            #[test]
            fn clean() {
                table::run($format, $clean, $wants);
            }
            #[test]
            fn empty() {
                table::run($format, "", table::refused("evidence.empty"));
                table::run($format, "", table::refused("evidence.empty").named($format));
            }
            #[test]
            fn blank() {
                table::run($format, "\u{FEFF} \n\t\n", table::refused("evidence.empty"));
            }
            #[test]
            fn nul() {
                table::nul(&$clean);
            }
            #[test]
            fn byte_order_mark() {
                let mut text = b"\xEF\xBB\xBF".to_vec();
                text.extend_from_slice($clean.as_ref());
                table::run($format, text, $wants);
            }
            #[test]
            fn wrong_encoding() {
                table::wrong_encoding(&$clean);
            }
            #[test]
            fn truncated() {
                table::truncated(&$clean, &$wants, stringify!($shape));
            }
            #[test]
            fn too_large() {
                let wants = table::refused("evidence.too_large").limits(|limits| limits.bytes = 10);
                table::run($format, $clean, wants);
            }
            #[test]
            fn bombs() {
                table::bombs($format, stringify!($shape));
            }
            #[test]
            fn something_else_by_this_name() {
                table::something_else($format);
            }
        }
    };
}

pub fn nul(clean: &impl AsRef<[u8]>) {
    let mut text = clean.as_ref().to_vec();
    text.insert(text.len() / 2, 0);
    run("", text, refused("evidence.encoding"));
}

pub fn wrong_encoding(clean: &impl AsRef<[u8]>) {
    let clean = clean.as_ref();
    let mut latin = clean.to_vec();
    latin.insert(clean.len() / 2, 0xE9);
    run("", latin, refused("evidence.encoding"));
    let mut utf16 = vec![0xFF, 0xFE];
    utf16.extend(clean.iter().flat_map(|byte| [*byte, 0]));
    run("", utf16, refused("evidence.encoding").place("at byte 0"));
    let mut cut = clean.to_vec();
    cut.extend_from_slice(&[0xE2, 0x82]);
    run("", cut, refused("evidence.encoding"));
}

/// However little is missing, a report that was cut off is never taken for a whole one.
pub fn truncated(clean: &impl AsRef<[u8]>, wants: &Wants, shape: &str) {
    let clean = clean.as_ref();
    let end = clean.trim_ascii_end().len();
    let step = (end / 400).max(1);
    for cut in (1..end).step_by(step).chain([end - 1]) {
        if shape == "Text" && clean[cut - 1] == b'\n' {
            continue;
        }
        if let Ok(report) = read(Cursor::new(&clean[..cut]), &wants.expect()) {
            let text = String::from_utf8_lossy(&clean[..cut]);
            assert_ne!(report.verdict, Verdict::Pass, "cut at {cut}: {text}");
            super::gates::never_pass_in_doubt(&report);
        }
    }
}

pub fn bombs(format: &'static str, shape: &str) {
    let refused = |text: String, codes: &[&str]| {
        let wants = passes().named(format);
        let error = read(Cursor::new(&text), &wants.expect()).unwrap_err();
        assert!(codes.contains(&error.code()), "{error} ({})", error.code());
    };
    match shape {
        "Json" => {
            refused("[".repeat(100_000), &["evidence.too_deep"]);
            refused("{\"a\":".repeat(100_000), &["evidence.too_deep"]);
            refused(
                format!("{{\"a\": \"{}\"}}", "x".repeat(9 << 20)),
                &["evidence.too_long"],
            );
            refused("{\"a\": 1, \"a\": 2}".to_owned(), &["evidence.malformed"]);
            refused("{} {}".to_owned(), &["evidence.malformed"]);
        }
        "Xml" => {
            let root = match format {
                "junit" => "testsuites",
                "cobertura" | "clover" => "coverage",
                "jacoco" => "report",
                "trx" => "TestRun",
                "jmeter-xml" => "testResults",
                _ => "bom",
            };
            let nested = format!("<{root}>{}", "<a>".repeat(100_000));
            refused(nested, &["evidence.too_deep"]);
            let laughs = format!(
                "<!DOCTYPE {root} [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><{root} name=\"&b;\">&b;</{root}>"
            );
            refused(laughs, &["evidence.doctype"]);
            refused(format!("<{root}>&xxe;</{root}>"), &["evidence.entity"]);
            refused(format!("<{root} name=\"&xxe;\"></{root}>"), &["evidence.entity"]);
            refused(
                format!("<{root} name=\"{}\"/>", "x".repeat(9 << 20)),
                &["evidence.too_long"],
            );
            refused(format!("<{root}/><{root}/>"), &["evidence.malformed"]);
            refused(
                format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?><{root}/>"),
                &["evidence.encoding"],
            );
        }
        _ => refused("x".repeat(9 << 20), &["evidence.too_long", "evidence.malformed"]),
    }
}

/// A report of another kind is no report of this one, whatever it is called.
pub fn something_else(format: &'static str) {
    for text in [
        "{}",
        "[]",
        "<html/>",
        "hello\n",
        "<?xml version=\"1.0\"?><a><b/></a>",
        "{\"a\": []}\n",
    ] {
        let wants = passes().named(format).exit(0);
        match read(Cursor::new(text), &wants.expect()) {
            Err(_) => {}
            Ok(report) => assert_ne!(report.verdict, Verdict::Pass, "{text}: {report:#?}"),
        }
    }
}
