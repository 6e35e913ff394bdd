//! `gradus evidence`

use crate::args::{Common, Evidence, EvidenceVerb};
use crate::error::{DONE, Failed, Outcome};
use crate::output::Output;
use crate::workspace::Workspace;
use gradus_engine::Command;
use gradus_model::{AppName, Digest, EnvironmentName, EvidenceId, Fact, Period, Producer, Subject, Version};
use gradus_parts::gates;
use std::collections::BTreeMap;

pub(crate) fn run(args: &Evidence, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    match &args.verb {
        EvidenceVerb::Add { .. } => add(&args.verb, &workspace, output),
        EvidenceVerb::Ls { release } => {
            let (app, version) = workspace.release(release)?;
            let state = workspace.state(&app)?;
            let own: Vec<_> = state
                .evidence
                .values()
                .filter(|found| found.subject.version == version)
                .collect();
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
                    .map(|place| format!(" in {place}"))
                    .unwrap_or_default();
                output.line(&format!(
                    "{:<4} {} {}{place}: {} ({})",
                    found.id.to_string(),
                    found.kind,
                    found.name,
                    facts.join(", "),
                    found.producer.identity
                ));
            }
            output.data(&own);
            Ok(DONE)
        }
        EvidenceVerb::Revoke { app, id, reason } => {
            let (app, _) = workspace.subject(Some(app))?;
            let number = id.strip_prefix('e').unwrap_or(id).parse();
            let number = number
                .map_err(|_| Failed::usage(format!("{id} is no evidence"), "write its id, such as e12"))?;
            let command = Command::RevokeEvidence {
                id: EvidenceId(number),
                reason: reason.clone(),
            };
            let runtime = workspace.runtime(&|_| {});
            runtime.submit(&app, &workspace.actor, &command)?;
            runtime.drain()?;
            output.data(&serde_json::json!({ "revoked": id }));
            output.line(&format!("{id} no longer counts"));
            Ok(DONE)
        }
    }
}

fn facts(pairs: &[String]) -> Result<BTreeMap<String, Fact>, Failed> {
    let read = |pair: &String| {
        let wrong = || {
            Failed::usage(
                format!("{pair} is not a measured value"),
                "write --set NAME=VALUE",
            )
        };
        let (name, value) = pair
            .split_once('=')
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(wrong)?;
        Ok((name.to_owned(), Fact::from_text(value)))
    };
    pairs.iter().map(read).collect()
}

/// What was measured in a running environment needs to say in which. Left out, it is the furthest
/// environment in which the release is now, and that is said.
fn place(
    workspace: &Workspace,
    (app, version): (&AppName, &Version),
    kind: &str,
    output: &Output,
) -> Result<EnvironmentName, Failed> {
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
    Ok((*found).clone())
}

fn add(verb: &EvidenceVerb, workspace: &Workspace, output: &Output) -> Outcome {
    let EvidenceVerb::Add {
        release,
        kind,
        name,
        environment,
        facts: pairs,
        expires,
        tool,
        link,
    } = verb
    else {
        return Ok(DONE);
    };
    let (app, version) = workspace.release(release)?;
    let Some(gate) = gates::gate(kind) else {
        let known: Vec<_> = gradus_parts::GATES.iter().map(|gate| gate.name).collect();
        return Err(Failed::usage(
            format!("no gate reads {kind}"),
            format!("there are {}", known.join(", ")),
        ));
    };
    let facts = facts(pairs)?;
    if facts.is_empty() {
        return Err(Failed::usage(
            "evidence without a measured value says nothing",
            "add --set NAME=VALUE, such as --set status=passed",
        ));
    }
    let mut environment = environment
        .as_deref()
        .map(|text| workspace.environment(text))
        .transpose()?;
    if gate.live && environment.is_none() {
        environment = Some(place(workspace, (&app, &version), kind, output)?);
    }
    let now = workspace.now();
    let expires: Option<Period> = expires.as_deref().map(str::parse).transpose()?;
    let given = gradus_model::Evidence {
        id: EvidenceId(0),
        kind: kind.clone(),
        name: name.clone(),
        subject: Subject {
            app: app.clone(),
            version,
            digest: Digest::of(b""),
            commit: None,
            environment,
        },
        facts,
        producer: Producer {
            identity: String::new(),
            tool: tool.clone(),
            link: link.clone(),
            raw: None,
            measured: false,
        },
        taken_at: now,
        expires_at: expires.map(|period| period.after(now)),
    };
    let runtime = workspace.runtime(&|_| {});
    let recorded = runtime.submit(&app, &workspace.actor, &Command::AddEvidence(given))?;
    runtime.drain()?;
    let event = recorded.first().map(|recorded| &recorded.event);
    if let Some(gradus_model::Event::EvidenceAdded { evidence }) = event {
        output.data(evidence);
        let what = format!("{kind} {name}");
        output.line(&format!("{} says {} of {release}", evidence.id, what.trim_end()));
    }
    Ok(DONE)
}
