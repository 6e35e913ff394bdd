//! JMeter's XML.

const CLEAN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testResults version="1.2">
<httpSample t="100" lt="90" ts="1700000000000" s="true" lb="/" rc="200" rm="OK" tn="t 1-1"/>
<httpSample t="200" lt="90" ts="1700000000500" s="true" lb="/" rc="200" rm="OK" tn="t 1-1"><assertionResult><name>a</name><failure>false</failure></assertionResult></httpSample>
<httpSample t="300" lt="90" ts="1700000000700" s="true" lb="/" rc="200" rm="OK" tn="t 1-1"/>
</testResults>
"#;

fn results(body: &str) -> String {
    format!(r#"<testResults version="1.2">{body}</testResults>"#)
}

const OK: &str = r#"<httpSample t="10" ts="1700000000000" s="true"/>"#;
const BAD: &str = r#"<httpSample t="20" ts="1700000001000" s="false" rc="Non HTTP response code: java.net.ConnectException"/>"#;

hostile!(
    "jmeter-xml",
    Xml,
    CLEAN,
    crate::table::passes()
        .fact("p95_ms", 300.0)
        .fact("p50_ms", 200.0)
        .fact("error_rate", 0.0)
        .fact("throughput", 3.0)
        .fact("requests", 3.0)
        .without("status")
);

cases! { "jmeter-xml";
    a_failed_request: results(&format!("{OK}{BAD}")) => fails().fact("error_rate", 50.0).fact("failed_requests", 1.0).without("status");
    nested_samples_are_parts: results(&format!(r#"<httpSample t="30" ts="1" s="true">{OK}{OK}</httpSample>"#)) => passes().fact("requests", 1.0).fact("nested", 2.0).noted("nested");
    a_transaction_counts_by_its_samples: results(&format!(r#"<sample t="30" ts="1" s="false" rm="Number of samples in transaction : 2, number of failing samples : 1">{OK}{BAD}</sample>"#))
        => fails().fact("requests", 2.0).fact("transactions", 1.0).fact("error_rate", 50.0);
    a_transaction_beside_its_samples: results(&format!(r#"{OK}{OK}<sample t="30" ts="1" s="true" rm="Number of samples in transaction : 2, number of failing samples : 0"/>"#)) => passes().fact("requests", 2.0);
    no_request: results("") => inconclusive().noted("too_few");
    a_sample_that_does_not_say_how_it_went: results(r#"<httpSample t="1" ts="1"/>"#) => inconclusive().noted("unjudged").without("p95_ms");
    a_sample_without_a_time: results(r#"<httpSample ts="1" s="true"/>"#) => refused("evidence.malformed");
    dates_that_are_written_out: results(r#"<httpSample t="5" ts="2011-21-21 10:00:00" s="true"/>"#) => passes().without("throughput").noted("no_throughput");
    every_request_failed: results(BAD) => fails().noted("all_failed").fact("error_rate", 100.0);
    a_document_type: format!("<!DOCTYPE testResults>{}", results(OK)) => refused("evidence.doctype");
    percentiles_are_nearest_rank: results(&(1..=100).map(|n| format!(r#"<httpSample t="{n}" ts="{n}" s="true"/>"#)).collect::<String>()) => passes().fact("p95_ms", 95.0).fact("p99_ms", 99.0).fact("p50_ms", 50.0);
    jmeter_failed: CLEAN => fails().exit(1).without("p95_ms");
}
