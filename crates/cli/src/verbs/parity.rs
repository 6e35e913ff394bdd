//! `gradus parity`

use crate::args::{Common, Diff};
use crate::error::{BLOCKED, DONE, FAILED, Outcome};
use crate::output::{Output, Style};
use crate::workspace::Workspace;
use gradus_model::{EnvironmentName, Why};
use gradus_runtime::{Difference, Parity};
use serde_json::json;

/// How much of a value is shown.
const SHOWN: usize = 60;

/// How alike what two environments hold is: the files of each app, value by value, with the name of
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
                exit = if parity.different.is_empty() {
                    exit
                } else {
                    BLOCKED
                };
                show(output, name.as_str(), &parity, (&one, &two));
                let different: Vec<_> = parity.different.iter().map(told).collect();
                rows.push(json!({
                    "app": name, "score": parity.score(), "values": parity.values, "declared": parity.declared,
                    "different": different,
                }));
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

fn show(output: &Output, app: &str, parity: &Parity, (one, two): (&EnvironmentName, &EnvironmentName)) {
    let style = match parity.different.is_empty() {
        true => Style::Good,
        false => Style::Hint,
    };
    let declared = match parity.declared {
        0 => String::new(),
        count => format!(", {count} more as declared"),
    };
    let text = format!(
        "{}% alike, {} of {} values differ{declared}",
        parity.score(),
        parity.different.len(),
        parity.values
    );
    output.styled(&[(Style::Strong, app), (Style::Plain, ": "), (style, &text)]);
    let mut file = "";
    for difference in &parity.different {
        if difference.file != file {
            file = &difference.file;
            output.line(&format!("  {file}"));
        }
        let Difference { about, path, .. } = difference;
        let side = |value: &Option<String>, place: &EnvironmentName| match value {
            Some(value) => format!("{} in {place}", short(value)),
            None => format!("none in {place}"),
        };
        let both = format!("{}, {}", side(&difference.one, one), side(&difference.two, two));
        output.styled(&[
            (Style::Dim, &format!("    {about:<9} ")),
            (Style::Plain, &format!("{path}: {both}")),
        ]);
    }
}

fn short(value: &str) -> String {
    let line = value.lines().next().unwrap_or_default();
    let mut text: String = line.chars().take(SHOWN).collect();
    if text.len() < value.trim_end().len() {
        text.push('…');
    }
    match text.is_empty() {
        true => "nothing".to_owned(),
        false => text,
    }
}

fn told(difference: &Difference) -> serde_json::Value {
    json!({
        "file": difference.file, "path": difference.path, "about": difference.about,
        "one": difference.one, "two": difference.two,
    })
}
