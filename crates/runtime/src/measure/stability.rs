//! `stability`: how often it was restarted. How often a delivery failed is in the history.

use super::{Facts, Measuring, trouble};
use gradus_model::{Fact, Period};

const DAY: Period = Period::from_secs(24 * 3600);

pub(super) fn stability(measuring: &Measuring<'_>) -> Facts {
    let mut facts = Facts::new();
    let window = measuring.settings.period("since_change").unwrap_or(DAY);
    let selector = measuring.filled(measuring.metrics.and_then(|metrics| metrics.restarts.as_ref()));
    let query = format!("sum(increase({selector}[{window}]))");
    let restarts = match measuring.number("restarts", &query, &mut facts) {
        Ok(count) => Fact::Number(count.round()),
        Err(found) => trouble(&found),
    };
    facts.insert("restarts".to_owned(), restarts);
    facts
}
