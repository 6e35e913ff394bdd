//! `gradus drift`

use crate::args::{Common, Drift as Args};
use crate::error::{BLOCKED, DONE, FAILED, Outcome};
use crate::output::{Output, Style};
use crate::workspace::Workspace;
use gradus_connect::Trouble;
use gradus_model::{EnvironmentName, FileEdit, OnDrift, Why};
use gradus_runtime::{Drift, Foreign, Running};
use serde_json::{Value, json};

/// What a look at an environment has found.
type Found = Result<Drift, Trouble>;

pub(crate) fn run(args: &Args, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    let runtime = workspace.runtime(&|_| {});
    let only = args
        .app
        .as_deref()
        .map(|text| workspace.subject(Some(text)))
        .transpose()?;
    let (mut exit, mut rows) = (DONE, Vec::new());
    for (name, app) in &workspace.policy.apps {
        if only.as_ref().is_some_and(|(only, _)| only != name) {
            continue;
        }
        output.styled(&[(Style::Strong, name.as_str())]);
        for place in app.in_order() {
            let found = runtime.drift(name, place)?;
            let ignored = app.environments.get(place);
            let ignored = ignored.is_some_and(|place| place.drift == OnDrift::Ignore);
            exit = if ignored { exit } else { worse(exit, &found) };
            let text = headline(output, place, (&found, ignored));
            let mut row = found.as_ref().map_or_else(|_| json!({}), told);
            row["app"] = json!(name);
            row["environment"] = json!(place);
            row["state"] = json!(text);
            rows.push(row);
            if let Ok(found) = &found {
                details(output, found);
            }
        }
    }
    output.data(&rows);
    Ok(exit)
}

/// Drift is worse than not knowing, and that is worse than nothing.
fn worse(exit: u8, found: &Found) -> u8 {
    match found {
        Ok(found) if found.count() > 0 => BLOCKED,
        Ok(found) if found.unknown().is_some() && exit == DONE => FAILED,
        Err(trouble) if trouble.why != Why::NoData && exit == DONE => FAILED,
        _ => exit,
    }
}

fn headline(output: &Output, place: &EnvironmentName, (found, ignored): (&Found, bool)) -> String {
    let (style, mut text) = match found {
        Ok(found) => match (found.count(), found.unknown()) {
            (0, None) => (Style::Good, beside(found)),
            (0, Some(why)) => (
                Style::Hint,
                format!("{}, as far as can be seen: unknown: {why}", beside(found)),
            ),
            _ => (Style::Bad, summary(found)),
        },
        Err(trouble) if trouble.why == Why::NoData => (Style::Dim, trouble.text.clone()),
        Err(trouble) => (Style::Hint, format!("unknown: {trouble}")),
    };
    if ignored && style == Style::Bad {
        text.push_str(" (the policy ignores it)");
    }
    output.styled(&[(Style::Plain, &format!("  {place:<14} ")), (style, &text)]);
    text
}

/// What is there is what was put there; what others have left beside it is theirs.
fn beside(found: &Drift) -> String {
    let (version, files) = (&found.version, found.files);
    match found.beside.len() {
        0 => format!("{version} as it was put there"),
        count => format!("{version} as it was put there; others changed {count} of {files} files beside it"),
    }
}

/// What is otherwise, in a line.
fn summary(found: &Drift) -> String {
    let Drift { files, version, .. } = found;
    let mut parts = Vec::new();
    match found.differing.len() {
        0 => {}
        count => parts.push(format!("{count} of {files} files differ from {version}")),
    }
    match found.changed.len() {
        0 => {}
        1 => parts.push("a file of a copied folder was changed".to_owned()),
        count => parts.push(format!("{count} files of a copied folder were changed")),
    }
    let forged = found.foreign.iter().filter(|commit| commit.forged.is_some());
    match forged.count() {
        0 => {}
        1 => parts.push("a commit is forged".to_owned()),
        count => parts.push(format!("{count} commits are forged")),
    }
    let otherwise = |running: &&Running| running.otherwise.as_ref().is_ok_and(|what| !what.is_empty());
    let running = found.running.iter().filter(otherwise);
    parts.extend(running.map(|running| format!("{} runs something else", running.application)));
    let rewritten = found.rewritten.iter();
    parts.extend(rewritten.map(|name| format!("{name} no longer holds what was delivered")));
    parts.join(", ")
}

fn details(output: &Output, found: &Drift) {
    for edit in &found.differing {
        let address = &edit.address;
        output.line(&format!("      {} in {}", address.path, address.repository));
        lines(output, edit);
    }
    for address in found.changed.iter().chain(&found.beside) {
        output.line(&format!("      {} in {}", address.path, address.repository));
    }
    for commit in &found.foreign {
        foreign(output, commit);
    }
    for running in &found.running {
        let Running {
            application,
            otherwise,
            ..
        } = running;
        match otherwise {
            Ok(what) => what
                .iter()
                .for_each(|what| output.line(&format!("      {application}: {what}"))),
            Err(trouble) => {
                output.styled(&[(Style::Hint, &format!("      {application}: unknown: {trouble}"))]);
            }
        }
    }
    if found.more {
        output.styled(&[(Style::Dim, "      and more commits than were looked at")]);
    }
}

/// The plan says what would bring it back; drift is the other way round.
fn lines(output: &Output, edit: &FileEdit) {
    for line in &edit.lines {
        let line = match line.split_at_checked(1) {
            Some(("-", rest)) => format!("+{rest}"),
            Some(("+", rest)) => format!("-{rest}"),
            _ => line.clone(),
        };
        output.line(&format!("        {line}"));
    }
}

fn foreign(output: &Output, commit: &Foreign) {
    let Foreign {
        author, at, subject, ..
    } = commit;
    let head = format!("      {} {author}, {at}: {subject}", commit.commit.short());
    let (style, rest) = match (&commit.forged, commit.undone) {
        (Some(why), _) => (Style::Bad, format!(" (forged: {why})")),
        (None, true) => (Style::Dim, " (changed and changed back)".to_owned()),
        (None, false) => (Style::Plain, String::new()),
    };
    output.styled(&[(Style::Plain, &head), (style, &rest)]);
}

/// The same for machines.
fn told(found: &Drift) -> Value {
    let differing: Vec<_> = found.differing.iter().map(|edit| &edit.address).collect();
    let foreign = found.foreign.iter().map(|commit| {
        json!({
            "repository": commit.repository, "commit": commit.commit, "author": commit.author, "at": commit.at,
            "subject": commit.subject, "forged": commit.forged, "undone": commit.undone,
        })
    });
    let running = found.running.iter().map(|running| {
        let unknown = running.otherwise.as_ref().err().map(|trouble| &trouble.text);
        json!({
            "application": running.application, "server": running.server,
            "otherwise": running.otherwise.as_ref().ok(), "unknown": unknown,
        })
    });
    json!({
        "version": found.version, "drifted": found.count() > 0, "differing": differing, "changed": found.changed, "beside": found.beside,
        "commits": foreign.collect::<Vec<_>>(), "more": found.more, "rewritten": found.rewritten,
        "running": running.collect::<Vec<_>>(), "unknown": found.unknown().map(|trouble| trouble.text),
    })
}
