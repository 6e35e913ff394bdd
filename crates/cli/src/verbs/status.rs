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

/// An environment, and what else is known of it.
struct Row<'a> {
    own: &'a Overview,
    health: &'a str,
    ignored: bool,
}

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
        for own in &rows {
            let key = format!("{name}/{}", own.environment);
            let deployment = workspace.ledger.row("deployment", &key)?;
            let health = deployment.as_ref().and_then(|row| row["health"].as_str());
            let place = app.environments.get(&own.environment);
            let row = Row {
                own,
                health: health.unwrap_or_default(),
                ignored: place.is_some_and(|place| place.drift == OnDrift::Ignore),
            };
            show(output, &row, wide, workspace.now());
            all.push(json!({
                "app": name, "environment": own.environment, "deployment": deployment,
                "digest": own.there.as_ref().map(|there| &there.digest),
                "verified_at": own.there.as_ref().map(|there| there.verified_at),
                "drift": own.drift, "behind": own.behind,
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
        " {:<12} {:<18} {:<12} {:<8} {:<16} behind",
        "version", "verified", "digest", "age", "drift"
    );
    let app = format!("{:<16}", app.as_str());
    output.styled(&[(Style::Strong, &app), (Style::Dim, &columns)]);
}

fn show(output: &Output, row: &Row<'_>, wide: bool, now: Timestamp) {
    let place = format!("  {:<14} ", row.own.environment);
    let Some(there) = &row.own.there else {
        return output.styled(&[(Style::Plain, &place), (Style::Dim, "–")]);
    };
    let digest = there.digest.as_ref().map_or("–", |digest| digest.short());
    let age = age(there.since, now);
    let (good, verified) = verified(there, row.health, now);
    let (found, drift) = drift(row.own.drift.as_ref(), row.ignored, now);
    let (late, behind) = behind(&row.own.behind);
    let version = format!("{place}{:<12} ", there.version);
    if wide {
        let pieces = [
            (Style::Plain, version),
            (good, format!("{verified:<18} ")),
            (Style::Plain, format!("{digest:<12} {age:<8} ")),
            (found, format!("{drift:<16} ")),
            (late, behind),
        ];
        return write(output, &pieces);
    }
    write(output, &[(Style::Plain, version), (good, verified)]);
    let second = [
        (Style::Plain, format!("{:17}{digest} {age}, drift ", "")),
        (found, drift),
        (Style::Plain, ", behind ".to_owned()),
        (late, behind),
    ];
    write(output, &second);
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

/// What is known of its health, and since when.
fn verified(there: &There, health: &str, now: Timestamp) -> Piece {
    let when = there.lost_at.or(there.verified_at);
    let when = when.map(|at| format!(" {}", ago(at, now))).unwrap_or_default();
    let style = match health {
        "healthy" => Style::Good,
        "failed" => Style::Bad,
        _ => Style::Hint,
    };
    (style, format!("{health}{when}"))
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
