//! SonarQube's quality gate, `api/qualitygates/project_status`.

use super::{Format, plain};
use crate::draft::{Draft, add, lacks};
use crate::error::Result;
use crate::json::{self, Slot};
use crate::source::Bytes;
use crate::{Expect, Kind};

pub(super) static FORMAT: Format = Format {
    name: "sonarqube",
    kind: Kind::Quality,
    about: "SonarQube's answer to api/qualitygates/project_status.",
    empty_is_clean: false,
    recognise: |head| head.has(&["projectStatus"]),
    exit: plain,
    read,
};

#[derive(Default)]
struct Gate {
    status: Option<String>,
    conditions: u64,
    failed: u64,
    ignored: bool,
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    draft.tool = Some("sonarqube".to_owned());
    let mut gate = Gate::default();
    json::read(bytes, expect, |slot| {
        slot.object(&mut |key, slot| {
            if key == "projectStatus" {
                slot.object(&mut |key, slot| gate.field(key, slot, draft))?;
            }
            Ok(())
        })
    })?;
    let Some(status) = gate.status.clone() else {
        return Err(lacks("projectStatus.status"));
    };
    match status.as_str() {
        "OK" => {}
        "ERROR" => draft.red(),
        "NONE" => draft.doubt(
            "never_analysed",
            "the project was never analysed, or has no quality gate",
        ),
        other => draft.doubt(
            "status",
            format!("the quality gate says {other}, which is neither OK nor ERROR"),
        ),
    }
    if gate.failed > 0 && status == "OK" {
        draft.red();
        draft.note(
            "counters",
            format!(
                "the gate says OK, and {} of its conditions do not hold",
                gate.failed
            ),
        );
    }
    if gate.ignored {
        let text = "the change was small, and the server left some conditions out";
        draft.note("ignored_conditions", text);
    }
    draft.fact_text("gate", &status);
    draft.fact_count("conditions", gate.conditions);
    draft.fact_count("conditions_failed", gate.failed);
    draft.counted(gate.conditions, "conditions");
    Ok(())
}

impl Gate {
    fn field(&mut self, key: &str, slot: &mut dyn Slot, draft: &mut Draft) -> Result<()> {
        match key {
            "status" => self.status = slot.text()?,
            "ignoredConditions" => self.ignored = slot.flag()? == Some(true),
            "conditions" => drop(slot.list(&mut |slot| {
                add(&mut self.conditions, 1);
                let (mut status, mut metric, mut actual) = (None, None, None);
                // Values are texts, and thresholds may be left out: they are shown, never compared.
                slot.object(&mut |key, slot| {
                    match key {
                        "status" => status = slot.text()?,
                        "metricKey" => metric = slot.text()?,
                        "actualValue" => actual = slot.id()?,
                        _ => {}
                    }
                    Ok(())
                })?;
                if status.as_deref() == Some("ERROR") {
                    add(&mut self.failed, 1);
                    let (metric, actual) = (metric.unwrap_or_default(), actual.unwrap_or_default());
                    draft.note("condition", format!("{metric} is {actual}"));
                }
                Ok(())
            })?),
            _ => {}
        }
        Ok(())
    }
}
