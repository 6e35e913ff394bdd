//! `argocd`: waits until Argo CD runs the commit that was written, and tells it to sync where it does not
//! by itself.

use super::{PAUSE, Step, TRIES, no_files, writes_nothing};
use crate::checks::APPLICATION;
use crate::{Field, Shape};

pub(super) static STEP: Step = Step {
    name: "argocd",
    about: "Argo CD runs the commit that was written, and it is healthy. It is told to sync only where it does not by itself.",
    fields: &[
        APPLICATION[0],
        APPLICATION[1],
        APPLICATION[2],
        Field::optional(
            "source",
            "Which of its sources, from 0, where it has several.",
            Shape::Count { least: 0 },
        ),
        Field::optional("within", "How long it may take; 10m if left out.", Shape::Period),
        Field::optional(
            "steady",
            "How long it must stay so; 10s if left out.",
            Shape::Period,
        ),
        Field::optional("every", "How often to ask; 3s if left out.", Shape::Period),
        TRIES,
        PAUSE,
    ],
    files: no_files,
    // Asking again is harmless: it observes before it acts.
    edit: writes_nothing,
    acts: true,
};
