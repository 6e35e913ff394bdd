//! `wait_healthy`: goes on when the service answers as it should.

use super::{Files, Occasion, PAUSE, Step, StepError, TRIES};
use crate::{Field, Shape};
use gradus_model::{FileAddress, Settings};

pub(super) static STEP: Step = Step {
    name: "wait_healthy",
    about: "Waits until a request to this address is answered as expected, and fails where that takes too long.",
    fields: &[
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
        Field::optional("within", "How long it may take; 30s if left out.", Shape::Period),
        Field::optional("every", "How often to ask; 1s if left out.", Shape::Period),
        TRIES,
        PAUSE,
    ],
    files,
    edit,
    acts: true,
};

fn files(_: &Settings) -> Vec<FileAddress> {
    Vec::new()
}

/// It only looks.
fn edit(_: &Settings, _: &Occasion<'_>, _: &Files) -> Result<Files, StepError> {
    Ok(Files::new())
}
