//! Which document of a file is meant.

use crate::cursor::Cursor;
use crate::tree::{Document, Kind};
use crate::{EditError, Why};

/// Which document of a file with several is meant. Nothing is enough where there is only one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Which {
    /// Its `kind`.
    pub kind: Option<String>,
    /// Its `metadata.name`.
    pub name: Option<String>,
    /// Its number, from 0.
    pub index: Option<usize>,
}

/// Every document that says something and that is meant.
pub(crate) fn documents<'a>(document: &'a Document<'a>, which: &Which) -> Vec<Cursor<'a>> {
    let all = document.roots.iter().enumerate();
    all.filter(|(at, node)| node.kind != Kind::Empty && which.index.is_none_or(|index| index == *at))
        .map(|(at, node)| Cursor {
            document,
            node,
            address: vec![at],
            path: String::new(),
        })
        .filter(|root| {
            let is =
                |wanted: &Option<String>, found: Option<&str>| wanted.is_none() || wanted.as_deref() == found;
            is(&which.kind, root.peek(&["kind"])) && is(&which.name, root.peek(&["metadata", "name"]))
        })
        .collect()
}

/// The one document that is meant.
pub(crate) fn one<'a>(document: &'a Document<'a>, which: &Which) -> Result<Cursor<'a>, EditError> {
    let mut found = documents(document, which);
    let named = |root: &Cursor<'_>| {
        let word = |keys: &[&str]| root.peek(keys).unwrap_or("?").to_owned();
        format!("{}/{}", word(&["kind"]), word(&["metadata", "name"]))
    };
    let all: Vec<String> = documents(document, &Which::default()).iter().map(named).collect();
    match (found.len(), all.len()) {
        (1, _) => Ok(found.remove(0)),
        (_, 0) => document.refuse(
            0,
            Why::NotFound {
                what: "a document".to_owned(),
                hint: ": the file is empty".to_owned(),
            },
        ),
        (0, _) => document.refuse(
            0,
            Why::Documents(format!(
                "no document is the one that was asked for: there is {}",
                all.join(", ")
            )),
        ),
        (count, _) => {
            let second = found.get(1).map_or(0, |root| root.node.span.start);
            document.refuse(
                second,
                Why::Documents(format!(
                    "{count} documents could be meant ({}): say which by kind, name or index",
                    all.join(", ")
                )),
            )
        }
    }
}
