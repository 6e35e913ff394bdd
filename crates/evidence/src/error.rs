//! Why a report could not be read, where, and what to do about it.

use std::fmt;

/// A place in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A line and a column, both from 1.
    At {
        /// The line.
        line: u64,
        /// The column, in bytes.
        column: u64,
    },
    /// The number of bytes before it.
    Byte(u64),
    /// A path through a JSON document, such as `runs[0].results`.
    Path(String),
    /// The report as a whole.
    Whole,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::At { line, column } => write!(f, " at {line}:{column}"),
            Place::Byte(offset) => write!(f, " at byte {offset}"),
            Place::Path(path) => write!(f, " at {path}"),
            Place::Whole => Ok(()),
        }
    }
}

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There is nothing in the file.
    Empty,
    /// No reader knows it.
    UnknownFormat,
    /// Several readers know it.
    Ambiguous,
    /// It breaks the rules of its format.
    Malformed,
    /// It ends before it is complete.
    Truncated,
    /// It is not UTF-8 text.
    Encoding,
    /// It has more bytes than allowed.
    TooLarge,
    /// It is nested more deeply than allowed.
    TooDeep,
    /// A text in it is longer than allowed.
    TooLong,
    /// There are more things in it than allowed.
    TooMany,
    /// It brings a document type definition where none is allowed.
    Doctype,
    /// It refers to an entity that XML itself does not define.
    Entity,
    /// It is of a version that is not read.
    Unsupported,
    /// Its bytes changed while it was read.
    Changed,
    /// The bytes could not be had.
    Unreadable,
}

impl Fault {
    /// The code, as `gradus explain` knows it.
    pub fn code(self) -> &'static str {
        match self {
            Fault::Empty => "evidence.empty",
            Fault::UnknownFormat => "evidence.unknown_format",
            Fault::Ambiguous => "evidence.ambiguous",
            Fault::Malformed => "evidence.malformed",
            Fault::Truncated => "evidence.truncated",
            Fault::Encoding => "evidence.encoding",
            Fault::TooLarge => "evidence.too_large",
            Fault::TooDeep => "evidence.too_deep",
            Fault::TooLong => "evidence.too_long",
            Fault::TooMany => "evidence.too_many",
            Fault::Doctype => "evidence.doctype",
            Fault::Entity => "evidence.entity",
            Fault::Unsupported => "evidence.unsupported",
            Fault::Changed => "evidence.changed",
            Fault::Unreadable => "evidence.unreadable",
        }
    }

    /// What somebody who meets it can do.
    pub fn advice(self) -> &'static str {
        match self {
            Fault::Empty => "look at the tool's own output: it wrote no report",
            Fault::UnknownFormat => "name its format, or give the figures with --set",
            Fault::Ambiguous => "name the format it is meant to be read as",
            Fault::Malformed => "have the tool write the report again, and hand in the file as it wrote it",
            Fault::Truncated => {
                "wait for the tool to end before the report is handed in, and check the disk's free space"
            }
            Fault::Encoding => "write it as UTF-8; `iconv -t UTF-8` converts it",
            Fault::TooLarge => "split the report, or leave captured output out of it",
            Fault::TooDeep => "no tool nests like this: check where the file comes from",
            Fault::TooLong => "leave captured output and attachments out of the report",
            Fault::TooMany => "split the report",
            Fault::Doctype => "remove the DOCTYPE; a document type is never resolved",
            Fault::Entity => "write the text itself in place of the entity",
            Fault::Unsupported => "have the tool write one of the versions that are read",
            Fault::Changed => "hand in a report that nobody is writing to any more",
            Fault::Unreadable => "check the file and its disk, and try again",
        }
    }
}

/// A report that could not be read. It never stands for a verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}{place}: {advice}", advice = fault.advice())]
pub struct EvidenceError {
    fault: Fault,
    place: Place,
    what: String,
}

impl EvidenceError {
    pub(crate) fn new(fault: Fault, place: Place, what: impl Into<String>) -> Self {
        let what = what.into();
        Self { fault, place, what }
    }

    /// Without a place; whoever knows it adds it with [`Self::or_at`].
    pub(crate) fn whole(fault: Fault, what: impl Into<String>) -> Self {
        Self::new(fault, Place::Whole, what)
    }

    /// The code, in dotted words.
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }

    /// What kind of thing is wrong.
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// Where.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Adds a place where none is known yet.
    pub(crate) fn or_at(mut self, place: impl FnOnce() -> Place) -> Self {
        if self.place == Place::Whole {
            self.place = place();
        }
        self
    }

    /// Puts a step before the path, on the way out of a document.
    pub(crate) fn within(mut self, step: &str) -> Self {
        match &mut self.place {
            Place::Whole => self.place = Place::Path(step.to_owned()),
            Place::Path(path) if path.starts_with('[') => path.insert_str(0, step),
            Place::Path(path) => path.insert_str(0, &format!("{step}.")),
            Place::At { .. } | Place::Byte(_) => {}
        }
        self
    }
}

impl From<EvidenceError> for std::io::Error {
    fn from(error: EvidenceError) -> Self {
        std::io::Error::other(error)
    }
}

/// Takes an error of ours back out of the input layer through which it came.
pub(crate) fn from_io(error: std::io::Error) -> EvidenceError {
    match error.downcast::<EvidenceError>() {
        Ok(own) => own,
        Err(other) if other.kind() == std::io::ErrorKind::UnexpectedEof => {
            EvidenceError::whole(Fault::Truncated, "the report ends too early")
        }
        Err(other) => EvidenceError::whole(Fault::Unreadable, format!("the report cannot be read ({other})")),
    }
}

pub(crate) type Result<T> = std::result::Result<T, EvidenceError>;
