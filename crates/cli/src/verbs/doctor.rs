//! `gradus doctor`: whether this machine and this workspace are in order, and what to do where they are not.

mod repositories;

use crate::args::Common;
use crate::error::{DONE, FAILED, Outcome};
use crate::output::Output;
use crate::workspace::{Workspace, folder, read_policy};
use gradus_ledger::{Claim, Ledger as _, LedgerError};
use gradus_model::Stream;
use serde::Serialize;

/// The oldest git that has everything that deliveries ask of it.
const OLDEST_GIT: (u32, u32) = (2, 31);

/// One thing that was looked at.
#[derive(Serialize)]
struct Look {
    what: String,
    good: bool,
    found: String,
    /// What to do next; nothing where nothing is to be done.
    next: String,
}

impl Look {
    fn good(what: impl Into<String>, found: impl Into<String>) -> Self {
        let (what, found, next) = (what.into(), found.into(), String::new());
        Self {
            what,
            good: true,
            found,
            next,
        }
    }

    fn bad(what: impl Into<String>, found: impl Into<String>, next: impl Into<String>) -> Self {
        let good = false;
        Self {
            good,
            next: next.into(),
            ..Self::good(what, found)
        }
    }
}

pub(crate) fn run(common: &Common, output: &Output) -> Outcome {
    let mut looks = vec![git(), policy(common)];
    looks.extend(workspace(common));
    for Look {
        what,
        good,
        found,
        next,
    } in &looks
    {
        let mark = if *good { '✓' } else { '✗' };
        output.line(&format!("{mark} {what:<24} {found}"));
        if !next.is_empty() {
            output.line(&format!("    → {next}"));
        }
    }
    output.data(&looks);
    let all = looks.iter().all(|look| look.good);
    Ok(if all { DONE } else { FAILED })
}

fn git() -> Look {
    let (major, minor) = OLDEST_GIT;
    let next = format!("install git {major}.{minor} or newer, and see that it is on the PATH");
    let out = match std::process::Command::new("git").arg("--version").output() {
        Ok(out) => String::from_utf8_lossy(&out.stdout).trim().to_owned(),
        Err(error) => return Look::bad("git", format!("cannot be started: {error}"), next),
    };
    match version(&out) {
        Some(version) if version >= OLDEST_GIT => Look::good("git", out),
        Some(_) => Look::bad("git", format!("{out} is too old"), next),
        None => Look::bad("git", format!("says {out:?}, which is no version"), next),
    }
}

/// The first two numbers of `git version 2.39.5 (Apple Git-154)`.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.split(' ').nth(2)?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn policy(common: &Common) -> Look {
    match folder(common).and_then(|dir| read_policy(&dir)) {
        Err(failed) => Look::bad("policy", failed.message, failed.hint),
        Ok(reading) if reading.policy.is_none() => {
            let found = format!("{} problems", reading.problems.len());
            Look::bad("policy", found, "gradus check shows each with its place")
        }
        Ok(_) => Look::good("policy", "can be used"),
    }
}

fn workspace(common: &Common) -> Vec<Look> {
    let workspace = match Workspace::open(common) {
        Ok(workspace) => workspace,
        Err(failed) => return vec![Look::bad("workspace", failed.message, failed.hint)],
    };
    let mut looks = vec![ledger(&workspace)];
    looks.extend(repositories::looks(&workspace));
    looks
}

/// Whether the ledger can be read and written, without writing anything.
fn ledger(workspace: &Workspace) -> Look {
    // Giving up what nobody holds takes the lock that writers take, and changes nothing.
    let nobody = Claim {
        key: "doctor".to_owned(),
        stream: Stream::Workspace,
        effect: String::new(),
        epoch: 0,
        attempts: 0,
        due_at: workspace.now(),
    };
    let trouble = |error: LedgerError| {
        let next = format!("gradus explain {}", error.code());
        Look::bad("ledger", error.to_string(), next)
    };
    match workspace.ledger.complete(&nobody) {
        Ok(()) | Err(LedgerError::Fenced { .. }) => {}
        Err(error) => return trouble(error),
    }
    match workspace.ledger.size() {
        Ok(size) => Look::good("ledger", format!("{size} events, can be written")),
        Err(error) => trouble(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_every_vendor_are_read() {
        assert_eq!(version("git version 2.47.3"), Some((2, 47)));
        assert_eq!(version("git version 2.39.5 (Apple Git-154)"), Some((2, 39)));
        assert_eq!(version("git version 2.45.1.windows.1"), Some((2, 45)));
        assert_eq!(version("nonsense"), None);
    }
}
