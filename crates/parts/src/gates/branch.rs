//! `branch`: was the release built from the right branch?

use super::Gate;
use crate::question::Asked;
use crate::{Field, Look, Shape};
use gradus_model::{Answer, BranchPattern, Settings, Verdict};

pub(super) static GATE: Gate = Gate {
    name: "branch",
    about: "The release was built from one of these branches.",
    fields: &[Field::required(
        "matches",
        "The branches, as patterns.",
        Shape::List {
            of: &Shape::Branch,
            least: 1,
        },
    )],
    needs_settings: true,
    live: false,
    judge,
};

fn judge(settings: &Settings, look: &Look<'_>) -> Vec<Asked> {
    let patterns = settings.list("matches");
    let branch = &look.release.branch;
    let fits =
        |pattern: &String| BranchPattern::new(pattern.as_str()).is_ok_and(|pattern| pattern.matches(branch));
    let verdict = Verdict {
        answer: Answer::of(patterns.iter().any(fits)),
        wanted: patterns.join(" or "),
        observed: branch.clone(),
        evidence: Vec::new(),
        next: None,
    };
    vec![(String::new(), verdict)]
}
