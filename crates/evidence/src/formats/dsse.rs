//! DSSE: a payload, its type, and who signed the two together.

use crate::error::{EvidenceError, Fault, Result};
use crate::json::Slot;

/// An envelope, bare or taken out of a bundle.
#[derive(Default)]
pub(super) struct Envelope {
    pub(super) payload_type: String,
    pub(super) payload: Option<String>,
    pub(super) signatures: Vec<String>,
}

pub(super) fn document(slot: &mut dyn Slot) -> Result<Envelope> {
    let (mut bare, mut bundled) = (Envelope::default(), None);
    slot.object(&mut |key, slot| match key {
        "dsseEnvelope" => {
            let mut inner = Envelope::default();
            slot.object(&mut |key, slot| field(key, slot, &mut inner))?;
            bundled = Some(inner);
            Ok(())
        }
        key => field(key, slot, &mut bare),
    })?;
    if bundled.is_some() && bare.payload.is_some() {
        let what = "there are two envelopes in one";
        return Err(EvidenceError::whole(Fault::Malformed, what));
    }
    Ok(bundled.unwrap_or(bare))
}

fn field(key: &str, slot: &mut dyn Slot, envelope: &mut Envelope) -> Result<()> {
    match key {
        "payloadType" => envelope.payload_type = slot.text()?.unwrap_or_default(),
        "payload" => envelope.payload = slot.whole_text()?,
        "signatures" => drop(slot.list(&mut |slot| {
            slot.object(&mut |key, slot| {
                if key == "sig"
                    && let Some(signature) = slot.whole_text()?
                    && envelope.signatures.len() < 100
                {
                    envelope.signatures.push(signature);
                }
                Ok(())
            })
        })?),
        _ => {}
    }
    Ok(())
}

/// What is signed: the payload together with its type (DSSE's pre-authentication encoding).
pub(super) fn authenticated(kind: &str, body: &[u8]) -> Vec<u8> {
    let mut message = format!("DSSEv1 {} {kind} {} ", kind.len(), body.len()).into_bytes();
    message.extend_from_slice(body);
    message
}
