//! `gradus promotion`, `gradus history`

use crate::args::{Common, History, Promotion, PromotionVerb};
use crate::error::{DONE, Failed, Outcome};
use crate::output::Output;
use crate::sentence::sentence;
use crate::workspace::Workspace;
use gradus_engine::Command;
use gradus_ledger::Ledger as _;
use gradus_model::{Commit, Event, Period, PromotionId, Recorded, Resolution, Stream};
use serde_json::{Value, json};

pub(crate) fn run(args: &Promotion, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    match &args.verb {
        PromotionVerb::Ls { app } => {
            let prefix = app.as_ref().map(|app| format!("{app}/")).unwrap_or_default();
            let rows: Vec<Value> = workspace
                .ledger
                .rows("promotion", &prefix)?
                .into_iter()
                .map(|(_, row)| row)
                .collect();
            for row in &rows {
                output.line(&line(row));
            }
            output.data(&rows);
            Ok(DONE)
        }
        PromotionVerb::Show { promotion } => {
            let id = workspace.promotion(promotion)?;
            let row = workspace
                .ledger
                .row("promotion", &format!("{}/{:08}", id.app(), id.number()))?;
            let Some(row) = row else {
                return Err(Failed::new(
                    "promotion.unknown",
                    format!("there is no promotion {id}"),
                    "gradus promotion ls lists them",
                    2,
                ));
            };
            let state = workspace.state(id.app())?;
            output.line(&line(&row));
            let kept = state.promotion(&id);
            if let Some(kept) = kept {
                super::promote::print_plan(&kept.plan, output);
            }
            let stream = Stream::App(id.app().clone());
            let back = way_back(&workspace.ledger.read(&stream, 0, usize::MAX)?, &id);
            if let Some((commit, took)) = &back {
                output.line(&format!(
                    "  taken back with {} within {took} of the verdict",
                    commit.short()
                ));
            }
            let back = back.map(|(commit, took)| json!({ "commit": commit, "ms": took.as_millis() }));
            output
                .data(&json!({ "promotion": row, "plan": kept.map(|kept| &kept.plan), "taken_back": back }));
            Ok(DONE)
        }
        PromotionVerb::Watch { promotion, timeout } => {
            let id = workspace.promotion(promotion)?;
            super::promote::finish(&workspace, &id, Some(timeout), output)
        }
        PromotionVerb::Resolve {
            promotion,
            resolution,
            reason,
        } => resolve(&workspace, promotion, (resolution, reason), output),
        PromotionVerb::Review { promotion, note } => {
            let id = workspace.promotion(promotion)?;
            let command = Command::Review {
                promotion: id.clone(),
                note: note.clone(),
            };
            workspace
                .runtime(&|_| {})
                .submit(id.app(), &workspace.actor, &command)?;
            output.data(&serde_json::json!({ "reviewed": id }));
            output.line(&format!("{id} was reviewed"));
            Ok(DONE)
        }
    }
}

/// The commit that took a promotion back, and how long after the verdict it was pushed.
fn way_back(events: &[Recorded], id: &PromotionId) -> Option<(Commit, Period)> {
    let own = events
        .iter()
        .filter(|recorded| recorded.event.promotion() == Some(id));
    let mut verdict = None;
    let mut back = None;
    for recorded in own {
        match &recorded.event {
            Event::DeliveryFailed { .. } | Event::VerificationFailed { .. } | Event::HumanDecided { .. } => {
                verdict = Some(recorded.at);
            }
            Event::RollbackFinished { receipts, .. } => {
                let mut pushed = receipts
                    .iter()
                    .filter_map(|receipt| Some((receipt.commit.clone()?, receipt.at?)));
                back = pushed.next_back();
            }
            _ => {}
        }
    }
    let (verdict, (commit, at)) = (verdict?, back?);
    Some((commit, Period::between(verdict, at)))
}

fn resolve(
    workspace: &Workspace,
    promotion: &str,
    (resolution, reason): (&str, &str),
    output: &Output,
) -> Outcome {
    let id = workspace.promotion(promotion)?;
    let resolution = resolution
        .parse()
        .map_err(|error: String| Failed::usage(error, ""))?;
    let command = Command::Resolve {
        promotion: id.clone(),
        resolution,
        reason: reason.to_owned(),
    };
    workspace
        .runtime(&|_| {})
        .submit(id.app(), &workspace.actor, &command)?;
    let follows = super::promote::finish(workspace, &id, None, output)?;
    // Whoever says that it failed has what they wanted.
    Ok(if resolution == Resolution::Fail {
        DONE
    } else {
        follows
    })
}

fn line(row: &Value) -> String {
    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let outcome = row["outcome"]
        .as_str()
        .map(|text| format!("  {text}"))
        .unwrap_or_default();
    let glass = if row["break_glass"] == true {
        "  BREAK-GLASS"
    } else {
        ""
    };
    let from = row["from"]
        .as_str()
        .map(|from| format!("{from} → "))
        .unwrap_or_default();
    format!(
        "{:<10} {:<14} {from}{:<12} {:<12} by {}{glass}{outcome}",
        text("id"),
        text("version"),
        text("to"),
        text("status"),
        text("requested_by")
    )
}

pub(crate) fn history(args: &History, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    let app = args
        .app
        .as_deref()
        .map(|app| workspace.subject(Some(app)))
        .transpose()?
        .map(|(app, _)| app);
    let size = workspace.ledger.size()?;
    let all = match &app {
        Some(app) => workspace.ledger.read(&Stream::App(app.clone()), 0, usize::MAX)?,
        None => {
            let from = size.saturating_sub(args.limit as u64);
            workspace
                .ledger
                .tail(from, args.limit)?
                .into_iter()
                .map(|(_, recorded)| recorded)
                .collect()
        }
    };
    let newest = &all[all.len().saturating_sub(args.limit)..];
    for recorded in newest {
        output.line(&sentence(recorded));
    }
    output.data(&newest);
    Ok(DONE)
}

/// Tells an event while it happens.
pub(crate) fn tell(recorded: &Recorded, output: &Output) {
    if let Some(id) = recorded.event.promotion() {
        output.say(&format!("  {id}: {}", recorded.event.word().replace('_', " ")));
    }
}
