//! Files of lines: `key=value`, `key: value`, with comments. `.env`, properties and their kin.

use super::{Format, no_parse};
use crate::proof::Splice;
use crate::tree::{Budget, Document, Kind, Node, Pair, Style};
use crate::{EditError, Why};
use std::collections::BTreeSet;

/// Reads a text of lines.
pub(super) fn read(text: &str) -> Result<Vec<Node>, EditError> {
    let mut budget = Budget::start(text)?;
    let mut pairs = Vec::new();
    let mut seen = BTreeSet::new();
    let mut at = text.len() - text.trim_start_matches('\u{feff}').len();
    while at < text.len() {
        let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        let line = text[at..end].trim_end_matches('\r');
        let mut next = end + 1;
        if let Some(pair) = pair(text, at, line) {
            budget.spend(text, at, 0)?;
            // A value that goes on over lines hides the keys in them.
            next = next.max(pair.value.span.end);
            if !seen.insert(pair.key.clone()) {
                return Err(EditError::new(text, pair.at, Why::Duplicate(pair.key)));
            }
            pairs.push(pair);
        }
        at = next;
    }
    if text.contains('\0') {
        return Err(no_parse(
            text,
            text.find('\0').unwrap_or(0),
            Format::Lines,
            "it is binary",
        ));
    }
    Ok(vec![Node::new(0..text.len(), Style::Plain, Kind::Map(pairs))])
}

fn pair(text: &str, start: usize, line: &str) -> Option<Pair> {
    let bare = line.trim_start();
    if bare.starts_with(['#', '!', ';', '[']) || bare.starts_with("//") {
        return None;
    }
    let bare = bare.strip_prefix("export ").map_or(bare, str::trim_start);
    let at = start + (line.len() - bare.len());
    let separator = bare.find(['=', ':'])?;
    let key = bare[..separator].trim_end();
    if key.is_empty() {
        return None;
    }
    let rest = &bare[separator + 1..];
    let value_at = at + separator + 1 + (rest.len() - rest.trim_start().len());
    Some(Pair {
        key: key.to_owned(),
        at,
        value: value(text, value_at, rest.trim()),
    })
}

fn value(text: &str, at: usize, rest: &str) -> Node {
    if let Some(quote @ (b'"' | b'\'')) = rest.as_bytes().first().copied()
        && let Some(end) = closing(text, at, quote)
    {
        let inside = &text[at + 1..end - 1];
        let after = text[end..].split('\n').next().unwrap_or_default().trim();
        let style = match quote {
            _ if inside.contains('\n') || !(after.is_empty() || after.starts_with('#')) => Style::Block,
            b'"' => Style::Double,
            _ => Style::Single,
        };
        return Node::new(at..end, style, Kind::Text(inside.to_owned()));
    }
    let comment = [" #", "\t#"].iter().filter_map(|mark| rest.find(mark)).min();
    let comment = if rest.starts_with('#') { Some(0) } else { comment };
    let bare = rest[..comment.unwrap_or(rest.len())].trim_end();
    if bare.is_empty() {
        return Node::new(at..at, Style::Plain, Kind::Empty);
    }
    if !bare.ends_with('\\') {
        return Node::new(at..at + bare.len(), Style::Plain, Kind::Text(bare.to_owned()));
    }
    let mut end = at;
    for line in text[at..].split_inclusive('\n') {
        end += line.len();
        if !line.trim_end().ends_with('\\') {
            break;
        }
    }
    Node::new(at..end, Style::Block, Kind::Text(text[at..end].to_owned()))
}

/// The byte behind the quote that closes the one at `at`, wherever in the text.
fn closing(text: &str, at: usize, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = at + 1;
    loop {
        match bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            byte if *byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The splice that makes a leaf a text.
pub(super) fn leaf(document: &Document<'_>, node: &Node, value: &str) -> Result<Splice, EditError> {
    let refuse = |reason| {
        let value = value.to_owned();
        document.refuse(node.span.start, Why::Value { value, reason })
    };
    let special = |chars: &[char]| value.contains(chars);
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/@+:-,=%~".contains(c);
    let text = match node.style {
        Style::Double if special(&['"', '\\', '$', '`']) => {
            return refuse("inside these quotes it would be read otherwise");
        }
        Style::Single if special(&['\'', '\\']) => {
            return refuse("inside these quotes it would be read otherwise");
        }
        Style::Double => format!("\"{value}\""),
        Style::Single => format!("'{value}'"),
        Style::Plain if value.chars().all(plain) => value.to_owned(),
        Style::Plain => {
            return refuse(
                "readers of such files disagree on it without quotes: put the old value in quotes",
            );
        }
        _ => {
            let why = Why::Style("the value goes on over several lines: write it on one line");
            return document.refuse(node.span.start, why);
        }
    };
    // `key=# comment` becomes `key=value # comment`.
    let after = &document.text[node.span.end..];
    let tail = if node.kind == Kind::Empty && after.starts_with('#') {
        " "
    } else {
        ""
    };
    let before = &document.text[..node.span.start];
    let lead = if node.kind == Kind::Empty && before.ends_with(':') {
        " "
    } else {
        ""
    };
    Ok(Splice {
        span: node.span.clone(),
        text: format!("{lead}{text}{tail}"),
    })
}
