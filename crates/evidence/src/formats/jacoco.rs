//! JaCoCo XML. Only the counters right below the root count: all others are parts of them.

use super::{Format, plain};
use crate::draft::{Draft, lacks};
use crate::error::Result;
use crate::kinds::coverage::{self, Coverage, Ratio};
use crate::recognise::Head;
use crate::source::Bytes;
use crate::xml::{self, Doctype, Node, Tag, Xml};
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
    let mut whole = Whole::default();
    xml::read(bytes, expect, Doctype::Named, |xml| whole.read(xml, draft))?;
    whole.settle(draft);
    Ok(())
}

#[derive(Default)]
struct Whole {
    coverage: Coverage,
    /// The lines of packages and groups, which together are those of the whole.
    parts: Ratio,
    groups: u64,
}

impl Whole {
    fn read(&mut self, xml: &mut Xml<'_>, draft: &mut Draft) -> Result<()> {
        let mut depth = 0_usize;
        loop {
            match xml.next()? {
                Node::Open(tag) => {
                    depth += 1;
                    match (depth, tag.name) {
                        (1, "report") => draft.name = tag.text("name"),
                        (1, _) => return Err(lacks("the root <report>")),
                        (2, "group") => self.groups += 1,
                        (2, "counter") => self.counter(&tag)?,
                        (3, "counter") if tag.get("type") == Some("LINE") => {
                            let Ratio { covered, valid } = ratio(&tag)?;
                            self.parts.plus(covered, valid);
                        }
                        _ => {}
                    }
                }
                Node::Close => depth = depth.saturating_sub(1),
                Node::Text(_) => {}
                Node::End => return Ok(()),
            }
        }
    }

    fn counter(&mut self, tag: &Tag<'_>) -> Result<()> {
        let place = match tag.get("type") {
            Some("LINE") => &mut self.coverage.lines,
            Some("BRANCH") => &mut self.coverage.branches,
            Some("METHOD") => &mut self.coverage.functions,
            Some("INSTRUCTION") => &mut self.coverage.instructions,
            _ => return Ok(()),
        };
        *place = Some(ratio(tag)?);
        Ok(())
    }

    fn settle(&self, draft: &mut Draft) {
        if let Some(lines) = self.coverage.lines
            && self.parts.valid > 0
            && self.parts != lines
        {
            let text = format!(
                "the whole has {} of {} lines, its parts {} of {}",
                lines.covered, lines.valid, self.parts.covered, self.parts.valid
            );
            draft.doubt("counters", text);
        }
        if self.groups > 0 {
            draft.fact_count("modules", self.groups);
        }
        if self.coverage.lines.is_none() && self.coverage.instructions.is_some() {
            let text = "the classes were compiled without debug information, so no line is known";
            draft.note("no_lines", text);
        }
        coverage::settle(draft, &self.coverage, "lines");
    }
}

fn ratio(tag: &Tag<'_>) -> Result<Ratio> {
    let covered = tag.count("covered")?.unwrap_or(0);
    let valid = tag.count("missed")?.unwrap_or(0).saturating_add(covered);
    Ok(Ratio { covered, valid })
}
