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
mod gitlab;
mod grype;
mod junit;
mod npm_audit;
mod osv;
mod sarif;
mod snyk;
mod trivy;
