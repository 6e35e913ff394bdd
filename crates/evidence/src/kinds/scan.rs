//! Findings of scanners: counted one by one, and by their ids.

use crate::draft::{Draft, add};
use crate::error::{EvidenceError, Fault, Result};
use crate::{Expect, Finding, Severity};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;

/// How long a text that is shown may be.
const SHOWN: usize = 200;

/// All findings of a scan so far.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// The worst severity of each id. Ids are kept as digests: they may be long, and are many.
    ids: HashMap<[u8; 16], Severity>,
    counted: [u64; 6],
    suppressed: u64,
    repeated: u64,
    unnamed: u64,
    kept: [Vec<Finding>; 6],
}

impl Scan {
    /// Takes a finding.
    pub(crate) fn add(&mut self, mut finding: Finding, expect: &Expect<'_>) -> Result<()> {
        if finding.id.is_empty() {
            // Two findings without an id are two findings.
            add(&mut self.unnamed, 1);
            finding.id = format!("unnamed {}", self.unnamed);
        }
        let rank = finding.severity as usize;
        if finding.suppressed.is_some() {
            add(&mut self.suppressed, 1);
        } else {
            add(&mut self.counted[rank], 1);
            self.remember(&finding, expect)?;
        }
        if self.kept[rank].len() < expect.limits.shown {
            self.kept[rank].push(Finding {
                id: shorten(finding.id),
                package: finding.package.map(shorten),
                suppressed: finding.suppressed.map(shorten),
                ..finding
            });
        }
        Ok(())
    }

    fn remember(&mut self, finding: &Finding, expect: &Expect<'_>) -> Result<()> {
        let hash: [u8; 32] = Sha256::digest(finding.id.as_bytes()).into();
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        if let Some(known) = self.ids.get_mut(&id) {
            *known = (*known).max(finding.severity);
            add(&mut self.repeated, 1);
            return Ok(());
        }
        if self.ids.len() >= expect.limits.remembered {
            let what = format!(
                "there are more than {} different findings",
                expect.limits.remembered
            );
            return Err(EvidenceError::whole(Fault::TooMany, what));
        }
        self.ids.insert(id, finding.severity);
        Ok(())
    }

    /// Whether anything counts that is not said to be harmless.
    pub(crate) fn any(&self) -> bool {
        self.ids.values().any(|severity| *severity != Severity::None)
    }

    /// Counts that a tool gives without listing what it counted.
    pub(crate) fn declare(&mut self, severity: Severity, count: u64, expect: &Expect<'_>) -> Result<()> {
        let known = self.counted[severity as usize];
        for nth in known..count {
            if nth >= expect.limits.remembered as u64 {
                let what = format!("the report declares {count} findings of severity {severity}");
                return Err(EvidenceError::whole(Fault::TooMany, what));
            }
            let id = format!("declared {severity} {nth}");
            let finding = Finding {
                id,
                severity,
                package: None,
                suppressed: None,
            };
            self.add(finding, expect)?;
        }
        Ok(())
    }

    /// How many findings of a severity count so far.
    pub(crate) fn count(&self, severity: Severity) -> u64 {
        self.counted[severity as usize]
    }

    pub(crate) fn settle(self, draft: &mut Draft, shown: usize) -> Vec<Finding> {
        for severity in Severity::ALL {
            let ids = self.ids.values().filter(|known| **known == severity).count();
            draft.figure(severity.word(), ids as f64);
            let name = format!("{severity}_findings");
            draft.fact_count(&name, self.counted[severity as usize]);
        }
        draft.fact_count("suppressed", self.suppressed);
        if self.suppressed > 0 {
            let text = format!("{} findings are suppressed and do not count", self.suppressed);
            draft.note("suppressed", text);
        }
        if self.repeated > 0 {
            let text = format!("{} findings repeat an id that was counted already", self.repeated);
            draft.note("repeated", text);
        }
        let mut kept = self.kept;
        let worst_first = Severity::ALL.iter();
        worst_first
            .flat_map(|severity| std::mem::take(&mut kept[*severity as usize]))
            .take(shown)
            .collect()
    }
}

fn shorten(text: String) -> String {
    if text.len() <= SHOWN {
        return text;
    }
    text.chars().take(SHOWN / 4).chain("…".chars()).collect()
}
