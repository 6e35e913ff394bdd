//! `gradus parity`

use crate::args::{Common, Diff};
use crate::error::{BLOCKED, DONE, FAILED, Outcome};
use crate::output::{Output, Style};
use crate::workspace::Workspace;
use gradus_model::Why;
use serde_json::json;

/// How alike what two environments hold is: the files of each app, line by line, with the name of
/// the environment taken for the same word.
pub(crate) fn run(args: &Diff, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    let (one, two) = (
        workspace.environment(&args.from)?,
        workspace.environment(&args.to)?,
    );
    let runtime = workspace.runtime(&|_| {});
    let (mut exit, mut rows) = (DONE, Vec::new());
    for name in workspace.policy.apps.keys() {
        match runtime.parity(name, &one, &two)? {
            Ok(parity) => {
                let share = parity.score();
                let same = parity.different.is_empty();
                exit = if same { exit } else { BLOCKED };
                let style = if same { Style::Good } else { Style::Hint };
                let text = format!(
                    "{share:.0}% alike, {} of {} lines differ",
                    parity.different.len(),
                    parity.lines
                );
                output.styled(&[
                    (Style::Strong, name.as_str()),
                    (Style::Plain, ": "),
                    (style, &text),
                ]);
                for line in &parity.different {
                    output.line(&format!("  {line}"));
                }
                rows.push(json!({ "app": name, "score": share, "lines": parity.lines, "different": parity.different }));
            }
            Err(trouble) => {
                let broken = trouble.why != Why::NoData;
                exit = if broken && exit == DONE { FAILED } else { exit };
                output.styled(&[
                    (Style::Strong, name.as_str()),
                    (Style::Hint, &format!(": unknown: {trouble}")),
                ]);
                rows.push(json!({ "app": name, "unknown": trouble.text }));
            }
        }
    }
    output.data(&rows);
    Ok(exit)
}
