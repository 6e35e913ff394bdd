//! `parity`: how alike an environment is to another.

use super::{Facts, trouble};
use crate::drift::Means;
use crate::parity::parity as compare;
use gradus_connect::Trouble;
use gradus_engine::World;
use gradus_model::{EnvironmentName, Fact, Settings, Why};

/// How many differences are named.
const NAMED: usize = 5;

pub(super) fn parity(
    means: Means<'_>,
    world: &World<'_>,
    settings: &Settings,
    place: &EnvironmentName,
) -> Facts {
    let mut facts = Facts::new();
    let other = settings
        .text("with")
        .and_then(|name| EnvironmentName::new(name).ok());
    let found = match other {
        Some(other) => compare(means.hands, world, &other, place),
        None => Err(Trouble::error("it names no other environment")),
    };
    match found {
        Ok(found) => {
            facts.insert("score".to_owned(), Fact::Number(found.score()));
            facts.insert("differs".to_owned(), Fact::Number(found.different.len() as f64));
            let named = found.different.iter().take(NAMED);
            let mut named: Vec<&str> = named.map(|difference| difference.path.as_str()).collect();
            if found.different.len() > NAMED {
                named.push("…");
            }
            if !named.is_empty() {
                facts.insert("what".to_owned(), Fact::Text(named.join(", ")));
            }
        }
        // Where nothing is yet there is nothing that could be unlike.
        Err(found) if found.why == Why::NoData && world.app.current(place).is_none() => {
            facts.insert("score".to_owned(), Fact::Number(100.0));
        }
        Err(found) => drop(facts.insert("score".to_owned(), trouble(&found))),
    }
    facts
}
