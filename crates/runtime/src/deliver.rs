//! Delivering: writing a plan's files behind a fence, exactly once.

use crate::hands::{Hands, HandsError, Seen};
use crate::steps::{Act, ActError};
use gradus_engine::{DeliveryResult, Promotion, Step, World, files_needed, fill_in, plan};
use gradus_model::{Commit, Failure, Plan, PromotionKind, Receipt, RepositoryName, Rules, Version};
use gradus_parts::StepError;
use gradus_parts::steps::{self, Files};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// How often a branch may move under a delivery before it is left for later.
const RACES: usize = 8;

/// What a promotion writes with: the same whoever holds it, and however often.
pub(crate) struct Pen<'a> {
    pub(crate) hands: &'a dyn Hands,
    /// The name of the marker that says that it was written.
    pub(crate) marker: String,
    /// The head of the log that the commit bears.
    pub(crate) seal: String,
}

/// Delivers a promotion's plan. A passing error means: try again later, nothing was decided.
pub(crate) fn deliver(
    world: &World<'_>,
    pen: &Pen<'_>,
    promotion: &Promotion,
) -> Result<DeliveryResult, HandsError> {
    let failed = |step: &str, message: String| {
        DeliveryResult::Failed(Failure {
            step: step.to_owned(),
            message,
        })
    };
    let Some((step, rules)) =
        Step::of(world, promotion).and_then(|step| step.rules.clone().map(|rules| (step, rules)))
    else {
        return Ok(failed("plan", "the policy has no such path any more".to_owned()));
    };
    match in_order(pen, &pen.marker, &step, &rules, promotion, true) {
        Ok(Written::Receipts(receipts)) => Ok(DeliveryResult::Done(receipts)),
        Ok(Written::Failed(failure)) => Ok(DeliveryResult::Failed(failure)),
        Ok(Written::Stale(plan)) => Ok(DeliveryResult::Stale {
            plan,
            rules: Box::new(rules),
        }),
        Err(error) if error.passing => Err(error),
        Err(error) => Ok(DeliveryResult::Failed(error.failure("write"))),
    }
}

/// Brings an earlier release back after a failure.
pub(crate) fn bring_back(
    world: &World<'_>,
    pen: &Pen<'_>,
    promotion: &Promotion,
    to: &Version,
) -> Result<Result<Vec<Receipt>, Failure>, HandsError> {
    let failure = |message: String| Failure {
        step: "write".to_owned(),
        message,
    };
    let Some((step, rules)) = Step::back(world, to, &promotion.plan.to)
        .and_then(|step| step.rules.clone().map(|rules| (step, rules)))
    else {
        return Ok(Err(failure(format!("{to} is not known any more"))));
    };
    // A human may ask for it a second time, to another release perhaps: each time has its own marker.
    let marker = format!("{}-back-{}", pen.marker, promotion.decided);
    match in_order(pen, &marker, &step, &rules, promotion, false) {
        Ok(Written::Receipts(receipts)) => Ok(Ok(receipts)),
        Ok(Written::Failed(failure)) => Ok(Err(failure)),
        Ok(Written::Stale(_)) => Ok(Err(failure("the files do not stay the same".to_owned()))),
        Err(error) if error.passing => Err(error),
        Err(error) => Ok(Err(error.failure("write"))),
    }
}

enum Written {
    Receipts(Vec<Receipt>),
    Failed(Failure),
    Stale(Box<gradus_model::Plan>),
}

/// Carries out the steps in order. All files are written together, where the first step that writes
/// stands: the plan is one, and so is its commit.
fn in_order(
    pen: &Pen<'_>,
    marker: &str,
    step: &Step<'_>,
    rules: &Rules,
    promotion: &Promotion,
    as_agreed: bool,
) -> Result<Written, HandsError> {
    let mut receipts = Vec::new();
    let mut written = false;
    let release = &step.release.release;
    let about = json!({
        "app": release.app, "version": release.version, "release": release.digest(), "artifacts": release.artifacts,
        "environment": step.to, "promotion": promotion.id, "plan": promotion.plan_digest,
    });
    // Before anything is done at all, the plan must still be the one that was agreed to.
    let mut seen = None;
    if as_agreed {
        let look = look(pen, marker, step, rules)?;
        if let Some(fresh) = stale(&look, step, rules, promotion)? {
            return Ok(Written::Stale(Box::new(fresh)));
        }
        seen = Some(look);
    }
    for (number, part) in rules.deliver.iter().enumerate() {
        let part = fill_in(part, release, &step.to);
        if !steps::step(&part).is_ok_and(|step| step.acts) {
            if !written {
                match write(pen, marker, step, rules, promotion, (as_agreed, seen.take()))? {
                    Written::Receipts(more) => receipts.extend(more),
                    other => return Ok(other),
                }
                written = true;
            }
            continue;
        }
        let key = format!("{marker}/{number}");
        let commit = receipts
            .iter()
            .rev()
            .find_map(|receipt: &Receipt| receipt.commit.clone());
        let act = Act {
            commit: commit.as_ref(),
            part: &part,
            key: &key,
            about: &about,
            back: !as_agreed,
        };
        let kind = part.kind.clone();
        match pen.hands.act(&act) {
            Ok(note) => receipts.push(Receipt {
                step: kind,
                commit: None,
                note,
            }),
            Err(ActError::Passing(message)) => return Err(HandsError::passing(message)),
            Err(ActError::Lasting(message)) => return Ok(Written::Failed(Failure { step: kind, message })),
        }
    }
    Ok(Written::Receipts(receipts))
}

/// The files as they are, and whether they were written already.
fn look(pen: &Pen<'_>, marker: &str, step: &Step<'_>, rules: &Rules) -> Result<Seen, HandsError> {
    let needed = files_needed(rules, &step.release.release);
    let needed = needed.map_err(|error| HandsError::lasting(error.message))?;
    pen.hands.look(&needed, Some(marker))
}

/// The plan as it would be made now, if nothing was written yet and it is another one.
fn stale(
    seen: &Seen,
    step: &Step<'_>,
    rules: &Rules,
    promotion: &Promotion,
) -> Result<Option<Plan>, HandsError> {
    if !seen.written.is_empty() {
        return Ok(None);
    }
    let (fresh, _) = plan(step, rules, &seen.files).map_err(|error| HandsError::lasting(error.message))?;
    Ok((fresh.digest() != promotion.plan_digest).then_some(fresh))
}

/// Writes what the steps come to. If it must be `as_agreed`, only what the plan says. What was `seen` a moment
/// ago will do: the fence holds if it no longer is so.
fn write(
    pen: &Pen<'_>,
    marker: &str,
    step: &Step<'_>,
    rules: &Rules,
    promotion: &Promotion,
    (as_agreed, mut seen): (bool, Option<Seen>),
) -> Result<Written, HandsError> {
    let lasting = |error: StepError| HandsError::lasting(error.message);
    let needed = files_needed(rules, &step.release.release).map_err(lasting)?;
    let repositories: BTreeSet<RepositoryName> = needed.iter().map(|file| file.repository.clone()).collect();
    let text = message(promotion, &step.release.release.version.to_string(), &pen.seal);
    let mut receipts = Vec::new();
    for repository in &repositories {
        let mut races = 0;
        let receipt = loop {
            let now = match seen.take() {
                Some(seen) => seen,
                None => pen.hands.look(&needed, Some(marker))?,
            };
            // The marker says that it has happened already, whoever did it and whatever came after.
            if let Some(commit) = now.written.get(repository) {
                let commit = commit.clone();
                seen = Some(now);
                break receipt(commit, "already written".to_owned());
            }
            let (fresh, after) = plan(step, rules, &now.files).map_err(lasting)?;
            // Once a repository is written the others follow: half a release is worse than a late one.
            let begun = !receipts.is_empty();
            if as_agreed && !begun && fresh.digest() != promotion.plan_digest {
                return Ok(Written::Stale(Box::new(fresh)));
            }
            let files = of_repository(repository, &after);
            let parent = now.heads.get(repository).and_then(Option::as_ref);
            let said = (text.as_str(), promotion.since);
            if let Some(commit) = pen.hands.write(repository, parent, &files, marker, said)? {
                seen = Some(now);
                break receipt(commit, files.keys().cloned().collect::<Vec<_>>().join(", "));
            }
            races += 1;
            if races >= RACES {
                return Err(too_fast(repository));
            }
        };
        receipts.push(receipt);
    }
    Ok(Written::Receipts(receipts))
}

fn receipt(commit: Commit, note: String) -> Receipt {
    Receipt {
        step: "write".to_owned(),
        commit: Some(commit),
        note,
    }
}

fn too_fast(repository: &RepositoryName) -> HandsError {
    let message = format!("{repository} moves too fast: others write to it all the time");
    HandsError {
        code: "repo.moving",
        ..HandsError::passing(message)
    }
}

fn of_repository(repository: &RepositoryName, files: &Files) -> BTreeMap<String, String> {
    let own = files
        .iter()
        .filter(|(address, _)| address.repository == *repository);
    own.filter_map(|(address, text)| Some((address.path.clone(), text.clone()?)))
        .collect()
}

/// The commit's message. Everything in it comes from the ledger, so that whoever writes it writes
/// the same.
fn message(promotion: &Promotion, version: &str, seal: &str) -> String {
    let plan = &promotion.plan;
    let verb = match promotion.kind {
        _ if *version != *plan.version.as_str() => "Bring back",
        PromotionKind::Rollback => "Roll back to",
        PromotionKind::Promotion => "Promote",
    };
    let approved: String = promotion
        .approvals
        .iter()
        .filter(|approval| approval.plan == promotion.plan_digest)
        .map(|approval| format!("Approved-By: {}\n", approval.person))
        .collect();
    format!(
        "{verb} {app}@{version} in {to}\n\nGradus-Promotion: {id}\nGradus-Release: {release}\nGradus-Plan: {digest}\nRequested-By: {actor}\n{approved}Gradus-Checkpoint: {seal}\n",
        app = plan.app,
        to = plan.to,
        id = promotion.id,
        release = plan.release,
        digest = promotion.plan_digest,
        actor = promotion.requested_by.identity,
    )
}
