//! `write`: puts what should run into a file of a git repository.

use super::{Files, Occasion, Step, StepError, address};
use crate::{Field, NameOf, Shape};
use gradus_model::{FileAddress, Settings};

pub(super) static STEP: Step = Step {
    name: "write",
    about: "Writes the release's version and digests into a file of a git repository, in one commit.",
    fields: &[
        Field::required(
            "repository",
            "The repository, by its name in this policy.",
            Shape::Name(NameOf::Repository),
        ),
        Field::required(
            "file",
            "The file, such as ${environment}/${app}.yaml.",
            Shape::Text,
        ),
    ],
    files,
    edit,
    acts: false,
};

fn files(settings: &Settings) -> Vec<FileAddress> {
    address(settings).into_iter().collect()
}

/// The whole file is Gradus's own: what stood there before does not matter, except to the plan.
fn edit(settings: &Settings, occasion: &Occasion<'_>, _before: &Files) -> Result<Files, StepError> {
    let release = occasion.release;
    let mut text = format!(
        "# Written by Gradus: change it by promoting a release.\napp: {}\nenvironment: {}\nversion: \"{}\"\nrelease: {}\n",
        release.app,
        occasion.to,
        release.version,
        release.digest()
    );
    if let Some(commit) = &release.commit {
        text.push_str(&format!("commit: {commit}\n"));
    }
    text.push_str("artifacts:\n");
    for artifact in &release.artifacts {
        text.push_str(&format!("  {}: {}\n", artifact.name, artifact.digest));
    }
    Ok(files(settings)
        .into_iter()
        .map(|address| (address, Some(text.clone())))
        .collect())
}
