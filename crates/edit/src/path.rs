//! Paths: how a leaf is named, such as `images[name=web].newTag`.

use crate::{EditError, Place, Why};
use std::fmt;

/// The way to a leaf.
///
/// Keys are joined by dots; a key with dots or brackets in it stands in double quotes. `[2]` is an item of
/// a list by its number, from 0, and `[name=web]` the one item whose `name` is `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    steps: Vec<Step>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Into the value under a key.
    Key(String),
    /// Into an item by its number.
    Index(usize),
    /// Into the one item that has this value under this key.
    Where(String, String),
}

impl Path {
    /// Reads a path.
    pub fn new(text: &str) -> Result<Self, EditError> {
        let mut reader = Reader {
            text,
            rest: text,
            steps: Vec::new(),
        };
        reader.path()?;
        Ok(Self { steps: reader.steps })
    }

    /// The path of one key, whatever stands in it.
    pub fn key(key: &str) -> Self {
        Self {
            steps: vec![Step::Key(key.to_owned())],
        }
    }

    /// This path and then another.
    #[must_use]
    pub fn then(&self, other: &Path) -> Self {
        let steps = self.steps.iter().chain(&other.steps).cloned().collect();
        Self { steps }
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for step in &self.steps {
            step.join(&mut text);
        }
        f.write_str(&text)
    }
}

impl Step {
    /// Writes this step behind others.
    pub(crate) fn join(&self, path: &mut String) {
        match self {
            Step::Key(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&quoted(key));
            }
            Step::Index(index) => path.push_str(&format!("[{index}]")),
            Step::Where(key, value) => path.push_str(&format!("[{}={}]", quoted(key), quoted(value))),
        }
    }
}

/// A word of a path, in quotes where it needs them.
fn quoted(word: &str) -> String {
    if word.is_empty() || word.contains(['.', '[', ']', '"', '=', '\\']) {
        format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        word.to_owned()
    }
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
    steps: Vec<Step>,
}

impl Reader<'_> {
    fn refuse<T>(&self, reason: &'static str) -> Result<T, EditError> {
        let column = self.text.chars().count() - self.rest.chars().count() + 1;
        let why = Why::Path {
            path: self.text.to_owned(),
            reason,
        };
        Err(EditError {
            place: Place { line: 1, column },
            why,
        })
    }

    fn path(&mut self) -> Result<(), EditError> {
        loop {
            if self.rest.starts_with('[') {
                self.bracket()?;
            } else {
                let key = self.word(&['.', '[', ']', '=', '"'])?;
                self.steps.push(Step::Key(key));
            }
            while self.rest.starts_with('[') {
                self.bracket()?;
            }
            if self.rest.is_empty() {
                return Ok(());
            }
            match self.rest.strip_prefix('.') {
                Some(rest) => self.rest = rest,
                None => return self.refuse("after a key or a bracket comes a dot"),
            }
        }
    }

    fn bracket(&mut self) -> Result<(), EditError> {
        self.rest = self.rest.strip_prefix('[').unwrap_or(self.rest);
        let word = self.word(&['[', ']', '=', '"'])?;
        let step = if let Some(rest) = self.rest.strip_prefix('=') {
            self.rest = rest;
            Step::Where(word, self.word(&['[', ']', '"'])?)
        } else {
            match word.parse() {
                Ok(index) => Step::Index(index),
                Err(_) => return self.refuse("in brackets stands a number or key=value"),
            }
        };
        match self.rest.strip_prefix(']') {
            Some(rest) => self.rest = rest,
            None => return self.refuse("a bracket is not closed"),
        }
        self.steps.push(step);
        Ok(())
    }

    /// A word up to one of the ends, or in quotes.
    fn word(&mut self, ends: &[char]) -> Result<String, EditError> {
        if let Some(rest) = self.rest.strip_prefix('"') {
            return self.quoted_word(rest);
        }
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        if end == 0 {
            return self.refuse("a key is empty: put keys with dots, brackets or nothing in them in quotes");
        }
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(word.to_owned())
    }

    fn quoted_word(&mut self, inside: &str) -> Result<String, EditError> {
        let mut word = String::new();
        let mut chars = inside.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    // The lifetime of `inside` is that of the text; find the same tail in it.
                    let left = inside.len() - at - 1;
                    self.rest = &self.text[self.text.len() - left..];
                    return Ok(word);
                }
                '\\' => word.extend(chars.next().map(|(_, c)| c)),
                c => word.push(c),
            }
        }
        self.refuse("a quote is not closed")
    }
}
