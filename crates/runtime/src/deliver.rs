//! Delivering: writing a plan's files behind a fence, exactly once.

use crate::hands::{Hands, HandsError};
use gradus_engine::{DeliveryResult, Promotion, Step, World, files_needed, plan};
use gradus_model::{Failure, PromotionKind, Receipt, RepositoryName, Rules, Version};
use gradus_parts::steps::Files;
use std::collections::{BTreeMap, BTreeSet};

/// How often a branch may move under a delivery before it is left for later.
const RACES: usize = 8;

/// Delivers a promotion's plan. A passing error means: try again later, nothing was decided.
pub(crate) fn deliver(
    world: &World<'_>,
    hands: &dyn Hands,
    promotion: &Promotion,
    prefix: &str,
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
    let marker = format!("{prefix}/{}", promotion.id);
    match write(hands, &step, &rules, promotion, &marker, Some(promotion)) {
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
    hands: &dyn Hands,
    promotion: &Promotion,
    to: &Version,
    prefix: &str,
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
    let marker = format!("{prefix}/{}-back", promotion.id);
    match write(hands, &step, &rules, promotion, &marker, None) {
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

/// Writes what the steps come to. With `agreed`, only if it is still exactly the agreed plan.
fn write(
    hands: &dyn Hands,
    step: &Step<'_>,
    rules: &Rules,
    promotion: &Promotion,
    marker: &str,
    agreed: Option<&Promotion>,
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
            if let Some(commit) = hands.find(repository, marker)? {
                break Receipt {
                    step: "write".to_owned(),
                    commit: Some(commit),
                    note: "already written".to_owned(),
                };
            }
            let seen = hands.look(&needed)?;
            let (fresh, after) = plan(step, rules, &seen.files).map_err(|error| lasting(error.message))?;
            let elsewhere = receipts.is_empty();
            if agreed.is_some_and(|promotion| fresh.digest() != promotion.plan_digest) && elsewhere {
                return Ok(Written::Stale(Box::new(fresh)));
            }
            let files = of_repository(repository, &after);
            let text = message(promotion, &step.release.release.version.to_string());
            let parent = seen.heads.get(repository).and_then(Option::as_ref);
            if let Some(commit) = hands.write(repository, parent, &files, marker, (&text, promotion.since))? {
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
fn message(promotion: &Promotion, version: &str) -> String {
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
        "{verb} {app}@{version} in {to}\n\nGradus-Promotion: {id}\nGradus-Release: {release}\nGradus-Plan: {digest}\nRequested-By: {actor}\n{approved}",
        app = plan.app,
        to = plan.to,
        id = promotion.id,
        release = plan.release,
        digest = promotion.plan_digest,
        actor = promotion.requested_by.identity,
    )
}
