//! `gradus approve`, `gradus reject`, `gradus cancel`

use super::promote::finish;
use crate::args::{Approve, Common, Decision};
use crate::error::{DONE, Failed, Outcome};
use crate::output::Output;
use crate::workspace::Workspace;
use gradus_engine::Command;
use gradus_model::{Digest, PromotionId};

/// The digest that somebody has looked at: all of it, its first digits, or the present one.
fn looked_at(workspace: &Workspace, id: &PromotionId, given: Option<&str>) -> Result<Digest, Failed> {
    let state = workspace.state(id.app())?;
    let present = state.promotion(id).map(|promotion| promotion.plan_digest.clone());
    let present = present.ok_or_else(|| {
        Failed::new(
            "promotion.unknown",
            format!("there is no promotion {id}"),
            "gradus promotion ls lists them",
            2,
        )
    })?;
    match given {
        None => Ok(present),
        Some(short)
            if short.len() >= 12 && present.short().starts_with(&short[..12]) && short.len() == 12 =>
        {
            Ok(present)
        }
        Some(text) => Ok(Digest::new(text)?),
    }
}

pub(crate) fn approve(args: &Approve, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    let id = workspace.promotion(&args.promotion)?;
    let plan = looked_at(&workspace, &id, args.plan.as_deref())?;
    let command = Command::Approve {
        promotion: id.clone(),
        plan: plan.clone(),
        note: args.note.clone(),
    };
    workspace
        .runtime(&|_| {})
        .submit(id.app(), &workspace.actor, &command)?;
    output.say(&format!(
        "{} approved plan {} of {id}",
        workspace.actor,
        plan.short()
    ));
    // The approval itself is done, whatever still stands in the promotion's way.
    finish(&workspace, &id, None, output)?;
    Ok(DONE)
}

pub(crate) fn reject(args: &Decision, common: &Common, output: &Output) -> Outcome {
    say_no(args, common, output, true)
}

pub(crate) fn cancel(args: &Decision, common: &Common, output: &Output) -> Outcome {
    say_no(args, common, output, false)
}

fn say_no(args: &Decision, common: &Common, output: &Output, rejects: bool) -> Outcome {
    let workspace = Workspace::open(common)?;
    let promotion = workspace.promotion(&args.promotion)?;
    let (app, reason) = (promotion.app().clone(), args.reason.clone());
    let word = if rejects { "rejected" } else { "cancelled" };
    let command = if rejects {
        Command::Reject { promotion, reason }
    } else {
        Command::Cancel { promotion, reason }
    };
    let runtime = workspace.runtime(&|_| {});
    runtime.submit(&app, &workspace.actor, &command)?;
    runtime.drain()?;
    output.data(&serde_json::json!({ "promotion": args.promotion, "status": word }));
    output.line(&format!("{} is {word}", args.promotion));
    Ok(DONE)
}
