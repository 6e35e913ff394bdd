//! Approvals: which of the people who said yes count, and for what.

use crate::state::{Approval, Promotion, World};
use gradus_model::{Actor, Approvers, Permission, PersonName, Rules, Timestamp};

/// Why somebody's yes does not count, with its code.
pub(crate) type Objection = (&'static str, String);

/// Whether a person may agree to a promotion at all: asked when they do, and again when it is
/// carried out, because teams and identities change.
pub(crate) fn objection(world: &World<'_>, promotion: &Promotion, person: &PersonName) -> Option<Objection> {
    let people = &world.policy.people;
    let Some(known) = people.known.get(person) else {
        return Some((
            "approval.unknown_person",
            format!("the policy does not know {person}"),
        ));
    };
    if known.machine {
        return Some((
            "approval.machine",
            format!("{person} is a machine, and machines never approve"),
        ));
    }
    let is_same = |identity: &str| people.who(identity).is_some_and(|(name, _)| name == person);
    if !people.self_approval && is_same(&promotion.requested_by.identity) {
        return Some((
            "approval.self",
            format!("{person} asked for {} and cannot approve it", promotion.id),
        ));
    }
    let release = world.app.releases.get(&promotion.plan.version);
    let authored =
        release.is_some_and(|release| release.release.authors.iter().any(|author| is_same(author)));
    if !people.author_approval && authored {
        return Some((
            "approval.author",
            format!("{person} wrote a commit in {}", promotion.plan.version),
        ));
    }
    let allowed = |rules: &Rules| people.includes(rules.access.who(Permission::Approve), Some(person));
    if !promotion.rules.iter().all(allowed) {
        return Some((
            "approval.not_asked",
            format!("{person} may not approve what goes to {}", promotion.plan.to),
        ));
    }
    None
}

/// The approvals that count now: for the present plan, not expired, by people who still may.
pub(crate) fn counting<'a>(world: &World<'_>, promotion: &'a Promotion, now: Timestamp) -> Vec<&'a Approval> {
    let lasts = promotion.rules.iter().map(|rules| rules.approvals_expire).min();
    let fresh = |approval: &Approval| lasts.is_none_or(|lasts| now < lasts.after(approval.at));
    let present = |approval: &&Approval| approval.plan == promotion.plan_digest && fresh(approval);
    let may = |approval: &&Approval| objection(world, promotion, &approval.person).is_none();
    promotion.approvals.iter().filter(present).filter(may).collect()
}

/// For each rule, the people who fill it. One human fills one place, and they are seated so that
/// as many places as possible are filled.
pub(crate) fn seats(world: &World<'_>, rules: &[Approvers], approvals: &[&Approval]) -> Vec<Vec<PersonName>> {
    let places: Vec<usize> = rules
        .iter()
        .enumerate()
        .flat_map(|(rule, asked)| vec![rule; asked.count as usize])
        .collect();
    let fits = |person: &PersonName, place: usize| {
        let teams = &rules[places[place]].from;
        teams
            .iter()
            .any(|team| world.policy.people.is_member(team, person))
    };
    let mut seated: Vec<Option<usize>> = vec![None; places.len()];
    for newcomer in 0..approvals.len() {
        let mut tried = vec![false; places.len()];
        seat(newcomer, &mut seated, &mut tried, &|who, place| {
            fits(&approvals[who].person, place)
        });
    }
    let mut filled = vec![Vec::new(); rules.len()];
    for (place, who) in seated.iter().enumerate() {
        if let Some(who) = who {
            filled[places[place]].push(approvals[*who].person.clone());
        }
    }
    filled
}

/// Seats one person, asking others to move on where that helps (Kuhn's augmenting paths).
fn seat(
    who: usize,
    seated: &mut [Option<usize>],
    tried: &mut [bool],
    fits: &dyn Fn(usize, usize) -> bool,
) -> bool {
    for place in 0..seated.len() {
        if tried[place] || !fits(who, place) {
            continue;
        }
        tried[place] = true;
        let free = match seated[place] {
            None => true,
            Some(other) => seat(other, seated, tried, fits),
        };
        if free {
            seated[place] = Some(who);
            return true;
        }
    }
    false
}

/// Whether an actor has a permission under every set of rules that binds.
pub(crate) fn permitted(world: &World<'_>, actor: &Actor, permission: Permission, rules: &[&Rules]) -> bool {
    let person = world.policy.people.who(&actor.identity).map(|(name, _)| name);
    let includes = |rules: &&Rules| world.policy.people.includes(rules.access.who(permission), person);
    actor.is_system() || rules.iter().all(includes)
}
