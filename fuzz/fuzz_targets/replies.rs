//! Answers of monitoring systems: there is a finite number, or words why not.
#![no_main]

use gradus_connect::{Reply, alertmanager, prometheus};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &str| {
    let reply = Reply {
        status: 200,
        content_type: "application/json".to_owned(),
        body: body.to_owned(),
    };
    if let Ok(sample) = prometheus::one(&reply) {
        assert!(sample.value.is_finite());
    }
    if let Ok(line) = prometheus::line(&reply) {
        assert!(line.iter().all(|(_, value)| value.is_finite()));
    }
    let _ = alertmanager::firing(&reply);
});
