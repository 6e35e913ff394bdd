//! `http`: asks an address until it answers as expected, or time is up.

use gradus_connect::{Request, Transport};
use gradus_model::{Answer, Finding, Period, Settings};
use std::time::{Duration, Instant};

const WITHIN: Period = Period::from_secs(30);
const EVERY: Period = Period::from_secs(1);
/// How long one request may take, and how much of an answer is read.
const TIMEOUT: Duration = Duration::from_secs(5);
const BYTES: u64 = 1024 * 1024;

pub(super) fn check(settings: &Settings, transport: &dyn Transport) -> Finding {
    let url = settings.text("url").unwrap_or_default();
    let status = settings.number("status").unwrap_or(200.0);
    let contains = settings.text("contains");
    let wanted = match contains {
        Some(text) => format!("{status} with {text}"),
        None => format!("{status}"),
    };
    let within = settings.period("within").unwrap_or(WITHIN).duration();
    let every = settings
        .period("every")
        .unwrap_or(EVERY)
        .duration()
        .max(Duration::from_millis(50));
    let start = Instant::now();
    loop {
        let (good, observed) = ask(transport, url, status, contains);
        if good || start.elapsed() + every > within {
            let observed = if good {
                observed
            } else {
                format!("{observed}, after {}", within_words(start))
            };
            return Finding {
                check: format!("http {url}"),
                answer: Answer::of(good),
                wanted,
                observed,
                target: None,
            };
        }
        std::thread::sleep(every);
    }
}

fn within_words(start: Instant) -> String {
    let millis = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    Period::from_millis(millis).rough()
}

fn ask(transport: &dyn Transport, url: &str, status: f64, contains: Option<&str>) -> (bool, String) {
    let request = Request {
        timeout: TIMEOUT,
        limit: BYTES,
        ..Request::get(url)
    };
    let answer = match transport.send(&request) {
        Ok(answer) => answer,
        Err(trouble) => return (false, format!("no answer: {trouble}")),
    };
    let code = answer.status;
    if f64::from(code) != status {
        return (false, format!("{code}"));
    }
    match contains {
        Some(text) if !answer.body.contains(text) => (false, format!("{code} without {text}")),
        _ => (true, format!("{code}")),
    }
}
