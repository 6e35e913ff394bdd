//! What a release and an environment fill in.

use gradus_model::{EnvironmentName, Part, Release};
use gradus_parts::substitute;

/// A part with the release's version and environment filled in.
pub fn fill_in(part: &Part, release: &Release, to: &EnvironmentName) -> Part {
    let values = [
        ("app", release.app.as_str()),
        ("environment", to.as_str()),
        ("release.version", release.version.as_str()),
    ];
    Part {
        kind: part.kind.clone(),
        settings: part.settings.map_text(|text| substitute(text, &values)),
    }
}
