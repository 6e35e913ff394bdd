//! `gradus drift`

use crate::args::{Common, Drift};
use crate::error::{BLOCKED, DONE, FAILED, Outcome};
use crate::output::{Output, Style};
use crate::workspace::Workspace;
use gradus_model::Why;
use serde_json::json;

pub(crate) fn run(args: &Drift, common: &Common, output: &Output) -> Outcome {
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
            let head = format!("  {place:<14} ");
            let (style, text, differing) = match runtime.drift(name, place)? {
                Ok(found) if found.differing.is_empty() => (
                    Style::Good,
                    format!("{} as it was put there", found.version),
                    Some(found),
                ),
                Ok(found) => {
                    exit = BLOCKED;
                    let count = found.differing.len();
                    let text = format!("{} of {} files differ from {}", count, found.files, found.version);
                    (Style::Bad, text, Some(found))
                }
                Err(trouble) if trouble.why == Why::NoData => (Style::Dim, trouble.text, None),
                Err(trouble) => {
                    exit = if exit == DONE { FAILED } else { exit };
                    (Style::Hint, format!("unknown: {trouble}"), None)
                }
            };
            output.styled(&[(Style::Plain, &head), (style, &text)]);
            let edits = differing.map(|found| found.differing).unwrap_or_default();
            for edit in &edits {
                output.line(&format!(
                    "      {} in {}",
                    edit.address.path, edit.address.repository
                ));
                for line in &edit.lines {
                    // The plan says what would bring it back; drift is the other way round.
                    let line = match line.split_at_checked(1) {
                        Some(("-", rest)) => format!("+{rest}"),
                        Some(("+", rest)) => format!("-{rest}"),
                        _ => line.clone(),
                    };
                    output.line(&format!("        {line}"));
                }
            }
            let paths: Vec<_> = edits.iter().map(|edit| &edit.address).collect();
            rows.push(json!({ "app": name, "environment": place, "state": text, "differing": paths }));
        }
    }
    output.data(&rows);
    Ok(exit)
}
