//! `canary`: what share it really served, how long without a break, and how well.

use super::{Facts, Measuring, percent, trouble, unknown};
use gradus_connect::{Trouble, prometheus};
use gradus_model::{Fact, Period};

const DAY: Period = Period::from_secs(24 * 3600);
/// In how many pieces the time is looked at.
const PIECES: u64 = 240;
/// How far back each piece looks at least, so that it holds several samples.
const LOOK: u64 = 240;
/// The shortest piece: shorter ones hold too few samples.
const SHORTEST: u64 = 60;

pub(super) fn canary(measuring: &Measuring<'_>) -> Facts {
    let window = measuring.settings.period("for").unwrap_or(DAY);
    let span = window.to_string();
    let mut facts = Facts::from([("window".to_owned(), Fact::Text(span.clone()))]);
    let metrics = measuring.metrics;
    let canary = measuring.filled(metrics.and_then(|metrics| metrics.canary_requests.as_ref()));
    let failed = measuring.filled(metrics.and_then(|metrics| metrics.canary_failed.as_ref()));
    let all = measuring.filled(metrics.and_then(|metrics| metrics.requests.as_ref()));
    let all_failed = measuring.filled(metrics.and_then(|metrics| metrics.failed.as_ref()));
    let sum = |selector: &str| format!("sum(increase({selector}[{span}]))");
    let counted = measuring
        .number("canary", &sum(&canary), &mut facts)
        .and_then(|own| Ok((own, measuring.number("requests", &sum(&all), &mut facts)?)));
    match &counted {
        Ok((own, total)) if *total > 0.0 => {
            facts.insert(
                "traffic".to_owned(),
                Fact::Number(percent(*own, *total).min(100.0)),
            );
        }
        Ok(_) => unknown(
            &mut facts,
            &["traffic"],
            &Trouble::inconclusive("there were no requests"),
        ),
        Err(found) => unknown(&mut facts, &["traffic"], found),
    }
    let counted = counted.and_then(|(own, total)| {
        let least = metrics.map_or(1.0, |metrics| metrics.at_least);
        if own < least {
            let text =
                format!("only {own:.0} requests on the canary in {span}, at least {least} mean something");
            return Err(Trouble::inconclusive(text));
        }
        Ok((own, total))
    });
    let rates = counted.and_then(|(own, total)| {
        let or_none = |selector: &str| format!("{} or vector(0)", sum(selector));
        let bad = measuring.number("canary_failed", &or_none(&failed), &mut facts)?;
        let all_bad = measuring.number("failed", &or_none(&all_failed), &mut facts)?;
        let (rest, rest_bad) = (total - own, (all_bad - bad).max(0.0));
        let baseline = (rest > 0.0).then(|| percent((rest - rest_bad).max(0.0), rest));
        Ok((percent((own - bad).max(0.0), own), baseline))
    });
    match rates {
        Ok((own, baseline)) => {
            facts.insert("success_rate".to_owned(), Fact::Number(own));
            let beside = Trouble::no_data("nothing runs beside the canary");
            let baseline = baseline.map_or_else(|| trouble(&beside), Fact::Number);
            facts.insert("baseline_success_rate".to_owned(), baseline);
        }
        Err(found) => unknown(&mut facts, &["success_rate", "baseline_success_rate"], &found),
    }
    match eligible(measuring, window, (&canary, &all), &mut facts) {
        Ok(period) => drop(facts.insert("duration".to_owned(), Fact::Text(period.to_string()))),
        Err(found) => unknown(&mut facts, &["duration"], &found),
    }
    facts
}

/// How long up to now it served its share without a break. A gap in the data is a break.
fn eligible(
    measuring: &Measuring<'_>,
    window: Period,
    (canary, all): (&str, &str),
    facts: &mut Facts,
) -> Result<Period, Trouble> {
    let base = measuring
        .metrics
        .and_then(|metrics| metrics.prometheus.as_deref());
    let base = base.ok_or_else(|| Trouble::error("the policy names no Prometheus"))?;
    let step = (window.as_millis() / 1000 / PIECES).max(SHORTEST);
    let look = step.max(LOOK);
    let query = format!("sum(increase({canary}[{look}s])) / sum(increase({all}[{look}s])) * 100");
    facts.insert("duration_query".to_owned(), Fact::Text(query.clone()));
    let seconds = i64::try_from(window.as_millis() / 1000).unwrap_or(i64::MAX);
    let from = measuring.now - std::time::Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    let request = prometheus::range(base, &query, from, measuring.now, step as f64);
    let line = prometheus::line(&measuring.hands.ask(&request)?)?;
    let share = measuring.settings.number("traffic").unwrap_or(0.0);
    let now = measuring.now.as_millisecond() as f64 / 1000.0;
    Ok(unbroken(&line, share, now, step as f64))
}

/// The time from the first moment after the last break up to now.
fn unbroken(line: &[(f64, f64)], share: f64, now: f64, step: f64) -> Period {
    let mut begun = now;
    for (at, value) in line.iter().rev() {
        let gap = begun - at > step * 1.5;
        // A share that is met to a hundredth is met: what is counted is extrapolated.
        if gap || *value < share - 0.01 {
            break;
        }
        begun = *at;
    }
    Period::from_secs((now - begun).max(0.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_small_shares_stop_the_clock() {
        let line = |values: &[(f64, f64)]| unbroken(values, 10.0, 600.0, 60.0).as_millis() / 1000;
        let steady: Vec<_> = (0..=10).map(|n| (f64::from(n) * 60.0, 10.0)).collect();
        assert_eq!(line(&steady), 600);
        let mut dip = steady.clone();
        dip[5].1 = 9.0;
        assert_eq!(line(&dip), 240);
        let mut gap = steady.clone();
        gap.remove(7);
        assert_eq!(line(&gap), 120);
        assert_eq!(line(&steady[..8]), 0, "nothing is known of the last minutes");
        assert_eq!(line(&[]), 0);
    }
}
