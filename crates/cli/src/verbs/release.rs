//! `gradus release`

use crate::args::{Common, Release, ReleaseVerb};
use crate::error::{DONE, Failed, Outcome};
use crate::output::Output;
use crate::workspace::Workspace;
use gradus_engine::Command;
use gradus_ledger::Ledger as _;
use gradus_model::{Artifact, Commit, Digest, EnvironmentName};
use serde_json::json;

pub(crate) fn run(args: &Release, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    match &args.verb {
        ReleaseVerb::Add { .. } => add(&args.verb, &workspace, output),
        ReleaseVerb::Ls { app } => list(app.as_deref(), &workspace, output),
        ReleaseVerb::Show { release } => show(release, &workspace, output),
        ReleaseVerb::Deny { release, reason } => {
            let (app, version) = workspace.release(release)?;
            let command = Command::DenyRelease {
                version,
                reason: reason.clone(),
            };
            workspace
                .runtime(&|_| {})
                .submit(&app, &workspace.actor, &command)?;
            done(output, &format!("{release} is denied"))
        }
        ReleaseVerb::Allow { release, reason } => {
            let (app, version) = workspace.release(release)?;
            let command = Command::AllowRelease {
                version,
                reason: reason.clone(),
            };
            workspace
                .runtime(&|_| {})
                .submit(&app, &workspace.actor, &command)?;
            done(output, &format!("{release} is allowed again"))
        }
    }
}

fn done(output: &Output, text: &str) -> Outcome {
    output.data(&json!({ "done": text }));
    output.line(text);
    Ok(DONE)
}

fn artifact(text: &str) -> Result<Artifact, Failed> {
    let wrong = || {
        let hint = "write host/path@sha256:… : a tag can be moved, a digest cannot";
        Failed::new(
            "release.artifact_unpinned",
            format!("{text} is not pinned by digest"),
            hint,
            crate::error::USAGE,
        )
    };
    let (name, digest) = text.split_once('@').ok_or_else(wrong)?;
    Ok(Artifact {
        name: name.to_owned(),
        digest: Digest::new(digest).map_err(|_| wrong())?,
    })
}

fn add(verb: &ReleaseVerb, workspace: &Workspace, output: &Output) -> Outcome {
    let ReleaseVerb::Add {
        release,
        artifacts,
        branch,
        commit,
        kind,
        schema,
        chain,
        authors,
        built_for,
        notes,
    } = verb
    else {
        return Ok(DONE);
    };
    let (app, version) = workspace.release(release)?;
    let mut artifacts = artifacts
        .iter()
        .map(|text| artifact(text))
        .collect::<Result<Vec<_>, _>>()?;
    artifacts.sort();
    let word = |error: String| Failed::usage(error, "");
    let release = gradus_model::Release {
        app: app.clone(),
        version,
        kind: kind.parse().map_err(word)?,
        artifacts,
        commit: commit.as_deref().map(Commit::new).transpose()?,
        branch: branch.clone(),
        authors: authors.clone(),
        schema: schema.parse().map_err(word)?,
        chain: chain.clone(),
        built_for: built_for.as_deref().map(EnvironmentName::new).transpose()?,
        notes: notes.clone(),
    };
    let runtime = workspace.runtime(&|_| {});
    let recorded = runtime.submit(&app, &workspace.actor, &Command::AddRelease(release.clone()))?;
    runtime.drain()?;
    let digest = release.digest();
    output.data(&json!({ "release": release, "digest": digest, "new": !recorded.is_empty() }));
    let word = if recorded.is_empty() {
        "was known already"
    } else {
        "is taken in"
    };
    output.line(&format!("{app}@{} {word} ({})", release.version, digest.short()));
    Ok(DONE)
}

fn list(app: Option<&str>, workspace: &Workspace, output: &Output) -> Outcome {
    let prefix = app.map(|app| format!("{app}/")).unwrap_or_default();
    let rows: Vec<_> = workspace
        .ledger
        .rows("release", &prefix)?
        .into_iter()
        .map(|(_, row)| row)
        .collect();
    for row in &rows {
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        let denied = row["denied"]
            .as_str()
            .map(|why| format!("  denied: {why}"))
            .unwrap_or_default();
        output.line(&format!(
            "{}@{:<14} {:<10} {}{denied}",
            text("app"),
            text("version"),
            text("kind"),
            text("branch")
        ));
    }
    output.data(&rows);
    Ok(DONE)
}

fn show(text: &str, workspace: &Workspace, output: &Output) -> Outcome {
    let (app, version) = workspace.release(text)?;
    let state = workspace.state(&app)?;
    let Some(release) = state.releases.get(&version) else {
        return Err(Failed::usage(
            format!("there is no release {app}@{version}"),
            "gradus release ls",
        ));
    };
    output.data(&json!({ "release": release, "digest": release.release.digest() }));
    output.line(&format!(
        "{app}@{version} {} from {}",
        release.release.digest().short(),
        release.release.branch
    ));
    for stay in &release.stays {
        let until = stay.until.map_or("now".to_owned(), |until| until.to_string());
        output.line(&format!(
            "  verified in {} from {} to {until}",
            stay.environment, stay.since
        ));
    }
    Ok(DONE)
}
