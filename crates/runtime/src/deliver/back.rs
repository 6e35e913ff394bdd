//! The way back: exactly the bytes that stood there before, where nobody has touched them since.

use super::Pen;
use crate::hands::HandsError;
use gradus_engine::Promotion;
use gradus_model::{Digest, FileAddress, Version};
use gradus_parts::steps::Files;
use std::collections::{BTreeMap, BTreeSet};

/// What a promotion's files held before it, and what it has left in them.
pub(crate) struct Before {
    files: Files,
    left: BTreeMap<FileAddress, Option<Digest>>,
}

impl Before {
    /// The files as they were, if they still hold what the promotion left there.
    pub(crate) fn restored(&self, now: &Files) -> Option<Files> {
        let untouched = |(address, digest): (&FileAddress, &Option<Digest>)| {
            let text = now.get(address).and_then(Option::as_deref);
            text.map(|text| Digest::of(text.as_bytes())) == *digest
        };
        self.left.iter().all(untouched).then(|| self.files.clone())
    }
}

/// What stood in the files before a promotion's first commit: none, if nothing was written, or if
/// another release is to come back than the one that stood there.
pub(crate) fn before(
    pen: &Pen<'_>,
    promotion: &Promotion,
    to: &Version,
) -> Result<Option<Before>, HandsError> {
    if promotion.replaces.as_ref() != Some(to) {
        return Ok(None);
    }
    let left = left(promotion);
    let repositories: BTreeSet<_> = left.keys().map(|address| &address.repository).collect();
    let mut files = Files::new();
    for repository in repositories {
        let own = left.keys().filter(|address| address.repository == *repository);
        let own = own.cloned().collect();
        let mut first = None;
        for phase in 0..=promotion.phase {
            let seen = pen.hands.look(&own, Some(&pen.of_phase(phase)))?;
            first = seen.written.get(repository).cloned();
            if first.is_some() {
                break;
            }
        }
        let Some(commit) = first else { return Ok(None) };
        files.extend(pen.hands.before(repository, &commit, &own)?);
    }
    // Only what the plan was made from is what was there before it.
    let as_planned = |(address, text): (&FileAddress, &Option<String>)| {
        let digest = text.as_deref().map(|text| Digest::of(text.as_bytes()));
        let mut edits = promotion.plan.edits.iter();
        edits
            .find(|edit| edit.address == *address)
            .is_none_or(|edit| edit.before == digest)
    };
    let sound = !files.is_empty() && files.iter().all(as_planned);
    Ok(sound.then_some(Before { files, left }))
}

/// What the phases so far have left in the files.
fn left(promotion: &Promotion) -> BTreeMap<FileAddress, Option<Digest>> {
    let plan = &promotion.plan;
    let phases = plan.phases.iter().take(promotion.phase as usize + 1);
    let whole = plan.edits.iter().filter(|_| plan.phases.is_empty());
    let edits = phases.flat_map(|phase| &phase.edits).chain(whole);
    edits
        .map(|edit| (edit.address.clone(), edit.after.clone()))
        .collect()
}
