//! Why an edit is refused, where in the file, and what to do about it.

use std::fmt;

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Place {
    /// The place of a byte in a text; offsets inside a character count as its beginning.
    pub(crate) fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..text.floor_char_boundary(offset)).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before[line_start..].chars().filter(|c| *c != '\u{feff}').count() + 1;
        Self {
            line: before.matches('\n').count() + 1,
            column,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// An edit that was refused. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}")]
pub struct EditError {
    /// Where in the file.
    pub place: Place,
    /// Why.
    pub why: Why,
}

impl EditError {
    pub(crate) fn new(text: &str, offset: usize, why: Why) -> Self {
        Self {
            place: Place::of(text, offset),
            why,
        }
    }

    /// The code, for machines.
    pub const fn code(&self) -> &'static str {
        self.why.code()
    }
}

/// What stands in the way of an edit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// The text is not what it should be.
    #[error("this is not {format}: {message}")]
    Parse {
        /// The format it should be in.
        format: &'static str,
        /// What the parser says.
        message: String,
    },
    /// The file is a template, or the value is.
    #[error(
        "template text ({{{{ … }}}}) stands here, so the file says something else after rendering: edit the values that the template reads"
    )]
    Template,
    /// A key twice in one map.
    #[error("the key {0} stands here a second time and readers disagree which one counts: remove one")]
    Duplicate(String),
    /// Too large or too deep.
    #[error("the file has more than {0}: no file that people deploy from needs that")]
    Budget(&'static str),
    /// Several documents and no word which.
    #[error("{0}")]
    Documents(String),
    /// A path that cannot be read.
    #[error("{path:?} is not a path: {reason}")]
    Path {
        /// The path.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Nothing is there.
    #[error("{what} is not here{hint}")]
    NotFound {
        /// What was looked for.
        what: String,
        /// What was probably meant, or what to do; begins with a mark of punctuation.
        hint: String,
    },
    /// More than one thing is there.
    #[error("{what} is here {count} times: {advice}")]
    Ambiguous {
        /// What was looked for.
        what: String,
        /// How often it was found.
        count: usize,
        /// What to do.
        advice: &'static str,
    },
    /// An anchor or an alias on the way.
    #[error(
        "{0} stands on the way, and what is changed here would change elsewhere too: write the value out"
    )]
    Alias(&'static str),
    /// The value comes from a merge key.
    #[error("{0} comes from a merge key (<<) here: add the key to this map itself first")]
    Merge(String),
    /// A tag on the way.
    #[error("the tag {0} says how to read what follows: remove it, or edit this file by hand")]
    Tag(String),
    /// Something else than expected stands there.
    #[error("{what} is {found}, not {expected}")]
    Shape {
        /// What was looked at.
        what: String,
        /// What it is.
        found: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// It is written in a way that is not edited.
    #[error("{0}")]
    Style(&'static str),
    /// A value that cannot be written.
    #[error("{value:?} cannot be written here: {reason}")]
    Value {
        /// The value.
        value: String,
        /// Why not.
        reason: &'static str,
    },
    /// Another bot writes this line.
    #[error(
        "an image policy marker says that another automation writes this line: remove the marker, or let that automation promote"
    )]
    Marker,
    /// What stands beside it would make the edit useless or misleading.
    #[error("{0}")]
    Conflict(String),
    /// The release does not say what to write.
    #[error("{0}")]
    Artifact(String),
    /// A path of a file that leads elsewhere.
    #[error("{0:?} cannot be copied: {1}")]
    Copy(String, &'static str),
    /// The result was not what it had to be.
    #[error(
        "the edit was made and then refused, because {0}; the file is written in a way that this editor does not know: please report it"
    )]
    Proof(&'static str),
}

impl Why {
    /// The code, for machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Why::Parse { .. } => "edit.parse",
            Why::Template => "edit.template",
            Why::Duplicate(_) => "edit.duplicate",
            Why::Budget(_) => "edit.budget",
            Why::Documents(_) => "edit.documents",
            Why::Path { .. } => "edit.path",
            Why::NotFound { .. } => "edit.not_found",
            Why::Ambiguous { .. } => "edit.ambiguous",
            Why::Alias(_) => "edit.alias",
            Why::Merge(_) => "edit.merge",
            Why::Tag(_) => "edit.tag",
            Why::Shape { .. } => "edit.shape",
            Why::Style(_) => "edit.style",
            Why::Value { .. } => "edit.value",
            Why::Marker => "edit.marker",
            Why::Conflict(_) => "edit.conflict",
            Why::Artifact(_) => "edit.artifact",
            Why::Copy(..) => "edit.copy",
            Why::Proof(_) => "edit.proof",
        }
    }
}

/// "; did you mean …?" where one of the known words is near enough, else what there is.
pub(crate) fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().filter(|other| !other.is_empty()).collect();
    let near = |other: &str| strsim::damerau_levenshtein(&word.to_lowercase(), &other.to_lowercase());
    let best = known.iter().map(|other| (near(other), *other)).min();
    match best {
        Some((distance, other)) if distance <= 1 + word.chars().count() / 4 => {
            format!("; did you mean {other}?")
        }
        // A name that is the end of another differs by the registry, which counts.
        _ if known.iter().any(|other| other.ends_with(&format!("/{word}"))) => {
            let other = known.iter().find(|other| other.ends_with(&format!("/{word}")));
            format!("; did you mean {}?", other.unwrap_or(&word))
        }
        Some(_) => {
            let first: Vec<&str> = known.iter().take(5).copied().collect();
            format!(
                ": there is {}{}",
                first.join(", "),
                if known.len() > 5 { ", …" } else { "" }
            )
        }
        None => ": nothing of the kind is here".to_owned(),
    }
}
