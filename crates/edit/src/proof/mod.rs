//! Splice and proof: the one place where bytes change, whatever the format and the target.
//!
//! A target says what it wants as [`Want`]s on the tree. Here they become splices, and the result is
//! believed only if
//!
//! 1. it can be read again by the same strict reader,
//! 2. what was read differs from before in exactly what was wanted,
//! 3. every byte outside the splices is the same,
//! 4. wanting the same of the result wants nothing.

#[cfg(test)]
mod tests;
mod wish;

use crate::part::{part_of, replaced};
use crate::tree::{Document, Kind, Node, Pair, Style};
use crate::{EditError, Format, Place, Why};

pub(crate) use wish::{Added, Splice, Want};

/// A file after an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The whole text.
    pub text: String,
    /// What changed; nothing if it was so already.
    pub changes: Vec<Changed>,
}

/// One leaf that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Its place in the file before.
    pub place: Place,
    /// Its path.
    pub path: String,
    /// What was there; nothing where the value was empty or the key is new.
    pub before: Option<String>,
    /// What is there now.
    pub after: String,
}

/// Carries out what `plan` wants of a text, and proves it.
pub(crate) fn carry_out<'t>(
    text: &'t str,
    format: Format,
    plan: impl Fn(&Document<'_>) -> Result<Vec<Want>, EditError>,
) -> Result<Edited, EditError> {
    let before: Document<'t> = format.read(text)?;
    let wants = open(&before, plan(&before)?);
    if wants.is_empty() {
        return Ok(Edited {
            text: text.to_owned(),
            changes: Vec::new(),
        });
    }
    let (splices, changes) = splices(&before, &wants)?;
    let first = splices.first().map_or(0, |splice| splice.span.start);
    let refuse = |what| EditError::new(text, first, Why::Proof(what));
    let after = apply(text, &splices).ok_or_else(|| refuse("two changes met in the same bytes"))?;
    let read = examine(&before, &wants, &splices, &after).map_err(refuse)?;
    match plan(&read).map(|wants| open(&read, wants)) {
        Ok(left) if left.is_empty() => {}
        _ => return Err(refuse("making it a second time would change the file again")),
    }
    Ok(Edited { text: after, changes })
}

/// Whether a text is what a document has to become; if so, what it reads as.
fn examine<'t>(
    before: &Document<'_>,
    wants: &[Want],
    splices: &[Splice],
    after: &'t str,
) -> Result<Document<'t>, &'static str> {
    if !same_outside(before.text, after, splices) {
        return Err("a byte beside the value changed");
    }
    let read = before
        .format
        .read(after)
        .map_err(|_| "the result could not be read again")?;
    let expected = expected(before, wants).ok_or("the place of the change is gone")?;
    if read.roots != expected {
        return Err("something else changed with it");
    }
    Ok(read)
}

/// The wants that are not so yet.
fn open(document: &Document<'_>, wants: Vec<Want>) -> Vec<Want> {
    let is_so = |want: &Want| match want {
        Want::Leaf { address, value, .. } => {
            find(&document.roots, address).is_some_and(|node| node.kind == Kind::Text(value.clone()))
        }
        Want::Word { address, value, .. } => {
            find(&document.roots, address).is_some_and(|node| node.kind == Kind::Word(value.clone()))
        }
        Want::Part {
            address, mark, value, ..
        } => find(&document.roots, address)
            .and_then(|node| part_of(document.text.get(node.span.clone())?, mark))
            .is_some_and(|(_, part)| part == value),
        Want::Key { .. } => false,
    };
    wants.into_iter().filter(|want| !is_so(want)).collect()
}

fn find<'n>(roots: &'n [Node], address: &[usize]) -> Option<&'n Node> {
    let (root, rest) = address.split_first()?;
    roots.get(*root)?.at(rest)
}

fn splices(document: &Document<'_>, wants: &[Want]) -> Result<(Vec<Splice>, Vec<Changed>), EditError> {
    let mut found = Vec::new();
    let mut changes = Vec::new();
    for want in wants {
        let Some(node) = find(&document.roots, want.address()) else {
            return document.refuse(0, Why::Proof("the place of the change is gone"));
        };
        let (splice, path, before, after) = match want {
            Want::Leaf {
                value, quoted, path, ..
            } => {
                let splice = document.format.leaf(document, node, value, *quoted)?;
                (splice, path, node.text().map(str::to_owned), value.clone())
            }
            Want::Word { value, path, .. } => {
                let splice = Splice {
                    span: node.span.clone(),
                    text: value.clone(),
                };
                (splice, path, node.text().map(str::to_owned), value.clone())
            }
            Want::Part {
                mark, value, path, ..
            } => {
                let source = document.text.get(node.span.clone()).unwrap_or_default();
                let Some((at, part)) = part_of(source, mark) else {
                    return document.refuse(node.span.start, Why::Proof("the place of the change is gone"));
                };
                let start = node.span.start + at;
                let splice = Splice {
                    span: start..start + part.len(),
                    text: value.clone(),
                };
                (splice, path, Some(part.to_owned()), value.clone())
            }
            Want::Key {
                after,
                key,
                value,
                path,
                ..
            } => {
                let splice = document.format.key(document, node, *after, key, value)?;
                (splice, path, None, value.text().to_owned())
            }
        };
        changes.push(Changed {
            place: Place::of(document.text, splice.span.start),
            path: path.clone(),
            before,
            after,
        });
        found.push(splice);
    }
    found.sort_by_key(|splice| (splice.span.start, splice.span.end));
    Ok((found, changes))
}

fn apply(text: &str, splices: &[Splice]) -> Option<String> {
    let mut after = String::with_capacity(text.len() + 128);
    let mut at = 0;
    for splice in splices {
        after.push_str(text.get(at..splice.span.start)?);
        after.push_str(&splice.text);
        at = splice.span.end;
    }
    after.push_str(text.get(at..)?);
    Some(after)
}

/// Walks both texts side by side: between the splices they must be the same bytes.
fn same_outside(before: &str, after: &str, splices: &[Splice]) -> bool {
    let (before, after) = (before.as_bytes(), after.as_bytes());
    let (mut old, mut new) = (0, 0);
    for splice in splices {
        let Some(length) = splice.span.start.checked_sub(old) else {
            return false;
        };
        if before.get(old..old + length) != after.get(new..new + length) {
            return false;
        }
        old = splice.span.end;
        new += length + splice.text.len();
    }
    before.get(old..) == after.get(new..)
}

/// The tree as it has to be afterwards.
fn expected(document: &Document<'_>, wants: &[Want]) -> Option<Vec<Node>> {
    let mut roots = document.roots.clone();
    // Leaves first, and added keys from the back, so that no address moves before it is used.
    for want in wants {
        let (root, rest) = want.address().split_first()?;
        let kind = &mut roots.get_mut(*root)?.at_mut(rest)?.kind;
        match (want, &mut *kind) {
            (Want::Leaf { value, .. }, _) => *kind = Kind::Text(value.clone()),
            (Want::Word { value, .. }, _) => *kind = Kind::Word(value.clone()),
            (Want::Part { mark, value, .. }, Kind::Text(text) | Kind::Expression(text)) => {
                *text = replaced(text, mark, value)?;
            }
            (Want::Part { .. }, _) => return None,
            (Want::Key { .. }, _) => {}
        }
    }
    for want in wants.iter().rev() {
        if let Want::Key {
            address,
            after,
            key,
            value,
            ..
        } = want
        {
            let (root, rest) = address.split_first()?;
            let Kind::Map(pairs) = &mut roots.get_mut(*root)?.at_mut(rest)?.kind else {
                return None;
            };
            let pair = Pair {
                key: (*key).to_owned(),
                at: 0,
                value: Node::new(0..0, Style::Plain, value.kind()),
            };
            (*after < pairs.len()).then(|| pairs.insert(after + 1, pair))?;
        }
    }
    Some(roots)
}
