//! JMeter's results as XML, and how its samples nest.

use super::{Format, plain};
use crate::draft::{Draft, add, lacks};
use crate::error::{EvidenceError, Fault, Result};
use crate::kinds::load::Load;
use crate::source::Bytes;
use crate::xml::{self, Doctype, Node, Tag, Xml};
use crate::{Expect, Kind};

pub(super) static FORMAT: Format = Format {
    name: "jmeter-xml",
    kind: Kind::Performance,
    about: "JMeter's results as XML, `.jtl`.",
    empty_is_clean: false,
    recognise: |head| head.root() == "testResults",
    exit: plain,
    read,
};

/// How JMeter marks a sample that only sums up others.
pub(super) const TRANSACTION: &str = "Number of samples in transaction";

#[derive(Debug, Clone, Copy, PartialEq)]
enum In {
    Root,
    /// Sums up the samples within it, which count instead.
    Transaction,
    /// Counts itself; the samples within it are parts of it.
    Sample,
    Other,
}

#[derive(Default)]
struct Samples {
    load: Load,
    nested: u64,
    transactions: u64,
    unjudged: u64,
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    draft.tool = Some("jmeter".to_owned());
    let mut samples = Samples::default();
    xml::read(bytes, expect, Doctype::Refused, |xml| samples.read(xml, expect))?;
    samples.settle(draft);
    Ok(())
}

impl Samples {
    fn read(&mut self, xml: &mut Xml<'_>, expect: &Expect<'_>) -> Result<()> {
        let mut open: Vec<In> = Vec::new();
        loop {
            match xml.next()? {
                Node::Open(tag) => {
                    let inside = match (tag.name, open.last()) {
                        ("testResults", None) => In::Root,
                        (_, None) => return Err(lacks("the root <testResults>")),
                        ("httpSample" | "sample", Some(In::Root | In::Transaction)) => {
                            self.sample(&tag, expect)?
                        }
                        ("httpSample" | "sample", Some(_)) => {
                            add(&mut self.nested, 1);
                            In::Sample
                        }
                        _ => In::Other,
                    };
                    open.push(inside);
                }
                Node::Close => drop(open.pop()),
                Node::Text(_) => {}
                Node::End => return Ok(()),
            }
        }
    }

    fn sample(&mut self, tag: &Tag<'_>, expect: &Expect<'_>) -> Result<In> {
        if tag
            .get("rm")
            .is_some_and(|message| message.starts_with(TRANSACTION))
        {
            add(&mut self.transactions, 1);
            return Ok(In::Transaction);
        }
        let Some(took) = tag.count("t")? else {
            let what = "a sample does not say how long it took";
            return Err(EvidenceError::whole(Fault::Malformed, what));
        };
        let well = match tag.get("s") {
            Some("true") => true,
            Some("false") => false,
            _ => {
                add(&mut self.unjudged, 1);
                false
            }
        };
        // Dates that are written out are not interpreted: some that JMeter writes do not exist.
        let began = tag.get("ts").and_then(|text| text.parse().ok());
        self.load.add(began, took, well, expect)?;
        Ok(In::Sample)
    }

    fn settle(&self, draft: &mut Draft) {
        draft.fact_count("nested", self.nested);
        draft.fact_count("transactions", self.transactions);
        if self.nested > 0 {
            draft.note(
                "nested",
                format!("{} samples are parts of others and do not count", self.nested),
            );
        }
        if self.unjudged > 0 {
            draft.doubt(
                "unjudged",
                format!("{} samples do not say whether they went well", self.unjudged),
            );
        }
        self.load.settle(draft);
    }
}
