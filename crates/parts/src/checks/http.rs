//! `http`: does the service answer, and is it the right version that answers?

use super::Check;
use crate::{Field, Shape};

/// How a service is asked, and what it must answer; whatever waits for one takes these.
pub(crate) const ANSWER: [Field; 5] = [
    Field::required("url", "The address, http or https.", Shape::Text),
    Field::optional(
        "status",
        "The status that is expected; 200 if left out.",
        Shape::Count { least: 100 },
    ),
    Field::optional(
        "contains",
        "A text that the answer must hold, such as ${release.version}.",
        Shape::Text,
    ),
    Field::optional(
        "within",
        "How long it may take until it is so; 30s if left out.",
        Shape::Period,
    ),
    Field::optional("every", "How often to ask; 1s if left out.", Shape::Period),
];

pub(super) static CHECK: Check = Check {
    name: "http",
    about: "A request to this address is answered as expected, in time.",
    fields: &ANSWER,
};
