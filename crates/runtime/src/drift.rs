//! Drift: what an environment's files hold, against what the ledger says was put there.

use crate::hands::Hands;
use gradus_connect::Trouble;
use gradus_engine::{Step, World, deviations, files_needed};
use gradus_model::{EnvironmentName, FileEdit, Version};

/// What an environment should hold, and what of it is otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// The version that was put there.
    pub version: Version,
    /// How many files it consists of.
    pub files: usize,
    /// Those that hold something else, with what would bring them back.
    pub differing: Vec<FileEdit>,
}

/// Compares an environment of an app with what was put there.
pub(crate) fn drift(hands: &dyn Hands, world: &World<'_>, place: &EnvironmentName) -> Result<Drift, Trouble> {
    let now = world.app.current(place);
    let now = now.ok_or_else(|| Trouble::no_data(format!("nothing was ever put into {place}")))?;
    let gone = || Trouble::error(format!("{} is not known any more", now.version));
    let step = Step::back(world, &now.version, place).ok_or_else(gone)?;
    let rules = step.rules.clone().ok_or_else(gone)?;
    let wrong = |error: gradus_parts::StepError| Trouble::error(error.message);
    let needed = files_needed(&step, &rules).map_err(wrong)?;
    if needed.is_empty() {
        return Err(Trouble::no_data(format!("nothing is written for {place}")));
    }
    let seen = hands
        .look(&needed, None)
        .map_err(|error| Trouble::error(error.message))?;
    Ok(Drift {
        version: now.version.clone(),
        files: needed.len(),
        differing: deviations(&step, &rules, &seen.files).map_err(wrong)?,
    })
}
