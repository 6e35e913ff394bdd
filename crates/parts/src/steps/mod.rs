//! Delivery steps: what a promotion does. One file each.
//!
//! The pure half is here: which files a step needs to see, and what they should hold. The half
//! that touches the world is in the runtime, under the same name.

mod argocd;
mod copy;
mod edit;
mod http;
mod leaf;
mod run;
mod set;
mod wait_healthy;
mod write;

pub use copy::{copied_from, is_copied};
pub use set::{LEAF, present};

use crate::{Field, Shape};
use gradus_model::{EnvironmentName, FileAddress, Part, Release, RepositoryName, Settings};
use std::collections::BTreeMap;

/// A step: what it is called, what it takes, and what it makes of the files.
#[derive(Debug)]
pub struct Step {
    /// Its name in policies.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// Its settings.
    pub fields: &'static [Field],
    /// The files it needs to see before it can say what it would change.
    pub files: fn(&Settings) -> Vec<FileAddress>,
    /// What the files hold afterwards.
    pub edit: fn(&Settings, &Occasion<'_>, &Files) -> Result<Files, StepError>,
    /// Whether it does something beside writing files.
    pub acts: bool,
}

/// Files and their contents; none where there is no such file.
pub type Files = BTreeMap<FileAddress, Option<String>>;

/// What is delivered, and where to.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// The release.
    pub release: &'a Release,
    /// The environment.
    pub to: &'a EnvironmentName,
}

/// Why a step cannot say what it would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepError {
    /// The step.
    pub step: String,
    /// What is wrong, in words.
    pub message: String,
}

/// Every step there is.
pub static STEPS: &[&Step] = &[
    &write::STEP,
    &edit::STEP,
    &set::STEP,
    &copy::STEP,
    &argocd::STEP,
    &wait_healthy::STEP,
    &http::STEP,
    &run::STEP,
];

/// How often a step is tried before it has failed; every step that acts takes it.
const TRIES: Field = Field::optional(
    "tries",
    "How often it is tried before it has failed; once, if left out.",
    Shape::Count { least: 1 },
);

/// How long to wait between two tries.
const PAUSE: Field = Field::optional(
    "pause",
    "How long to wait before it is tried again; 5s if left out.",
    Shape::Period,
);

/// The files of a step that needs none.
fn no_files(_: &Settings) -> Vec<FileAddress> {
    Vec::new()
}

/// What a step writes that writes nothing.
fn writes_nothing(_: &Settings, _: &Occasion<'_>, _: &Files) -> Result<Files, StepError> {
    Ok(Files::new())
}

/// The file that a step names.
fn address(settings: &Settings) -> Option<FileAddress> {
    let repository = RepositoryName::new(settings.text("repository")?).ok()?;
    let path = settings.text("file")?.to_owned();
    Some(FileAddress { repository, path })
}

/// A worker may die between doing something and saying so, and the next one does it again.
fn must_be_repeatable(step: &str, settings: &Settings) -> Result<(), StepError> {
    if settings.flag("idempotent") || settings.get("observe").is_some() {
        return Ok(());
    }
    let message = "it may be tried again: say idempotent: true if that is harmless, or how to observe that it has \
                   happened";
    Err(StepError {
        step: step.to_owned(),
        message: message.to_owned(),
    })
}

/// The step of that name.
pub fn step(part: &Part) -> Result<&'static Step, StepError> {
    let unknown = || StepError {
        step: part.kind.clone(),
        message: format!("this version of Gradus knows no step {}", part.kind),
    };
    STEPS
        .iter()
        .find(|step| step.name == part.kind)
        .copied()
        .ok_or_else(unknown)
}
