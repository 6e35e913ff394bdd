//! Signed checkpoints: the root of the log at some size, as a C2SP signed note.

use crate::merkle::{Frontier, Hash};
use crate::{Ledger, LedgerError, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey as Secret, VerifyingKey};

use gradus_model::Stream;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::io::Write as _;
use std::path::Path;

/// What is wrong with a key or a note.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say what the fields are")]
pub enum NoteError {
    #[error("the signing key {path} cannot be used: {why}")]
    Key { path: String, why: String },
    #[error("this is not a verifier key: it should read name+hash+key")]
    Verifier,
    #[error("this is not a checkpoint: {0}")]
    Form(&'static str),
    #[error("no signature of {0} on it is good")]
    Signature(String),
}

/// The head of a log, written `SIZE ROOT` where it stands in one line: how long it is, and the one hash that stands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// How many records.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.size, STANDARD.encode(self.root))
    }
}

/// Signs checkpoints of one log.
pub struct SigningKey {
    name: String,
    secret: Secret,
}

/// Checks them. Its written form can be handed to anyone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: VerifyingKey,
}

/// The type of a key in a note: 1 is Ed25519.
const ED25519: u8 = 1;

fn key_hash(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(key.as_bytes())
        .finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

impl SigningKey {
    /// Makes a new key and keeps it in a file that only its owner can read.
    ///
    /// The name stands in every note and in the written form of the key, so it can hold neither
    /// spaces nor a plus sign.
    pub fn create(path: &Path, name: &str) -> std::result::Result<Self, NoteError> {
        let refuse = |why: String| NoteError::Key {
            path: path.display().to_string(),
            why,
        };
        if name.is_empty() || name.contains(|c: char| c == '+' || c.is_whitespace()) {
            return Err(refuse(format!("{name:?} cannot be the name of a key")));
        }
        let mut seed = [0u8; 32];
        getrandom::fill(&mut seed).map_err(|error| refuse(error.to_string()))?;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let text = format!("{name}\n{}\n", STANDARD.encode(seed));
        let written = options
            .open(path)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
        written.map_err(|error| refuse(error.to_string()))?;
        Ok(Self {
            name: name.to_owned(),
            secret: Secret::from_bytes(&seed),
        })
    }

    /// Reads a key from its file.
    pub fn load(path: &Path) -> std::result::Result<Self, NoteError> {
        let refuse = |why: String| NoteError::Key {
            path: path.display().to_string(),
            why,
        };
        let text = std::fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?;
        let (name, seed) = text
            .trim_end()
            .split_once('\n')
            .ok_or_else(|| refuse("it is not a key file".into()))?;
        let seed = STANDARD
            .decode(seed)
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let seed = seed.ok_or_else(|| refuse("it is not a key file".into()))?;
        Ok(Self {
            name: name.to_owned(),
            secret: Secret::from_bytes(&seed),
        })
    }

    /// The key with which others check.
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey {
            name: self.name.clone(),
            key: self.secret.verifying_key(),
        }
    }

    /// The signed note of a checkpoint.
    fn note(&self, size: u64, root: &Hash) -> String {
        let body = format!("{}\n{size}\n{}\n", self.name, STANDARD.encode(root));
        let signature = self.secret.sign(body.as_bytes()).to_bytes();
        let signed = [
            key_hash(&self.name, &self.secret.verifying_key()).as_slice(),
            &signature,
        ]
        .concat();
        format!("{body}\n— {} {}\n", self.name, STANDARD.encode(signed))
    }
}

impl std::fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hash: String = key_hash(&self.name, &self.key)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let key = [[ED25519].as_slice(), self.key.as_bytes()].concat();
        write!(f, "{}+{hash}+{}", self.name, STANDARD.encode(key))
    }
}

impl std::str::FromStr for VerifierKey {
    type Err = NoteError;
    fn from_str(text: &str) -> std::result::Result<Self, NoteError> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(_), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Verifier);
        };
        let bytes = STANDARD.decode(key).map_err(|_| NoteError::Verifier)?;
        let key = match bytes.split_first() {
            Some((&ED25519, rest)) => rest
                .try_into()
                .ok()
                .and_then(|key| VerifyingKey::from_bytes(key).ok()),
            _ => None,
        };
        let found = Self {
            name: name.to_owned(),
            key: key.ok_or(NoteError::Verifier)?,
        };
        // The hash in the middle catches a key that was copied wrong.
        if found.to_string() == text.trim() {
            Ok(found)
        } else {
            Err(NoteError::Verifier)
        }
    }
}

impl VerifierKey {
    /// Reads a signed checkpoint and checks that this key signed it.
    pub fn open(&self, note: &str) -> std::result::Result<Checkpoint, NoteError> {
        let (body, signatures) = note
            .split_once("\n\n")
            .ok_or(NoteError::Form("it has no signature"))?;
        let body = format!("{body}\n");
        let ours = format!("— {} ", self.name);
        let mut given = signatures.lines().filter_map(|line| line.strip_prefix(&ours));
        let good = given.any(|text| {
            let Ok(bytes) = STANDARD.decode(text) else {
                return false;
            };
            let Some((hash, signature)) = bytes.split_at_checked(4) else {
                return false;
            };
            let signature = Signature::from_slice(signature);
            hash == key_hash(&self.name, &self.key)
                && signature
                    .is_ok_and(|signature| self.key.verify_strict(body.as_bytes(), &signature).is_ok())
        });
        if !good {
            return Err(NoteError::Signature(self.name.clone()));
        }
        let head = parse(&body)?;
        if head.origin == self.name {
            Ok(head)
        } else {
            Err(NoteError::Form("it is of another log"))
        }
    }
}

/// Reads what a checkpoint says, whoever signed it.
fn parse(body: &str) -> std::result::Result<Checkpoint, NoteError> {
    let lines: Vec<&str> = body.lines().collect();
    let [origin, size, root, ..] = lines.as_slice() else {
        return Err(NoteError::Form("it has too few lines"));
    };
    let number = size
        .parse()
        .ok()
        .filter(|number: &u64| number.to_string() == *size);
    let root = STANDARD.decode(root).ok().and_then(|bytes| bytes.try_into().ok());
    Ok(Checkpoint {
        origin: (*origin).to_owned(),
        size: number.ok_or(NoteError::Form("its size is not a number"))?,
        root: root.ok_or(NoteError::Form("its root is not a hash"))?,
    })
}

/// Signs the log as it is now and stores the checkpoint in it.
///
/// It goes on from the last checkpoint, which must be this key's own: what was done to the records
/// before it cannot be made to look right by signing again.
pub fn sign(ledger: &dyn Ledger, key: &SigningKey) -> Result<String> {
    let mut edge = match ledger.last_checkpoint()? {
        None => Frontier::default(),
        Some((note, edge)) => {
            let agrees = key
                .verifier()
                .open(&note)
                .is_ok_and(|head| head.size == edge.size() && head.root == edge.root());
            if !agrees {
                return Err(LedgerError::Forked { size: edge.size() });
            }
            edge
        }
    };
    // Read after the checkpoint, so that it is not behind it unless something was cut off.
    let size = ledger.size()?;
    if size < edge.size() {
        return Err(LedgerError::Forked { size: edge.size() });
    }
    for hash in ledger.hashes(edge.size(), size)? {
        edge.push(hash);
    }
    let note = key.note(size, &edge.root());
    ledger.save_checkpoint(&note, &edge)?;
    Ok(note)
}

/// The first checkpoint that covers a stream's event; the log is signed if none does yet.
pub fn seal(ledger: &dyn Ledger, key: &SigningKey, stream: &Stream, seq: u64) -> Result<Checkpoint> {
    let missing = || LedgerError::Corrupt(format!("event {seq} of {stream} is missing"));
    let position = ledger.position(stream, seq)?.ok_or_else(missing)?;
    if ledger.checkpoint(position)?.is_none() {
        sign(ledger, key)?;
    }
    let (size, note) = ledger
        .checkpoint(position)?
        .ok_or(LedgerError::Uncovered { index: position })?;
    key.verifier()
        .open(&note)
        .map_err(|_| LedgerError::Forked { size })
}
