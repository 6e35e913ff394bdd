//! YAML: one leaf, written in the style that it had.

use super::yaml_words::plain;
use crate::proof::{Added, Splice};
use crate::tree::{Document, Kind, Node, Style};
use crate::{EditError, Why};
use std::ops::Range;

/// The splice that makes a leaf a text.
pub(super) fn leaf(
    document: &Document<'_>,
    node: &Node,
    value: &str,
    quoted: bool,
) -> Result<Splice, EditError> {
    let splice = |span: Range<usize>, text| Ok(Splice { span, text });
    match (&node.kind, node.style) {
        (Kind::Empty, _) => empty(document, node.span.start, value, quoted),
        (_, Style::Single) => splice(node.span.clone(), format!("'{}'", value.replace('\'', "''"))),
        (_, Style::Double) => splice(node.span.clone(), double(value)),
        (Kind::Text(_) | Kind::Word(_), Style::Plain) => splice(node.span.clone(), scalar(value, quoted)),
        (_, Style::Block) => splice(block(document, node)?, scalar(value, quoted)),
        _ => document.refuse(node.span.start, Why::Style("only single values can be written")),
    }
}

fn double(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

fn scalar(value: &str, quoted: bool) -> String {
    if quoted || !plain(value) {
        double(value)
    } else {
        value.to_owned()
    }
}

/// A value where there was none: behind its colon or dash, before what follows.
fn empty(document: &Document<'_>, at: usize, value: &str, quoted: bool) -> Result<Splice, EditError> {
    let at = before_comment(document.text, at);
    let (before, after) = (&document.text[..at], &document.text[at..]);
    let lead = match before.chars().next_back() {
        Some(':' | '-') => " ",
        Some(c) if c.is_whitespace() => "",
        _ => {
            let why = Why::Style("the key has no colon and no value: write the colon first");
            return document.refuse(at, why);
        }
    };
    let apart = after.starts_with(|c: char| !c.is_whitespace() && !matches!(c, ',' | '}' | ']'));
    let tail = if apart { " " } else { "" };
    Ok(Splice {
        span: at..at,
        text: format!("{lead}{}{tail}", scalar(value, quoted)),
    })
}

/// For the parser, an empty item stands behind the comment that follows its dash.
fn before_comment(text: &str, at: usize) -> usize {
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let line = &text[start..at];
    let item = |comment: &usize| line[..*comment].trim_end().ends_with('-');
    let comment = [" #", "\t#"].iter().filter_map(|mark| line.find(mark)).min();
    comment
        .filter(item)
        .map_or(at, |comment| start + line[..comment].trim_end().len())
}

/// The bytes of a block scalar, from its indicator to the end of its last line with something on it.
fn block(document: &Document<'_>, node: &Node) -> Result<Range<usize>, EditError> {
    let text = document.text;
    let refuse = || {
        let why =
            Why::Style("a value over several lines with a comment or nothing in it: write it on one line");
        document.refuse(node.span.start, why)
    };
    let body = text[node.span.clone()].trim_end();
    let head = text[..node.span.start].trim_end();
    let start = head.trim_end_matches(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit());
    let indicator = start.strip_suffix(['|', '>']);
    match indicator {
        Some(before) if !body.is_empty() => Ok(before.len()..node.span.start + body.len()),
        _ => refuse(),
    }
}

/// The splice that gives a map one more key, behind the pair with that number.
pub(super) fn key(
    document: &Document<'_>,
    map: &Node,
    after: usize,
    key: &str,
    value: &Added,
) -> Result<Splice, EditError> {
    let text = document.text;
    let pairs = match &map.kind {
        Kind::Map(pairs) => pairs.as_slice(),
        _ => &[],
    };
    let (Some(first), Some(pair)) = (pairs.first(), pairs.get(after)) else {
        return document.refuse(map.span.start, Why::Style("an empty map gets no key here"));
    };
    let value = match value {
        Added::Text(text, quoted) => scalar(text, *quoted),
        Added::True => "true".to_owned(),
    };
    let end = pair.value.span.end;
    let single = matches!(pair.value.kind, Kind::Text(_) | Kind::Word(_) | Kind::Empty);
    if !single || pair.value.style == Style::Block {
        return document.refuse(
            pair.at,
            Why::Style("a key can be added only behind a value on one line"),
        );
    }
    if map.style == Style::Flow {
        return Ok(Splice {
            span: end..end,
            text: format!(", {key}: {value}"),
        });
    }
    let line_start = text[..first.at].rfind('\n').map_or(0, |at| at + 1);
    let lead = text[line_start..first.at].trim_start_matches('\u{feff}');
    if lead.contains('\t') {
        return document.refuse(first.at, Why::Style("tabs stand before this key: use spaces"));
    }
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    let crlf = text[..line_end].ends_with('\r');
    let at = if crlf { line_end - 1 } else { line_end };
    // A last line without an end gets the kind of end that the others have.
    let newline = if crlf || (line_end == text.len() && text.contains("\r\n")) {
        "\r\n"
    } else {
        "\n"
    };
    Ok(Splice {
        span: at..at,
        text: format!("{newline}{}{key}: {value}", " ".repeat(lead.chars().count())),
    })
}
