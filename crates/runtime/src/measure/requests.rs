//! `slo` and `error_budget`: shares of requests.
//!
//! Both rest on two counters. No failed requests is a good answer, so that counter may be missing;
//! no requests is no answer, so that one may not. Few requests are no answer either.

use super::{Facts, Measuring, percent, unknown};
use gradus_connect::Trouble;
use gradus_model::{Fact, Period, Why};

const DAY: Period = Period::from_secs(24 * 3600);
const MONTH: Period = Period::from_secs(30 * 24 * 3600);

/// A long and a short time, how many times faster than it may the budget burns in both, and how
/// urgent that is: 2% of a month's budget in an hour, 5% in six, 10% in one day or in three.
const BURNS: [(&str, &str, f64, &str); 4] = [
    ("1h", "5m", 14.4, "page"),
    ("6h", "30m", 6.0, "page"),
    ("1d", "2h", 3.0, "ticket"),
    ("3d", "6h", 1.0, "ticket"),
];

/// How many requests failed, of how many, over a window.
struct Counted {
    failed: f64,
    total: f64,
}

fn total_query(measuring: &Measuring<'_>, window: &str) -> String {
    let selector = measuring.metrics.and_then(|metrics| metrics.requests.as_ref());
    format!("sum(increase({}[{window}]))", measuring.filled(selector))
}

fn failed_query(measuring: &Measuring<'_>, window: &str) -> String {
    let selector = measuring.metrics.and_then(|metrics| metrics.failed.as_ref());
    format!(
        "sum(increase({}[{window}])) or vector(0)",
        measuring.filled(selector)
    )
}

fn count(measuring: &Measuring<'_>, window: &str, facts: &mut Facts) -> Result<Counted, Trouble> {
    let total = measuring.number("requests", &total_query(measuring, window), facts)?;
    fresh(measuring, facts)?;
    let least = measuring.metrics.map_or(1.0, |metrics| metrics.at_least);
    facts.insert("requests".to_owned(), Fact::Number(total.round()));
    if total < least {
        return Err(Trouble::inconclusive(format!(
            "only {:.0} requests in {window}, at least {least} mean something",
            total.max(0.0)
        )));
    }
    let failed = measuring.number("failed", &failed_query(measuring, window), facts)?;
    // Counters are extrapolated each for itself; more than all cannot have failed.
    let failed = failed.clamp(0.0, total);
    Ok(Counted { failed, total })
}

/// Sums over a time still answer long after the last sample came; a selector by itself does not.
fn fresh(measuring: &Measuring<'_>, facts: &mut Facts) -> Result<(), Trouble> {
    let selector = measuring.metrics.and_then(|metrics| metrics.requests.as_ref());
    let query = format!("count({})", measuring.filled(selector));
    match measuring.number("fresh", &query, facts) {
        Ok(_) => Ok(()),
        Err(trouble) if trouble.why == Why::NoData => Err(Trouble::inconclusive(
            "the samples are stale: nothing has arrived for minutes",
        )),
        Err(trouble) => Err(trouble),
    }
}

pub(super) fn slo(measuring: &Measuring<'_>) -> Facts {
    let window = measuring.window(DAY);
    let mut facts = Facts::from([("window".to_owned(), Fact::Text(window.to_string()))]);
    match count(measuring, &window.to_string(), &mut facts) {
        Ok(Counted { failed, total }) => {
            facts.insert(
                "availability".to_owned(),
                Fact::Number(percent(total - failed, total)),
            );
            facts.insert("error_rate".to_owned(), Fact::Number(percent(failed, total)));
        }
        Err(trouble) => unknown(&mut facts, &["availability", "error_rate"], &trouble),
    }
    facts
}

pub(super) fn error_budget(measuring: &Measuring<'_>) -> Facts {
    let window = measuring.window(MONTH);
    let mut facts = Facts::from([("window".to_owned(), Fact::Text(window.to_string()))]);
    let general = measuring.metrics.and_then(|metrics| metrics.objective);
    let objective = measuring.settings.number("objective").or(general);
    let Some(budget) = objective
        .map(|objective| 1.0 - objective / 100.0)
        .filter(|budget| *budget > 0.0)
    else {
        let trouble =
            Trouble::error("without an objective below 100% there is no budget: say it in metrics.objective");
        unknown(&mut facts, &["consumed", "burn"], &trouble);
        return facts;
    };
    match count(measuring, &window.to_string(), &mut facts) {
        Ok(Counted { failed, total }) => {
            facts.insert(
                "consumed".to_owned(),
                Fact::Number(consumed(failed, total, budget)),
            );
        }
        Err(trouble) => unknown(&mut facts, &["consumed"], &trouble),
    }
    if measuring.settings.text("burn").is_some() {
        match burn(measuring, budget, &mut facts) {
            Ok(urgency) => drop(facts.insert("burn".to_owned(), Fact::Text(urgency.to_owned()))),
            Err(trouble) => unknown(&mut facts, &["burn"], &trouble),
        }
    }
    facts
}

/// The share of the budget that is spent; more than a hundred when there is none left.
fn consumed(failed: f64, total: f64, budget: f64) -> f64 {
    percent(failed / total, budget)
}

/// How urgent the present burning is: both of a pair of times must burn, the long one so that it
/// matters, the short one so that it is still going on.
fn burn(measuring: &Measuring<'_>, budget: f64, facts: &mut Facts) -> Result<&'static str, Trouble> {
    for (long, short, factor, urgency) in BURNS {
        let rate = |window: &str, facts: &mut Facts| {
            let query = format!(
                "({}) / {}",
                failed_query(measuring, window),
                total_query(measuring, window)
            );
            let ratio = measuring.number(&format!("burn_{window}"), &query, facts)?;
            Ok::<f64, Trouble>(ratio / budget)
        };
        if rate(long, facts)? > factor && rate(short, facts)? > factor {
            return Ok(urgency);
        }
    }
    Ok("none")
}
