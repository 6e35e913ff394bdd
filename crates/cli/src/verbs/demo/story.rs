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

    /// Runs a command as a person, and sees that it ends as the story has it.
    fn run(&mut self, person: &str, words: &[&str], expected: u8) -> Result<(), Failed> {
        let typed: Vec<String> = words.iter().map(|word| typed(word)).collect();
        let prompt = format!("  {person} $ ");
        let command = format!("gradus {}", typed.join(" "));
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

/// A word as one types it.
fn typed(word: &str) -> String {
    if word.is_empty() || word.contains(' ') {
        format!("'{word}'")
    } else {
        word.to_owned()
    }
}

pub(super) fn tell(dir: &Path, output: &Output) -> Outcome {
    let mut story = Story {
        dir,
        output,
        refusals: 0,
    };
    let artifact = format!("demo.example/web@{}", Digest::of(b"web 1.4.0"));
    let release = "web@1.4.0";
    let says = |kind: &'static str, name: &'static str, fact: &'static str| {
        [
            "evidence",
            "add",
            "--release",
            release,
            "--kind",
            kind,
            "--name",
            name,
            "--set",
            fact,
        ]
    };

    story.tell("A release is built once, and pinned by digest.");
    story.run(
        "dora",
        &[
            "release",
            "add",
            release,
            "--artifact",
            &artifact,
            "--author",
            "dora",
        ],
        DONE,
    )?;
    story.run("dora", &["promote", release, "--to", "dev"], DONE)?;

    story.tell("Nobody has tested it, so it goes no further: unknown never passes.");
    story.run("dora", &["promote", release, "--to", "staging"], BLOCKED)?;
    story.tell("The evidence comes in, and the promotion goes on by itself.");
    story.run("dora", &says("tests", "unit", "passed=412"), DONE)?;
    story.run("dora", &says("tests", "integration", "passed=57"), DONE)?;
    story.run("dora", &says("coverage", "", "lines=84.2"), DONE)?;

    story.tell("Canary needs more evidence, and two people.");
    story.run("dora", &says("tests", "e2e", "passed=23"), DONE)?;
    let scan = [
        "evidence",
        "add",
        "--release",
        release,
        "--kind",
        "vulnerabilities",
        "--set",
        "critical=0",
        "--set",
        "high=0",
    ];
    story.run("dora", &scan, DONE)?;
    story.run("dora", &["promote", release, "--to", "canary"], WAITING)?;
    story.tell("Who asks does not approve.");
    story.run("dora", &["approve", "web-3"], NOT_PERMITTED)?;
    story.run("ana", &["approve", "web-3"], DONE)?;
    story.run("cleo", &["approve", "web-3"], DONE)?;

    story.tell("Production asks for a soak, objectives that hold, and its own people.");
    let slo = [
        "evidence",
        "add",
        "--release",
        release,
        "--kind",
        "slo",
        "--set",
        "availability=99.97",
        "--set",
        "error_rate=0.03",
    ];
    story.run("ana", &slo, DONE)?;
    story.run("dora", &["promote", release, "--to", "production"], BLOCKED)?;
    story.run("dora", &["explain", release, "--to", "production"], BLOCKED)?;
    story.run("ana", &["approve", "web-4"], DONE)?;
    story.run("fay", &["approve", "web-4"], DONE)?;
    story.run(
        "dora",
        &[
            "promote",
            release,
            "--to",
            "production",
            "--wait",
            "--timeout",
            "20s",
        ],
        DONE,
    )?;

    story.tell("What is where, and the proof.");
    story.run("ana", &["status"], DONE)?;
    story.run("ana", &["audit", "checkpoint"], DONE)?;
    story.run("ana", &["audit", "verify"], DONE)?;
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
            Event::DeliveryFinished { receipts, .. } => {
                receipts.iter().filter(|receipt| receipt.commit.is_some()).count()
            }
            _ => 0,
        })
        .sum();
    let refusals = story.refusals;
    story.output.data(&json!({
        "promotions": promotions, "refusals": refusals, "commits": commits, "events": events.len(), "audit": "ok",
    }));
    story.output.line(&format!(
        "\n{promotions} promotions, {refusals} refusals, {commits} commits, {} events, audit ok",
        events.len()
    ));
    Ok(DONE)
}
