//! `gradus status`

use crate::args::Common;
use crate::error::{DONE, Outcome};
use crate::output::{Output, Style};
use crate::workspace::Workspace;
use gradus_ledger::Ledger as _;
use gradus_model::{EnvironmentName, Period, Timestamp};
use serde_json::{Value, json};

pub(crate) fn run(common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    let now = workspace.now();
    let mut all = Vec::new();
    for (name, app) in &workspace.policy.apps {
        output.styled(&[(Style::Strong, name.as_str())]);
        for environment in app.in_order() {
            let row = workspace
                .ledger
                .row("deployment", &format!("{name}/{environment}"))?;
            show(output, environment, row.as_ref(), now);
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

fn show(output: &Output, environment: &EnvironmentName, row: Option<&Value>, now: Timestamp) {
    let place = format!("  {environment:<14} ");
    let Some(row) = row else {
        return output.styled(&[(Style::Plain, &place), (Style::Dim, "–")]);
    };
    let text = |key: &str| row[key].as_str().unwrap_or_default();
    let age = text("since")
        .parse()
        .map(|since| Period::between(since, now).rough())
        .unwrap_or_default();
    let health = match text("health") {
        "healthy" => Style::Good,
        "failed" => Style::Bad,
        _ => Style::Hint,
    };
    output.styled(&[
        (Style::Plain, &place),
        (Style::Plain, &format!("{:<12} ", text("version"))),
        (health, &format!("{:<11} ", text("health"))),
        (Style::Plain, &age),
    ]);
}
