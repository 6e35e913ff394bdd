//! `http`: tells another system, once.

use super::{Files, Occasion, PAUSE, Step, StepError, TRIES, no_files};
use crate::{Field, Shape};
use gradus_model::Settings;

pub(super) static STEP: Step = Step {
    name: "http",
    about: "Posts the release to an address. It may be tried again, so the other side must know the key it comes with, or say whether it has happened.",
    fields: &[
        Field::required("url", "The address, http or https.", Shape::Text),
        Field::optional(
            "idempotent",
            "The other side does nothing twice for the same Idempotency-Key.",
            Shape::Flag,
        ),
        Field::optional(
            "observe",
            "An address that answers 200 once it has happened, and 404 before.",
            Shape::Text,
        ),
        Field::optional(
            "status",
            "The status that says that it was done; any from 200 to 299, if left out.",
            Shape::Count { least: 200 },
        ),
        Field::optional(
            "within",
            "How long an answer may take; 10s if left out.",
            Shape::Period,
        ),
        TRIES,
        PAUSE,
    ],
    files: no_files,
    edit,
    acts: true,
};

/// It writes nothing.
fn edit(settings: &Settings, _: &Occasion<'_>, _: &Files) -> Result<Files, StepError> {
    super::must_be_repeatable("http", settings).map(|()| Files::new())
}
