//! Clover XML: PHPUnit, Istanbul and OpenClover.

use super::{Format, plain};
use crate::draft::{Draft, lacks};
use crate::error::Result;
use crate::kinds::coverage::{self, Coverage, Ratio};
use crate::recognise::Head;
use crate::source::Bytes;
use crate::xml::{self, Doctype, Node, Tag, Xml};
use crate::{Expect, Kind};

pub(super) static FORMAT: Format = Format {
    name: "clover",
    kind: Kind::Coverage,
    about: "Coverage as Clover XML.",
    empty_is_clean: false,
    recognise: |head| matches!(head, Head::Xml { root, child, .. } if root == "coverage" && child == "project"),
    exit: plain,
    read,
};

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    xml::read(bytes, expect, Doctype::Named, |xml| {
        let mut lines = Ratio::default();
        let found = walk(xml, &mut lines, draft)?;
        let Some(mut coverage) = found else {
            return Err(lacks("<project> with its <metrics>"));
        };
        if let Some(statements) = coverage.statements
            && lines.valid > 0
            && statements != lines
        {
            let text = format!(
                "{} of {} statements are declared covered, {} of {} listed",
                statements.covered, statements.valid, lines.covered, lines.valid
            );
            draft.note("counters", text);
        }
        // Clover's statements are what others call lines.
        coverage.lines = coverage.statements;
        coverage::settle(draft, &coverage, "lines");
        Ok(())
    })
}

/// The metrics right below the project are those of the whole.
fn walk(xml: &mut Xml<'_>, lines: &mut Ratio, draft: &mut Draft) -> Result<Option<Coverage>> {
    let (mut depth, mut in_project, mut found) = (0_usize, false, None);
    loop {
        match xml.next()? {
            Node::Open(tag) => {
                depth += 1;
                match (depth, tag.name) {
                    (1, "coverage") => {}
                    (1, _) => return Err(lacks("the root <coverage>")),
                    (2, name) => {
                        in_project = name == "project";
                        if in_project {
                            draft.name = tag.text("name");
                        }
                    }
                    (3, "metrics") if in_project => found = Some(metrics(&tag)?),
                    (_, "line") if in_project && tag.get("type") == Some("stmt") => {
                        let hit = tag.count("count")?.unwrap_or(0) > 0;
                        lines.plus(u64::from(hit), 1);
                    }
                    _ => {}
                }
            }
            Node::Close => depth -= 1,
            Node::Text(_) => {}
            Node::End => return Ok(found),
        }
    }
}

fn metrics(tag: &Tag<'_>) -> Result<Coverage> {
    let ratio = |covered: &str, valid: &str| -> Result<Option<Ratio>> {
        let covered = tag.count(covered)?.unwrap_or(0);
        Ok(tag.count(valid)?.map(|valid| Ratio { covered, valid }))
    };
    Ok(Coverage {
        statements: ratio("coveredstatements", "statements")?,
        branches: ratio("coveredconditionals", "conditionals")?,
        functions: ratio("coveredmethods", "methods")?,
        ..Coverage::default()
    })
}
