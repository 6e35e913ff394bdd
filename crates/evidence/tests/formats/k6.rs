//! k6, in both of its tongues.

const CLEAN: &str = r#"{"root_group": {"name": "", "checks": {}}, "metrics": {
 "http_reqs": {"count": 3148, "rate": 104.5}, "iterations": {"count": 3148, "rate": 104.5},
 "http_req_duration": {"avg": 9.1, "min": 1.2, "med": 8.0, "max": 99.0, "p(90)": 15.0, "p(95)": 20.5, "thresholds": {"p(95)<500": false}},
 "http_req_failed": {"passes": 0, "fails": 3148, "value": 0, "thresholds": {"rate<0.01": false}}}}
"#;

const SUMMARY: &str = r#"{"metrics": {"http_reqs": {"type": "counter", "contains": "default", "values": {"count": 100, "rate": 10}},
 "iterations": {"type": "counter", "values": {"count": 100, "rate": 10}},
 "http_req_duration": {"type": "trend", "contains": "time", "values": {"avg": 5, "min": 1, "med": 4, "max": 50, "p(90)": 9, "p(95)": 12, "p(99)": 30}, "thresholds": {"p(95)<500": {"ok": true}}},
 "http_req_failed": {"type": "rate", "values": {"rate": 0.05, "passes": 5, "fails": 95}}}, "root_group": {"name": ""}, "options": {}, "state": {"testRunDurationMs": 10000}}"#;

hostile!(
    "k6",
    Json,
    CLEAN,
    crate::table::passes()
        .fact("p95_ms", 20.5)
        .fact("error_rate", 0.0)
        .fact("throughput", 104.5)
        .fact("requests", 3148.0)
        .text("status", "passed")
);

cases! { "k6";
    false_in_an_export_means_not_failed: CLEAN => passes().quiet("threshold");
    true_in_an_export_means_failed: CLEAN.replace("\"p(95)<500\": false", "\"p(95)<500\": true") => fails().exit(99).noted("threshold").fact("p95_ms", 20.5);
    ok_in_a_summary_means_held: SUMMARY => passes().fact("p99_ms", 30.0).quiet("threshold");
    not_ok_in_a_summary_means_failed: SUMMARY.replace("\"ok\": true", "\"ok\": false") => fails().noted("threshold");
    what_passes_is_what_failed: SUMMARY => passes().fact("error_rate", 5.0).fact("failed_requests", 5.0);
    without_p99_there_is_none: CLEAN => passes().without("p99_ms");
    a_threshold_on_a_rate_without_samples: CLEAN.replace("\"passes\": 0, \"fails\": 3148", "\"passes\": 0, \"fails\": 0") => inconclusive().noted("no_samples").without("error_rate").without("p95_ms");
    a_threshold_on_a_trend_without_samples: CLEAN.replace("\"http_reqs\"", "\"my_trend\": {\"avg\": 0, \"min\": 0, \"med\": 0, \"max\": 0, \"thresholds\": {\"p(95)<1\": false}}, \"http_reqs\"") => inconclusive().noted("no_samples");
    no_requests: CLEAN.replace("\"count\": 3148, \"rate\": 104.5}, \"iterations\"", "\"count\": 0, \"rate\": 0}, \"iterations\"") => inconclusive().noted("too_few").without("throughput");
    no_iterations: CLEAN.replace("\"iterations\": {\"count\": 3148", "\"iterations\": {\"count\": 0") => inconclusive().noted("no_samples");
    without_thresholds_nothing_is_judged: SUMMARY.replace(", \"thresholds\": {\"p(95)<500\": {\"ok\": true}}", "") => passes().without("status").fact("p95_ms", 12.0);
    exit_code_99_without_a_crossed_threshold: CLEAN => fails().exit(99).noted("exit_code").without("p95_ms");
    exit_code_104_is_a_wrong_configuration: CLEAN => broken().exit(104).without("p95_ms");
    exit_code_107_is_a_script_that_failed: CLEAN => broken().exit(107);
    a_threshold_that_is_neither: CLEAN.replace("\"p(95)<500\": false", "\"p(95)<500\": \"fine\"") => fails().noted("threshold");
    failed_checks_are_shown: CLEAN.replace("\"http_reqs\"", "\"checks\": {\"passes\": 1, \"fails\": 2, \"value\": 0.3}, \"http_reqs\"") => passes().fact("checks_failed", 2.0).noted("checks");
    every_request_failed: SUMMARY.replace("\"passes\": 5, \"fails\": 95", "\"passes\": 100, \"fails\": 0") => fails().noted("all_failed").fact("error_rate", 100.0);
    fewer_requests_than_asked: CLEAN => inconclusive().at_least(10_000).without("p95_ms");
    without_metrics: r#"{"root_group": {}}"# => refused("evidence.malformed").named("k6");
}
