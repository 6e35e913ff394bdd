//! Random documents in every format, written down together with where each of their leaves stands.

use gradus_edit::Format;
use proptest::prelude::*;
use std::ops::Range;

/// A document without its notation.
#[derive(Debug, Clone)]
pub(crate) enum Tree {
    /// A text, and a number that chooses how it is written.
    Leaf(String, u8),
    /// Items, and a number that chooses how they are written.
    List(Vec<Tree>, u8),
    /// Values under the keys with these numbers.
    Map(Vec<Tree>, u8),
}

/// A document as it is written, and its leaves.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) text: String,
    /// The path of each leaf and its bytes.
    pub(crate) leaves: Vec<(String, Range<usize>)>,
}

/// Keys that need care in some format or in paths.
const KEYS: [&str; 8] = [
    "plain",
    "two words",
    "a.b",
    "ключ",
    "true",
    "it's \"q\"",
    "1.10",
    "a[0]=x",
];

pub(crate) fn tree() -> impl Strategy<Value = Tree> {
    let word = prop_oneof!["[a-z0-9.:/@-]{0,12}", "[ -~]{0,12}", "[ -~é世]{1,8}"];
    let leaf = (word, any::<u8>()).prop_map(|(text, style)| Tree::Leaf(text, style));
    let inner = leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            (prop::collection::vec(inner.clone(), 0..5), any::<u8>())
                .prop_map(|(list, style)| Tree::List(list, style)),
            (prop::collection::vec(inner, 0..5), any::<u8>()).prop_map(|(map, style)| Tree::Map(map, style)),
        ]
    });
    (prop::collection::vec(inner, 1..6), any::<u8>()).prop_map(|(map, style)| Tree::Map(map, style))
}

/// Writes a document down.
pub(crate) fn write(tree: &Tree, format: Format, crlf: bool) -> Written {
    let mut writer = Writer {
        out: Written {
            text: String::new(),
            leaves: Vec::new(),
        },
        format,
        eol: if crlf { "\r\n" } else { "\n" },
    };
    match (format, tree) {
        (Format::Yaml, _) => writer.block(tree, "", 0),
        (Format::Json, _) => writer.flow(tree, ""),
        (_, Tree::Map(values, style)) => {
            for (at, value) in values.iter().enumerate() {
                writer.push(&format!("# ключ {at}{}k{at} = ", writer.eol));
                writer.flow(value, &format!("k{at}"));
                writer.push(if style % 2 == 0 { " # c" } else { "" });
                writer.push(writer.eol);
            }
        }
        _ => unreachable!("documents begin with a map"),
    }
    writer.out
}

struct Writer {
    out: Written,
    format: Format,
    eol: &'static str,
}

fn step(path: &str, key: &str) -> String {
    let key = format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""));
    if path.is_empty() {
        key
    } else {
        format!("{path}.{key}")
    }
}

impl Writer {
    fn push(&mut self, text: &str) {
        self.out.text.push_str(text);
    }

    fn leaf(&mut self, text: &str, style: u8, path: &str, flow: bool) {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
        let simple = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let written = match (self.format, style % 4) {
            (Format::Yaml, 0) if text.is_empty() && !flow => String::new(),
            (Format::Yaml, 1) => format!("'{}'", text.replace('\'', "''")),
            (Format::Yaml, 0 | 2) if simple => text.to_owned(),
            (Format::Toml, 1) if !text.contains('\'') => format!("'{text}'"),
            (Format::Hcl, _) => format!("\"{}\"", escaped.replace("${", "$${").replace("%{", "%%{")),
            _ => format!("\"{escaped}\""),
        };
        let start = self.out.text.len();
        self.push(&written);
        self.out
            .leaves
            .push((path.to_owned(), start..self.out.text.len()));
    }

    fn key(&mut self, key: &str) {
        self.push(&format!("\"{}\"", key.replace('"', "\\\"")));
        self.push(if matches!(self.format, Format::Toml | Format::Hcl) {
            " = "
        } else {
            ": "
        });
    }

    fn flow(&mut self, tree: &Tree, path: &str) {
        match tree {
            Tree::Leaf(text, style) => self.leaf(text, *style, path, true),
            Tree::List(items, style) => {
                self.push("[");
                for (at, item) in items.iter().enumerate() {
                    self.push(match (at, style % 3) {
                        (0, _) => "",
                        (_, 0) => ",",
                        _ => ", ",
                    });
                    self.flow(item, &format!("{path}[{at}]"));
                }
                self.push("]");
            }
            Tree::Map(values, _) => {
                self.push("{");
                for (at, value) in values.iter().enumerate() {
                    self.push(if at > 0 { ", " } else { " " });
                    self.key(KEYS[at]);
                    self.flow(value, &step(path, KEYS[at]));
                }
                self.push(" }");
            }
        }
    }

    /// YAML in block style; parts of it in brackets.
    fn block(&mut self, tree: &Tree, path: &str, indent: usize) {
        let lead = " ".repeat(indent);
        let (values, list) = match tree {
            Tree::Map(values, _) => (values, false),
            Tree::List(values, _) => (values, true),
            Tree::Leaf(..) => return,
        };
        for (at, value) in values.iter().enumerate() {
            let path = if list {
                format!("{path}[{at}]")
            } else {
                step(path, KEYS[at])
            };
            self.push(&lead);
            if list {
                self.push("-");
            } else {
                self.push(
                    &[
                        "plain",
                        "two words",
                        "a.b",
                        "ключ",
                        "true",
                        "'it''s \"q\"'",
                        "\"1.10\"",
                        "a[0]=x",
                    ][at]
                        .replace("{", ""),
                );
                self.push(":");
            }
            match value {
                Tree::Leaf(text, style) => {
                    let empty = text.is_empty() && style % 4 == 0;
                    self.push(if empty { "" } else { "  " });
                    self.leaf(text, *style, &path, false);
                    self.push(if style % 3 == 0 { "\t# é \"c\"" } else { "" });
                    self.push(self.eol);
                }
                Tree::List(inner, style) | Tree::Map(inner, style) if inner.is_empty() || style % 3 == 0 => {
                    self.push(" ");
                    self.flow(value, &path);
                    self.push(self.eol);
                }
                _ => {
                    self.push(" # inside");
                    self.push(self.eol);
                    self.block(value, &path, indent + 2);
                }
            }
        }
    }
}
