//! `drift`: how many files hold something else than what was put there.

use super::{Facts, trouble};
use crate::drift::drift as compare;
use crate::hands::Hands;
use gradus_engine::World;
use gradus_model::{EnvironmentName, Fact};

pub(super) fn drift(hands: &dyn Hands, world: &World<'_>, place: &EnvironmentName) -> Facts {
    let mut facts = Facts::new();
    match compare(hands, world, place) {
        Ok(found) => {
            facts.insert("differs".to_owned(), Fact::Number(found.differing.len() as f64));
            let paths: Vec<_> = found
                .differing
                .iter()
                .map(|edit| edit.address.path.as_str())
                .collect();
            if !paths.is_empty() {
                facts.insert("files".to_owned(), Fact::Text(paths.join(", ")));
            }
        }
        Err(found) => drop(facts.insert("differs".to_owned(), trouble(&found))),
    }
    facts
}
