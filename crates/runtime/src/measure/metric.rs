//! `metric`: whatever the gate's own query gives.

use super::{Facts, Measuring, trouble};
use gradus_model::Fact;

pub(super) fn metric(measuring: &Measuring<'_>) -> Facts {
    let mut facts = Facts::new();
    let query = measuring.settings.text("query").unwrap_or_default();
    let value = match measuring.number("value", query, &mut facts) {
        Ok(value) => Fact::Number(value),
        Err(found) => trouble(&found),
    };
    facts.insert("value".to_owned(), value);
    facts
}
