//! The formats, one file each.

mod cargo_audit;
mod clover;
mod cobertura;
mod cyclonedx;
mod cyclonedx_xml;
mod dsse;
mod gitlab;
mod go_cover;
mod go_test;
mod grype;
mod istanbul;
mod jacoco;
mod jmeter_csv;
mod jmeter_xml;
mod junit;
mod k6;
mod lcov;
mod llvm_cov;
mod locust;
mod npm_audit;
mod osv;
mod playwright;
mod provenance;
mod sarif;
mod sarif_results;
mod sarif_rules;
mod snyk;
mod sonarqube;
mod spdx;
mod tap;
mod trivy;
mod trx;

use crate::draft::Draft;
use crate::error::Result;
use crate::recognise::Head;
use crate::source::Bytes;
use crate::{Expect, Kind};

/// A format of reports.
#[derive(Debug)]
pub struct Format {
    /// Its name in commands.
    pub name: &'static str,
    /// What evidence its reports are.
    pub kind: Kind,
    /// Which tools write it, in a sentence.
    pub about: &'static str,
    /// Whether its tool writes an empty file when it has found nothing.
    pub(crate) empty_is_clean: bool,
    /// Whether a report looks like this format.
    pub(crate) recognise: fn(&Head) -> bool,
    /// Which exit codes mean that the tool could not do its work, and why.
    pub(crate) exit: fn(i32) -> Option<&'static str>,
    /// Reads a report.
    pub(crate) read: fn(&mut Bytes<'_>, &Expect<'_>, &mut Draft) -> Result<()>,
}

/// Exit codes that say no more than zero or not zero.
fn plain(_: i32) -> Option<&'static str> {
    None
}

/// Every format there is.
pub static FORMATS: &[&Format] = &[
    &junit::FORMAT,
    &trx::FORMAT,
    &go_test::FORMAT,
    &tap::FORMAT,
    &playwright::FORMAT,
    &sarif::FORMAT,
    &trivy::FORMAT,
    &grype::FORMAT,
    &snyk::FORMAT,
    &npm_audit::FORMAT,
    &cargo_audit::FORMAT,
    &osv::FORMAT,
    &gitlab::FORMAT,
    &cobertura::FORMAT,
    &jacoco::FORMAT,
    &lcov::FORMAT,
    &istanbul::FORMAT,
    &go_cover::FORMAT,
    &llvm_cov::FORMAT,
    &clover::FORMAT,
    &sonarqube::FORMAT,
    &k6::FORMAT,
    &jmeter_xml::FORMAT,
    &jmeter_csv::FORMAT,
    &locust::FORMAT,
    &cyclonedx::FORMAT,
    &cyclonedx_xml::FORMAT,
    &spdx::FORMAT,
    &provenance::FORMAT,
];
