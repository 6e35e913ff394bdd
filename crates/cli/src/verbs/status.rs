//! `gradus status`

use crate::args::{Common, Status};
use crate::error::{DONE, Outcome};
use crate::output::{Output, Style, width};
use crate::workspace::Workspace;
use gradus_engine::{Behind, LastDrift, Overview, There, overview};
use gradus_ledger::Ledger as _;
use gradus_model::{AppName, OnDrift, Period, Timestamp};
use serde_json::json;

/// How wide a line is at most; where there is less room, two are written.
const WIDE: usize = 100;

/// A piece of a line, and how it looks.
type Piece = (Style, String);

pub(crate) fn run(args: &Status, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    let runtime = workspace.runtime(&|_| {});
    let (state, _) = runtime.load_workspace()?;
    let wide = width().is_none_or(|width| width >= WIDE);
    let mut all = Vec::new();
    for (name, app) in &workspace.policy.apps {
        if args.drift {
            for place in app.environments.keys() {
                // What it finds is read back from the ledger, like every other look.
                let _ = runtime.drift(name, place)?;
            }
        }
        let own = runtime.load(name)?.0;
        let rows = overview(&runtime.world(name, (&own, &state)));
        head(output, name, wide);
        for row in &rows {
            let ignored = app.environments.get(&row.environment);
            let ignored = ignored.is_some_and(|place| place.drift == OnDrift::Ignore);
            show(output, row, (wide, ignored), workspace.now());
            let key = format!("{name}/{}", row.environment);
            let deployment = workspace.ledger.row("deployment", &key)?;
            all.push(json!({
                "app": name, "environment": row.environment, "deployment": deployment,
                "digest": row.there.as_ref().map(|there| &there.digest),
                "verified_at": row.there.as_ref().map(|there| there.verified_at),
                "drift": row.drift, "behind": row.behind,
            }));
        }
    }
    for halt in &state.halts {
        output.line(&format!("halted: {} by {}: {}", halt.scope, halt.by, halt.reason));
    }
    output.data(&json!({ "deployments": all, "halts": state.halts }));
    Ok(DONE)
}

fn head(output: &Output, app: &AppName, wide: bool) {
    if !wide {
        return output.styled(&[(Style::Strong, app.as_str())]);
    }
    let columns = format!(
        " {:<12} {:<12} {:<8} {:<16} {:<18} behind",
        "version", "digest", "age", "verified", "drift"
    );
    let app = format!("{:<16}", app.as_str());
    output.styled(&[(Style::Strong, &app), (Style::Dim, &columns)]);
}

fn show(output: &Output, row: &Overview, (wide, ignored): (bool, bool), now: Timestamp) {
    let place = format!("  {:<14} ", row.environment);
    let Some(there) = &row.there else {
        return output.styled(&[(Style::Plain, &place), (Style::Dim, "–")]);
    };
    let digest = there.digest.as_ref().map_or("–", |digest| digest.short());
    let age = age(there.since, now);
    let (good, verified) = verified(there, now);
    let (found, drift) = drift(row.drift.as_ref(), ignored, now);
    let (late, behind) = behind(&row.behind);
    if wide {
        return write(
            output,
            &[
                (
                    Style::Plain,
                    format!("{place}{:<12} {digest:<12} {age:<8} ", there.version),
                ),
                (good, format!("{verified:<16} ")),
                (found, format!("{drift:<18} ")),
                (late, behind),
            ],
        );
    }
    let first = format!("{place}{:<12} {digest:<12} {age}", there.version);
    write(output, &[(Style::Plain, first)]);
    write(
        output,
        &[
            (good, format!("{:17}verified {verified}", "")),
            (Style::Plain, ", drift ".to_owned()),
            (found, drift),
            (Style::Plain, ", behind ".to_owned()),
            (late, behind),
        ],
    );
}

fn write(output: &Output, pieces: &[Piece]) {
    let pieces: Vec<_> = pieces
        .iter()
        .map(|(style, text)| (*style, text.as_str()))
        .collect();
    output.styled(&pieces);
}

/// How long ago something was; nobody counts parts of a second here.
fn age(at: Timestamp, now: Timestamp) -> String {
    Period::from_secs(Period::between(at, now).as_millis() / 1000).rough()
}

fn ago(at: Timestamp, now: Timestamp) -> String {
    format!("{} ago", age(at, now))
}

/// When it was found good; what is not good any more was lost.
fn verified(there: &There, now: Timestamp) -> Piece {
    match (there.lost_at, there.verified_at) {
        (Some(at), _) => (Style::Bad, format!("lost {}", ago(at, now))),
        (None, Some(at)) => (Style::Good, ago(at, now)),
        (None, None) => (Style::Hint, "no".to_owned()),
    }
}

/// What the last look found, and when that was.
fn drift(last: Option<&LastDrift>, ignored: bool, now: Timestamp) -> Piece {
    let Some(last) = last else {
        return (Style::Dim, "–".to_owned());
    };
    let when = ago(last.at, now);
    match last.count {
        _ if ignored => (Style::Dim, "ignored".to_owned()),
        Some(0) => (Style::Good, format!("none, {when}")),
        Some(count) => (Style::Bad, format!("{count}, {when}")),
        None => (Style::Hint, format!("unknown, {when}")),
    }
}

fn behind(behind: &Behind) -> Piece {
    match &behind.newest {
        Some(newest) => (Style::Hint, format!("{} ({newest})", behind.releases)),
        None => (Style::Dim, "–".to_owned()),
    }
}
