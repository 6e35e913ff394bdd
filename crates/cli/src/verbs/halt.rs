//! `gradus halt`, `gradus resume`

use crate::args::{Common, Halt};
use crate::error::{DONE, Failed, Outcome};
use crate::output::Output;
use crate::workspace::Workspace;
use gradus_engine::{Command, WorkspaceCommand};
use gradus_model::Scope;

pub(crate) fn run(args: &Halt, stops: bool, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    let environment = args
        .environment
        .as_deref()
        .map(|text| workspace.environment(text))
        .transpose()?;
    if let (Some(app), Some(environment), false) = (&args.automation, &environment, stops) {
        let (app, _) = workspace.subject(Some(app))?;
        let command = Command::ReleaseAutomation {
            environment: environment.clone(),
        };
        let runtime = workspace.runtime(&|_| {});
        runtime.submit(&app, &workspace.actor, &command)?;
        runtime.drain()?;
        output.line(&format!("the automation of {app} in {environment} goes on"));
        return Ok(DONE);
    }
    let scope = match (&args.app, environment) {
        (Some(app), _) => Scope::App(workspace.subject(Some(app))?.0),
        (None, Some(environment)) => Scope::Environment(environment),
        (None, None) => Scope::Workspace,
    };
    let command = match (stops, &args.reason) {
        (true, None) => return Err(Failed::usage("a halt without a reason", "say why: --reason …")),
        (true, Some(reason)) => WorkspaceCommand::Halt {
            scope: scope.clone(),
            reason: reason.clone(),
        },
        (false, _) => WorkspaceCommand::Resume { scope: scope.clone() },
    };
    let runtime = workspace.runtime(&|_| {});
    runtime.submit_workspace(&workspace.actor, &command)?;
    if !stops {
        runtime.drain()?;
    }
    output.data(&serde_json::json!({ "scope": scope, "halted": stops }));
    output.line(&format!(
        "{scope} {}",
        if stops { "is stopped" } else { "may go on" }
    ));
    Ok(DONE)
}
