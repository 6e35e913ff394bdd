//! Provenance: in-toto statements with SLSA predicates, in DSSE envelopes, bare or in a bundle.
//!
//! A payload proves nothing. Only what a given key has signed is taken for true; everything else is
//! shown as a claim. Certificates in bundles are not followed to their roots: keys are given.

use super::dsse::{Envelope, authenticated, document};
use super::{Format, plain};
use crate::draft::{Draft, lacks};
use crate::error::{EvidenceError, Fault, Result};
use crate::json::{self, Scalar, Slot};
use crate::keys::decode;
use crate::source::Bytes;
use crate::{Expect, Kind};

pub(super) static FORMAT: Format = Format {
    name: "provenance",
    kind: Kind::Provenance,
    about: "SLSA provenance in DSSE envelopes, bare, one on each line, or in a Sigstore bundle.",
    empty_is_clean: false,
    recognise: |head| head.has(&["payload", "payloadType", "signatures"]) || head.has(&["dsseEnvelope"]),
    exit: plain,
    read,
};

/// How many envelopes one file may hold.
const ENVELOPES: usize = 1_000;
const IN_TOTO: &str = "application/vnd.in-toto+json";

/// What a statement says.
#[derive(Default)]
struct Statement {
    verified: bool,
    kind: String,
    predicate: String,
    digests: Vec<String>,
    builder: Option<String>,
    commit: Option<String>,
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    let mut statements = Vec::new();
    bytes.pass(|text| {
        json::documents(text, &expect.limits, &mut |slot| {
            if statements.len() == ENVELOPES {
                return Err(EvidenceError::whole(
                    Fault::TooMany,
                    "there are too many envelopes",
                ));
            }
            let envelope = document(slot)?;
            statements.push(open(&envelope, expect, draft)?);
            Ok(())
        })
    })?;
    settle(statements, expect, draft);
    Ok(())
}

fn open(envelope: &Envelope, expect: &Expect<'_>, draft: &mut Draft) -> Result<Statement> {
    let payload = envelope.payload.as_deref().ok_or_else(|| lacks("payload"))?;
    let body =
        decode(payload).ok_or_else(|| EvidenceError::whole(Fault::Malformed, "the payload is not base64"))?;
    if envelope.payload_type != IN_TOTO {
        let what = format!("the payload is {:?}, not {IN_TOTO}", envelope.payload_type);
        return Err(EvidenceError::whole(Fault::Unsupported, what));
    }
    let message = authenticated(&envelope.payload_type, &body);
    let signed = |signature: &String| {
        let signature = decode(signature).unwrap_or_default();
        expect.keys.iter().any(|key| key.signed(&message, &signature))
    };
    if envelope.signatures.is_empty() {
        draft.note("no_signature", "an envelope has no signature");
    }
    let verified = envelope.signatures.iter().any(signed);
    let mut statement = statement(&body, expect).map_err(|error| error.within("payload"))?;
    statement.verified = verified;
    Ok(statement)
}

fn statement(body: &[u8], expect: &Expect<'_>) -> Result<Statement> {
    let mut found = Statement::default();
    let mut text = body;
    json::parse(&mut text, &expect.limits, true, |slot| {
        slot.object(&mut |key, slot| match key {
            "_type" => {
                found.kind = slot.text()?.unwrap_or_default();
                Ok(())
            }
            "predicateType" => {
                found.predicate = slot.text()?.unwrap_or_default();
                Ok(())
            }
            "subject" => slot
                .list(&mut |slot| {
                    let (sha256, _) = digests(slot)?;
                    found
                        .digests
                        .extend(sha256.filter(|_| found.digests.len() < 1_000));
                    Ok(())
                })
                .map(drop),
            "predicate" => predicate(slot, &mut found),
            _ => Ok(()),
        })
    })?;
    Ok(found)
}

/// The SHA-256 and the commit of something that has digests.
fn digests(slot: &mut dyn Slot) -> Result<(Option<String>, Option<String>)> {
    let (mut sha256, mut commit) = (None, None);
    slot.object(&mut |key, slot| {
        if key != "digest" {
            return Ok(());
        }
        slot.object(&mut |key, slot| {
            if let Scalar::Text(text) = slot.scalar()? {
                match key {
                    "sha256" => sha256 = Some(text),
                    "gitCommit" | "sha1" => commit = Some(text),
                    _ => {}
                }
            }
            Ok(())
        })
    })?;
    Ok((sha256, commit))
}

/// Versions 0.2 and 1 say the same in different places.
fn predicate(slot: &mut dyn Slot, found: &mut Statement) -> Result<()> {
    slot.object(&mut |key, slot| match key {
        "builder" => id(slot, &mut found.builder),
        "runDetails" => slot.object(&mut |key, slot| match key {
            "builder" => id(slot, &mut found.builder),
            _ => Ok(()),
        }),
        "invocation" => slot.object(&mut |key, slot| {
            if key == "configSource" {
                found.commit = digests(slot)?.1;
            }
            Ok(())
        }),
        "buildDefinition" => slot.object(&mut |key, slot| {
            if key == "resolvedDependencies" {
                slot.list(&mut |slot| {
                    let commit = digests(slot)?.1;
                    found.commit = found.commit.take().or(commit);
                    Ok(())
                })?;
            }
            Ok(())
        }),
        _ => Ok(()),
    })
}

fn id(slot: &mut dyn Slot, found: &mut Option<String>) -> Result<()> {
    slot.object(&mut |key, slot| {
        if key == "id" {
            *found = slot.text()?.filter(|text| !text.is_empty());
        }
        Ok(())
    })
}

impl Statement {
    fn is_provenance(&self) -> bool {
        let statement = [
            "https://in-toto.io/Statement/v0.1",
            "https://in-toto.io/Statement/v1",
        ];
        let predicate = [
            "https://slsa.dev/provenance/v0.2",
            "https://slsa.dev/provenance/v1",
        ];
        statement.contains(&self.kind.as_str()) && predicate.contains(&self.predicate.as_str())
    }

    fn is_about(&self, expect: &Expect<'_>) -> bool {
        let same = |hex: &String| {
            expect
                .digests
                .iter()
                .any(|digest| digest.as_str().ends_with(hex.as_str()) && hex.len() == 64)
        };
        expect.digests.is_empty() || self.digests.iter().any(same)
    }
}

fn settle(statements: Vec<Statement>, expect: &Expect<'_>, draft: &mut Draft) {
    let all = statements.len();
    let (provenance, others): (Vec<_>, Vec<_>) = statements.into_iter().partition(Statement::is_provenance);
    if !others.is_empty() {
        let words = others
            .iter()
            .map(|other| format!("{} in {}", other.predicate, other.kind));
        let words: Vec<_> = words.take(3).collect();
        draft.note("other_statements", format!("not read: {}", words.join(", ")));
    }
    let (verified, unverified): (Vec<_>, Vec<_>) =
        provenance.into_iter().partition(|statement| statement.verified);
    draft.fact_count("envelopes", all as u64);
    draft.fact_count("envelopes_verified", verified.len() as u64);
    draft.fact_flag("verified", !verified.is_empty());
    if !verified.is_empty() && !unverified.is_empty() {
        let text = format!(
            "{} statements are signed by none of the keys and were left out",
            unverified.len()
        );
        draft.note("unverified", text);
    }
    let believed = if verified.is_empty() {
        &unverified
    } else {
        &verified
    };
    let Some(chosen) = believed
        .iter()
        .find(|one| one.is_about(expect))
        .or(believed.first())
    else {
        draft.doubt(
            "no_provenance",
            "no statement is SLSA provenance of version 0.2 or 1",
        );
        return;
    };
    chosen.digests.iter().for_each(|digest| draft.digest(digest));
    if let Some(commit) = &chosen.commit {
        draft.commit(commit);
    }
    draft.fact_text("predicate", &chosen.predicate);
    if chosen.digests.is_empty() {
        draft.doubt("no_subject", "the statement is about nothing with a SHA-256");
    }
    match (&chosen.builder, verified.is_empty()) {
        (Some(builder), false) => draft.figure_text("builder", builder),
        (Some(builder), true) => draft.fact_text("claimed_builder", builder),
        (None, _) => draft.doubt("no_builder", "the statement names no builder"),
    }
    if expect.keys.is_empty() {
        draft.doubt("no_keys", "no key was given, so no signature could be checked");
    } else if verified.is_empty() {
        draft.red();
        draft.note("not_verified", "none of the given keys has signed this");
    }
}
