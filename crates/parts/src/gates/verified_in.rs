//! `verified_in`: has the release been verified in these environments?

use super::Gate;
use crate::question::Asked;
use crate::{Field, Look, NameOf, Shape};
use gradus_model::{Answer, Settings, Verdict};

pub(super) static GATE: Gate = Gate {
    name: "verified_in",
    about: "The release was delivered to these environments and verified there.",
    fields: &[Field::required(
        "environments",
        "The environments; all of them.",
        Shape::List {
            of: &Shape::Name(NameOf::Environment),
            least: 1,
        },
    )],
    needs_settings: true,
    live: false,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let been = |place: &str| look.stays.iter().any(|stay| stay.environment.as_str() == place);
    let verdict = |place: &String| Verdict {
        answer: Answer::of(been(place)),
        wanted: "verified".to_owned(),
        observed: if been(place) { "verified" } else { "not verified" }.to_owned(),
        evidence: Vec::new(),
        next: None,
    };
    settings
        .list("environments")
        .iter()
        .map(|place| (place.clone(), verdict(place)))
        .collect()
}
