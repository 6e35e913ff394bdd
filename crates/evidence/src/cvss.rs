//! Severities from CVSS vectors.

use crate::Severity;
use cvss::Cvss;

/// The severity that a vector of version 3 or 4 stands for; unknown if it is none.
pub(crate) fn severity(vector: &str) -> Severity {
    // Version 2 has no prefix and no critical band, so its vectors say too little.
    match vector.trim().parse::<Cvss>() {
        Ok(cvss) => Severity::from_score(cvss.score()),
        Err(_) => Severity::Unknown,
    }
}
