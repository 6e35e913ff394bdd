//! Answers of monitoring systems as they are documented, and what is read from them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

use gradus_connect::{Reply, alertmanager, prometheus};
use gradus_model::{Period, Timestamp, Why};

fn reply(status: u16, body: &str) -> Reply {
    Reply {
        status,
        content_type: "application/json".into(),
        body: body.into(),
    }
}

fn vector(values: &str) -> String {
    format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{values}]}}}}"#)
}

#[test]
fn prometheus_gives_one_number_or_says_why_not() {
    let one = r#"{"metric":{},"value":[1800000000.5,"99.95"]}"#;
    let value = |text: &str| vector(&format!(r#"{{"metric":{{}},"value":[1,"{text}"]}}"#));
    let warned = vector(one).replace(
        r#""status""#,
        r#""warnings":["partial response: store down"],"status""#,
    );
    let info = vector(one).replace(
        r#""status""#,
        r#""warnings":["PromQL info: metric might not be a counter"],"status""#,
    );
    let matrix = r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#;
    let string = r#"{"status":"success","data":{"resultType":"string","result":[1,"ok"]}}"#;
    let scalar = r#"{"status":"success","data":{"resultType":"scalar","result":[1,"3"]}}"#;
    let refused =
        r#"{"status":"error","errorType":"bad_data","error":"parse error: unclosed left parenthesis"}"#;
    for (status, body, wanted) in [
        (200, vector(one), Ok(99.95)),
        (200, scalar.to_owned(), Ok(3.0)),
        (200, info, Ok(99.95)),
        (200, vector(""), Err((Why::NoData, "no series"))),
        (
            200,
            vector(&format!("{one},{one}")),
            Err((Why::Error, "2 series")),
        ),
        (200, value("NaN"), Err((Why::Inconclusive, "NaN"))),
        (200, value("+Inf"), Err((Why::Error, "infinite"))),
        (200, value("-Inf"), Err((Why::Error, "infinite"))),
        (200, value("many"), Err((Why::Error, "not a number"))),
        (200, warned, Err((Why::Inconclusive, "partial response"))),
        (200, matrix.to_owned(), Err((Why::Error, "range of samples"))),
        (200, string.to_owned(), Err((Why::Error, "a string"))),
        (400, refused.to_owned(), Err((Why::Error, "unclosed left"))),
        (
            422,
            refused.replace("bad_data", "execution"),
            Err((Why::Error, "execution")),
        ),
        (503, "upstream is down".to_owned(), Err((Why::Error, "503"))),
        (200, "{".to_owned(), Err((Why::Error, "cannot be read"))),
        (200, "{}".to_owned(), Err((Why::Error, "says no"))),
        (200, "[]".to_owned(), Err((Why::Error, "says no"))),
    ] {
        let found = prometheus::one(&reply(status, &body));
        match (wanted, found) {
            (Ok(wanted), Ok(sample)) => assert_eq!(sample.value, wanted, "{body}"),
            (Err((why, text)), Err(trouble)) => {
                assert_eq!(trouble.why, why, "{body}: {trouble}");
                assert!(trouble.text.contains(text), "{body}: {trouble}");
            }
            (wanted, found) => panic!("{body}: {wanted:?}, {found:?}"),
        }
    }
    let page = Reply {
        content_type: "text/html".into(),
        ..reply(200, &vector(one))
    };
    assert!(prometheus::one(&page).unwrap_err().text.contains("text/html"));
}

#[test]
fn questions_are_escaped_and_timed() {
    let at = Timestamp::from_millisecond(1_800_000_000_250).unwrap();
    let request = prometheus::instant("http://prom:9090/", r#"up{env="a b&c"}"#, at);
    assert_eq!(request.url, "http://prom:9090/api/v1/query");
    let body = request.body.unwrap();
    assert_eq!(body, "query=up%7Benv%3D%22a%20b%26c%22%7D&time=1800000000.250");
    let request = alertmanager::alerts("http://am", &["env=\"a\"".into(), "team=~\"x|y\"".into()]);
    assert!(
        request
            .url
            .ends_with("&filter=env%3D%22a%22&filter=team%3D~%22x%7Cy%22"),
        "{}",
        request.url
    );
}

#[test]
fn silence_of_alertmanager_must_be_proven() {
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let alert = |name: &str, severity: &str, state: &str, end: &str| {
        format!(
            r#"{{"labels":{{"alertname":"{name}","severity":"{severity}"}},"status":{{"state":"{state}"}},"endsAt":"{end}"}}"#
        )
    };
    let (later, before) = ("2027-01-15T08:05:00.000Z", "2027-01-15T07:55:00.000Z");
    let list = |alerts: &[String]| reply(200, &format!("[{}]", alerts.join(",")));
    let firing = alertmanager::firing(&list(&[
        alert("Down", "critical", "active", later),
        alert("Slow", "warning", "suppressed", later),
        alert("Watchdog", "none", "active", later),
    ]))
    .unwrap();
    assert_eq!(
        (firing.critical, firing.warning, firing.suppressed),
        (vec!["Down".into()], vec!["Slow".into()], 1)
    );
    assert!(alertmanager::beats(&list(&[alert("Watchdog", "none", "active", later)]), now).is_ok());
    for silent in [list(&[]), list(&[alert("Watchdog", "none", "active", before)])] {
        assert_eq!(
            alertmanager::beats(&silent, now).unwrap_err().why,
            Why::Inconclusive
        );
    }
    assert_eq!(
        alertmanager::firing(&reply(500, "oops")).unwrap_err().why,
        Why::Error
    );
    assert_eq!(
        alertmanager::firing(&reply(200, "{}")).unwrap_err().why,
        Why::Error
    );
    let status = |since: &str| reply(200, &format!(r#"{{"uptime":"{since}"}}"#));
    let settled = Period::from_secs(120);
    assert!(alertmanager::is_settled(&status("2027-01-15T07:58:00Z"), now, settled).is_ok());
    let young = alertmanager::is_settled(&status("2027-01-15T07:59:00Z"), now, settled);
    assert_eq!(young.unwrap_err().why, Why::Inconclusive);
    assert_eq!(
        alertmanager::is_settled(&reply(200, "{}"), now, settled)
            .unwrap_err()
            .why,
        Why::Error
    );
}
