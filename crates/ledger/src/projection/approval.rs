//! `approval`: what each person said of a promotion, under `app/number/person`.

use super::{Rows, change, key};
use crate::Result;
use gradus_model::{Event, PersonName, PromotionId, Recorded};
use serde_json::{Value, json};

/// Writes what follows from an event. It reads the promotion's row as it was before.
pub(super) fn project(recorded: &Recorded, rows: &mut dyn Rows) -> Result<()> {
    match &recorded.event {
        Event::ApprovalGiven {
            promotion,
            plan,
            person,
            note,
        } => {
            let said = [
                ("answer", json!("approved")),
                ("plan", json!(plan)),
                ("note", json!(note)),
            ];
            put(recorded, promotion, person, said, rows)
        }
        Event::PromotionRejected {
            promotion,
            plan,
            person,
            reason,
        } => {
            let said = [
                ("answer", json!("rejected")),
                ("plan", json!(plan)),
                ("note", json!(reason)),
            ];
            put(recorded, promotion, person, said, rows)
        }
        Event::PromotionReplanned { promotion, .. } => {
            let row = rows.get("promotion", &key(promotion))?.unwrap_or_default();
            let people = row["approved_by"].as_array().cloned().unwrap_or_default();
            for person in people.iter().filter_map(Value::as_str) {
                let key = format!("{}/{person}", key(promotion));
                change(rows, "approval", &key, &[("void", json!(true))])?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn put(
    recorded: &Recorded,
    promotion: &PromotionId,
    person: &PersonName,
    said: [(&str, Value); 3],
    rows: &mut dyn Rows,
) -> Result<()> {
    let mut row = json!({ "promotion": promotion, "person": person, "at": recorded.at, "void": false });
    for (field, value) in said {
        row[field] = value;
    }
    rows.put("approval", &format!("{}/{person}", key(promotion)), &row)
}
