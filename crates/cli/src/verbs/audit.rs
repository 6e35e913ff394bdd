//! `gradus audit`

use crate::args::{Audit, AuditVerb, Common};
use crate::error::{DONE, FAILED, Failed, Outcome};
use crate::output::Output;
use crate::workspace::Workspace;
use gradus_ledger::{Ledger as _, export, proof, sign, verify};
use serde_json::json;

pub(crate) fn run(args: &Audit, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    match &args.verb {
        AuditVerb::Log { from } => {
            let mut at = *from;
            loop {
                let page = workspace.ledger.tail(at, 1000)?;
                for (index, recorded) in &page {
                    output.line(&format!("{index:>6} {}", crate::sentence::sentence(recorded)));
                    output.data(&json!({ "index": index, "record": recorded }));
                    at = index + 1;
                }
                if page.is_empty() {
                    return Ok(DONE);
                }
            }
        }
        AuditVerb::Verify { trusted } => {
            let read = |path: &std::path::PathBuf| {
                std::fs::read_to_string(path)
                    .map_err(|error| Failed::usage(format!("{} cannot be read: {error}", path.display()), ""))
            };
            let trusted = trusted.as_ref().map(read).transpose()?;
            check(&workspace, trusted.as_deref(), output)
        }
        AuditVerb::Prove { index } => {
            sign(&workspace.ledger, &workspace.key)?;
            let text = proof(&workspace.ledger, *index)?;
            output.raw(&text);
            Ok(DONE)
        }
        AuditVerb::Checkpoint => {
            let note = sign(&workspace.ledger, &workspace.key)?;
            if output.json {
                output.data(&json!({ "checkpoint": note, "key": workspace.key.verifier().to_string() }));
            } else {
                output.raw(&note);
            }
            output.say(&format!("check it with the key {}", workspace.key.verifier()));
            Ok(DONE)
        }
        AuditVerb::Export => {
            sign(&workspace.ledger, &workspace.key)?;
            let size = export(&workspace.ledger, &mut std::io::stdout().lock())?;
            output.say(&format!("{size} events"));
            Ok(DONE)
        }
    }
}

/// The bytes first, then what they say.
pub(crate) fn check(workspace: &Workspace, trusted: Option<&str>, output: &Output) -> Outcome {
    let key = workspace.key.verifier();
    let verified = match verify(&workspace.ledger, &key, trusted)? {
        Ok(verified) => verified,
        Err(damage) => {
            output.data(&json!({ "audit": "damaged", "index": damage.index, "what": damage.what }));
            output.line(&format!("the ledger was changed: {damage}"));
            return Ok(FAILED);
        }
    };
    let events = workspace.ledger.tail(0, usize::MAX)?;
    let findings = gradus_auditor::audit(events.iter().map(|(_, recorded)| recorded));
    for finding in &findings {
        output.line(&format!(
            "{} event {}: {}",
            finding.stream, finding.seq, finding.what
        ));
    }
    let word = if findings.is_empty() { "ok" } else { "violated" };
    let root: String = verified.root.iter().map(|byte| format!("{byte:02x}")).collect();
    output.data(&json!({
        "audit": word, "events": verified.events, "root": root, "checkpoints": verified.checkpoints, "findings": findings,
    }));
    output.line(&format!(
        "{} events, root {}…, {} checkpoints agree: {word}",
        verified.events,
        &root[..12],
        verified.checkpoints
    ));
    Ok(if findings.is_empty() { DONE } else { FAILED })
}
