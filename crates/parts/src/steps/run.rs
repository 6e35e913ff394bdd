//! `run`: runs a program on this machine, if whoever runs Gradus allows it.

use super::{Files, Occasion, PAUSE, Step, StepError, TRIES, no_files};
use crate::{Field, Shape};
use gradus_model::Settings;

const WORDS: Shape = Shape::List {
    of: &Shape::Text,
    least: 1,
};

pub(super) static STEP: Step = Step {
    name: "run",
    about: "Runs a program on this machine, without a shell, if the server's settings allow it. It may be run again, so doing it twice must be as good as once, or another program says whether it has happened.",
    fields: &[
        Field::required("command", "The program and its arguments, each by itself.", WORDS),
        Field::optional(
            "idempotent",
            "Doing it twice is as good as doing it once.",
            Shape::Flag,
        ),
        Field::optional(
            "observe",
            "The program that ends with 0 once it has happened, and with 1 before.",
            WORDS,
        ),
        Field::optional("within", "How long it may take; 5m if left out.", Shape::Period),
        TRIES,
        PAUSE,
    ],
    files: no_files,
    edit,
    acts: true,
};

/// It writes nothing that is known here.
fn edit(settings: &Settings, _: &Occasion<'_>, _: &Files) -> Result<Files, StepError> {
    super::must_be_repeatable("run", settings).map(|()| Files::new())
}
