//! Output: data on stdout, words on stderr, and nothing that a terminal would obey.

use crate::error::Failed;
use gradus_engine::Explanation;
use gradus_model::{Condition, Timestamp};
use serde::Serialize;
use std::io::{IsTerminal as _, Write as _};

/// Where and how a verb answers.
pub(crate) struct Output {
    pub(crate) json: bool,
    colour: bool,
}

/// What a piece of text is, and so how it looks where there are colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Strong,
    Dim,
    Good,
    Bad,
    Hint,
}

impl Style {
    const fn code(self) -> &'static str {
        match self {
            Style::Plain => "",
            Style::Strong => "\x1b[1m",
            Style::Dim => "\x1b[2m",
            Style::Good => "\x1b[32m",
            Style::Bad => "\x1b[31m",
            Style::Hint => "\x1b[33m",
        }
    }
}

/// Whether to use colours: where both streams go to a terminal, unless `NO_COLOR` says no, and elsewhere only if
/// `CLICOLOR_FORCE` says yes.
fn colours() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let forced = std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0");
    !set("NO_COLOR")
        && (forced || !dumb && std::io::stdout().is_terminal() && std::io::stderr().is_terminal())
}

/// How wide the terminal is; none, where nobody knows or there is none.
pub(crate) fn width() -> Option<usize> {
    let said = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.trim().parse().ok());
    said.or_else(|| std::io::stdout().is_terminal().then(terminal_width).flatten())
}

/// How wide the terminal itself says that it is.
fn terminal_width() -> Option<usize> {
    let terminal = std::fs::File::open("/dev/tty").ok()?;
    let said = std::process::Command::new("stty")
        .arg("size")
        .stdin(terminal)
        .output()
        .ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    said.split_whitespace()
        .nth(1)?
        .parse()
        .ok()
        .filter(|width| *width > 0)
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
    pub(crate) fn new(json: bool) -> Self {
        let colour = !json && colours();
        Self { json, colour }
    }

    /// A line of data for people, in pieces; nothing with `--json`.
    pub(crate) fn styled(&self, pieces: &[(Style, &str)]) {
        if !self.json {
            // Whoever closed the pipe has read enough.
            let _ = writeln!(std::io::stdout().lock(), "{}", self.painted(pieces));
        }
    }

    fn painted(&self, pieces: &[(Style, &str)]) -> String {
        let mut text = String::new();
        for (style, piece) in pieces {
            let piece = plain(piece);
            if self.colour && *style != Style::Plain {
                text.push_str(style.code());
                text.push_str(&piece);
                text.push_str("\x1b[0m");
            } else {
                text.push_str(&piece);
            }
        }
        text
    }

    /// A line of data for people; nothing with `--json`.
    pub(crate) fn line(&self, text: &str) {
        self.styled(&[(Style::Plain, text)]);
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
        self.say_styled(&[(Style::Plain, text)]);
    }

    fn say_styled(&self, pieces: &[(Style, &str)]) {
        let _ = writeln!(std::io::stderr().lock(), "{}", self.painted(pieces));
    }

    pub(crate) fn failed(&self, failed: &Failed) {
        if self.json {
            self.data(&serde_json::json!({ "error": failed }));
        }
        let about = format!(" [{}] {}", failed.code, failed.message);
        self.say_styled(&[(Style::Bad, "error:"), (Style::Plain, &about)]);
        if !failed.hint.is_empty() {
            self.say_styled(&[
                (Style::Hint, "  help:"),
                (Style::Plain, &format!(" {}", failed.hint)),
            ]);
        }
    }

    /// One line for each condition: met or not, what was seen and wanted, who can help, when next.
    pub(crate) fn explanation(&self, explanation: &Explanation, now: Timestamp) {
        self.data(explanation);
        self.headline(explanation);
        for condition in &explanation.conditions {
            self.condition(condition, now);
        }
        self.warnings(explanation);
        self.next(explanation, now);
    }

    /// The same for somebody who has just done something: only what is still in the way.
    pub(crate) fn open(&self, explanation: &Explanation, now: Timestamp) {
        self.data(explanation);
        self.headline(explanation);
        for condition in explanation
            .conditions
            .iter()
            .filter(|condition| !condition.is_met())
        {
            self.condition(condition, now);
        }
        self.warnings(explanation);
        self.next(explanation, now);
    }

    fn warnings(&self, explanation: &Explanation) {
        for warning in &explanation.warnings {
            self.styled(&[(Style::Hint, "  ! "), (Style::Plain, warning)]);
        }
    }

    fn headline(&self, explanation: &Explanation) {
        let way = explanation
            .from
            .as_ref()
            .map_or("directly".to_owned(), |from| format!("from {from}"));
        let head = format!(
            "{}@{} {way} to {}: ",
            explanation.app, explanation.version, explanation.to
        );
        let all = explanation.conditions.len();
        let unmet = explanation
            .conditions
            .iter()
            .filter(|condition| !condition.is_met());
        let (style, state) = match (explanation.arrived, explanation.blocked_by) {
            (true, _) => (Style::Good, "is there, and verified".to_owned()),
            (false, None) => (Style::Good, "can go".to_owned()),
            (false, Some(_)) => {
                let state = format!("blocked: {} of {all} conditions unmet", unmet.count());
                (Style::Bad, state)
            }
        };
        self.styled(&[(Style::Strong, &head), (style, &state)]);
        if let (Some(id), Some(status), Some(plan)) =
            (&explanation.promotion, explanation.status, &explanation.plan)
        {
            let about = format!("  promotion {id} is {status}, plan {}", plan.short());
            self.styled(&[(Style::Dim, &about)]);
        }
    }

    fn condition(&self, condition: &Condition, now: Timestamp) {
        let Condition {
            name,
            observed,
            wanted,
            ..
        } = condition;
        if condition.is_met() {
            let rest = format!(" {name:<26} {observed}");
            return self.styled(&[(Style::Good, "  ✓"), (Style::Plain, &rest)]);
        }
        let answer = match condition.answer {
            gradus_model::Answer::Unknown(_) => format!(" ({})", condition.answer),
            _ => String::new(),
        };
        let since = condition.since.filter(|since| *since < now);
        let since = since.map(|since| format!(", for {}", gradus_model::Period::between(since, now).rough()));
        let since = since.unwrap_or_default();
        let rest = format!(" {name:<26} {observed}, wanted {wanted}{answer}{since}");
        self.styled(&[(Style::Bad, "  ✗"), (Style::Plain, &rest)]);
        self.styled(&[(Style::Hint, &format!("      → {}", condition.remedy))]);
    }

    fn next(&self, explanation: &Explanation, now: Timestamp) {
        if let Some(next) = explanation.next {
            let away = gradus_model::Period::between(now, next).rough();
            let about = format!("  looked at again by itself in {away}, at {next}");
            self.styled(&[(Style::Dim, &about)]);
        }
    }
}
