//! `gradus explain`

use crate::args::{Common, Explain};
use crate::error::{BLOCKED, DONE, Failed, Outcome, WAITING};
use crate::output::Output;
use crate::report::report;
use crate::workspace::Workspace;
use gradus_engine::{Explanation, Question, Step, explain};
use gradus_model::ConditionKind;

/// What every code means. The same text is in the documentation.
const CODES: &str = include_str!("../../../../docs/codes.md");

/// Blocked, waiting for people, or neither.
pub(crate) fn exit_code(explanation: &Explanation) -> u8 {
    match explanation.blocked_by {
        _ if explanation.arrived => DONE,
        None => DONE,
        Some(ConditionKind::Approval) => WAITING,
        Some(_) => BLOCKED,
    }
}

pub(crate) fn run(args: &Explain, common: &Common, output: &Output) -> Outcome {
    let Some(to) = args.to.as_deref() else {
        let code = args.subject.as_deref().unwrap_or_default();
        return explain_code(code, output);
    };
    let workspace = Workspace::open(common)?;
    let (app, version) = workspace.subject(args.subject.as_deref())?;
    let to = workspace.environment(to)?;
    let from = args
        .from
        .as_deref()
        .map(|text| workspace.environment(text))
        .transpose()?;
    let runtime = workspace.runtime(&|_| {});
    let (state, _) = runtime.load(&app)?;
    let (workspace_state, _) = runtime.load_workspace()?;
    let there = from
        .as_ref()
        .and_then(|from| state.current(from))
        .map(|now| now.version.clone());
    let Some(version) = version.or(there) else {
        return Err(Failed::usage(
            format!("which version of {app}?"),
            format!("write {app}@VERSION, or --from ENVIRONMENT"),
        ));
    };
    let world = runtime.world(&app, (&state, &workspace_state));
    let from = from.or_else(|| Step::way_in(&world, &version, &to).flatten());
    // An answer about a running release rests on numbers of now.
    let measured = runtime.measure(&app, &version, (from.as_ref(), &to))?;
    let state = if measured { runtime.load(&app)?.0 } else { state };
    let world = runtime.world(&app, (&state, &workspace_state));
    let now = workspace.now();
    let explanation = explain(&world, &Question { version, from, to }, now)?;
    match args.report {
        Some(form) => output.raw(&report(&explanation, form)),
        None => output.explanation(&explanation, now),
    }
    Ok(exit_code(&explanation))
}

/// The section of a code: from its heading to the next.
fn section(code: &str) -> Option<&'static str> {
    let start = CODES.split("\n## ").skip(1);
    start
        .into_iter()
        .find(|section| section.lines().next() == Some(code))
}

fn explain_code(code: &str, output: &Output) -> Outcome {
    match section(code) {
        Some(text) => {
            output.data(&serde_json::json!({ "code": code, "text": text }));
            output.line(text.trim_end());
            Ok(DONE)
        }
        None => Err(Failed::usage(
            format!("{code:?} is neither a code nor, without --to, a question"),
            "gradus explain APP@VERSION --to ENVIRONMENT, or gradus explain CODE",
        )),
    }
}
