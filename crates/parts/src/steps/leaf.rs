//! What steps that write one value have in common: in which document it is, and how the file is written.

use gradus_edit::{Format, Which};
use gradus_model::Settings;

/// Which document.
pub(super) fn which(settings: &Settings) -> Which {
    let Some(text) = settings.text("document") else {
        return Which::default();
    };
    match (text.parse(), text.split_once('/')) {
        (Ok(index), _) => Which {
            index: Some(index),
            ..Which::default()
        },
        (_, Some((kind, name))) => Which {
            kind: Some(kind.to_owned()),
            name: Some(name.to_owned()),
            ..Which::default()
        },
        _ => Which {
            kind: Some(text.to_owned()),
            ..Which::default()
        },
    }
}

/// How the file is written: what the policy says, or its ending.
pub(super) fn format(settings: &Settings, file: &str) -> Format {
    let named = settings
        .text("format")
        .map_or_else(|| Format::of(file), |name| Format::of(&format!(".{name}")));
    named.unwrap_or(Format::Yaml)
}
