//! `gradus status`

use crate::args::Common;
use crate::error::{DONE, Outcome};
use crate::output::Output;
use crate::workspace::Workspace;
use gradus_ledger::Ledger as _;
use gradus_model::{Period, Timestamp};
use serde_json::{Value, json};

pub(crate) fn run(common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    let now = workspace.now();
    let mut all = Vec::new();
    for (name, app) in &workspace.policy.apps {
        output.line(&name.to_string());
        for environment in app.in_order() {
            let row = workspace
                .ledger
                .row("deployment", &format!("{name}/{environment}"))?;
            output.line(&format!("  {environment:<14} {}", cell(row.as_ref(), now)));
            all.push(json!({ "app": name, "environment": environment, "deployment": row }));
        }
    }
    let (state, _) = workspace.runtime(&|_| {}).load_workspace()?;
    for halt in &state.halts {
        output.line(&format!("halted: {} by {}: {}", halt.scope, halt.by, halt.reason));
    }
    output.data(&json!({ "deployments": all, "halts": state.halts }));
    Ok(DONE)
}

fn cell(row: Option<&Value>, now: Timestamp) -> String {
    let Some(row) = row else { return "–".to_owned() };
    let text = |key: &str| row[key].as_str().unwrap_or_default();
    let age = text("since")
        .parse()
        .map(|since| Period::between(since, now).rough())
        .unwrap_or_default();
    format!("{:<12} {:<11} {age}", text("version"), text("health"))
}
