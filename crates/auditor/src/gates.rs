//! Asking the gates again, with what the books say was known at that moment.

use crate::books::{Books, Entry};
use gradus_model::{AppName, Evidence, Part, Policy, PromotionId, Timestamp, Version};
use gradus_parts::{Look, gates};

/// A gate that does not pass when it is asked again, in words.
pub(crate) fn unmet(
    policy: &Policy,
    books: &Books,
    id: &PromotionId,
    entry: &Entry,
    at: Timestamp,
) -> Option<String> {
    let (app, plan) = (id.app(), &entry.plan);
    let key = (app.clone(), plan.version.clone());
    let release = books.releases.get(&key)?;
    let evidence = said_of(books, app, &plan.version);
    let changes = books.changes.iter().filter(|((owner, _), _)| owner == app);
    let changes: Vec<_> = changes.map(|((_, place), at)| (place.clone(), *at)).collect();
    let failures = books.failures.iter().filter(|((owner, _), _)| owner == app);
    let failures: Vec<_> = failures.map(|((_, place), at)| (place.clone(), *at)).collect();
    let there = books
        .holds
        .get(&(app.clone(), plan.to.clone()))
        .and_then(|(version, _)| {
            let release = books.releases.get(&(app.clone(), version.clone()))?;
            Some((release, said_of(books, app, version)))
        });
    let look = Look {
        now: at,
        release,
        from: plan.from.as_ref(),
        to: &plan.to,
        evidence: &evidence,
        stays: books.stays.get(&key).map(Vec::as_slice).unwrap_or_default(),
        changes: &changes,
        failures: &failures,
        there: there
            .as_ref()
            .map(|(release, evidence)| (*release, evidence.as_slice())),
        people: &policy.people,
    };
    let parts = entry.rules.iter().flat_map(|rules| &rules.gates);
    parts.into_iter().find_map(|part| refused(part, &look))
}

/// In the order in which it came in: the ids are counted.
fn said_of<'a>(books: &'a Books, app: &AppName, version: &Version) -> Vec<&'a Evidence> {
    let own = books.evidence.iter().filter(|((owner, _), _)| owner == app);
    let of = own.filter(|(_, evidence)| evidence.subject.version == *version);
    of.map(|(_, evidence)| evidence).collect()
}

fn refused(part: &Part, look: &Look<'_>) -> Option<String> {
    let answers = gates::ask(part, look);
    let (name, verdict) = answers
        .into_iter()
        .find(|(_, verdict)| !verdict.answer.is_pass())?;
    Some(format!(
        "{name} wants {} and saw {}",
        verdict.wanted, verdict.observed
    ))
}
