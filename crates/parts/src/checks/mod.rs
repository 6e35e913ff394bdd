//! Checks: what is looked at after a delivery. One file each; the runtime carries them out.

mod http;
mod metric;
mod probe;

use crate::Field;

/// A check: what it is called and what it takes.
#[derive(Debug)]
pub struct Check {
    /// Its name in policies.
    pub name: &'static str,
    /// What it looks at, in a sentence.
    pub about: &'static str,
    /// Its settings.
    pub fields: &'static [Field],
}

/// Every check there is.
pub static CHECKS: &[&Check] = &[&http::CHECK, &probe::CHECK, &metric::CHECK];
