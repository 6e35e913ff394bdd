//! Evidence that is given in values: on the command line, or as Gradus's own JSON.

use super::place;
use crate::args::EvidenceAdd;
use crate::error::Failed;
use crate::output::Output;
use crate::workspace::Workspace;
use gradus_model::{Commit, Digest, Evidence, EvidenceId, Fact, Period, Producer, Subject};
use gradus_parts::gates;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Gradus's own form of a report: `{"kind": "slo", "facts": {"availability": 99.95}}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Own {
    pub(super) kind: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) environment: Option<String>,
    pub(super) facts: BTreeMap<String, Fact>,
    #[serde(default)]
    pub(super) tool: Option<String>,
    #[serde(default)]
    pub(super) link: Option<String>,
}

/// What the flags say.
pub(super) fn values(add: &EvidenceAdd, workspace: &Workspace, output: &Output) -> Result<Evidence, Failed> {
    let Some(kind) = add.kind.clone() else {
        return Err(Failed::usage(
            "evidence of what?",
            "name report files, or --kind with measured values: --kind slo --set availability=99.95",
        ));
    };
    let facts = facts(&add.facts)?;
    let own = Own {
        kind,
        name: add.name.clone(),
        environment: None,
        facts,
        tool: None,
        link: None,
    };
    evidence(own, add, workspace, output)
}

/// Evidence of some values, completed by the flags.
pub(super) fn evidence(
    own: Own,
    add: &EvidenceAdd,
    workspace: &Workspace,
    output: &Output,
) -> Result<Evidence, Failed> {
    let (app, version) = workspace.release(&add.release)?;
    if gates::gate(&own.kind).is_none() {
        let known = gradus_parts::GATES.iter().map(|gate| gate.name);
        let near = gradus_policy::did_you_mean(&own.kind, known);
        return Err(Failed::usage(
            format!("no gate reads {}{near}", own.kind),
            "docs/gates.md lists what every gate reads",
        ));
    }
    if own.facts.is_empty() {
        return Err(Failed::usage(
            "evidence without a measured value says nothing",
            "add --set NAME=VALUE, such as --set status=passed",
        ));
    }
    let named = add.environment.as_deref().or(own.environment.as_deref());
    let environment = place(workspace, (&app, &version), (&own.kind, named), output)?;
    let now = workspace.now();
    let expires: Option<Period> = add.expires.as_deref().map(str::parse).transpose()?;
    let commit = add.commit.as_deref().map(Commit::new).transpose();
    let commit = commit.map_err(|error| Failed::usage(error.to_string(), "write the whole commit id"))?;
    let name = if add.name.is_empty() {
        own.name
    } else {
        add.name.clone()
    };
    Ok(Evidence {
        id: EvidenceId(0),
        kind: own.kind,
        name,
        subject: Subject {
            app,
            version,
            digest: Digest::of(b""),
            commit,
            environment,
        },
        facts: own.facts,
        producer: Producer {
            identity: String::new(),
            tool: add.tool.clone().or(own.tool),
            link: add.link.clone().or(own.link),
            raw: None,
            workflow: add.workflow.clone(),
            event: add.event.clone(),
            measured: false,
        },
        taken_at: now,
        expires_at: expires.map(|period| period.after(now)),
    })
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
