//! Delivering: writing a plan's files behind a fence, exactly once.

use crate::hands::{Hands, HandsError};
use gradus_engine::{DeliveryResult, Promotion, Step, World, files_needed, plan};
use gradus_model::{Failure, PromotionKind, Receipt, RepositoryName, Rules, Version};
use gradus_parts::steps::Files;
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
    match write(pen, &pen.marker, &step, &rules, promotion, true) {
        Ok(Written::Receipts(receipts)) => Ok(DeliveryResult::Done(receipts)),
        Ok(Written::Stale(plan)) => Ok(DeliveryResult::Stale {
            plan,
            rules: Box::new(rules),
        }),
        Err(error) if error.passing => Err(error),
        Err(error) => Ok(failed("write", error.message)),
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
    let marker = format!("{}-back", pen.marker);
    match write(pen, &marker, &step, &rules, promotion, false) {
        Ok(Written::Receipts(receipts)) => Ok(Ok(receipts)),
        Ok(Written::Stale(_)) => Ok(Err(failure("the files do not stay the same".to_owned()))),
        Err(error) if error.passing => Err(error),
        Err(error) => Ok(Err(failure(error.message))),
    }
}

enum Written {
    Receipts(Vec<Receipt>),
    Stale(Box<gradus_model::Plan>),
}

/// Writes what the steps come to. If it must be `as_agreed`, only what the plan says.
fn write(
    pen: &Pen<'_>,
    marker: &str,
    step: &Step<'_>,
    rules: &Rules,
    promotion: &Promotion,
    as_agreed: bool,
) -> Result<Written, HandsError> {
    let lasting = |message: String| HandsError {
        message,
        passing: false,
    };
    let needed = files_needed(rules, &step.release.release).map_err(|error| lasting(error.message))?;
    let repositories: BTreeSet<RepositoryName> = needed.iter().map(|file| file.repository.clone()).collect();
    let mut receipts = Vec::new();
    for repository in &repositories {
        let mut races = 0;
        let receipt = loop {
            // The marker says that it has happened already, whoever did it and whatever came after.
            if let Some(commit) = pen.hands.find(repository, marker)? {
                break Receipt {
                    step: "write".to_owned(),
                    commit: Some(commit),
                    note: "already written".to_owned(),
                };
            }
            let seen = pen.hands.look(&needed)?;
            let (fresh, after) = plan(step, rules, &seen.files).map_err(|error| lasting(error.message))?;
            // Once a repository is written the others follow: half a release is worse than a late one.
            let begun = !receipts.is_empty();
            if as_agreed && !begun && fresh.digest() != promotion.plan_digest {
                return Ok(Written::Stale(Box::new(fresh)));
            }
            let files = of_repository(repository, &after);
            let text = message(promotion, &step.release.release.version.to_string(), &pen.seal);
            let parent = seen.heads.get(repository).and_then(Option::as_ref);
            if let Some(commit) =
                pen.hands
                    .write(repository, parent, &files, marker, (&text, promotion.since))?
            {
                let note = files.keys().cloned().collect::<Vec<_>>().join(", ");
                break Receipt {
                    step: "write".to_owned(),
                    commit: Some(commit),
                    note,
                };
            }
            races += 1;
            if races >= RACES {
                return Err(HandsError {
                    message: format!("{repository} moves too fast"),
                    passing: true,
                });
            }
        };
        receipts.push(receipt);
    }
    Ok(Written::Receipts(receipts))
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
