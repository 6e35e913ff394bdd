//! `gradus evidence`

mod given;
mod reports;

use crate::args::{Common, Evidence, EvidenceAdd, EvidenceVerb};
use crate::error::{DONE, Failed, Outcome};
use crate::output::{Output, Style};
use crate::workspace::Workspace;
use gradus_engine::Command;
use gradus_evidence::Verdict;
use gradus_model::{AppName, EnvironmentName, Event, EvidenceId, Version};
use gradus_parts::gates;

pub(crate) fn run(args: &Evidence, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    match &args.verb {
        EvidenceVerb::Add(add) if add.files.is_empty() => {
            let given = given::values(add, &workspace, output)?;
            hand_in(&workspace, given, None, output)
        }
        EvidenceVerb::Add(add) => add_reports(add, common, &workspace, output),
        EvidenceVerb::Ls { release } => list(release, &workspace, output),
        EvidenceVerb::Show { app, id } => show(app, id, &workspace, output),
        EvidenceVerb::Revoke { app, id, reason } => revoke(app, id, reason, &workspace, output),
    }
}

/// Every report is read before any is stored: one that cannot be read stops all.
fn add_reports(add: &EvidenceAdd, common: &Common, workspace: &Workspace, output: &Output) -> Outcome {
    let read: Vec<_> = add
        .files
        .iter()
        .map(|file| reports::read(file, add, common, workspace, output))
        .collect::<Result<_, Failed>>()?;
    for reading in read {
        hand_in(workspace, reading.evidence, reading.report.as_ref(), output)?;
    }
    Ok(DONE)
}

/// Hands evidence in, and tells what was understood.
fn hand_in(
    workspace: &Workspace,
    evidence: gradus_model::Evidence,
    report: Option<&gradus_evidence::Report>,
    output: &Output,
) -> Outcome {
    let app = evidence.subject.app.clone();
    let runtime = workspace.runtime(&|_| {});
    let recorded = runtime.submit(&app, &workspace.actor, &Command::AddEvidence(evidence))?;
    runtime.drain()?;
    let Some(Event::EvidenceAdded { evidence }) = recorded.first().map(|recorded| &recorded.event) else {
        return Ok(DONE);
    };
    match report {
        Some(report) => output.data(&serde_json::json!({
            "evidence": evidence, "format": report.format, "verdict": report.verdict,
            "anomalies": report.anomalies, "findings": report.findings,
        })),
        None => output.data(evidence),
    }
    let what = format!("{} {}", evidence.kind, evidence.name);
    let subject = format!("{app}@{}", evidence.subject.version);
    output.line(&format!("{} says {} of {subject}", evidence.id, what.trim_end()));
    if let Some(report) = report {
        tell(report, output);
    }
    Ok(DONE)
}

fn tell(report: &gradus_evidence::Report, output: &Output) {
    let style = match report.verdict {
        Verdict::Pass => Style::Good,
        Verdict::Fail => Style::Bad,
        Verdict::Inconclusive | Verdict::Error => Style::Hint,
    };
    let tool = report
        .tool
        .as_ref()
        .map(|tool| format!(" by {tool}"))
        .unwrap_or_default();
    let format = format!("  read as {}{tool}: ", report.format);
    output.styled(&[(Style::Plain, &format), (style, report.verdict.status())]);
    let facts: Vec<_> = report
        .facts
        .iter()
        .filter(|(name, _)| name.as_str() != "status" && !name.ends_with("_ids"))
        .map(|(name, fact)| format!("{name}={fact}"))
        .collect();
    if !facts.is_empty() {
        output.line(&format!("  {}", facts.join(" ")));
    }
    for anomaly in &report.anomalies {
        let text = format!("  ! [{}] {}", anomaly.code, anomaly.text);
        output.styled(&[(Style::Hint, &text)]);
    }
    for finding in report.findings.iter().take(10) {
        let place = finding
            .package
            .as_ref()
            .map(|place| format!(" in {place}"))
            .unwrap_or_default();
        let left_out = finding
            .suppressed
            .as_ref()
            .map(|why| format!(" (does not count: {why})"));
        let left_out = left_out.unwrap_or_default();
        output.line(&format!(
            "  {:<9} {}{place}{left_out}",
            finding.severity, finding.id
        ));
    }
    if report.findings.len() > 10 {
        output.line(&format!("  and {} more: see --json", report.findings.len() - 10));
    }
}

fn list(release: &str, workspace: &Workspace, output: &Output) -> Outcome {
    let (app, version) = workspace.release(release)?;
    let state = workspace.state(&app)?;
    let of_release = |found: &&gradus_model::Evidence| found.subject.version == version;
    let own: Vec<_> = state.evidence.values().filter(of_release).collect();
    for found in &own {
        let facts: Vec<_> = found
            .facts
            .iter()
            .map(|(name, fact)| format!("{name}={fact}"))
            .collect();
        let place = found
            .subject
            .environment
            .as_ref()
            .map(|place| format!(" in {place}"));
        let place = place.unwrap_or_default();
        let what = format!("{} {}", found.kind, found.name);
        let (id, what, facts) = (found.id.to_string(), what.trim_end(), facts.join(", "));
        output.line(&format!(
            "{id:<4} {what}{place}: {facts} ({})",
            found.producer.identity
        ));
    }
    output.data(&own);
    Ok(DONE)
}

fn number(id: &str) -> Result<EvidenceId, Failed> {
    let number = id.strip_prefix('e').unwrap_or(id).parse();
    let number =
        number.map_err(|_| Failed::usage(format!("{id} is no evidence"), "write its id, such as e12"));
    number.map(EvidenceId)
}

fn show(app: &str, id: &str, workspace: &Workspace, output: &Output) -> Outcome {
    let (app, _) = workspace.subject(Some(app))?;
    let id = number(id)?;
    let state = workspace.state(&app)?;
    let Some(found) = state.evidence.get(&id) else {
        let hint =
            format!("gradus evidence ls {app}@VERSION lists it; gradus audit log has what was revoked");
        return Err(Failed::usage(
            format!("{app} has no evidence {id} that counts"),
            hint,
        ));
    };
    output.data(found);
    let subject = &found.subject;
    let place = subject
        .environment
        .as_ref()
        .map(|place| format!(" in {place}"))
        .unwrap_or_default();
    let head = format!(
        "{id} {} {} of {app}@{}{place}",
        found.kind, found.name, subject.version
    );
    output.styled(&[(Style::Strong, &head)]);
    for (name, fact) in &found.facts {
        output.line(&format!("  {name:<22} {fact}"));
    }
    let producer = &found.producer;
    output.line(&format!("  said by {} at {}", producer.identity, found.taken_at));
    let details = [
        ("tool", &producer.tool),
        ("link", &producer.link),
        ("event", &producer.event),
    ];
    for (name, text) in details
        .iter()
        .filter_map(|(name, text)| Some((name, text.as_ref()?)))
    {
        output.line(&format!("  {name} {text}"));
    }
    if let Some(raw) = &producer.raw {
        output.line(&format!("  file {raw}"));
    }
    if let Some(end) = found.expires_at {
        output.line(&format!("  counts until {end}"));
    }
    Ok(DONE)
}

fn revoke(app: &str, id: &str, reason: &str, workspace: &Workspace, output: &Output) -> Outcome {
    let (app, _) = workspace.subject(Some(app))?;
    let command = Command::RevokeEvidence {
        id: number(id)?,
        reason: reason.to_owned(),
    };
    let runtime = workspace.runtime(&|_| {});
    runtime.submit(&app, &workspace.actor, &command)?;
    runtime.drain()?;
    output.data(&serde_json::json!({ "revoked": id }));
    output.line(&format!("{id} no longer counts"));
    Ok(DONE)
}

/// The environment of evidence. What was measured in a running one needs to say in which; left out,
/// it is the furthest in which the release is now, and that is said.
fn place(
    workspace: &Workspace,
    (app, version): (&AppName, &Version),
    (kind, named): (&str, Option<&str>),
    output: &Output,
) -> Result<Option<EnvironmentName>, Failed> {
    if let Some(named) = named {
        return workspace.environment(named).map(Some);
    }
    if !gates::gate(kind).is_some_and(|gate| gate.live) {
        return Ok(None);
    }
    let state = workspace.state(app)?;
    let order = workspace.policy.apps.get(app).map(gradus_model::App::in_order);
    let here = |name: &&&EnvironmentName| state.current(name).is_some_and(|now| now.version == *version);
    let order = order.unwrap_or_default();
    let Some(found) = order.iter().rev().find(here) else {
        return Err(Failed::usage(
            format!("{kind} is measured in an environment, and {app}@{version} is in none"),
            "add --environment E",
        ));
    };
    output.say(&format!("measured in {found}, where {app}@{version} is now"));
    Ok(Some((*found).clone()))
}
