//! Keeping state bounded: what has ended and is old leaves it. The ledger keeps everything.

use crate::state::AppState;
use gradus_model::{PromotionId, Version};
use std::collections::BTreeSet;

/// How many ended promotions are kept at hand.
const ENDED_KEPT: usize = 50;
/// How many of the newest releases are kept, beside those that are in use.
const RELEASES_KEPT: usize = 50;

/// Drops what no decision can need any more.
pub(crate) fn prune(state: &mut AppState) {
    let ended: Vec<u64> = state
        .promotions
        .iter()
        .filter(|(_, promotion)| promotion.status.is_terminal() && !promotion.review_owed)
        .filter(|(_, promotion)| !brought_what_is_there(state, &promotion.id))
        .map(|(number, _)| *number)
        .collect();
    for number in ended.iter().take(ended.len().saturating_sub(ENDED_KEPT)) {
        state.promotions.remove(number);
    }
    if state.releases.len() <= RELEASES_KEPT {
        return;
    }
    let used = in_use(state);
    let newest = state.releases_counted.saturating_sub(RELEASES_KEPT as u64);
    state.releases.retain(|version, release| {
        // What a chain of schema changes builds on is asked about for as long as the chain is.
        let chained = release.release.chain.is_some();
        chained || release.order > newest || used.contains(version)
    });
    let releases = &state.releases;
    state
        .evidence
        .retain(|_, evidence| releases.contains_key(&evidence.subject.version));
    for place in state.places.values_mut() {
        place.failed.retain(|version| releases.contains_key(version));
    }
}

/// What is said about an environment later is said of the promotion that filled it.
fn brought_what_is_there(state: &AppState, id: &PromotionId) -> bool {
    let mut current = state.places.values().filter_map(|place| place.current.as_ref());
    current.any(|now| now.promotion == *id)
}

/// The versions that an environment holds or could go back to, and those that are on their way.
fn in_use(state: &AppState) -> BTreeSet<Version> {
    let current = state
        .places
        .values()
        .filter_map(|place| place.current.as_ref())
        .map(|now| &now.version);
    let healthy = state.places.values().flat_map(|place| &place.healthy);
    let moving = state.moving().map(|promotion| &promotion.plan.version);
    let back = state
        .moving()
        .filter_map(|promotion| promotion.going_back_to.as_ref());
    current
        .chain(healthy)
        .chain(moving)
        .chain(back)
        .cloned()
        .collect()
}
