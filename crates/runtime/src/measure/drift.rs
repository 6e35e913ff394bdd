//! `drift`: how much of an environment is otherwise than it was put there.

use super::{Facts, trouble};
use crate::drift::{Drift, Means, drift as compare};
use gradus_connect::Trouble;
use gradus_engine::World;
use gradus_model::{EnvironmentName, Fact};

pub(super) fn drift(means: Means<'_>, world: &World<'_>, place: &EnvironmentName) -> Facts {
    // Where nothing was ever put there is nothing that could be otherwise.
    if world.app.current(place).is_none() {
        return Facts::from([("differs".to_owned(), Fact::Number(0.0))]);
    }
    told(&compare(means, world, place))
}

/// What was found, as facts.
pub(crate) fn told(found: &Result<Drift, Trouble>) -> Facts {
    let mut facts = Facts::new();
    match found {
        Ok(found) => {
            let count = Fact::Number(found.count() as f64);
            let count = found.unknown().map_or(count, |found| trouble(&found));
            facts.insert("differs".to_owned(), count);
            facts.insert("beside".to_owned(), Fact::Number(found.beside.len() as f64));
            let words = found.words();
            if !words.is_empty() {
                facts.insert("what".to_owned(), Fact::Text(words.join(", ")));
            }
        }
        Err(found) => drop(facts.insert("differs".to_owned(), trouble(found))),
    }
    facts
}
