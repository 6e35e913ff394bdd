//! The story: one release from development to production, and what stands in its way.
//!
//! Each step is the command that a person would type, run in this process.

use crate::args::Gradus;
use crate::error::{BLOCKED, DONE, FAILED, Failed, NOT_PERMITTED, Outcome, WAITING};
use crate::output::{Output, Style};
use clap::Parser as _;
use gradus_ledger::Ledger as _;
use gradus_model::{Digest, Event};
use serde_json::json;
use std::path::Path;
use std::process::Command;

struct Story<'a> {
    dir: &'a Path,
    output: &'a Output,
    refusals: u32,
}

impl Story<'_> {
    /// Says what happens next.
    fn tell(&self, text: &str) {
        self.output.line("");
        self.output.styled(&[(Style::Strong, text)]);
        self.output.data(&json!({ "story": text }));
    }

    /// Types a line, with what `BUILD-…` stands for.
    fn type_in(&mut self, person: &str, line: &str, expected: u8) -> Result<(), Failed> {
        let words = line.split(' ').map(|word| match word.strip_prefix("BUILD-") {
            Some(version) => format!(
                "demo.example/web@{}",
                Digest::of(format!("web {version}").as_bytes())
            ),
            None => word.to_owned(),
        });
        let words: Vec<String> = words.collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.run(person, &words, expected)
    }

    /// Somebody commits to the deployment repository without asking anybody.
    fn change_by_hand(&self, file: &str) -> Result<(), Failed> {
        let work = self.dir.join("by-hand");
        let git = |words: &[&str]| {
            let out = Command::new("git").arg("-C").arg(&work).args(words).output();
            let out = out.map_err(|error| crate::internal("git", error))?;
            let said = String::from_utf8_lossy(&out.stderr).into_owned();
            if out.status.success() {
                Ok(())
            } else {
                Err(crate::internal("git", said))
            }
        };
        let broken = |error: std::io::Error| crate::internal("a change by hand", error);
        std::fs::create_dir_all(&work).map_err(broken)?;
        let remote = self.dir.join("deploy.git").display().to_string();
        git(&["clone", "--quiet", "--branch", "main", &remote, "."])?;
        let path = work.join(file);
        let text = std::fs::read_to_string(&path).map_err(broken)?;
        std::fs::write(&path, format!("{text}replicas: 1\n")).map_err(broken)?;
        let who = [
            "-c",
            "user.name=somebody",
            "-c",
            "user.email=somebody@demo.example",
        ];
        git(&[who.as_slice(), &["commit", "--quiet", "-am", "just for now"]].concat())?;
        git(&["push", "--quiet", "origin", "HEAD:main"])?;
        let prompt = "  somebody $ ";
        let typed = format!("git commit -am 'just for now'    # {file}");
        self.output
            .styled(&[(Style::Dim, prompt), (Style::Plain, &typed)]);
        Ok(())
    }

    /// Runs a command as a person, and sees that it ends as the story has it.
    fn run(&mut self, person: &str, words: &[&str], expected: u8) -> Result<(), Failed> {
        let prompt = format!("  {person} $ ");
        let command = format!("gradus {}", words.join(" "));
        self.output
            .styled(&[(Style::Dim, &prompt), (Style::Plain, &command)]);
        let dir = self.dir.display().to_string();
        let all = ["gradus", "--workspace", &dir, "--as", person]
            .into_iter()
            .chain(words.iter().copied());
        let gradus =
            Gradus::try_parse_from(all).map_err(|error| crate::internal("the demo's own words", error))?;
        let exit = match crate::run(&gradus, self.output) {
            Ok(exit) => exit,
            Err(failed) => {
                self.output.failed(&failed);
                failed.exit
            }
        };
        self.refusals += u32::from(matches!(exit, BLOCKED | NOT_PERMITTED));
        if exit == expected {
            return Ok(());
        }
        let message = format!(
            "`gradus {}` ended with {exit}, the demo expected {expected}",
            words.join(" ")
        );
        Err(Failed::new(
            "demo",
            message,
            "run gradus demo --keep and look around",
            FAILED,
        ))
    }
}

/// What happens, in order: who types what, and how it must end. A line without a person is told, and
/// what `somebody` does is done without Gradus. `BUILD-1.4.0` stands for what that version was built as.
const STORY: &[(&str, &str, u8)] = &[
    ("", "A release is built once, and pinned by digest.", DONE),
    (
        "dora",
        "release add web@1.4.0 --artifact BUILD-1.4.0 --author dora",
        DONE,
    ),
    ("dora", "promote web@1.4.0 --to dev", DONE),
    (
        "",
        "Nobody has tested it, so it goes no further: unknown never passes.",
        DONE,
    ),
    ("dora", "promote web@1.4.0 --to staging", BLOCKED),
    (
        "",
        "The evidence comes in, and the promotion goes on by itself.",
        DONE,
    ),
    (
        "dora",
        "evidence add --release web@1.4.0 --kind tests --name unit --set passed=412",
        DONE,
    ),
    (
        "dora",
        "evidence add --release web@1.4.0 --kind tests --name integration --set passed=57",
        DONE,
    ),
    (
        "dora",
        "evidence add --release web@1.4.0 --kind coverage --set lines=84.2",
        DONE,
    ),
    ("", "Canary needs more evidence, and two people.", DONE),
    (
        "dora",
        "evidence add --release web@1.4.0 --kind tests --name e2e --set passed=23",
        DONE,
    ),
    (
        "dora",
        "evidence add --release web@1.4.0 --kind vulnerabilities --set critical=0 --set high=0",
        DONE,
    ),
    ("dora", "promote web@1.4.0 --to canary", WAITING),
    ("", "Who asks does not approve.", DONE),
    ("dora", "approve web-3", NOT_PERMITTED),
    ("ana", "approve web-3", DONE),
    ("cleo", "approve web-3", DONE),
    (
        "",
        "Production asks for a soak, objectives that hold, and its own people.",
        DONE,
    ),
    (
        "ana",
        "evidence add --release web@1.4.0 --kind slo --set availability=99.97 --set error_rate=0.03",
        DONE,
    ),
    ("dora", "promote web@1.4.0 --to production", BLOCKED),
    ("dora", "explain web@1.4.0 --to production", BLOCKED),
    ("ana", "approve web-4", DONE),
    ("fay", "approve web-4", DONE),
    (
        "dora",
        "promote web@1.4.0 --to production --wait --timeout 20s",
        DONE,
    ),
    (
        "",
        "The next release passes every test, and answers with errors where it meets people.",
        DONE,
    ),
    (
        "dora",
        "release add web@1.5.0 --artifact BUILD-1.5.0 --author dora",
        DONE,
    ),
    ("dora", "promote web@1.5.0 --to dev", DONE),
    ("tested", "1.5.0", DONE),
    ("dora", "promote web@1.5.0 --to staging", DONE),
    ("dora", "promote web@1.5.0 --to canary", WAITING),
    ("ana", "approve web-7", DONE),
    (
        "",
        "The canary is measured, and the release before it comes back by itself. Production never sees it.",
        DONE,
    ),
    ("cleo", "approve web-7", DONE),
    ("dora", "status", DONE),
    ("dora", "explain web@1.5.0 --to production", BLOCKED),
    ("", "Somebody changes the deployment repository by hand.", DONE),
    ("somebody", "staging/web.yaml", DONE),
    ("ana", "drift web", BLOCKED),
    ("", "The fixed release goes all the way.", DONE),
    (
        "dora",
        "release add web@1.5.1 --artifact BUILD-1.5.1 --author dora",
        DONE,
    ),
    ("dora", "promote web@1.5.1 --to dev", DONE),
    ("tested", "1.5.1", DONE),
    ("dora", "promote web@1.5.1 --to staging", DONE),
    ("dora", "promote web@1.5.1 --to canary", WAITING),
    ("ana", "approve web-10", DONE),
    ("cleo", "approve web-10", DONE),
    (
        "ana",
        "evidence add --release web@1.5.1 --kind slo --set availability=99.98 --set error_rate=0.02",
        DONE,
    ),
    ("dora", "promote web@1.5.1 --to production", BLOCKED),
    ("ana", "approve web-11", DONE),
    ("fay", "approve web-11", DONE),
    (
        "dora",
        "promote web@1.5.1 --to production --wait --timeout 20s",
        DONE,
    ),
    ("", "What is where, and the proof.", DONE),
    ("ana", "status", DONE),
    ("ana", "drift web", DONE),
    ("ana", "audit checkpoint", DONE),
    ("ana", "audit verify", DONE),
];

/// What a test run says of a release, handed in at once.
const TESTED: [&str; 5] = [
    "tests --name unit --set passed=415",
    "tests --name integration --set passed=58",
    "tests --name e2e --set passed=23",
    "coverage --set lines=84.4",
    "vulnerabilities --set critical=0 --set high=0",
];

pub(super) fn tell(dir: &Path, output: &Output) -> Outcome {
    let mut story = Story {
        dir,
        output,
        refusals: 0,
    };
    for (person, line, exit) in STORY {
        match *person {
            "" => story.tell(line),
            "somebody" => story.change_by_hand(line)?,
            "tested" => {
                for what in TESTED {
                    let line = format!("evidence add --release web@{line} --kind {what}");
                    story.type_in("dora", &line, *exit)?;
                }
            }
            person => story.type_in(person, line, *exit)?,
        }
    }
    summary(&story)
}

/// The last line: what happened, counted from the ledger itself.
fn summary(story: &Story<'_>) -> Outcome {
    let ledger = gradus_ledger::Sqlite::open(&story.dir.join(".gradus/ledger.db"))?;
    let events = ledger.tail(0, usize::MAX)?;
    let count = |wanted: fn(&Event) -> bool| {
        events
            .iter()
            .filter(|(_, recorded)| wanted(&recorded.event))
            .count()
    };
    let promotions = count(|event| matches!(event, Event::VerificationPassed { .. }));
    let commits: usize = events
        .iter()
        .map(|(_, recorded)| match &recorded.event {
            Event::DeliveryFinished { receipts, .. } | Event::RollbackFinished { receipts, .. } => {
                receipts.iter().filter(|receipt| receipt.commit.is_some()).count()
            }
            _ => 0,
        })
        .sum();
    let rollbacks = count(|event| matches!(event, Event::RollbackFinished { .. }));
    let refusals = story.refusals;
    story.output.data(&json!({
        "promotions": promotions, "rollbacks": rollbacks, "refusals": refusals, "commits": commits, "events": events.len(), "audit": "ok",
    }));
    story.output.line(&format!(
        "\n{promotions} promotions, {rollbacks} rollback, {refusals} refusals, {commits} commits, {} events, audit ok",
        events.len()
    ));
    Ok(DONE)
}
