//! The formats: each reads a text into a tree of spans, and writes one leaf back into its own bytes.

mod hcl;
mod json;
mod lines;
mod toml;
mod yaml;
mod yaml_words;
mod yaml_write;

use crate::proof::{Added, Splice};
use crate::tree::{Document, Node};
use crate::{EditError, Why};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// YAML, one document or several.
    Yaml,
    /// JSON, without comments.
    Json,
    /// TOML.
    Toml,
    /// HCL, as Terraform, OpenTofu and Terragrunt write it.
    Hcl,
    /// Lines of `key: value` or `key=value`.
    Lines,
}

/// What is said where a number or a truth would become a text.
const NOT_A_TEXT: Why = Why::Style(
    "a number or a truth stands here, and its readers want one: put it in quotes first if a text is right",
);

impl Format {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Yaml => "YAML",
            Format::Json => "JSON",
            Format::Toml => "TOML",
            Format::Hcl => "HCL",
            Format::Lines => "lines of keys and values",
        }
    }

    /// The format that the ending of a file's name tells, if it tells one.
    pub fn of(file: &str) -> Option<Self> {
        Some(match file.rsplit_once('.')?.1 {
            "yaml" | "yml" => Format::Yaml,
            "json" => Format::Json,
            "toml" => Format::Toml,
            "hcl" | "tf" | "tofu" | "tfvars" => Format::Hcl,
            "lines" | "env" | "properties" => Format::Lines,
            _ => return None,
        })
    }

    /// Reads a text, strictly.
    pub(crate) fn read(self, text: &str) -> Result<Document<'_>, EditError> {
        let roots = match self {
            Format::Yaml => yaml::read(text)?,
            Format::Json => json::read(text)?,
            Format::Toml => toml::read(text)?,
            Format::Hcl => hcl::read(text)?,
            Format::Lines => lines::read(text)?,
        };
        Ok(Document {
            text,
            format: self,
            roots,
        })
    }

    /// The splice that makes a leaf a text.
    pub(crate) fn leaf(
        self,
        document: &Document<'_>,
        node: &Node,
        value: &str,
        quoted: bool,
    ) -> Result<Splice, EditError> {
        match self {
            Format::Yaml => yaml_write::leaf(document, node, value, quoted),
            Format::Json => json::leaf(document, node, value),
            Format::Toml => toml::leaf(document, node, value),
            Format::Hcl => hcl::leaf(document, node, value),
            Format::Lines => lines::leaf(document, node, value),
        }
    }

    /// Whether a reader of YAML, or Helm, takes a bare word for another thing than a text.
    pub(crate) fn misread(word: &str) -> bool {
        yaml_words::misread(word)
    }

    /// The splice that gives a map one more key.
    pub(crate) fn key(
        self,
        document: &Document<'_>,
        map: &Node,
        after: usize,
        key: &str,
        value: &Added,
    ) -> Result<Splice, EditError> {
        match self {
            Format::Yaml => yaml_write::key(document, map, after, key, value),
            _ => document.refuse(map.span.start, Why::Style("keys are added only in YAML")),
        }
    }
}

/// A refusal of the parser.
fn no_parse(text: &str, offset: usize, format: Format, message: impl Into<String>) -> EditError {
    let why = Why::Parse {
        format: format.name(),
        message: message.into(),
    };
    EditError::new(text, offset, why)
}
