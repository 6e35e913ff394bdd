//! `perform`: how each effect is done. A table of contents: one line for each effect.

use crate::deliver;
use crate::hands::HandsError;
use crate::runtime::Runtime;
use gradus_engine::{
    AppState, Command, Effect, Promotion, RequestKind, Step, VerificationResult, WorkspaceState, World,
    fill_in,
};
use gradus_model::{Actor, Answer, AppName, EnvironmentName, Failure, Finding, PromotionId, Version};

/// What came of an effect: the command that reports it, or nothing to report.
type Outcome = Result<Option<Command>, HandsError>;

/// Does what is due and says which command reports it.
pub(crate) fn perform(
    runtime: &Runtime<'_>,
    app: &AppName,
    state: (&AppState, &WorkspaceState),
    effect: &Effect,
) -> Outcome {
    let world = runtime.world(app, state);
    let find = |id: &PromotionId| world.app.promotion(id);
    match effect {
        Effect::Advance(id) => find(id).map_or(Ok(None), |promotion| advance(runtime, &world, promotion)),
        Effect::Measure(id) => find(id).map_or(Ok(None), |promotion| measure(runtime, &world, promotion)),
        Effect::Deliver(id) => find(id).map_or(Ok(None), |promotion| deliver(runtime, &world, promotion)),
        Effect::Verify(id) => find(id).map_or(Ok(None), |promotion| verify(runtime, &world, promotion)),
        Effect::RollBack(id) => find(id).map_or(Ok(None), |promotion| roll_back(runtime, &world, promotion)),
        Effect::Request { version, from, to } => request(runtime, &world, version, from.as_ref(), to),
    }
}

/// The plan is made anew from the files as they are now; the engine compares.
fn advance(runtime: &Runtime<'_>, world: &World<'_>, promotion: &Promotion) -> Outcome {
    let fresh = match Step::of(world, promotion) {
        Some(step) if step.rules.is_some() => Some(runtime.plan_step(&step)?),
        _ => None,
    };
    let fresh = fresh.map(|(plan, rules)| (Box::new(plan), Box::new(rules)));
    Ok(Some(Command::Advance {
        promotion: promotion.id.clone(),
        fresh,
    }))
}

fn measure(runtime: &Runtime<'_>, world: &World<'_>, promotion: &Promotion) -> Outcome {
    let step = Step::of(world, promotion);
    let measured = step
        .map(|step| runtime.measure_step(world, &step))
        .unwrap_or_default();
    Ok((!measured.is_empty()).then_some(Command::Measured(measured)))
}

fn deliver(runtime: &Runtime<'_>, world: &World<'_>, promotion: &Promotion) -> Outcome {
    let result = deliver::deliver(world, &runtime.pen(promotion)?, promotion)?;
    Ok(Some(Command::Delivered {
        promotion: promotion.id.clone(),
        result,
    }))
}

/// Brings the release before back, and looks whether it is good: one that is not is a failed
/// rollback, and for a human.
fn roll_back(runtime: &Runtime<'_>, world: &World<'_>, promotion: &Promotion) -> Outcome {
    let Some(to) = &promotion.going_back_to else {
        return Ok(None);
    };
    let mut result = deliver::bring_back(world, &runtime.pen(promotion)?, promotion, to)?;
    let arrived = result.is_ok();
    let findings = result
        .as_ref()
        .map_or_else(|_| Vec::new(), |_| findings(runtime, world, promotion, to));
    if let Some(bad) = findings.iter().find(|finding| !finding.answer.is_pass()) {
        result = Err(Failure {
            step: "verify".to_owned(),
            message: format!("{to} is back, and {}: {}", bad.check, bad.observed),
        });
    }
    Ok(Some(Command::RolledBack {
        promotion: promotion.id.clone(),
        result,
        arrived,
    }))
}

/// What the environment's checks find about a release in it.
fn findings(
    runtime: &Runtime<'_>,
    world: &World<'_>,
    promotion: &Promotion,
    version: &Version,
) -> Vec<Finding> {
    let release = world.app.releases.get(version);
    let (Some(release), Some(rules)) = (release, promotion.rules.last()) else {
        return Vec::new();
    };
    let to = &promotion.plan.to;
    let checks = rules
        .verify
        .iter()
        .map(|part| fill_in(part, &release.release, to));
    checks.map(|part| runtime.hands().check(&part)).collect()
}

fn verify(runtime: &Runtime<'_>, world: &World<'_>, promotion: &Promotion) -> Outcome {
    let version = &promotion.plan.version;
    if !world.app.releases.contains_key(version) || promotion.rules.is_empty() {
        return Ok(None);
    }
    let findings = findings(runtime, world, promotion, version);
    let failed = findings.iter().any(|finding| finding.answer == Answer::Fail);
    let unsure = findings.iter().any(|finding| !finding.answer.is_pass());
    let result = match (failed, unsure) {
        (true, _) => VerificationResult::Failed(findings),
        (false, true) => VerificationResult::Inconclusive(findings),
        (false, false) => VerificationResult::Passed(findings),
    };
    Ok(Some(Command::Verified {
        promotion: promotion.id.clone(),
        result,
    }))
}

fn request(
    runtime: &Runtime<'_>,
    world: &World<'_>,
    version: &Version,
    from: Option<&EnvironmentName>,
    to: &EnvironmentName,
) -> Outcome {
    let Some(step) = Step::forward(world, version, from, to).filter(|step| step.rules.is_some()) else {
        return Ok(None);
    };
    let (plan, rules) = runtime.plan_step(&step)?;
    Ok(Some(Command::Request {
        kind: RequestKind::Automatic,
        plan: Box::new(plan),
        rules: Box::new(rules),
        reason: None,
        break_glass: None,
        override_window: None,
    }))
}

/// Who reports results: Gradus itself.
pub(crate) fn reporter() -> Actor {
    Actor::system()
}
