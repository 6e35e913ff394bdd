//! JSON: a strict reader that knows its bytes.

use super::{Format, no_parse};
use crate::proof::Splice;
use crate::tree::{Budget, Document, Kind, Node, Pair, Style};
use crate::{EditError, Why};
use std::collections::BTreeSet;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    budget: Budget,
}

/// Reads one value and nothing else.
pub(super) fn read(text: &str) -> Result<Vec<Node>, EditError> {
    let budget = Budget::start(text)?;
    let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut reader = Reader { text, at, budget };
    reader.space();
    let root = reader.value(0)?;
    reader.space();
    if reader.at < text.len() {
        return reader.refuse("something follows the end");
    }
    Ok(vec![root])
}

impl Reader<'_> {
    fn refuse<T>(&self, message: &str) -> Result<T, EditError> {
        Err(no_parse(self.text, self.at, Format::Json, message))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8, message: &str) -> Result<(), EditError> {
        if self.peek() != Some(byte) {
            return self.refuse(message);
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<Node, EditError> {
        self.budget.spend(self.text, self.at, depth)?;
        let start = self.at;
        let (style, kind) = match self.peek() {
            Some(b'{') => (Style::Flow, Kind::Map(self.map(depth)?)),
            Some(b'[') => (Style::Flow, Kind::List(self.list(depth)?)),
            Some(b'"') => (Style::Double, Kind::Text(self.string()?)),
            Some(_) => (Style::Plain, self.word()?),
            None => return self.refuse("a value is missing"),
        };
        Ok(Node::new(start..self.at, style, kind))
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, EditError> {
        let mut items = Vec::new();
        self.at += 1;
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(items);
        }
        loop {
            self.space();
            items.push(self.value(depth + 1)?);
            self.space();
            if self.peek() == Some(b',') {
                self.at += 1;
                continue;
            }
            self.expect(b']', "a comma or ] is missing")?;
            return Ok(items);
        }
    }

    fn map(&mut self, depth: usize) -> Result<Vec<Pair>, EditError> {
        let mut pairs = Vec::new();
        let mut seen = BTreeSet::new();
        self.at += 1;
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(pairs);
        }
        loop {
            self.space();
            let at = self.at;
            if self.peek() != Some(b'"') {
                return self.refuse("a key in double quotes is missing");
            }
            let key = self.string()?;
            if !seen.insert(key.clone()) {
                return Err(EditError::new(self.text, at, Why::Duplicate(key)));
            }
            self.space();
            self.expect(b':', "a colon is missing")?;
            self.space();
            let value = self.value(depth + 1)?;
            pairs.push(Pair { key, at, value });
            self.space();
            if self.peek() == Some(b',') {
                self.at += 1;
                continue;
            }
            self.expect(b'}', "a comma or } is missing")?;
            return Ok(pairs);
        }
    }

    fn word(&mut self) -> Result<Kind, EditError> {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-' | '.'))
            .unwrap_or(rest.len());
        let word = &rest[..end];
        let kind = match word {
            "null" => Kind::Empty,
            "true" | "false" => Kind::Word(word.to_owned()),
            _ if is_number(word) => Kind::Word(word.to_owned()),
            _ => return self.refuse("a value is missing, or it is not one of JSON's"),
        };
        self.at += end;
        Ok(kind)
    }

    fn string(&mut self) -> Result<String, EditError> {
        let mut value = String::new();
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let Some(c) = rest.chars().next() else {
                return self.refuse("a quote is not closed");
            };
            match c {
                '"' => {
                    self.at += 1;
                    return Ok(value);
                }
                '\\' => value.push(self.escape()?),
                '\0'..='\u{1f}' => return self.refuse("a control character stands in a text"),
                c => {
                    value.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, EditError> {
        let c = match self.text.as_bytes().get(self.at + 1) {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(*c),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return self.refuse("this escape is not one of JSON's"),
        };
        self.at += 2;
        Ok(c)
    }

    fn unicode(&mut self) -> Result<char, EditError> {
        let unit = |at: usize| {
            let hex = self.text.get(at..at + 4)?;
            let plain = hex.bytes().all(|b| b.is_ascii_hexdigit());
            plain.then(|| u16::from_str_radix(hex, 16).ok()).flatten()
        };
        let first = unit(self.at + 2);
        let paired = self.text.get(self.at + 6..self.at + 8) == Some("\\u");
        let second = if paired { unit(self.at + 8) } else { None };
        let pair = |second: Option<u16>| char::decode_utf16(first.into_iter().chain(second)).next();
        let (c, length) = match (pair(None), pair(second)) {
            (Some(Ok(c)), _) => (c, 6),
            (_, Some(Ok(c))) => (c, 12),
            _ => return self.refuse("this escape is half a character"),
        };
        self.at += length;
        Ok(c)
    }
}

fn is_number(word: &str) -> bool {
    let bare = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match bare.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (bare, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, part) = match mantissa.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && part.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

/// The splice that makes a leaf a text. Numbers stay numbers: who reads them wants one.
pub(super) fn leaf(document: &Document<'_>, node: &Node, value: &str) -> Result<Splice, EditError> {
    match node.kind {
        Kind::Text(_) | Kind::Empty => Ok(Splice {
            span: node.span.clone(),
            text: format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")),
        }),
        _ => document.refuse(node.span.start, super::NOT_A_TEXT),
    }
}
