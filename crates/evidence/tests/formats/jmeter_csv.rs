//! JMeter's CSV.

const HEADER: &str = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,Latency\n";
const CLEAN: &str = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,Latency\n1700000000000,100,/,200,OK,t 1-1,text,true,,10,90\n1700000000500,200,/,200,\"OK, \"\"yes\"\"\",t 1-1,text,true,,10,90\n1700000000700,300,/,200,OK,t 1-1,text,true,,10,90\n";

fn rows(rows: &str) -> String {
    format!("{HEADER}{rows}")
}

hostile!(
    "jmeter-csv",
    Text,
    CLEAN,
    crate::table::passes()
        .fact("p95_ms", 300.0)
        .fact("throughput", 3.0)
        .fact("requests", 3.0)
        .without("status")
);

cases! { "jmeter-csv";
    without_a_header: "1700000000000,100,/,200,OK,t 1-1,text,true,10\n1700000001000,50,/,500,No,t 1-1,text,false,10\n" => fails().fact("requests", 2.0).fact("error_rate", 50.0).noted("no_header");
    another_separator: CLEAN.replace(',', ";") => passes().fact("requests", 3.0);
    line_ends_in_quotes: rows("1700000000000,100,/,200,\"first\nsecond\",t,text,true,\"a\nb\",1,1\n1700000001000,50,/,200,OK,t,text,true,,1,1\n") => passes().fact("requests", 2.0);
    dates_that_are_written_out: "2011-21-21 10:00:00,100,/,200,OK,t,text,true,10\n" => passes().without("throughput").noted("no_throughput").fact("p95_ms", 100.0);
    a_response_code_in_words: rows("1700000000000,1,/,Non HTTP response code: java.net.SocketException,Connection reset,t,text,false,x,0,0\n") => fails().noted("all_failed");
    a_transaction_beside_its_samples: rows("1700000000000,1,/,200,OK,t,text,true,,1,1\n1700000000000,1,T,200,\"Number of samples in transaction : 1, number of failing samples : 0\",t,text,true,,1,1\n")
        => passes().fact("requests", 1.0).fact("transactions", 1.0);
    a_header_alone: HEADER => inconclusive().noted("too_few").without("error_rate");
    a_record_that_is_too_short: rows("1700000000000,100\n") => refused("evidence.malformed").place(" at 2:");
    a_time_that_is_none: rows("1700000000000,fast,/,200,OK,t,text,true,,1,1\n") => refused("evidence.malformed");
    quotes_that_never_end: rows("1700000000000,100,/,200,\"OK,t,text,true,,1,1\n") => refused("evidence.truncated");
    a_record_without_an_end: rows("1700000000000,100,/,200,OK,t,text,true,,1,1") => refused("evidence.truncated");
    blank_lines: format!("{CLEAN}\n\n") => passes().fact("requests", 3.0);
    fewer_than_asked: CLEAN => inconclusive().at_least(100).without("p95_ms");
    fifty_thousand_requests: rows(&(0..50_000).map(|n| format!("{},{},/,200,OK,t,text,true,,1,1\n", 1_700_000_000_000_u64 + n, n % 100)).collect::<String>()) => passes().fact("p99_ms", 98.0).fact("requests", 5e4);
    jmeter_failed: CLEAN => fails().exit(1).without("p95_ms");
}
