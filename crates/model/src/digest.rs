//! Digests, commits, and the one way in which a value becomes bytes.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// A text that is not a digest or commit id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a {what}")]
pub struct DigestError {
    what: &'static str,
    value: String,
}

fn is_hex(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// A SHA-256 digest, written `sha256:` and 64 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

impl Digest {
    /// Checks a digest in its written form.
    pub fn new(text: impl Into<String>) -> Result<Self, DigestError> {
        let value = text.into();
        match value.strip_prefix("sha256:") {
            Some(hex) if hex.len() == 64 && is_hex(hex) => Ok(Self(value)),
            _ => Err(DigestError {
                what: "digest: write sha256: and 64 hex digits",
                value,
            }),
        }
    }

    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let hash: [u8; 32] = Sha256::digest(bytes).into();
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        Self(format!("sha256:{hex}"))
    }

    /// The digest of a value's canonical bytes.
    pub fn of_value(value: &impl Serialize) -> Self {
        Self::of(&canonical(value))
    }

    /// The written form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve hex digits, for people.
    pub fn short(&self) -> &str {
        &self.0[7..19]
    }
}

/// The bytes that stand for a value wherever it is hashed or stored: compact JSON with fields in
/// the order of their declaration and maps in the order of their keys.
///
/// The types of this crate hold no non-finite number and no map with other than text keys, which
/// are the only things that JSON cannot write; were that ever broken, the bytes would be empty and
/// would read back as nothing.
pub fn canonical(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// A git commit id: 40 or 64 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Commit(String);

impl Commit {
    /// Checks a commit id.
    pub fn new(text: impl Into<String>) -> Result<Self, DigestError> {
        let value = text.into();
        if (value.len() == 40 || value.len() == 64) && is_hex(&value) {
            Ok(Self(value))
        } else {
            Err(DigestError {
                what: "commit id: write all 40 (or 64) hex digits",
                value,
            })
        }
    }

    /// The written form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first nine hex digits, for people.
    pub fn short(&self) -> &str {
        &self.0[..9]
    }
}

macro_rules! text_forms {
    ($($type:ident),*) => {$(
        impl TryFrom<String> for $type {
            type Error = DigestError;
            fn try_from(text: String) -> Result<Self, DigestError> {
                Self::new(text)
            }
        }
        impl std::str::FromStr for $type {
            type Err = DigestError;
            fn from_str(text: &str) -> Result<Self, DigestError> {
                Self::new(text)
            }
        }
        impl From<$type> for String {
            fn from(value: $type) -> String {
                value.0
            }
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    )*};
}

text_forms!(Digest, Commit);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_of_nothing_is_the_known_one() {
        let known = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::of(b"").as_str(), known);
        assert_eq!(Digest::new(known).unwrap().short(), "e3b0c44298fc");
    }

    #[test]
    fn near_digests_are_refused() {
        for bad in [
            "",
            "latest",
            "sha256:abc",
            "sha512:00",
            &format!("sha256:{}", "A".repeat(64)),
        ] {
            assert!(Digest::new(bad).is_err(), "{bad:?}");
        }
        assert!(Commit::new("abc123").is_err());
    }
}
