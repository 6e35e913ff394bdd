//! Keys that may sign, and whether they have.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use ed25519_dalek as ed25519;
use p256::ecdsa;
use p256::ecdsa::signature::Verifier as _;

/// A public key.
#[derive(Debug, Clone)]
pub struct Key(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Ed25519(ed25519::VerifyingKey),
    P256(ecdsa::VerifyingKey),
}

/// A text or bytes that are no public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no public key: give one of type Ed25519 or ECDSA P-256, as PEM that begins with BEGIN PUBLIC KEY"
)]
pub struct KeyError;

/// What stands before the key itself in its usual wrapping (SubjectPublicKeyInfo).
const ED25519: &[u8] = &[
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];
const P256: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

impl Key {
    /// Reads a key from PEM.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let body = text
            .trim()
            .strip_prefix("-----BEGIN PUBLIC KEY-----")
            .ok_or(KeyError)?;
        let body = body.strip_suffix("-----END PUBLIC KEY-----").ok_or(KeyError)?;
        let compact: String = body.split_whitespace().collect();
        let der = STANDARD.decode(compact).map_err(|_| KeyError)?;
        if let Some(raw) = der.strip_prefix(ED25519) {
            return Self::ed25519(raw);
        }
        Self::p256(der.strip_prefix(P256).ok_or(KeyError)?)
    }

    /// An Ed25519 key from its 32 bytes.
    pub fn ed25519(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes = bytes.try_into().map_err(|_| KeyError)?;
        let key = ed25519::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError)?;
        // Everybody could sign for a weak key.
        if key.is_weak() {
            Err(KeyError)
        } else {
            Ok(Self(Kind::Ed25519(key)))
        }
    }

    /// An ECDSA P-256 key from a point, compressed or not.
    pub fn p256(bytes: &[u8]) -> Result<Self, KeyError> {
        let key = ecdsa::VerifyingKey::from_sec1_bytes(bytes).map_err(|_| KeyError)?;
        Ok(Self(Kind::P256(key)))
    }

    /// Whether this key made the signature.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            Kind::Ed25519(key) => ed25519::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Kind::P256(key) => {
                let der = ecdsa::Signature::from_der(signature);
                let signature = der.or_else(|_| ecdsa::Signature::from_slice(signature));
                signature.is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
        }
    }
}

/// Base64 in either of its alphabets.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text)).ok()
}
