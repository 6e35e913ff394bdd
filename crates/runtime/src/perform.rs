//! `perform`: how each effect is done. A table of contents: one line for each effect.

use crate::deliver::{self, Back};
use crate::hands::HandsError;
use crate::runtime::Runtime;
use gradus_engine::{
    AppState, Command, DeliveryResult, Effect, Promotion, RequestKind, Step, VerificationResult,
    WorkspaceState, World, checks,
};
use gradus_model::{
    Actor, Answer, AppName, EnvironmentName, Failure, Finding, Period, PromotionId, Status, Timestamp,
    Version,
};

/// What came of an effect.
pub(crate) enum Done {
    /// The command that reports it.
    Report(Box<Command>),
    /// Nothing to report.
    Nothing,
    /// Nothing yet: it is to be looked at again then.
    Later(Timestamp),
}

impl Done {
    fn report(command: Command) -> Self {
        Done::Report(Box::new(command))
    }
}

type Outcome = Result<Done, HandsError>;

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
        Effect::Advance(id) => {
            find(id).map_or(Ok(Done::Nothing), |promotion| advance(runtime, &world, promotion))
        }
        Effect::Measure(id) => {
            find(id).map_or(Ok(Done::Nothing), |promotion| measure(runtime, &world, promotion))
        }
        Effect::Deliver(id) => {
            find(id).map_or(Ok(Done::Nothing), |promotion| deliver(runtime, &world, promotion))
        }
        Effect::Verify(id) => {
            find(id).map_or(Ok(Done::Nothing), |promotion| verify(runtime, &world, promotion))
        }
        Effect::Watch(id) => {
            find(id).map_or(Ok(Done::Nothing), |promotion| watch(runtime, &world, promotion))
        }
        Effect::Answer {
            environment,
            version,
            why,
        } => answer(runtime, &world, environment, (version, why)),
        Effect::RollBack(id) => find(id).map_or(Ok(Done::Nothing), |promotion| {
            roll_back(runtime, &world, promotion)
        }),
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
    Ok(Done::report(Command::Advance {
        promotion: promotion.id.clone(),
        fresh,
    }))
}

fn measure(runtime: &Runtime<'_>, world: &World<'_>, promotion: &Promotion) -> Outcome {
    let step = Step::of(world, promotion);
    let measured = step
        .map(|step| runtime.measure_step(world, &step))
        .unwrap_or_default();
    Ok(match measured.is_empty() {
        true => Done::Nothing,
        false => Done::report(Command::Measured(measured)),
    })
}

/// How often it is looked whether what a delivery waits for has happened.
const POLL: Period = Period::from_secs(2);

fn deliver(runtime: &Runtime<'_>, world: &World<'_>, promotion: &Promotion) -> Outcome {
    match deliver::deliver(world, &runtime.pen(promotion)?, promotion)? {
        DeliveryResult::Waits(why) => Ok(waits(runtime, promotion, why)),
        result => Ok(Done::report(Command::Delivered {
            promotion: promotion.id.clone(),
            result,
        })),
    }
}

/// What it waits for is told once; after that it is only looked at again.
fn waits(runtime: &Runtime<'_>, promotion: &Promotion, why: String) -> Done {
    if promotion.outcome.as_ref() == Some(&why) {
        return Done::Later(POLL.after(runtime.now()));
    }
    let promotion = promotion.id.clone();
    Done::report(Command::Waits { promotion, why })
}

/// Brings the release before back, and looks whether it is good: one that is not is a failed
/// rollback, and for a human.
fn roll_back(runtime: &Runtime<'_>, world: &World<'_>, promotion: &Promotion) -> Outcome {
    let Some(to) = &promotion.going_back_to else {
        return Ok(Done::Nothing);
    };
    let (mut result, arrived) = match deliver::bring_back(world, &runtime.pen(promotion)?, promotion, to)? {
        Back::Waits(why) => return Ok(waits(runtime, promotion, why)),
        Back::Done(receipts) => (Ok(receipts), true),
        Back::Failed(failure) => (Err(failure), false),
    };
    let findings = match arrived {
        true => findings(runtime, world, promotion, to),
        false => Vec::new(),
    };
    if let Some(bad) = Finding::bad(&findings) {
        result = Err(Failure {
            step: "verify".to_owned(),
            message: format!("{to} is back, and {bad}"),
        });
    }
    Ok(Done::report(Command::RolledBack {
        promotion: promotion.id.clone(),
        result,
        arrived,
    }))
}

/// What checks find about a release in an environment.
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
    let own = promotion.status == Status::Verifying && !promotion.plan.phases.is_empty();
    let checks = if own {
        promotion.present().verify
    } else {
        checks(rules, &release.release, to)
    };
    let each = checks.iter().flat_map(|placed| {
        let found = if gradus_parts::is_gate(&placed.part.kind) {
            runtime.ask_gate(world, version, to, &placed.part)
        } else {
            vec![runtime.hands().check(&placed.part, promotion.began_at)]
        };
        let target = placed.target.clone();
        let placed = move |finding| Finding {
            target: target.clone(),
            ..finding
        };
        found.into_iter().map(placed)
    });
    each.collect()
}

/// Looks whether what was delivered is good, as often and as long as the policy says.
fn verify(runtime: &Runtime<'_>, world: &World<'_>, promotion: &Promotion) -> Outcome {
    let version = &promotion.plan.version;
    if !world.app.releases.contains_key(version) || promotion.rules.is_empty() {
        return Ok(Done::Nothing);
    }
    let findings = findings(runtime, world, promotion, version);
    let failed = findings.iter().any(|finding| finding.answer == Answer::Fail);
    let unsure = findings.iter().any(|finding| !finding.answer.is_pass());
    let result = match (failed, unsure) {
        (true, _) => VerificationResult::Failed(findings),
        (false, true) => VerificationResult::Inconclusive(findings),
        (false, false) => {
            // Good now; whether it stays so is the question until the time is up.
            let (now, end) = (runtime.now(), promotion.present().hold.after(promotion.since));
            if now < end {
                return Ok(Done::Later(every(promotion).after(now).min(end)));
            }
            VerificationResult::Passed(findings)
        }
    };
    Ok(Done::report(Command::Verified {
        promotion: promotion.id.clone(),
        result,
    }))
}

/// How often something is looked at that must stay good.
fn every(promotion: &Promotion) -> Period {
    let observe = promotion.rules.last().and_then(|rules| rules.observe);
    observe.map_or(Period::from_secs(30), |observe| observe.every)
}

/// Looks whether what was good still is.
fn watch(runtime: &Runtime<'_>, world: &World<'_>, promotion: &Promotion) -> Outcome {
    let Some(there) = world.app.current(&promotion.plan.to) else {
        return Ok(Done::Nothing);
    };
    let findings = findings(runtime, world, promotion, &there.version);
    if findings.iter().any(|finding| finding.answer == Answer::Fail) {
        let promotion = promotion.id.clone();
        return Ok(Done::report(Command::Watched { promotion, findings }));
    }
    Ok(Done::Later(every(promotion).after(runtime.now())))
}

/// Asks for the release before to come back: what was good no longer is.
fn answer(
    runtime: &Runtime<'_>,
    world: &World<'_>,
    environment: &EnvironmentName,
    (version, why): (&Version, &str),
) -> Outcome {
    let Some(step) = Step::back(world, version, environment).filter(|step| step.rules.is_some()) else {
        return Ok(Done::Nothing);
    };
    let (plan, rules) = runtime.plan_step(&step)?;
    Ok(Done::report(Command::Request {
        kind: RequestKind::AutomaticRollback,
        plan: Box::new(plan),
        rules: Box::new(rules),
        reason: Some(why.to_owned()),
        break_glass: None,
        override_window: None,
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
        return Ok(Done::Nothing);
    };
    let (plan, rules) = runtime.plan_step(&step)?;
    Ok(Done::report(Command::Request {
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
