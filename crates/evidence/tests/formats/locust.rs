//! Locust.

const HEADER: &str = "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%\n";
const CLEAN: &str = "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%\nGET,/,90,0,5,6,1,40,10,9.0,0,5,6,7,8,9,12,15,30,40,40,40\nGET,\"/a,b\",10,0,5,6,1,40,10,1.0,0,5,6,7,8,9,12,15,30,40,40,40\n,Aggregated,100,0,5,6,1,40,10,10.0,0,5,6,7,8,9,12,15,30,40,40,40\n";

hostile!(
    "locust",
    Text,
    CLEAN,
    crate::table::passes()
        .fact("p95_ms", 12.0)
        .fact("p99_ms", 30.0)
        .fact("throughput", 10.0)
        .fact("requests", 100.0)
        .fact("error_rate", 0.0)
        .without("status")
);

cases! { "locust";
    failures: CLEAN.replace(",10,0,5", ",10,5,5").replace("Aggregated,100,0", "Aggregated,100,5") => fails().fact("error_rate", 5.0).without("status");
    a_total_that_is_not_the_sum: CLEAN.replace("Aggregated,100,0", "Aggregated,500,0") => inconclusive().noted("counters").without("p95_ms");
    failures_that_the_total_hides: CLEAN.replace(",10,0,5", ",10,5,5") => inconclusive().noted("counters").without("error_rate");
    without_a_total: CLEAN.split(",Aggregated").next().unwrap() => inconclusive().noted("no_total").without("p95_ms");
    nothing_was_asked: format!("{HEADER},Aggregated,0,0,0,0,0,0,0,0,0,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A\n") => inconclusive().noted("too_few").without("p95_ms");
    two_totals: format!("{CLEAN},Aggregated,100,0,5,6,1,40,10,10.0,0,5,6,7,8,9,12,15,30,40,40,40\n") => refused("evidence.malformed");
    a_count_that_is_a_word: CLEAN.replace("GET,/,90", "GET,/,many") => refused("evidence.malformed").place(" at 2:");
    fewer_than_asked: CLEAN => inconclusive().at_least(1000);
    locust_failed: CLEAN => fails().exit(1).without("p95_ms");
}
