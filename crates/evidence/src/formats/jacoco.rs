//! JaCoCo XML. Only the counters right below the root count: all others are parts of them.

use super::{Format, plain};
use crate::draft::{Draft, lacks};
use crate::error::Result;
use crate::kinds::coverage::{self, Coverage, Ratio};
use crate::recognise::Head;
use crate::source::Bytes;
use crate::xml::{self, Doctype, Node};
use crate::{Expect, Kind};

pub(super) static FORMAT: Format = Format {
    name: "jacoco",
    kind: Kind::Coverage,
    about: "Coverage as JaCoCo XML.",
    empty_is_clean: false,
    recognise: |head| match head {
        Head::Xml { root, child, .. } => {
            root == "report" && ["sessioninfo", "group", "package", "counter", ""].contains(&child.as_str())
        }
        _ => false,
    },
    exit: plain,
    read,
};

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    xml::read(bytes, expect, Doctype::Named, |xml| {
        let mut coverage = Coverage::default();
        let (mut groups, mut depth) = (0_u64, 0_usize);
        let mut parts = Ratio::default();
        loop {
            match xml.next()? {
                Node::Open(tag) => {
                    depth += 1;
                    match (depth, tag.name) {
                        (1, "report") => draft.name = tag.text("name"),
                        (1, _) => return Err(lacks("the root <report>")),
                        (2, "group") => groups += 1,
                        (2, "counter") => {
                            let missed = tag.count("missed")?.unwrap_or(0);
                            let covered = tag.count("covered")?.unwrap_or(0);
                            let valid = missed.saturating_add(covered);
                            let ratio = Some(Ratio { covered, valid });
                            match tag.get("type") {
                                Some("LINE") => coverage.lines = ratio,
                                Some("BRANCH") => coverage.branches = ratio,
                                Some("METHOD") => coverage.functions = ratio,
                                Some("INSTRUCTION") => coverage.instructions = ratio,
                                _ => {}
                            }
                        }
                        (3, "counter") if tag.get("type") == Some("LINE") => {
                            let covered = tag.count("covered")?.unwrap_or(0);
                            parts.plus(covered, tag.count("missed")?.unwrap_or(0).saturating_add(covered));
                        }
                        _ => {}
                    }
                }
                Node::Close => depth -= 1,
                Node::Text(_) => {}
                Node::End => break,
            }
        }
        if let Some(lines) = coverage.lines
            && parts.valid > 0
            && parts != lines
        {
            let (covered, valid) = (parts.covered, parts.valid);
            let text = format!(
                "the whole has {} of {} lines, its parts {covered} of {valid}",
                lines.covered, lines.valid
            );
            draft.doubt("counters", text);
        }
        if groups > 0 {
            draft.fact_count("modules", groups);
        }
        if coverage.lines.is_none() && coverage.instructions.is_some() {
            draft.note(
                "no_lines",
                "the classes were compiled without debug information, so no line is known",
            );
        }
        coverage::settle(draft, &coverage, "lines");
        Ok(())
    })
}
