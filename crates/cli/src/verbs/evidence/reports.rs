//! Evidence that comes in report files.

use super::given::{self, Own};
use crate::args::{Common, EvidenceAdd};
use crate::error::{Failed, USAGE};
use crate::output::Output;
use crate::workspace::Workspace;
use gradus_evidence::{Expect, Finding, Kind, Report, Severity};
use gradus_model::{Commit, Digest, Evidence, Fact};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Seek as _};
use std::path::Path;

/// How large a report in Gradus's own form may be.
const OWN: u64 = 1 << 20;
/// How many ids of one severity are kept, so that a policy can leave some out.
const IDS: usize = 200;

/// What was read: the evidence, and the report it comes from where it is somebody else's form.
pub(super) struct Reading {
    pub(super) evidence: Evidence,
    pub(super) report: Option<Report>,
}

pub(super) fn read(
    path: &Path,
    add: &EvidenceAdd,
    common: &Common,
    workspace: &Workspace,
    output: &Output,
) -> Result<Reading, Failed> {
    let unreadable = |error: std::io::Error| {
        let message = format!("{} cannot be read: {error}", path.display());
        Failed::new("evidence.unreadable", message, "", USAGE)
    };
    let mut file = std::fs::File::open(path).map_err(unreadable)?;
    if let Some((own, raw)) = own(&mut file).map_err(unreadable)? {
        let mut evidence = given::evidence(own, add, workspace, output)?;
        evidence.producer.raw = Some(raw);
        let report = None;
        return Ok(Reading { evidence, report });
    }
    let report = report(path, file, add, workspace)?;
    let (kind, name) = used_as(&report, add, common, path)?;
    let mut facts = report.facts.clone();
    facts.extend(ids(&report.findings));
    if !report.anomalies.is_empty() {
        let codes: BTreeSet<_> = report.anomalies.iter().map(|anomaly| anomaly.code).collect();
        let codes: Vec<_> = codes.into_iter().collect();
        facts.insert("anomalies".to_owned(), Fact::Text(codes.join(", ")));
    }
    let own = Own {
        kind,
        name,
        environment: None,
        facts,
        tool: report.tool.clone(),
        link: None,
    };
    let mut evidence = given::evidence(own, add, workspace, output)?;
    evidence.producer.raw = Some(report.raw.clone());
    if evidence.subject.commit.is_none() {
        evidence.subject.commit.clone_from(&report.about.commit);
    }
    let report = Some(report);
    Ok(Reading { evidence, report })
}

/// Gradus's own form, if the file has it.
fn own(file: &mut std::fs::File) -> std::io::Result<Option<(Own, Digest)>> {
    let mut bytes = Vec::new();
    file.take(OWN).read_to_end(&mut bytes)?;
    file.rewind()?;
    let own: Option<Own> = serde_json::from_slice(&bytes).ok();
    Ok(own.map(|own| (own, Digest::of(&bytes))))
}

fn report(
    path: &Path,
    file: std::fs::File,
    add: &EvidenceAdd,
    workspace: &Workspace,
) -> Result<Report, Failed> {
    let (app, version) = workspace.release(&add.release)?;
    let state = workspace.state(&app)?;
    let release = state.releases.get(&version).map(|known| &known.release);
    let digests: Vec<Digest> = release
        .into_iter()
        .flat_map(|release| release.artifacts.iter().map(|artifact| artifact.digest.clone()))
        .collect();
    let named = add.commit.as_deref().and_then(|text| Commit::new(text).ok());
    let commit = named
        .as_ref()
        .or(release.and_then(|release| release.commit.as_ref()));
    let keys = workspace.server.signers(&workspace.dir)?;
    let expect = Expect {
        format: add.format.as_deref(),
        exit_code: add.exit_code,
        at_least: add.expect_at_least,
        commit,
        digests: &digests,
        keys: &keys,
        ..Expect::default()
    };
    gradus_evidence::read(std::io::BufReader::new(file), &expect).map_err(|error| {
        let message = format!("{}: {error}", path.display());
        Failed::new(error.code(), message, "nothing was stored", USAGE)
    })
}

/// Which gate reads a report, and as which suite or check.
fn used_as(
    report: &Report,
    add: &EvidenceAdd,
    common: &Common,
    path: &Path,
) -> Result<(String, String), Failed> {
    let word = common.used_as();
    let named = |default: &str| {
        let name = if add.name.is_empty() { default } else { &add.name };
        name.to_owned()
    };
    let kind = report.kind.word().to_owned();
    if let Some(other) = add.kind.as_ref().filter(|other| **other != kind) {
        let message = format!("{} is evidence of {kind}, not of {other}", path.display());
        return Err(Failed::usage(
            message,
            "leave --kind out: the report says what it is",
        ));
    }
    match (report.kind, word) {
        (Kind::Tests, Some("security" | "quality")) | (Kind::Coverage, Some(_)) => {
            let message = format!("{} is evidence of {kind}", path.display());
            Err(Failed::usage(message, "leave --as out"))
        }
        (Kind::Tests, Some(suite)) => Ok((kind, named(suite))),
        (Kind::Tests, None) if add.name.is_empty() => Err(Failed::usage(
            format!("{} holds tests: of which suite?", path.display()),
            "add --as unit, integration, e2e or performance, or --suite NAME",
        )),
        // A linter's findings are a question of quality; what a scanner's amount to counts there.
        (Kind::Vulnerabilities, Some("quality")) => Ok(("quality".to_owned(), named(""))),
        _ => Ok((kind, named(""))),
    }
}

/// The ids of what was found, by severity, as long as all of them can be kept: so that a policy can
/// leave single ones out, and nobody leaves out what is not named.
fn ids(findings: &[Finding]) -> BTreeMap<String, Fact> {
    let mut all = BTreeMap::new();
    for severity in Severity::ALL {
        let own = findings
            .iter()
            .filter(|found| found.severity == severity && found.suppressed.is_none());
        let ids: BTreeSet<&str> = own.map(|found| found.id.as_str()).collect();
        if !ids.is_empty() && ids.len() <= IDS {
            let text: Vec<_> = ids.into_iter().collect();
            all.insert(format!("{}_ids", severity.word()), Fact::Text(text.join(", ")));
        }
    }
    all
}
