//! Reports to evidence: what test runners, scanners and load tests write, as facts that gates read.
//!
//! A report is recognised by its content and read as a stream, within [`Limits`]. What comes out is
//! a [`Report`]: facts by the names that gates know, a [`Verdict`] of its own, and every
//! [`Anomaly`] that a person ought to know of. Three rules hold for every format:
//!
//! - Red is whatever anybody calls red: a counter, a case, a suite, the tool's exit code.
//! - Nothing examined is nothing known. Zero tests, lines or requests are inconclusive.
//! - What cannot be read is an [`EvidenceError`] and nothing else.
//!
//! The crate knows no network, no clock and no files: bytes come in, values go out. Each format is
//! one file in `formats`, and one line in [`FORMATS`].

mod cvss;
mod draft;
mod error;
mod expect;
mod formats;
mod guard;
mod json;
mod keys;
mod kinds;
mod recognise;
mod report;
mod source;
mod strain;
mod stream;
mod tag;
mod text;
mod xml;

pub use error::{EvidenceError, Fault, Place};
pub use expect::{Expect, Limits};
pub use formats::{FORMATS, Format};
pub use keys::{Key, KeyError};
pub use report::{About, Anomaly, Finding, Kind, Report, Severity, Verdict};
pub use source::Source;

use draft::Draft;
use source::Bytes;

/// Reads a report.
///
/// A report that is empty is never clean, unless its format documents it: then the format must be
/// named, and the tool must have ended with exit code 0.
pub fn read(mut source: impl Source, expect: &Expect<'_>) -> Result<Report, EvidenceError> {
    let mut bytes = Bytes::survey(&mut source, &expect.limits)?;
    let named = expect.format.map(named).transpose()?;
    let mut draft = Draft::default();
    let format = match named {
        Some(format) if bytes.is_blank() && format.empty_is_clean && expect.exit_code == Some(0) => {
            draft.note(
                "empty",
                "the report is empty, which this tool writes when it finds nothing",
            );
            return Ok(draft.finish(format, bytes.digest()?, expect));
        }
        _ if bytes.is_blank() => {
            return Err(EvidenceError::whole(
                Fault::Empty,
                "there is nothing in the report",
            ));
        }
        Some(format) => format,
        None => recognise::recognise(&mut bytes, expect)?,
    };
    (format.read)(&mut bytes, expect, &mut draft)?;
    Ok(draft.finish(format, bytes.digest()?, expect))
}

fn named(name: &str) -> Result<&'static Format, EvidenceError> {
    let found = FORMATS.iter().find(|format| format.name == name);
    found.copied().ok_or_else(|| {
        let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
        let what = format!("there is no format {name:?}, only {}", names.join(", "));
        EvidenceError::whole(Fault::UnknownFormat, what)
    })
}
