//! `copy`: makes an environment's folder equal to the folder of the environment before it.

use super::{Files, Occasion, Step, StepError};
use crate::{Field, NameOf, Shape};
use gradus_edit::{Copied, Glob};
use gradus_model::{FileAddress, RepositoryName, Settings};
use std::collections::BTreeMap;

pub(super) static STEP: Step = Step {
    name: "copy",
    about: "Makes a folder equal to another, such as that of the environment before, except for what it keeps.",
    fields: &[
        Field::required(
            "repository",
            "The repository, by its name in this policy.",
            Shape::Name(NameOf::Repository),
        ),
        Field::required(
            "source",
            "The folder that is copied, such as envs/${from}; it must hold the release.",
            Shape::Text,
        ),
        Field::required(
            "target",
            "The folder that it is copied to, such as envs/${environment}.",
            Shape::Text,
        ),
        Field::optional(
            "keep",
            "The files that stay as they are: replicas.yaml, secrets/**.",
            Shape::List {
                of: &Shape::Text,
                least: 1,
            },
        ),
    ],
    files,
    edit,
    acts: false,
};

/// The address of a folder ends with a slash: whoever reads it reads everything below.
fn folder(settings: &Settings, which: &str) -> Option<FileAddress> {
    let repository = RepositoryName::new(settings.text("repository")?).ok()?;
    let path = format!("{}/", settings.text(which)?.trim_end_matches('/'));
    Some(FileAddress { repository, path })
}

fn files(settings: &Settings) -> Vec<FileAddress> {
    // On the way back there is nowhere to copy from.
    let folders = ["source", "target"]
        .iter()
        .filter_map(|which| folder(settings, which));
    folders.filter(|folder| !folder.path.contains("${")).collect()
}

fn edit(settings: &Settings, occasion: &Occasion<'_>, before: &Files) -> Result<Files, StepError> {
    let wrong = |message: String| StepError {
        step: "copy".to_owned(),
        message,
    };
    let (Some(source), Some(target)) = (folder(settings, "source"), folder(settings, "target")) else {
        return Err(wrong("it names no folders".to_owned()));
    };
    if source.path.contains("${") {
        let message = "there is nowhere to copy from on the way back: promote the earlier release again, or let \
                       the promotion be taken back, which restores what was there";
        return Err(wrong(message.to_owned()));
    }
    let own = inside(before, &source);
    holds(&own, occasion, &source.path).map_err(wrong)?;
    let keep = settings.list("keep").iter().map(|text| Glob::new(text));
    let keep = keep
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| wrong(error.to_string()))?;
    let changes = gradus_edit::copy(&own, &inside(before, &target), &keep);
    let changes = changes.map_err(|error| wrong(format!("{error} [{}]", error.code())))?;
    let address = |path: &str| FileAddress {
        repository: target.repository.clone(),
        path: format!("{}{path}", target.path),
    };
    let change = |change: &Copied| match change {
        Copied::Write { path, text } => (address(path), Some(text.clone())),
        Copied::Delete { path } => (address(path), None),
    };
    Ok(changes.iter().map(change).collect())
}

/// Where a copy is made from.
pub fn copied_from(settings: &Settings) -> Option<FileAddress> {
    folder(settings, "source")
}

/// Whether a copy says everything about a file: it lies in the folder, and is not among what that keeps.
pub fn is_copied(settings: &Settings, file: &FileAddress) -> bool {
    let target = folder(settings, "target").filter(|target| target.repository == file.repository);
    let inside = target.and_then(|target| Some(file.path.strip_prefix(&target.path)?.to_owned()));
    let keep = settings
        .list("keep")
        .iter()
        .filter_map(|text| Glob::new(text).ok());
    let keep: Vec<Glob> = keep.collect();
    inside.is_some_and(|inside| !keep.iter().any(|keep| keep.matches(&inside)))
}

/// The files of a folder, by their paths inside it.
fn inside(files: &Files, folder: &FileAddress) -> BTreeMap<String, String> {
    let own = files
        .iter()
        .filter(|(address, _)| address.repository == folder.repository);
    own.filter_map(|(address, text)| {
        let path = address
            .path
            .strip_prefix(&folder.path)
            .filter(|path| !path.is_empty())?;
        Some((path.to_owned(), text.clone()?))
    })
    .collect()
}

/// A folder that has moved on would bring another release along.
fn holds(files: &BTreeMap<String, String>, occasion: &Occasion<'_>, folder: &str) -> Result<(), String> {
    let release = occasion.release;
    let said = |text: &str| files.values().any(|file| file.contains(text));
    if files.is_empty() {
        return Err(format!("there is nothing in {folder}"));
    }
    let mut missing = release
        .artifacts
        .iter()
        .filter(|artifact| !said(artifact.digest.as_str()));
    match missing.next() {
        Some(artifact) if !said(release.version.as_str()) => Err(format!(
            "{folder} holds neither {} nor {}: it has another release",
            release.version, artifact.digest
        )),
        None if release.artifacts.is_empty() && !said(release.version.as_str()) => Err(format!(
            "{folder} does not hold {}: it has another release",
            release.version
        )),
        _ => Ok(()),
    }
}
