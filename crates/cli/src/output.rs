//! Output: data on stdout, words on stderr, and nothing that a terminal would obey.

use crate::error::Failed;
use gradus_engine::Explanation;
use gradus_model::{Condition, Timestamp};
use serde::Serialize;
use std::io::Write as _;

/// Where and how a verb answers.
pub(crate) struct Output {
    pub(crate) json: bool,
}

/// Control and direction characters from releases, branches and reasons are shown, never obeyed.
fn plain(text: &str) -> String {
    let odd = |c: char| {
        (c.is_control() && c != '\n')
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    text.chars()
        .map(|c| {
            if odd(c) {
                c.escape_unicode().to_string()
            } else {
                c.to_string()
            }
        })
        .collect()
}

impl Output {
    /// A line of data for people; nothing with `--json`.
    pub(crate) fn line(&self, text: &str) {
        if !self.json {
            // Whoever closed the pipe has read enough.
            let _ = writeln!(std::io::stdout().lock(), "{}", plain(text));
        }
    }

    /// Text exactly as it is: documents, schemas, exports.
    pub(crate) fn raw(&self, text: &str) {
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    /// The data for machines; nothing without `--json`.
    pub(crate) fn data(&self, value: &impl Serialize) {
        if self.json
            && let Ok(text) = serde_json::to_string(value)
        {
            let _ = writeln!(std::io::stdout().lock(), "{text}");
        }
    }

    /// Words beside the data.
    pub(crate) fn say(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{}", plain(text));
    }

    pub(crate) fn failed(&self, failed: &Failed) {
        if self.json {
            self.data(&serde_json::json!({ "error": failed }));
        }
        self.say(&format!("error: [{}] {}", failed.code, failed.message));
        if !failed.hint.is_empty() {
            self.say(&format!("  help: {}", failed.hint));
        }
    }

    /// One line for each condition: met or not, what was seen and wanted, who can help, when next.
    pub(crate) fn explanation(&self, explanation: &Explanation, now: Timestamp) {
        self.data(explanation);
        let way = explanation
            .from
            .as_ref()
            .map_or("directly".to_owned(), |from| format!("from {from}"));
        let head = format!(
            "{}@{} {way} to {}",
            explanation.app, explanation.version, explanation.to
        );
        let unmet = explanation
            .conditions
            .iter()
            .filter(|condition| !condition.is_met())
            .count();
        let state = match (explanation.arrived, explanation.blocked_by) {
            (true, _) => "is there, and verified".to_owned(),
            (false, None) => "can go".to_owned(),
            (false, Some(_)) => format!(
                "blocked: {unmet} of {} conditions unmet",
                explanation.conditions.len()
            ),
        };
        self.line(&format!("{head}: {state}"));
        if let (Some(id), Some(status), Some(plan)) =
            (&explanation.promotion, explanation.status, &explanation.plan)
        {
            self.line(&format!("  promotion {id} is {status}, plan {}", plan.short()));
        }
        for condition in &explanation.conditions {
            self.condition(condition);
        }
        if let Some(next) = explanation.next {
            let away = gradus_model::Period::between(now, next).rough();
            self.line(&format!("  looked at again by itself in {away}, at {next}"));
        }
    }

    fn condition(&self, condition: &Condition) {
        let mark = if condition.is_met() { '✓' } else { '✗' };
        let Condition {
            name,
            observed,
            wanted,
            ..
        } = condition;
        let answer = match condition.answer {
            gradus_model::Answer::Unknown(_) => format!(" ({})", condition.answer),
            _ => String::new(),
        };
        let wanted = if condition.is_met() {
            String::new()
        } else {
            format!(", wanted {wanted}{answer}")
        };
        self.line(&format!("  {mark} {name:<26} {observed}{wanted}"));
        if !condition.is_met() {
            self.line(&format!("      → {}", condition.remedy));
        }
    }
}
