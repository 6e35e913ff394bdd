//! Problems: what is wrong, where, and what was probably meant.

use crate::node::Node;
use serde::Serialize;

/// Something that is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// The code; `gradus explain CODE` tells more.
    pub code: &'static str,
    /// What is wrong, and what was probably meant.
    pub message: String,
}

/// All problems of one reading.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    pub(crate) fn add(&mut self, file: &str, at: &Node, code: &'static str, message: String) {
        self.push(Problem {
            file: file.to_owned(),
            line: at.line,
            column: at.column,
            code,
            message,
        });
    }

    pub(crate) fn at(&mut self, node: &Node, code: &'static str, message: String) {
        self.add(&node.file.clone(), node, code, message);
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn sorted(mut self) -> Vec<Problem> {
        self.0.sort();
        self.0.dedup();
        self.0
    }
}

/// ", did you mean …?", where one of the known words is near enough.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = |other: &str| strsim::damerau_levenshtein(&word.to_lowercase(), &other.to_lowercase());
    let best = known.into_iter().map(|other| (near(other), other)).min();
    match best {
        Some((distance, other)) if distance <= 1 + word.len() / 4 => format!("; did you mean {other}?"),
        _ => String::new(),
    }
}
