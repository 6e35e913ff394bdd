//! Whether what goes over the line is what the published description allows, in both directions.

use gradus_model::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;

type Type = BTreeMap<&'static str, &'static str>;

/// The description: `contract.txt`, read.
pub struct Contract {
    operations: Vec<Operation>,
    types: BTreeMap<&'static str, Type>,
}

struct Operation {
    method: &'static str,
    path: &'static str,
    query: Vec<&'static str>,
    sends: &'static str,
    answers: &'static str,
}

impl Contract {
    pub fn read() -> Self {
        let text = include_str!("contract.txt");
        let lines = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut contract = Contract {
            operations: Vec::new(),
            types: BTreeMap::new(),
        };
        for line in lines {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                [method, path, query, "sends", sends, "answers", answers] => {
                    let query = query.trim_start_matches('?').split(',').collect();
                    contract.operations.push(Operation {
                        method,
                        path,
                        query,
                        sends,
                        answers,
                    });
                }
                [name, fields @ ..] => {
                    let fields = fields.iter().map(|field| field.split_once(':').unwrap());
                    contract.types.insert(name, fields.collect());
                }
                [] => {}
            }
        }
        contract
    }

    /// Everything that is wrong with a request.
    pub fn request(&self, method: &str, url: &str, body: &Value) -> Vec<String> {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let Some(operation) = self.operation(method, path) else {
            return vec![format!("there is no {method} {path}")];
        };
        let names = query.split('&').filter(|pair| !pair.is_empty());
        let names = names.map(|pair| pair.split('=').next().unwrap());
        let unknown = names.filter(|name| !operation.query.contains(name));
        let mut wrong: Vec<String> = unknown
            .map(|name| format!("{method} {path} takes no {name}"))
            .collect();
        match operation.sends {
            "-" if body.is_null() => {}
            "-" => wrong.push(format!("{method} {path} takes no body")),
            sends => self.value("body", sends, body, &mut wrong),
        }
        wrong
    }

    /// Everything that is wrong with an answer.
    pub fn answer(&self, method: &str, url: &str, status: u16, body: &Value) -> Vec<String> {
        let path = url.split('?').next().unwrap();
        let mut wrong = Vec::new();
        match self.operation(method, path) {
            Some(operation) if status == 200 => self.value("answer", operation.answers, body, &mut wrong),
            _ => self.value("error", "Error", body, &mut wrong),
        }
        wrong
    }

    fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        let fits = |pattern: &str| {
            let (one, two): (Vec<&str>, Vec<&str>) =
                (pattern.split('/').collect(), path.split('/').collect());
            let mut pairs = one.iter().zip(&two);
            one.len() == two.len()
                && pairs.all(|(one, two)| one == two || one.starts_with('{') && !two.is_empty())
        };
        self.operations
            .iter()
            .find(|operation| operation.method == method && fits(operation.path))
    }

    fn value(&self, place: &str, kind: &str, value: &Value, wrong: &mut Vec<String>) {
        if let Some(of) = kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
            match value.as_array() {
                Some(list) => list.iter().for_each(|value| self.value(place, of, value, wrong)),
                None => wrong.push(format!("{place} is no list: {value}")),
            }
            return;
        }
        if let Some(fields) = self.types.get(kind) {
            let Some(map) = value.as_object() else {
                return wrong.push(format!("{place} is no {kind}: {value}"));
            };
            for (name, value) in map {
                let place = format!("{place}.{name}");
                match fields.get(name.as_str()) {
                    None => wrong.push(format!("{place} is unknown")),
                    // What is left out may also be null.
                    Some(_) if value.is_null() => {}
                    Some(kind) => self.value(&place, kind, value, wrong),
                }
            }
            return;
        }
        let time = |text: &str| text.parse::<Timestamp>().is_ok();
        let good = match kind {
            "any" => true,
            "text" => value.is_string(),
            "flag" => value.is_boolean(),
            "number" => value.is_i64(),
            "time" => value.as_str().is_some_and(time),
            other => panic!("the contract knows no {other}"),
        };
        if !good {
            wrong.push(format!("{place} is no {kind}: {value}"));
        }
    }
}

#[test]
fn what_does_not_keep_to_the_contract_is_told() {
    use serde_json::json;
    let contract = Contract::read();
    let (app, sync) = ("/api/v1/applications/web", "/api/v1/applications/web/sync");
    let request = |method: &str, url: &str, body: Value| contract.request(method, url, &body).join("; ");
    assert_eq!(
        request("GET", &format!("{app}?refresh=normal&project=shop"), Value::Null),
        ""
    );
    assert_eq!(
        request("GET", &format!("{app}?refesh=normal"), Value::Null),
        format!("GET {app} takes no refesh")
    );
    assert_eq!(request("PUT", app, Value::Null), format!("there is no PUT {app}"));
    assert_eq!(
        request("POST", &format!("{sync}?project=shop"), json!({})),
        format!("POST {sync} takes no project")
    );
    assert_eq!(
        request("POST", sync, json!({ "revision": 5 })),
        "body.revision is no text: 5"
    );
    assert_eq!(
        request("POST", sync, json!({ "sourcePositions": ["1"] })),
        "body.sourcePositions is no number: \"1\""
    );
    let answer = |body: Value| contract.answer("GET", app, 200, &body).join("; ");
    assert_eq!(answer(json!({ "status": { "operationState": null } })), "");
    assert_eq!(
        answer(json!({ "status": { "operationState": { "phase": 5 } } })),
        "answer.status.operationState.phase is no text: 5"
    );
    assert_eq!(
        answer(json!({ "status": { "reconciledAt": "soon" } })),
        "answer.status.reconciledAt is no time: \"soon\""
    );
    assert_eq!(
        answer(json!({ "status": { "heath": {} } })),
        "answer.status.heath is unknown"
    );
    let error = json!({ "message": "no", "code": 7, "why": "so" });
    assert_eq!(contract.answer("GET", app, 403, &error), ["error.why is unknown"]);
}
