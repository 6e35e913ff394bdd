//! `gradus.yaml`: from text to policy, with every mistake told at once and in its place.
//!
//! Reading has four stages, each in its own file and each pure:
//!
//! 1. [`node`](mod@node): YAML text to a tree of values that know their line and column, within a budget;
//! 2. `grammar`: what the language looks like, as data, for the checker and the JSON Schema alike;
//! 3. `check`: the tree against the grammar;
//! 4. `resolve`: the checked tree to a [`gradus_model::Policy`], and what only the whole can show:
//!    names that lead nowhere, cycles, environments that nothing reaches.
//!
//! Files are read by the caller: [`read`] is given a function that fetches included texts.

mod check;
mod grammar;
pub mod node;
mod problem;
mod reference;
mod resolve;
mod schema;
mod templates;

pub use problem::{Problem, did_you_mean};
pub use reference::reference;
pub use schema::schema;
pub use templates::{TEMPLATES, Template};

use gradus_model::Policy;
use node::Node;
use problem::Problems;

/// How many files a policy may include.
const INCLUDES: usize = 32;

/// A policy as far as it could be understood, and everything that is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The policy; none if there are problems.
    pub policy: Option<Policy>,
    /// The problems, in the order of files, lines and columns.
    pub problems: Vec<Problem>,
}

/// Reads a policy. `fetch` is asked for the text of each included file, by the path as written.
pub fn read(file: &str, text: &str, fetch: &dyn Fn(&str) -> Result<String, String>) -> Reading {
    let mut problems = Problems::default();
    let mut roots = Vec::new();
    if let Some(root) = load(file, text, &mut problems) {
        for include in root
            .get("include")
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .take(INCLUDES)
        {
            let Some(name) = include.as_text() else { continue };
            match fetch(name) {
                Ok(text) => roots.extend(load(name, &text, &mut problems)),
                Err(why) => problems.add(
                    file,
                    include,
                    "policy.include",
                    format!("{name} cannot be read: {why}"),
                ),
            }
        }
        roots.insert(0, root);
    }
    let policy = if problems.is_empty() {
        resolve::resolve(&roots, &mut problems)
    } else {
        None
    };
    let problems = problems.sorted();
    Reading {
        policy: policy.filter(|_| problems.is_empty()),
        problems,
    }
}

fn load(file: &str, text: &str, problems: &mut Problems) -> Option<Node> {
    match node::parse(file, text) {
        Err(problem) => {
            problems.push(problem);
            None
        }
        Ok(root) => {
            check::check(&root, problems);
            Some(root)
        }
    }
}
