//! What must be true when a delivery begins.

use crate::books::{Books, Entry};
use crate::gates;
use gradus_model::{
    Approvers, ConditionKind, Decision, Digest, Policy, PromotionId, PromotionKind, Rules, SchemaChange,
    Scope, Timestamp, Version,
};

/// Everything that is wrong with the beginning of a delivery.
pub(crate) fn objections(books: &Books, id: &PromotionId, decision: &Decision, at: Timestamp) -> Vec<String> {
    let Some(entry) = books.promotions.get(id) else {
        return vec![format!("{id} was never requested")];
    };
    let Some(policy) = books.policies.get(&decision.policy) else {
        return vec![format!(
            "{id} was decided under a policy that the ledger does not know"
        )];
    };
    let mut wrong = Vec::new();
    let mut object = |bad: bool, what: &str| {
        if bad {
            wrong.push(format!("{id}: {what}"));
        }
    };
    let glass = entry.glass.as_ref().is_some_and(|glass| at < glass.until);
    object(entry.over, "it had ended");
    object(
        entry.plan.digest() != decision.plan,
        "another plan was carried out than the one that stood",
    );
    object(
        !release_is_sound(books, id, entry),
        "the release is unknown, denied, or not the one that was taken in",
    );
    object(
        !way_exists(policy, id, entry),
        "the policy in force has no such way",
    );
    object(is_halted(books, id, entry), "it had been stopped");
    object(
        came_from_nowhere(books, id, entry),
        "the release had not been verified where it came from",
    );
    let lane = books.lanes.get(&(id.app().clone(), entry.plan.to.clone()));
    object(
        lane.is_some_and(|holder| holder != id),
        "another promotion was changing the environment",
    );
    object(
        !glass && !all_pass(decision),
        "a condition did not hold, and the glass was not broken",
    );
    object(
        !evidence_is_there(books, id, decision),
        "it rests on evidence that is not there, or about something else",
    );
    object(
        !glass && gates_missing(entry, decision),
        "a gate that the rules name was not asked",
    );
    let unmet = gates::unmet(policy, books, id, entry, at);
    object(
        !glass && unmet.is_some(),
        &format!("asked again, {}", unmet.unwrap_or_default()),
    );
    object(
        takes_away_what_is_needed(books, id, entry),
        "an environment still needed the shape that it takes away",
    );
    let by_itself = entry.kind == PromotionKind::Rollback && entry.automatic;
    object(
        by_itself && !answers_a_loss(books, id, entry),
        "it went back by itself, and nothing had been lost there",
    );
    object(
        !glass && !by_itself && !agreed(policy, books, id, entry, at),
        "not enough people who may had agreed to this plan",
    );
    wrong
}

/// A contract must not come while some environment holds a release from before the migration.
fn takes_away_what_is_needed(books: &Books, id: &PromotionId, entry: &Entry) -> bool {
    let own = |version| books.releases.get(&(id.app().clone(), version));
    let Some(release) = own(entry.plan.version.clone()) else {
        return false;
    };
    if release.schema != SchemaChange::Contract || entry.kind == PromotionKind::Rollback {
        return false;
    }
    let is_migration = |(_, one): &(usize, &Version)| {
        let one = own((*one).clone());
        one.is_some_and(|one| one.schema == SchemaChange::Migrate && one.chain == release.chain)
    };
    let order = books.order.get(id.app()).map(Vec::as_slice).unwrap_or_default();
    let Some((migrated, _)) = order.iter().enumerate().find(is_migration) else {
        return true;
    };
    let mut held = books.holds.iter().filter(|((app, _), _)| app == id.app());
    held.any(|(_, (version, _))| order.iter().position(|one| one == version) < Some(migrated))
}

/// What goes back by itself needs a loss that is in the ledger, and a policy that says so.
fn answers_a_loss(books: &Books, id: &PromotionId, entry: &Entry) -> bool {
    let lost = books.lost.contains(&(id.app().clone(), entry.plan.to.clone()));
    let wanted = |rules: &Rules| rules.on_failure == gradus_model::OnFailure::Rollback;
    lost && entry.rules.last().is_some_and(wanted)
}

fn release_is_sound(books: &Books, id: &PromotionId, entry: &Entry) -> bool {
    let key = (id.app().clone(), entry.plan.version.clone());
    let same = books.releases.get(&key).is_some_and(|release| {
        release.digest() == entry.plan.release && release.artifacts == entry.plan.artifacts
    });
    same && !books.denied.contains(&key)
}

/// The rules that the policy in force has for this way, and that the plan was made from.
fn way_exists(policy: &Policy, id: &PromotionId, entry: &Entry) -> bool {
    let plan = &entry.plan;
    let kinds = gradus_model::ReleaseKind::ALL.iter().copied();
    let same = |rules: Option<Rules>| rules.is_some_and(|rules| Digest::of_value(&rules) == plan.rules);
    match (entry.kind, &plan.from) {
        (PromotionKind::Rollback, _) => same(policy.rules_for_rollback(id.app(), &plan.to)),
        (_, None) => same(policy.rules_for_direct(id.app(), &plan.to)),
        (_, Some(from)) => kinds
            .into_iter()
            .any(|kind| same(policy.rules_for_path(id.app(), from, &plan.to, kind))),
    }
}

fn is_halted(books: &Books, id: &PromotionId, entry: &Entry) -> bool {
    books.halts.iter().any(|scope| match scope {
        Scope::Workspace => true,
        Scope::App(app) => app == id.app(),
        Scope::Environment(environment) => *environment == entry.plan.to,
    })
}

fn came_from_nowhere(books: &Books, id: &PromotionId, entry: &Entry) -> bool {
    let plan = &entry.plan;
    let been = |from| {
        books
            .verified
            .contains(&(id.app().clone(), plan.version.clone(), from))
    };
    plan.from.clone().is_some_and(|from| !been(from))
}

fn all_pass(decision: &Decision) -> bool {
    decision
        .conditions
        .iter()
        .all(|condition| condition.answer.is_pass())
}

/// Every gate of every set of rules that binds must have left at least one answer.
fn gates_missing(entry: &Entry, decision: &Decision) -> bool {
    let asked = |kind: &str| {
        let gates = decision
            .conditions
            .iter()
            .filter(|condition| condition.kind == ConditionKind::Gate);
        gates
            .into_iter()
            .any(|condition| condition.name.split(' ').next() == Some(kind))
    };
    entry
        .rules
        .iter()
        .flat_map(|rules| &rules.gates)
        .any(|gate| !asked(&gate.kind))
}

fn evidence_is_there(books: &Books, id: &PromotionId, decision: &Decision) -> bool {
    let Some(entry) = books.promotions.get(id) else {
        return false;
    };
    let passing = decision
        .conditions
        .iter()
        .filter(|condition| condition.answer.is_pass());
    let about_it = |evidence| {
        let found = books.evidence.get(&(id.app().clone(), evidence));
        found.is_some_and(|found| found.subject.digest == entry.plan.release)
    };
    passing
        .flat_map(|condition| condition.evidence.iter().copied())
        .all(about_it)
}

/// Tries every way of giving each place to another human: slow, plain, and unlike the engine's.
fn agreed(policy: &Policy, books: &Books, id: &PromotionId, entry: &Entry, at: Timestamp) -> bool {
    let people = &policy.people;
    let is = |identity: &str, person| people.who(identity).is_some_and(|(name, _)| name == person);
    let release = books
        .releases
        .get(&(id.app().clone(), entry.plan.version.clone()));
    let digest = entry.plan.digest();
    entry.rules.iter().all(|rules| {
        let mut humans: Vec<_> = entry
            .approvals
            .iter()
            .filter(|(_, plan, given)| *plan == digest && at < rules.approvals_expire.after(*given))
            .map(|(person, ..)| person)
            .filter(|person| people.known.get(*person).is_some_and(|known| !known.machine))
            .filter(|person| people.self_approval || !is(&entry.requester.identity, *person))
            .filter(|person| {
                let wrote =
                    release.is_some_and(|release| release.authors.iter().any(|author| is(author, *person)));
                people.author_approval || !wrote
            })
            .collect();
        humans.sort();
        humans.dedup();
        let places: Vec<&Approvers> = rules
            .approvals
            .iter()
            .flat_map(|rule| std::iter::repeat_n(rule, rule.count as usize))
            .collect();
        fill(&places, &mut humans, policy)
    })
}

fn fill(places: &[&Approvers], humans: &mut Vec<&gradus_model::PersonName>, policy: &Policy) -> bool {
    let Some((place, rest)) = places.split_first() else {
        return true;
    };
    for at in 0..humans.len() {
        let human = humans[at];
        if place.from.iter().any(|team| policy.people.is_member(team, human)) {
            humans.remove(at);
            let filled = fill(rest, humans, policy);
            humans.insert(at, human);
            if filled {
                return true;
            }
        }
    }
    false
}
