//! `run`: a smoke test of your own.

use crate::steps::ActError;
use crate::steps::run::{NOT_HERE, WITHIN, run, told};
use gradus_model::{Answer, Finding, Settings, Why};
use std::path::Path;

pub(super) fn check(settings: &Settings, folder: Option<&Path>) -> Finding {
    let command = settings.list("command");
    let within = settings.period("within").unwrap_or(WITHIN).duration();
    let (answer, observed) = match folder.map(|folder| run(command, &[], folder, within)) {
        None => (Answer::Unknown(Why::Error), NOT_HERE.to_owned()),
        Some(Ok((code, said))) => (Answer::of(code == Some(0)), told(command, code, &said)),
        // A program that never ends, or is not there, says nothing about the release.
        Some(Err(ActError::Passing(text) | ActError::Lasting(text))) => (Answer::Unknown(Why::Error), text),
    };
    Finding {
        check: "run".to_owned(),
        answer,
        wanted: "it ends with 0".to_owned(),
        observed,
        target: None,
    }
}
