//! Inventories: how many components there are, and under which licences.

use crate::Expect;
use crate::draft::{Draft, add};
use crate::error::{EvidenceError, Fault, Result};
use std::collections::BTreeSet;

/// Everything that is listed so far.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    pub(crate) components: u64,
    unlicensed: u64,
    licences: BTreeSet<String>,
    /// Vulnerabilities that are listed along. They are shown and never counted as findings: an
    /// inventory says what is there, and often that it does not matter.
    pub(crate) vulnerabilities: u64,
}

/// How much of the licences' names is shown.
const SHOWN: usize = 4_000;

impl Inventory {
    /// Takes a component with its licences.
    pub(crate) fn add(&mut self, licences: &mut Vec<String>, expect: &Expect<'_>) -> Result<()> {
        add(&mut self.components, 1);
        licences.retain(|name| !matches!(name.trim(), "" | "NOASSERTION" | "NONE"));
        add(&mut self.unlicensed, u64::from(licences.is_empty()));
        if self.licences.len() > expect.limits.remembered / 10 {
            return Err(EvidenceError::whole(
                Fault::TooMany,
                "there are too many different licences",
            ));
        }
        let short = |name: String| name.trim().chars().take(200).collect::<String>();
        self.licences.extend(licences.drain(..).map(short));
        Ok(())
    }

    pub(crate) fn settle(&self, draft: &mut Draft) {
        draft.figure("components", self.components as f64);
        draft.figure("licences", self.licences.len() as f64);
        draft.fact_count("unlicensed", self.unlicensed);
        let mut names = String::new();
        for name in &self.licences {
            if names.len() + name.len() > SHOWN {
                draft.note("more_licences", "there are more licences than are shown");
                break;
            }
            names.push_str(if names.is_empty() { "" } else { ", " });
            names.push_str(name);
        }
        draft.fact_text("licence_names", &names);
        if self.vulnerabilities > 0 {
            draft.fact_count("vulnerabilities_listed", self.vulnerabilities);
            let text = format!(
                "{} vulnerabilities are listed along and not counted",
                self.vulnerabilities
            );
            draft.note("vulnerabilities", text);
        }
        if self.unlicensed > 0 {
            draft.note(
                "unlicensed",
                format!("{} components say nothing of a licence", self.unlicensed),
            );
        }
        draft.counted(self.components, "components");
    }
}
