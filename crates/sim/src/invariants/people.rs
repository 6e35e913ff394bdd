//! Invariants about who may let what pass.

use super::{Moment, deliveries, hold, story_of};
use gradus_model::{BreakGlass, Event, PersonName, Plan, Recorded, Rules};

pub(super) fn a_second_opinion_agrees(moment: &Moment<'_>) -> Result<(), String> {
    let findings = gradus_auditor::audit(moment.events.iter());
    hold(findings.is_empty(), || format!("{findings:?}"))
}

pub(super) fn the_policy_in_force_decides(moment: &Moment<'_>) -> Result<(), String> {
    for (before, _, id, decision) in deliveries(moment) {
        let adopted = before.iter().rev().find_map(|recorded| match &recorded.event {
            Event::PolicyAdopted { digest, .. } => Some(digest),
            _ => None,
        });
        hold(adopted == Some(&decision.policy), || {
            format!("{id} began under another policy")
        })?;
        // Whatever rules it was ever asked under: as many people as each of them wants have agreed.
        let (plan, agreed) = agreement(before, id);
        let rules = story_of(before, id).filter_map(|recorded| rules(&recorded.event));
        let wanted = rules.map(|rules| rules.approvals.iter().map(|rule| rule.count).sum::<u32>());
        let wanted = wanted.max().unwrap_or_default() as usize;
        let glass = plan.is_some_and(|(_, glass)| glass.is_some());
        hold(glass || agreed.len() >= wanted, || {
            format!("{id}: {wanted} wanted, {agreed:?} agreed")
        })?;
    }
    Ok(())
}

fn rules(event: &Event) -> Option<&Rules> {
    match event {
        Event::PromotionRequested { rules, .. } | Event::PromotionReplanned { rules, .. } => Some(rules),
        _ => None,
    }
}

/// The plan that stands, how it was asked for, and who agreed to it.
fn agreement<'a>(
    before: &'a [Recorded],
    id: &'a gradus_model::PromotionId,
) -> (Option<(&'a Plan, Option<&'a BreakGlass>)>, Vec<&'a PersonName>) {
    let glass = story_of(before, id).find_map(|recorded| match &recorded.event {
        Event::PromotionRequested { break_glass, .. } => break_glass.as_ref(),
        _ => None,
    });
    let plan = story_of(before, id).find_map(|recorded| match &recorded.event {
        Event::PromotionRequested { plan, .. } | Event::PromotionReplanned { plan, .. } => Some(&**plan),
        _ => None,
    });
    let digest = plan.map(Plan::digest);
    let mut agreed: Vec<_> = story_of(before, id)
        .filter_map(|recorded| match &recorded.event {
            Event::ApprovalGiven { plan, person, .. } if Some(plan) == digest.as_ref() => Some(person),
            _ => None,
        })
        .collect();
    agreed.sort();
    agreed.dedup();
    (plan.map(|plan| (plan, glass)), agreed)
}

pub(super) fn people_are_kept_apart(moment: &Moment<'_>) -> Result<(), String> {
    let people = &moment.policy.people;
    for (at, recorded) in moment.events.iter().enumerate() {
        let Event::ApprovalGiven {
            promotion, person, ..
        } = &recorded.event
        else {
            continue;
        };
        let is_them = |identity: &str| people.who(identity).is_some_and(|(name, _)| name == person);
        let asked = story_of(&moment.events[..at], promotion)
            .find(|earlier| matches!(earlier.event, Event::PromotionRequested { .. }));
        let asked = asked.ok_or_else(|| format!("{promotion} was agreed to and never requested"))?;
        hold(!is_them(&asked.actor.identity), || {
            format!("{person} agreed to their own {promotion}")
        })?;
        let Event::PromotionRequested { plan, .. } = &asked.event else {
            continue;
        };
        let release = &moment.state.releases.get(&plan.version);
        let wrote = release.is_some_and(|known| known.release.authors.iter().any(|author| is_them(author)));
        hold(!wrote, || {
            format!("{person} agreed to their own work in {promotion}")
        })?;
        hold(person.as_str() != "ci", || {
            format!("a machine agreed to {promotion}")
        })?;
    }
    Ok(())
}

pub(super) fn who_left_does_not_count(moment: &Moment<'_>) -> Result<(), String> {
    for (before, _, id, _) in deliveries(moment) {
        let policy = before.iter().rev().find_map(|recorded| match &recorded.event {
            Event::PolicyAdopted { policy, .. } => Some(policy),
            _ => None,
        });
        let policy = policy.ok_or("no policy was ever adopted")?;
        let (Some((_, None)), agreed) = agreement(before, id) else {
            continue;
        };
        let rules = story_of(before, id).find_map(|recorded| rules(&recorded.event));
        for rule in rules.into_iter().flat_map(|rules| &rules.approvals) {
            let counting = agreed.iter().filter(|person| {
                let teams = &mut rule.from.iter();
                teams.any(|team| policy.people.is_member(team, person))
            });
            let counted = counting.count();
            hold(counted >= rule.count as usize, || {
                format!("{id}: {counted} of {:?} agreed", rule.from)
            })?;
        }
    }
    Ok(())
}

pub(super) fn unknown_never_passes(moment: &Moment<'_>) -> Result<(), String> {
    for (before, _, id, decision) in deliveries(moment) {
        let glass = agreement(before, id).0.is_some_and(|(_, glass)| glass.is_some());
        let open = decision
            .conditions
            .iter()
            .find(|condition| !condition.answer.is_pass());
        hold(glass || open.is_none(), || format!("{id} began with {open:?}"))?;
    }
    for (at, recorded) in moment.events.iter().enumerate() {
        let before = |id| {
            story_of(&moment.events[..at], id)
                .next()
                .map(|earlier| &earlier.event)
        };
        match &recorded.event {
            Event::VerificationPassed { promotion, findings } => {
                let good = findings.iter().all(|finding| finding.answer.is_pass());
                hold(good, || format!("{promotion} was verified by {findings:?}"))?;
            }
            Event::RollbackStarted { promotion, .. } => {
                let silent = matches!(before(promotion), Some(Event::VerificationInconclusive { .. }));
                hold(!silent, || {
                    format!("{promotion} went back because nobody could tell")
                })?;
            }
            _ => {}
        }
    }
    Ok(())
}
