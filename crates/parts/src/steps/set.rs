//! `set`: gives one value of somebody else's file another setting: a weight, a number, a colour.

use super::leaf::{format, which};
use super::{Files, Occasion, Step, StepError, address};
use crate::{Field, NameOf, Shape};
use gradus_edit::{EditError, New, Path, Set, Target};
use gradus_model::{FileAddress, Settings};

/// Where one value is; whatever reads or writes it takes these.
pub const LEAF: [Field; 5] = [
    Field::required(
        "repository",
        "The repository, by its name in this policy.",
        Shape::Name(NameOf::Repository),
    ),
    Field::required(
        "file",
        "The file, such as ${environment}/route.yaml.",
        Shape::Text,
    ),
    Field::required(
        "path",
        "The path of the value: spec.http[0].route[destination=canary].weight.",
        Shape::Text,
    ),
    Field::optional(
        "format",
        "How the file is written; its ending says it, if left out.",
        Shape::Choice(&["yaml", "json", "toml", "hcl"]),
    ),
    Field::optional(
        "document",
        "Which of several documents: Deployment/web, or its number from 0.",
        Shape::Text,
    ),
];

pub(super) static STEP: Step = Step {
    name: "set",
    about: "Sets one value of a file that belongs to others, which keeps its kind: a number stays a number. For weights, numbers of replicas, switches.",
    fields: &[
        LEAF[0],
        LEAF[1],
        LEAF[2],
        LEAF[3],
        LEAF[4],
        Field::required("to", "The new value: 25, ${weight}, ${colour}.", Shape::Text),
    ],
    files,
    edit,
    acts: false,
};

fn files(settings: &Settings) -> Vec<FileAddress> {
    address(settings).into_iter().collect()
}

/// The value that these settings name, and the file that it is in.
fn leaf(settings: &Settings) -> Result<(FileAddress, Set), StepError> {
    let address = address(settings).ok_or_else(|| wrong("it names no file".to_owned()))?;
    let path = Path::new(settings.text("path").unwrap_or_default());
    let set = Set {
        format: format(settings, &address.path),
        which: which(settings),
        path: path.map_err(|error| refused(&address, &error))?,
        value: settings.text("to").unwrap_or_default().to_owned(),
    };
    Ok((address, set))
}

fn wrong(message: String) -> StepError {
    StepError {
        step: "set".to_owned(),
        message,
    }
}

fn refused(address: &FileAddress, error: &EditError) -> StepError {
    wrong(format!("{}:{error} [{}]", address.path, error.code()))
}

fn text<'f>(files: &'f Files, address: &FileAddress) -> Result<&'f str, StepError> {
    let text = files.get(address).and_then(Option::as_deref);
    text.ok_or_else(|| wrong(format!("there is no {} in {}", address.path, address.repository)))
}

/// What stands there now.
pub fn present(settings: &Settings, files: &Files) -> Result<Option<String>, StepError> {
    let (address, leaf) = leaf(settings)?;
    leaf.present(text(files, &address)?)
        .map_err(|error| refused(&address, &error))
}

fn edit(settings: &Settings, occasion: &Occasion<'_>, before: &Files) -> Result<Files, StepError> {
    let (address, leaf) = leaf(settings)?;
    let new = New {
        version: &occasion.release.version,
        artifacts: &occasion.release.artifacts,
    };
    let edited = gradus_edit::edit(text(before, &address)?, &Target::Set(leaf), &new);
    let edited = edited.map_err(|error| refused(&address, &error))?;
    Ok(Files::from([(address, Some(edited.text))]))
}
