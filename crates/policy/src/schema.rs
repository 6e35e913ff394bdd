//! The JSON Schema of `gradus.yaml`, made from the grammar.

use crate::grammar::POLICY;
use gradus_parts::{CHECKS, Field, GATES, STEPS, Shape};
use serde_json::{Map, Value, json};

/// The schema that editors complete from.
pub fn schema() -> Value {
    let mut root = record(POLICY);
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("Gradus policy");
    root["$defs"] = json!({
        "gates": parts(GATES.iter().map(|gate| (gate.name, gate.about, gate.fields))),
        "steps": parts(STEPS.iter().map(|step| (step.name, step.about, step.fields))),
        "checks": parts(CHECKS.iter().map(|check| (check.name, check.about, check.fields))),
    });
    root
}

fn shape(wanted: &Shape) -> Value {
    match wanted {
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Count { least } => json!({ "type": "integer", "minimum": least }),
        Shape::Number => json!({ "type": "number" }),
        Shape::Percent => json!({ "anyOf": [
            { "type": "number", "minimum": 0, "maximum": 100 },
            { "type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?%$" },
        ] }),
        Shape::Period => json!({ "type": "string", "pattern": "^([0-9]+(ms|d|h|m|s))+$" }),
        Shape::Text | Shape::Branch | Shape::Name(_) => json!({ "type": "string", "minLength": 1 }),
        Shape::Choice(words) => json!({ "enum": words }),
        Shape::List { of, least } => json!({ "type": "array", "items": shape(of), "minItems": least }),
        Shape::Map { of, .. } => json!({ "type": ["object", "null"], "additionalProperties": shape(of) }),
        Shape::Record(fields) => record(fields),
        Shape::Either(choices) => json!({ "anyOf": choices.iter().map(shape).collect::<Vec<_>>() }),
        Shape::Gates => json!({ "$ref": "#/$defs/gates" }),
        Shape::Steps => json!({ "$ref": "#/$defs/steps" }),
        Shape::Checks => json!({ "$ref": "#/$defs/checks" }),
    }
}

fn record(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut value = shape(&field.shape);
            value["description"] = json!(field.about);
            (field.name.to_owned(), value)
        })
        .collect();
    let required: Vec<_> = fields
        .iter()
        .filter(|field| field.required)
        .map(|field| field.name)
        .collect();
    json!({
        "type": if required.is_empty() { json!(["object", "null"]) } else { json!("object") },
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

type PartRow = (&'static str, &'static str, &'static [Field]);

fn parts(known: impl Iterator<Item = PartRow>) -> Value {
    let kinds: Vec<Value> = known
        .map(|(name, about, fields)| {
            let mut settings = record(fields);
            settings["description"] = json!(about);
            json!({ "type": "object", "properties": { name: settings }, "required": [name], "additionalProperties": false })
        })
        .collect();
    json!({ "type": "array", "items": { "anyOf": kinds } })
}
