//! Questions to Prometheus, and how much its answers can be trusted.
//!
//! A gate wants one number. Prometheus has many ways of not giving one that look like giving one:
//! an empty vector, NaN, several series, a partial answer with a warning. Each has its own words
//! here, and none becomes a number. The threshold never goes into the query, because a comparison
//! that is false and one that has no data look the same there.

use crate::transport::{Reply, Request, Trouble};
use gradus_model::Timestamp;
use serde_json::Value;

/// A number, and what Prometheus said about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The number; finite.
    pub value: f64,
    /// At which moment it was evaluated, in seconds.
    pub at: f64,
    /// What Prometheus noted beside it.
    pub notes: Vec<String>,
}

/// Asks for a query's value at a moment.
pub fn instant(base: &str, query: &str, at: Timestamp) -> Request {
    let form = [("query", query.to_owned()), ("time", seconds(at))];
    ask(base, "query", &form)
}

/// Asks for a query's values over a time, one each `step` seconds.
pub fn range(base: &str, query: &str, from: Timestamp, to: Timestamp, step: f64) -> Request {
    let form = [
        ("query", query.to_owned()),
        ("start", seconds(from)),
        ("end", seconds(to)),
        ("step", format!("{step}")),
    ];
    ask(base, "query_range", &form)
}

fn seconds(at: Timestamp) -> String {
    format!("{:.3}", at.as_millisecond() as f64 / 1000.0)
}

/// Queries are long, so they are posted.
fn ask(base: &str, what: &str, form: &[(&str, String)]) -> Request {
    let url = format!("{}/api/v1/{what}", base.trim_end_matches('/'));
    let pairs: Vec<String> = form
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect();
    Request::post(url, "application/x-www-form-urlencoded", pairs.join("&"))
}

/// A value as it stands in forms and addresses.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The one number of an answer to [`instant`].
pub fn one(reply: &Reply) -> Result<Sample, Trouble> {
    let (data, notes) = data(reply)?;
    let kind = data["resultType"].as_str().unwrap_or_default();
    let pair = match kind {
        "scalar" => &data["result"],
        "vector" => {
            let series = data["result"].as_array().map(Vec::as_slice).unwrap_or_default();
            match series {
                [] => return Err(Trouble::no_data("no series matches the query")),
                [only] => &only["value"],
                several => {
                    let count = several.len();
                    return Err(Trouble::error(format!(
                        "{count} series match where one was asked: aggregate the query"
                    )));
                }
            }
        }
        "matrix" => {
            return Err(Trouble::error(
                "the query is a range of samples: put a function such as rate() around it",
            ));
        }
        other => return Err(Trouble::error(format!("the answer is a {other}, not a number"))),
    };
    let (at, value) = number(pair)?;
    Ok(Sample { value, at, notes })
}

/// The values of an answer to [`range`] that has one series, with their moments. Moments without a
/// value are left out: they are gaps.
pub fn line(reply: &Reply) -> Result<Vec<(f64, f64)>, Trouble> {
    let (data, _) = data(reply)?;
    let series = data["result"].as_array().map(Vec::as_slice).unwrap_or_default();
    match series {
        [] => Err(Trouble::no_data("no series matches the query")),
        [only] => {
            let values = only["values"].as_array().map(Vec::as_slice).unwrap_or_default();
            Ok(values.iter().filter_map(|pair| number(pair).ok()).collect())
        }
        several => {
            let count = several.len();
            Err(Trouble::error(format!(
                "{count} series match where one was asked"
            )))
        }
    }
}

/// What is in an answer, if all of it is there.
fn data(reply: &Reply) -> Result<(Value, Vec<String>), Trouble> {
    let json = match (reply.status, reply.json()) {
        (200, json) => json?,
        (status, Ok(json)) => {
            let kind = json["errorType"].as_str().unwrap_or("error");
            let text = json["error"].as_str().unwrap_or_default();
            return Err(Trouble::error(format!(
                "Prometheus refuses ({status}, {kind}): {text}"
            )));
        }
        (status, Err(_)) => {
            let text = reply.beginning();
            return Err(Trouble::error(format!("Prometheus answers {status}: {text}")));
        }
    };
    if json["status"] != "success" {
        let text = json["error"].as_str().unwrap_or("no reason");
        return Err(Trouble::error(format!("Prometheus says no: {text}")));
    }
    let texts = |name: &str| -> Vec<String> {
        let list = json[name].as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    // Some versions mix remarks about the query into the warnings.
    let (remarks, warnings): (Vec<_>, Vec<_>) = texts("warnings")
        .into_iter()
        .partition(|text| text.starts_with("PromQL info:"));
    if let Some(first) = warnings.first() {
        return Err(Trouble::inconclusive(format!(
            "the answer may be partial: {first}"
        )));
    }
    let mut notes = remarks;
    notes.extend(texts("infos"));
    Ok((json["data"].clone(), notes))
}

/// A pair of moment and value.
fn number(pair: &Value) -> Result<(f64, f64), Trouble> {
    let at = pair[0].as_f64();
    let text = pair[1].as_str();
    let (Some(at), Some(text)) = (at, text) else {
        return Err(Trouble::error("the answer holds no number"));
    };
    match text.parse::<f64>() {
        Ok(value) if value.is_nan() => Err(Trouble::inconclusive(
            "the value is NaN: nothing divided by nothing",
        )),
        Ok(value) if value.is_infinite() => Err(Trouble::error("the value is infinite: a division by zero")),
        Ok(value) => Ok((at, value)),
        Err(_) => Err(Trouble::error(format!("{text} is not a number"))),
    }
}
