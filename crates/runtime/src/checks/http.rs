//! `http`: asks an address until it answers as expected, or time is up.

use gradus_model::{Answer, Finding, Period, Settings};
use std::time::{Duration, Instant};

const WITHIN: Period = Period::from_secs(30);
const EVERY: Period = Period::from_secs(1);
/// How long one request may take, and how much of an answer is read.
const TIMEOUT: Duration = Duration::from_secs(5);
const BYTES: u64 = 64 * 1024;

pub(super) fn check(settings: &Settings) -> Finding {
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
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .max_redirects(0)
        .http_status_as_error(false);
    let agent: ureq::Agent = config.build().into();
    let start = Instant::now();
    loop {
        let (good, observed) = ask(&agent, url, status, contains);
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
            };
        }
        std::thread::sleep(every);
    }
}

fn within_words(start: Instant) -> String {
    let millis = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    Period::from_millis(millis).rough()
}

fn ask(agent: &ureq::Agent, url: &str, status: f64, contains: Option<&str>) -> (bool, String) {
    let mut answer = match agent.get(url).call() {
        Ok(answer) => answer,
        Err(error) => return (false, format!("no answer: {error}")),
    };
    let code = answer.status().as_u16();
    let body = match answer
        .body_mut()
        .with_config()
        .limit(BYTES)
        .lossy_utf8(true)
        .read_to_string()
    {
        Ok(body) => body,
        Err(error) => return (false, format!("{code}, and the answer cannot be read: {error}")),
    };
    if f64::from(code) != status {
        return (false, format!("{code}"));
    }
    match contains {
        Some(text) if !body.contains(text) => (false, format!("{code} without {text}")),
        _ => (true, format!("{code}")),
    }
}
