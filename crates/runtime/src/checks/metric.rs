//! `metric`: measures again and again, and counts what came of it.
//!
//! One failure too many ends it at once; so does one that nobody can judge too many, and a row of
//! errors. Only what was measured to the end and judged well passes.

use super::Means;
use gradus_connect::{Trouble, prometheus};
use gradus_model::{Answer, Finding, Period, Settings, Timestamp, Why};
use gradus_parts::compare;
use std::time::Instant;

const EVERY: Period = Period::from_secs(30);
const ERRORS: f64 = 4.0;

/// What was counted so far.
#[derive(Default)]
struct Tally {
    passed: u32,
    failed: u32,
    unclear: u32,
    errors_in_a_row: u32,
    last: String,
}

impl Tally {
    fn add(&mut self, answer: Answer, observed: String) {
        self.last = observed;
        let error = answer == Answer::Unknown(Why::Error);
        self.errors_in_a_row = if error { self.errors_in_a_row + 1 } else { 0 };
        match answer {
            Answer::Pass => self.passed += 1,
            Answer::Fail => self.failed += 1,
            Answer::Unknown(Why::Error) => {}
            Answer::Unknown(_) => self.unclear += 1,
        }
    }

    /// Whether the limits are passed, and with what.
    fn over(&self, settings: &Settings) -> Option<Answer> {
        let limit = |name: &str, default: f64| settings.number(name).unwrap_or(default);
        if f64::from(self.failed) > limit("failure_limit", 0.0) {
            return Some(Answer::Fail);
        }
        if f64::from(self.errors_in_a_row) > limit("consecutive_error_limit", ERRORS) {
            return Some(Answer::Unknown(Why::Error));
        }
        let unclear = f64::from(self.unclear) > limit("inconclusive_limit", 0.0);
        unclear.then_some(Answer::Unknown(Why::Inconclusive))
    }

    /// What it comes to when the time is up.
    fn end(&self) -> Answer {
        match (self.passed, self.errors_in_a_row) {
            (0, 0) => Answer::Unknown(Why::NoData),
            (0, _) => Answer::Unknown(Why::Error),
            _ => Answer::Pass,
        }
    }
}

pub(super) fn check(settings: &Settings, means: &Means<'_>) -> Finding {
    let length = settings.period("for").unwrap_or(Period::ZERO).duration();
    let every = settings.period("every").unwrap_or(EVERY).duration();
    let before = compares(settings).then(|| measure_before(settings, means));
    let begun = Instant::now();
    let mut tally = Tally::default();
    let answer = loop {
        match measure(settings, means) {
            Ok(value) => {
                let (pass, fail) = (settings.text("pass_when"), settings.text("fail_when"));
                let (answer, note) = match worse(settings, value, before.as_ref()) {
                    Some(found) => found,
                    None => (compare(pass, fail, value), String::new()),
                };
                tally.add(answer, format!("{value}{note}"));
            }
            Err(trouble) => tally.add(Answer::Unknown(trouble.why), trouble.text),
        }
        if let Some(over) = tally.over(settings) {
            break over;
        }
        let enough = tally.errors_in_a_row == 0 && begun.elapsed() + every > length;
        let too_long = begun.elapsed() > length * 2 + every * 5;
        if enough || too_long {
            break tally.end();
        }
        std::thread::sleep(every);
    };
    let Tally {
        passed,
        failed,
        unclear,
        last,
        ..
    } = tally;
    Finding {
        check: "metric".to_owned(),
        answer,
        wanted: settings.text("pass_when").unwrap_or_default().to_owned(),
        observed: format!("{last} ({passed} passed, {failed} failed, {unclear} unclear)"),
        target: None,
    }
}

fn compares(settings: &Settings) -> bool {
    settings.get("no_more_than_before").is_some() || settings.get("no_less_than_before").is_some()
}

/// What is worse than it was, or cannot be compared: with the answer that follows.
fn worse(settings: &Settings, value: f64, before: Option<&Result<f64, Trouble>>) -> Option<(Answer, String)> {
    let before = match before? {
        Ok(before) => *before,
        Err(trouble) => {
            return Some((
                Answer::Unknown(trouble.why),
                format!(", before: {}", trouble.text),
            ));
        }
    };
    let margin = |name: &str| settings.number(name).map(|share| before.abs() * share / 100.0);
    let above = margin("no_more_than_before").is_some_and(|margin| value > before + margin);
    let below = margin("no_less_than_before").is_some_and(|margin| value < before - margin);
    (above || below).then(|| (Answer::Fail, format!(", before {before}")))
}

fn measure_before(settings: &Settings, means: &Means<'_>) -> Result<f64, Trouble> {
    let Some(at) = means.before else {
        return Err(Trouble::no_data("it is not known when the delivery began"));
    };
    measure_at(settings, means, at)
}

fn measure(settings: &Settings, means: &Means<'_>) -> Result<f64, Trouble> {
    measure_at(settings, means, means.now.now())
}

fn measure_at(settings: &Settings, means: &Means<'_>, at: Timestamp) -> Result<f64, Trouble> {
    let base = means
        .prometheus
        .ok_or_else(|| Trouble::error("the policy names no Prometheus"))?;
    let query = settings.text("query").unwrap_or_default();
    let reply = means.transport.send(&prometheus::instant(base, query, at))?;
    prometheus::one(&reply).map(|sample| sample.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradus_model::Setting;

    #[test]
    fn what_is_worse_than_before_fails_however_good_it_is() {
        let margin = |name: &str| {
            let share = Setting::Number(20.0);
            Settings([(name.to_owned(), share)].into_iter().collect())
        };
        let (more, less) = (margin("no_more_than_before"), margin("no_less_than_before"));
        let at =
            |settings: &Settings, now: f64| worse(settings, now, Some(&Ok(10.0))).map(|(answer, _)| answer);
        assert_eq!(at(&more, 12.0), None);
        assert_eq!(at(&more, 12.1), Some(Answer::Fail));
        assert_eq!(at(&more, 0.0), None);
        assert_eq!(at(&less, 8.0), None);
        assert_eq!(at(&less, 7.9), Some(Answer::Fail));
        let unknown = worse(&more, 1.0, Some(&Err(Trouble::no_data("nothing"))));
        assert_eq!(
            unknown.unwrap().0,
            Answer::Unknown(Why::NoData),
            "never compared is never good"
        );
        assert_eq!(worse(&more, 99.0, None), None, "nobody asked");
    }

    #[test]
    fn limits_are_what_may_be_not_what_must_not() {
        let settings = |pairs: &[(&str, f64)]| {
            let pairs = pairs
                .iter()
                .map(|(name, number)| ((*name).to_owned(), Setting::Number(*number)));
            Settings(pairs.collect())
        };
        let tally = |answers: &[Answer]| {
            let mut tally = Tally::default();
            answers
                .iter()
                .for_each(|answer| tally.add(*answer, String::new()));
            tally
        };
        let (pass, fail, error) = (Answer::Pass, Answer::Fail, Answer::Unknown(Why::Error));
        let unclear = Answer::Unknown(Why::NoData);
        let none = settings(&[]);
        assert_eq!(tally(&[pass, fail]).over(&none), Some(fail));
        assert_eq!(
            tally(&[pass, fail]).over(&settings(&[("failure_limit", 1.0)])),
            None
        );
        assert_eq!(
            tally(&[pass, unclear]).over(&none),
            Some(Answer::Unknown(Why::Inconclusive))
        );
        assert_eq!(tally(&[error; 4]).over(&none), None);
        assert_eq!(tally(&[error; 5]).over(&none), Some(error));
        assert_eq!(
            tally(&[error, error, pass, error, error, error]).over(&none),
            None,
            "they are counted in a row"
        );
        assert_eq!(
            tally(&[]).end(),
            Answer::Unknown(Why::NoData),
            "nothing measured is nothing known"
        );
        assert_eq!(tally(&[error]).end(), error);
        assert_eq!(tally(&[error, pass]).end(), pass);
    }
}
