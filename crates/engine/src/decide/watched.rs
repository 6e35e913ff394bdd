//! Watched: what had been good in an environment, and may no longer be.

use super::find;
use crate::refusal::Refusal;
use crate::state::World;
use gradus_model::{Event, Finding, PromotionId};

/// What follows from a look at an environment after its delivery was found good.
///
/// A check that cannot tell changes nothing here: not knowing is no reason to go back. One that
/// fails counts when it has failed more often than the policy allows.
pub(super) fn watched(
    world: &World<'_>,
    id: &PromotionId,
    findings: &[Finding],
) -> Result<Vec<Event>, Refusal> {
    let promotion = find(world, id)?;
    let place = world.app.places.get(&promotion.plan.to);
    let good = place.and_then(|place| place.current.as_ref());
    // Something else may have come, or begun, since the look.
    let still = good.is_some_and(|now| now.promotion == *id && now.verified_at.is_some());
    let failed = findings
        .iter()
        .any(|finding| finding.answer == gradus_model::Answer::Fail);
    if !still || !failed || world.app.lane(&promotion.plan.to).is_some() {
        return Ok(Vec::new());
    }
    let observe = world
        .policy
        .rules_for_rollback(world.name, &promotion.plan.to)
        .and_then(|rules| rules.observe);
    let allowed = observe.map_or(0, |observe| observe.failures);
    let doubts = place.map_or(0, |place| place.doubts.count);
    let (promotion, findings) = (id.clone(), findings.to_vec());
    Ok(vec![if doubts < allowed {
        Event::CheckDoubted { promotion, findings }
    } else {
        Event::HealthLost { promotion, findings }
    }])
}
