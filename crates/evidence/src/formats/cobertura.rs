//! Cobertura XML: coverage.py, coverlet, gcovr, dotnet-coverage and others.
//!
//! Lines stand both in classes and in their methods, and one class may be listed several times, so
//! adding them up gives another share than the tool's own. The tool's counters are taken where it
//! gives them; what the lines say is the check on them.

use super::{Format, plain};
use crate::draft::{Draft, lacks};
use crate::error::Result;
use crate::kinds::coverage::{self, Coverage, Ratio};
use crate::recognise::Head;
use crate::source::Bytes;
use crate::xml::{self, Doctype, Node, Tag, Xml};
use crate::{Expect, Kind};

pub(super) static FORMAT: Format = Format {
    name: "cobertura",
    kind: Kind::Coverage,
    about: "Coverage as Cobertura XML.",
    empty_is_clean: false,
    recognise: |head| match head {
        Head::Xml {
            root,
            attributes,
            child,
        } => {
            let rate = attributes
                .iter()
                .any(|name| name == "line-rate" || name == "lines-valid");
            root == "coverage" && (rate || child == "sources" || child == "packages")
        }
        _ => false,
    },
    exit: plain,
    read,
};

/// What the root says.
#[derive(Default)]
struct Root {
    lines: Option<Ratio>,
    branches: Option<Ratio>,
    line_rate: Option<f64>,
    branch_rate: Option<f64>,
}

/// What the lines say: those of classes and those of methods, which repeat each other.
#[derive(Default)]
struct Counted {
    classes: Ratio,
    methods: Ratio,
    branches: Ratio,
    method_branches: Ratio,
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    xml::read(bytes, expect, Doctype::Named, |xml| {
        let (mut root, mut counted) = (None, Counted::default());
        walk(xml, &mut root, &mut counted)?;
        let Some(root) = root else {
            return Err(lacks("the root <coverage>"));
        };
        settle(&root, &counted, draft);
        Ok(())
    })
}

fn walk(xml: &mut Xml<'_>, root: &mut Option<Root>, counted: &mut Counted) -> Result<()> {
    let mut open: Vec<bool> = Vec::new();
    loop {
        match xml.next()? {
            Node::Open(tag) => {
                if open.is_empty() {
                    *root = Some(declared(&tag)?);
                }
                if tag.name == "line" {
                    counted.line(&tag, open.contains(&true))?;
                }
                open.push(tag.name == "methods");
            }
            Node::Close => drop(open.pop()),
            Node::Text(_) => {}
            Node::End => return Ok(()),
        }
    }
}

fn declared(tag: &Tag<'_>) -> Result<Root> {
    if tag.name != "coverage" {
        return Err(lacks("the root <coverage>"));
    }
    let ratio = |covered: &str, valid: &str| -> Result<Option<Ratio>> {
        let both = (tag.count(covered)?, tag.count(valid)?);
        Ok(match both {
            (Some(covered), Some(valid)) => Some(Ratio { covered, valid }),
            _ => None,
        })
    };
    Ok(Root {
        lines: ratio("lines-covered", "lines-valid")?,
        branches: ratio("branches-covered", "branches-valid")?,
        line_rate: tag.number("line-rate").unwrap_or(None),
        branch_rate: tag.number("branch-rate").unwrap_or(None),
    })
}

impl Counted {
    fn line(&mut self, tag: &Tag<'_>, in_method: bool) -> Result<()> {
        let Some(hits) = tag.number("hits")? else {
            return Ok(());
        };
        let (lines, branches) = if in_method {
            (&mut self.methods, &mut self.method_branches)
        } else {
            (&mut self.classes, &mut self.branches)
        };
        lines.plus(u64::from(hits > 0.0), 1);
        if let Some((covered, valid)) = tag.get("condition-coverage").and_then(conditions) {
            branches.plus(covered, valid);
        }
        Ok(())
    }
}

/// `50% (1/2)`
fn conditions(text: &str) -> Option<(u64, u64)> {
    let (_, inner) = text.split_once('(')?;
    let (covered, valid) = inner.split_once(')')?.0.split_once('/')?;
    Some((covered.trim().parse().ok()?, valid.trim().parse().ok()?))
}

fn settle(root: &Root, counted: &Counted, draft: &mut Draft) {
    // Some tools list lines under methods only.
    let (lines, branches) = if counted.classes.valid > 0 {
        (counted.classes, counted.branches)
    } else {
        (counted.methods, counted.method_branches)
    };
    let chosen = root.lines.unwrap_or(lines);
    let rate = root.line_rate.map(|rate| rate * 100.0);
    for (what, other) in [("its lines", lines.percent()), ("its line-rate", rate)] {
        let (Some(own), Some(other)) = (chosen.percent(), other) else {
            continue;
        };
        let text = format!("the counters say {own:.2}% and {what} {other:.2}%");
        match (own - other).abs() {
            apart if apart <= 0.5 => {}
            // Repeated lines explain a few points, not this many; a report cut to size explains any.
            apart if apart > 15.0 && lines.valid.saturating_mul(2) > chosen.valid => {
                draft.doubt("counters", text);
            }
            _ => draft.note("counters", text),
        }
    }
    if chosen.valid > lines.valid.saturating_mul(2) && lines.valid > 0 {
        let text = format!("{} lines are declared and {} listed", chosen.valid, lines.valid);
        draft.note("counters", text);
    }
    if chosen.valid == 0 && root.line_rate.is_some() {
        draft.note(
            "nothing_to_cover",
            "a line-rate without lines is the share of nothing",
        );
    }
    let branches = root.branches.unwrap_or(branches);
    if branches.valid == 0 && root.branch_rate.is_some_and(|rate| rate > 0.0) {
        draft.note(
            "nothing_to_cover",
            "a branch-rate without branches is the share of nothing",
        );
    }
    let coverage = Coverage {
        lines: Some(chosen),
        branches: Some(branches),
        ..Coverage::default()
    };
    coverage::settle(draft, &coverage, "lines");
}
