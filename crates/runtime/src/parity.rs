//! Parity: how alike what two environments hold is.

use crate::hands::Hands;
use gradus_connect::Trouble;
use gradus_engine::{Step, World, files_needed};
use gradus_model::EnvironmentName;

/// How alike two environments are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parity {
    /// How many different lines both have together, each counted once.
    pub lines: usize,
    /// The lines that only one of them has: `- ` only the first, `+ ` only the second.
    pub different: Vec<String>,
}

impl Parity {
    /// The share of lines that both have, in percent.
    pub fn score(&self) -> f64 {
        match self.lines {
            0 => 100.0,
            lines => (lines - self.different.len()) as f64 / lines as f64 * 100.0,
        }
    }
}

/// The lines that an environment's files hold, with its own name taken for `${environment}`.
fn lines(hands: &dyn Hands, world: &World<'_>, place: &EnvironmentName) -> Result<Vec<String>, Trouble> {
    let now = world.app.current(place);
    let now = now.ok_or_else(|| Trouble::no_data(format!("nothing was ever put into {place}")))?;
    let gone = || Trouble::error(format!("{} is not known any more", now.version));
    let step = Step::back(world, &now.version, place).ok_or_else(gone)?;
    let rules = step.rules.as_ref().ok_or_else(gone)?;
    let needed = files_needed(&step, rules).map_err(|error| Trouble::error(error.message))?;
    if needed.is_empty() {
        return Err(Trouble::no_data(format!("nothing is written for {place}")));
    }
    let seen = hands
        .look(&needed, None)
        .map_err(|error| Trouble::error(error.message))?;
    let each = seen.files.into_iter().flat_map(|(address, text)| {
        let file = address.path.replace(place.as_str(), "${environment}");
        let text = text.unwrap_or_default().replace(place.as_str(), "${environment}");
        let lines: Vec<String> = text.lines().map(|line| format!("{file}: {line}")).collect();
        lines
    });
    Ok(each.collect())
}

/// Compares two environments of an app.
pub(crate) fn parity(
    hands: &dyn Hands,
    world: &World<'_>,
    one: &EnvironmentName,
    two: &EnvironmentName,
) -> Result<Parity, Trouble> {
    let (first, mut second) = (lines(hands, world, one)?, lines(hands, world, two)?);
    let (mut both, mut different) = (0, Vec::new());
    for line in first {
        match second.iter().position(|other| *other == line) {
            Some(at) => {
                second.remove(at);
                both += 1;
            }
            None => different.push(format!("- {line}")),
        }
    }
    different.extend(second.into_iter().map(|line| format!("+ {line}")));
    let lines = both + different.len();
    Ok(Parity { lines, different })
}
