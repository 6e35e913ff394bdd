//! What an environment holds: the files that are its own, and those of them that are nobody else's.

use crate::phases::steps_back;
use crate::planning::files_needed;
use crate::step::Step;
use gradus_model::{FileAddress, Part, Rules};
use gradus_parts::{StepError, steps};
use std::collections::BTreeSet;

/// The copies of folders, as the steps of an environment name them.
fn copies(step: &Step<'_>, rules: &Rules) -> Vec<Part> {
    let parts = steps_back(step, rules).into_iter().map(|placed| placed.part);
    parts.filter(|part| part.kind == "copy").collect()
}

/// The files and folders that an environment consists of: where something is copied from is another's.
pub fn files_held(step: &Step<'_>, rules: &Rules) -> Result<BTreeSet<FileAddress>, StepError> {
    let mut held = files_needed(step, rules)?;
    for part in copies(step, rules) {
        let source = steps::copied_from(&part.settings);
        held.retain(|file| Some(file) != source.as_ref());
    }
    Ok(held)
}

/// Whether a file is made equal to another as a whole, so that nothing in it is anybody else's.
pub fn is_copied(step: &Step<'_>, rules: &Rules, file: &FileAddress) -> bool {
    let copies = copies(step, rules);
    copies.iter().any(|part| steps::is_copied(&part.settings, file))
}
