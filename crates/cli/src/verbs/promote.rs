//! `gradus plan`, `gradus promote`, `gradus rollback`

use super::explain::exit_code;
use crate::args::{Common, Promote, Rollback};
use crate::error::{DONE, FAILED, Failed, Outcome, TIMED_OUT, WAITING};
use crate::output::Output;
use crate::workspace::Workspace;
use gradus_engine::{Command, Question, RequestKind, Step, explain, rollback_target};
use gradus_ledger::Ledger as _;
use gradus_model::{
    AppName, BreakGlass, EnvironmentName, Event, FileEdit, Period, Plan, PromotionId, Status, Version,
};
use gradus_runtime::Clock as _;
use serde_json::json;

/// How long the emergency way stays open.
const GLASS: Period = Period::from_secs(3600);

/// The release and its way, as the words of the command line and the history give them.
fn way(
    workspace: &Workspace,
    args: &Promote,
) -> Result<(AppName, Version, Option<EnvironmentName>, EnvironmentName), Failed> {
    let (app, version) = workspace.subject(args.release.as_deref())?;
    let to = workspace.environment(&args.to)?;
    let from = args
        .from
        .as_deref()
        .map(|text| workspace.environment(text))
        .transpose()?;
    let state = workspace.state(&app)?;
    let version = match (version, &from) {
        (Some(version), _) => version,
        (None, Some(from)) => match state.current(from) {
            Some(now) => now.version.clone(),
            None => {
                return Err(Failed::usage(
                    format!("nothing of {app} is in {from}"),
                    format!("write {app}@VERSION"),
                ));
            }
        },
        (None, None) => {
            return Err(Failed::usage(
                format!("which version of {app}?"),
                format!("write {app}@VERSION, or --from ENVIRONMENT"),
            ));
        }
    };
    let (workspace_state, _) = workspace.runtime(&|_| {}).load_workspace()?;
    let runtime = workspace.runtime(&|_| {});
    let world = runtime.world(&app, (&state, &workspace_state));
    let from = match from {
        Some(from) => Some(from),
        None => Step::way_in(&world, &version, &to).flatten(),
    };
    Ok((app, version, from, to))
}

/// Yes, in one of the forms that environment variables take.
fn is_set(name: &str) -> bool {
    std::env::var(name).is_ok_and(|value| matches!(value.as_str(), "true" | "1" | "yes"))
}

pub(crate) fn plan(args: &Promote, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    let (app, version, from, to) = way(&workspace, args)?;
    show_plan(&workspace, (&app, &version, from.as_ref(), &to), output)
}

fn show_plan(
    workspace: &Workspace,
    (app, version, from, to): (&AppName, &Version, Option<&EnvironmentName>, &EnvironmentName),
    output: &Output,
) -> Outcome {
    let runtime = workspace.runtime(&|_| {});
    // A plan that is looked at rests on numbers of now, as an explanation does.
    runtime.measure(app, version, (from, to))?;
    let (state, _) = runtime.load(app)?;
    let (workspace_state, _) = runtime.load_workspace()?;
    let world = runtime.world(app, (&state, &workspace_state));
    let question = Question {
        version: version.clone(),
        from: from.cloned(),
        to: to.clone(),
    };
    let now = workspace.now();
    let explanation = explain(&world, &question, now)?;
    let step = Step::forward(&world, version, from, to).filter(|step| step.rules.is_some());
    let Some(step) = step else {
        output.explanation(&explanation, now);
        return Ok(exit_code(&explanation));
    };
    let (plan, _) = runtime.plan_step(&step)?;
    output.data(&json!({ "plan": plan, "digest": plan.digest(), "explanation": explanation }));
    if !output.json {
        print_plan(&plan, output);
        output.explanation(&explanation, now);
    }
    Ok(exit_code(&explanation))
}

pub(crate) fn print_plan(plan: &Plan, output: &Output) {
    output.line(&format!(
        "plan {} for {}@{} in {}",
        plan.digest().short(),
        plan.app,
        plan.version,
        plan.to
    ));
    if plan.phases.is_empty() {
        return print_edits(&plan.edits, output);
    }
    for (number, phase) in plan.phases.iter().enumerate() {
        let hold = match phase.hold.is_zero() {
            true => String::new(),
            false => format!(", held for {}", phase.hold),
        };
        let pause = if phase.pause {
            ", then a human says go on"
        } else {
            ""
        };
        output.line(&format!("  phase {}: {}{hold}{pause}", number + 1, phase.name));
        print_edits(&phase.edits, output);
    }
}

fn print_edits(edits: &[FileEdit], output: &Output) {
    for edit in edits {
        output.line(&format!("  {} {}", edit.address.repository, edit.address.path));
        for line in &edit.lines {
            output.line(&format!("    {line}"));
        }
    }
}

/// `AUTO_APPROVE` and `SKIP_VALIDATION` are the emergency way by another name, and ask for the same.
fn glass(workspace: &Workspace, asked: bool, reason: Option<&str>) -> Option<BreakGlass> {
    let wanted = asked || is_set("AUTO_APPROVE") || is_set("SKIP_VALIDATION");
    wanted.then(|| BreakGlass {
        reason: reason.unwrap_or_default().to_owned(),
        until: GLASS.after(workspace.now()),
    })
}

pub(crate) fn promote(args: &Promote, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    let (app, version, from, to) = way(&workspace, args)?;
    if args.dry_run || is_set("DRY_RUN") {
        return show_plan(&workspace, (&app, &version, from.as_ref(), &to), output);
    }
    let runtime = workspace.runtime(&|_| {});
    let (state, _) = runtime.load(&app)?;
    let (workspace_state, _) = runtime.load_workspace()?;
    let world = runtime.world(&app, (&state, &workspace_state));
    let Some(step) = Step::forward(&world, &version, from.as_ref(), &to) else {
        return Err(Failed::new(
            "release.unknown",
            format!("there is no release {app}@{version}"),
            "gradus release add takes one in",
            2,
        ));
    };
    if step.rules.is_none() {
        let way = from
            .as_ref()
            .map_or(format!("directly into {to}"), |from| format!("{from} → {to}"));
        let message = format!("the policy has no path {way}");
        return Err(Failed::new(
            "path.none",
            message,
            "take the declared paths: gradus check lists them",
            crate::error::BLOCKED,
        ));
    }
    let (plan, rules) = runtime.plan_step(&step)?;
    let command = Command::Request {
        kind: RequestKind::ByHand,
        plan: Box::new(plan),
        rules: Box::new(rules),
        reason: args.reason.clone(),
        break_glass: glass(&workspace, args.break_glass, args.reason.as_deref()),
        override_window: args.override_window.clone(),
    };
    match request(&workspace, &app, &command, output) {
        Ok(Some(id)) => finish(
            &workspace,
            &id,
            args.wait.then_some(args.timeout.as_str()),
            output,
        ),
        Ok(None) => Ok(DONE),
        Err(failed) if failed.code == "promotion.already_there" => {
            output.data(&json!({ "app": app, "version": version, "to": to, "status": "already_there" }));
            output.line(&failed.message);
            Ok(DONE)
        }
        Err(failed) if failed.code == "promotion.exists" => {
            let state = workspace.state(&app)?;
            let same = state
                .moving()
                .find(|other| other.plan.version == version && other.plan.to == to);
            match same.map(|same| same.id.clone()) {
                Some(id) => finish(
                    &workspace,
                    &id,
                    args.wait.then_some(args.timeout.as_str()),
                    output,
                ),
                None => Err(failed),
            }
        }
        Err(failed) => Err(failed),
    }
}

fn request(
    workspace: &Workspace,
    app: &AppName,
    command: &Command,
    output: &Output,
) -> Result<Option<PromotionId>, Failed> {
    let recorded = workspace
        .runtime(&|_| {})
        .submit(app, &workspace.actor, command)?;
    let mut ids = recorded.iter().filter_map(|recorded| match &recorded.event {
        Event::PromotionRequested { promotion, .. } => Some(promotion.clone()),
        _ => None,
    });
    let id = ids.next();
    if let Some(id) = &id {
        output.say(&format!("{id} was requested"));
    }
    Ok(id)
}

/// Carries out what is due, and says how far the promotion has come.
pub(crate) fn finish(
    workspace: &Workspace,
    id: &PromotionId,
    wait: Option<&str>,
    output: &Output,
) -> Outcome {
    let timeout: Option<Period> = wait.map(str::parse).transpose()?;
    let end = timeout.map(|timeout| timeout.after(workspace.clock.now()));
    loop {
        workspace
            .runtime(&|recorded| super::promotion::tell(recorded, output))
            .drain()?;
        let state = workspace.state(id.app())?;
        let Some(promotion) = state.promotion(id) else {
            return Err(Failed::usage(
                format!("there is no promotion {id}"),
                "gradus promotion ls lists them",
            ));
        };
        let now = workspace.now();
        let moves = !promotion.status.is_terminal() && promotion.status != Status::NeedsHuman;
        match end {
            Some(end) if moves && now < end => {
                let next = workspace.ledger.next_due()?.unwrap_or(end).min(end);
                let pause = Period::between(now, next)
                    .duration()
                    .min(std::time::Duration::from_millis(500));
                std::thread::sleep(pause.max(std::time::Duration::from_millis(20)));
            }
            Some(_) if moves => {
                output.say(&format!("{id} is still {}", promotion.status));
                return Ok(TIMED_OUT);
            }
            _ => return report(workspace, id, output),
        }
    }
}

fn report(workspace: &Workspace, id: &PromotionId, output: &Output) -> Outcome {
    let runtime = workspace.runtime(&|_| {});
    let (state, _) = runtime.load(id.app())?;
    let Some(promotion) = state.promotion(id) else {
        return Ok(FAILED);
    };
    if promotion.status.is_waiting() {
        let (workspace_state, _) = runtime.load_workspace()?;
        let world = runtime.world(id.app(), (&state, &workspace_state));
        let plan = &promotion.plan;
        let question = Question {
            version: plan.version.clone(),
            from: plan.from.clone(),
            to: plan.to.clone(),
        };
        let now = workspace.now();
        let explanation = explain(&world, &question, now)?;
        output.open(&explanation, now);
        return Ok(exit_code(&explanation));
    }
    let outcome = promotion
        .outcome
        .as_ref()
        .map(|text| format!(": {text}"))
        .unwrap_or_default();
    output.data(&json!({
        "promotion": id, "status": promotion.status, "app": promotion.plan.app, "version": promotion.plan.version,
        "from": promotion.plan.from, "to": promotion.plan.to, "outcome": promotion.outcome,
    }));
    output.line(&format!(
        "{id} {}@{} in {}: {}{outcome}",
        promotion.plan.app, promotion.plan.version, promotion.plan.to, promotion.status
    ));
    if promotion.status.holds_lane() {
        output.say(&format!(
            "it goes on with `gradus promotion watch {id}`, or wherever `gradus worker` runs"
        ));
    }
    Ok(match promotion.status {
        Status::Succeeded => DONE,
        Status::NeedsHuman if promotion.paused || !promotion.failed_targets.is_empty() => WAITING,
        status if status.holds_lane() => TIMED_OUT,
        _ => FAILED,
    })
}

pub(crate) fn rollback(args: &Rollback, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    let (app, _) = workspace.subject(Some(&args.app))?;
    let environment = workspace.environment(&args.environment)?;
    let wished = args.to.as_deref().map(Version::new).transpose()?;
    let runtime = workspace.runtime(&|_| {});
    let (state, _) = runtime.load(&app)?;
    let (workspace_state, _) = runtime.load_workspace()?;
    let blocked = |code: &str, message: String| {
        Failed::new(
            code,
            message,
            "roll forward: release a mended version and promote it",
            crate::error::BLOCKED,
        )
    };
    let Some(now_there) = state.current(&environment) else {
        return Err(blocked(
            "rollback.no_target",
            format!("nothing of {app} was ever delivered to {environment}"),
        ));
    };
    let target = rollback_target(&state, &environment, &now_there.version, wished.as_ref());
    let target = target.map_err(|no| {
        let code = if matches!(no, gradus_engine::NoTarget::ForwardOnly(_)) {
            "rollback.schema"
        } else {
            "rollback.no_target"
        };
        blocked(code, no.to_string())
    })?;
    let world = runtime.world(&app, (&state, &workspace_state));
    let Some(step) = Step::back(&world, &target, &environment) else {
        return Err(blocked(
            "rollback.no_target",
            format!("{target} is not known any more"),
        ));
    };
    let (plan, rules) = runtime.plan_step(&step)?;
    let command = Command::Request {
        kind: RequestKind::Rollback,
        plan: Box::new(plan),
        rules: Box::new(rules),
        reason: args.reason.clone(),
        break_glass: glass(&workspace, args.break_glass, args.reason.as_deref()),
        override_window: None,
    };
    match request(&workspace, &app, &command, output)? {
        Some(id) => finish(&workspace, &id, None, output),
        None => Ok(DONE),
    }
}
