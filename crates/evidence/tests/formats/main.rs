//! Every format against reports as tools write them, as they lie, and as nobody should write them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "tests may stop at the first surprise"
)]

mod gates;
#[macro_use]
mod table;

mod cargo_audit;
mod clover;
mod cobertura;
mod cyclonedx;
mod cyclonedx_xml;
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
mod snyk;
mod sonarqube;
mod spdx;
mod tap;
mod trivy;
mod trx;
