//! `argocd`: waits until Argo CD runs the commit that was written, and tells it to sync where it does not
//! by itself.

use super::{Files, Occasion, PAUSE, Step, StepError, TRIES};
use crate::{Field, Shape};
use gradus_model::{FileAddress, Settings};

pub(super) static STEP: Step = Step {
    name: "argocd",
    about: "Argo CD runs the commit that was written, and it is healthy. It is told to sync only where it does not by itself.",
    fields: &[
        Field::required(
            "server",
            "Its address, such as https://argocd.example.com.",
            Shape::Text,
        ),
        Field::required(
            "app",
            "The application, such as ${app}-${environment}.",
            Shape::Text,
        ),
        Field::optional("project", "Its project.", Shape::Text),
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
    files,
    edit,
    acts: true,
};

fn files(_: &Settings) -> Vec<FileAddress> {
    Vec::new()
}

/// It writes nothing, and asking again is harmless: it observes before it acts.
fn edit(_: &Settings, _: &Occasion<'_>, _: &Files) -> Result<Files, StepError> {
    Ok(Files::new())
}
