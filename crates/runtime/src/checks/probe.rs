//! `probe`: makes requests, and measures how many fail and how long they take.

use gradus_connect::{Request, Transport};
use gradus_model::{Answer, Finding, Period, Settings};
use std::time::{Duration, Instant};

const REQUESTS: f64 = 20.0;
const EVERY: Period = Period::from_millis(50);
const TIMEOUT: Duration = Duration::from_secs(5);

pub(super) fn check(settings: &Settings, transport: &dyn Transport) -> Finding {
    let url = settings.text("url").unwrap_or_default();
    let count = settings.number("requests").unwrap_or(REQUESTS).max(1.0);
    let every = settings.period("every").unwrap_or(EVERY).duration();
    let most = settings.number("error_rate").unwrap_or(0.0);
    let slowest = settings.number("p95_ms");
    let (mut failed, mut times, mut last) = (0.0, Vec::new(), String::new());
    for number in 0..count as u64 {
        if number > 0 {
            std::thread::sleep(every);
        }
        let begun = Instant::now();
        let request = Request {
            timeout: TIMEOUT,
            ..Request::get(url)
        };
        match transport.send(&request) {
            Ok(answer) if answer.status < 400 => times.push(begun.elapsed().as_secs_f64() * 1000.0),
            Ok(answer) => {
                failed += 1.0;
                last = format!("{}", answer.status);
            }
            Err(trouble) => {
                failed += 1.0;
                last = trouble.text;
            }
        }
    }
    let rate = failed / count * 100.0;
    let p95 = percentile(&mut times);
    let slow = slowest.is_some_and(|limit| p95.is_none_or(|p95| p95 > limit));
    let mut observed = format!("{failed} of {count} requests failed ({rate:.1}%)");
    if failed > 0.0 {
        observed.push_str(&format!(", the last with {last}"));
    }
    if let Some(p95) = p95 {
        observed.push_str(&format!(", p95 {p95:.0} ms"));
    }
    let mut wanted = format!("at most {most}% failed");
    if let Some(limit) = slowest {
        wanted.push_str(&format!(", p95 at most {limit} ms"));
    }
    Finding {
        check: format!("probe {url}"),
        answer: Answer::of(rate <= most && !slow),
        wanted,
        observed,
        target: None,
    }
}

/// The 95th percentile by nearest rank; none of nothing.
fn percentile(times: &mut [f64]) -> Option<f64> {
    times.sort_by(f64::total_cmp);
    let rank = (times.len() * 95).div_ceil(100);
    times.get(rank.checked_sub(1)?).copied()
}
