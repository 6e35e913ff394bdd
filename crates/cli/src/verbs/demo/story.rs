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

const RELEASE: &str = "web@1.4.0";

/// What happens, in order: who types what, and how it must end. A line without a person is told.
/// `RELEASE` and `ARTIFACT` stand for the release and what it was built as.
const STORY: &[(&str, &str, u8)] = &[
    ("", "A release is built once, and pinned by digest.", DONE),
    (
        "dora",
        "release add RELEASE --artifact ARTIFACT --author dora",
        DONE,
    ),
    ("dora", "promote RELEASE --to dev", DONE),
    (
        "",
        "Nobody has tested it, so it goes no further: unknown never passes.",
        DONE,
    ),
    ("dora", "promote RELEASE --to staging", BLOCKED),
    (
        "",
        "The evidence comes in, and the promotion goes on by itself.",
        DONE,
    ),
    (
        "dora",
        "evidence add --release RELEASE --kind tests --name unit --set passed=412",
        DONE,
    ),
    (
        "dora",
        "evidence add --release RELEASE --kind tests --name integration --set passed=57",
        DONE,
    ),
    (
        "dora",
        "evidence add --release RELEASE --kind coverage --set lines=84.2",
        DONE,
    ),
    ("", "Canary needs more evidence, and two people.", DONE),
    (
        "dora",
        "evidence add --release RELEASE --kind tests --name e2e --set passed=23",
        DONE,
    ),
    (
        "dora",
        "evidence add --release RELEASE --kind vulnerabilities --set critical=0 --set high=0",
        DONE,
    ),
    ("dora", "promote RELEASE --to canary", WAITING),
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
        "evidence add --release RELEASE --kind slo --set availability=99.97 --set error_rate=0.03",
        DONE,
    ),
    ("dora", "promote RELEASE --to production", BLOCKED),
    ("dora", "explain RELEASE --to production", BLOCKED),
    ("ana", "approve web-4", DONE),
    ("fay", "approve web-4", DONE),
    (
        "dora",
        "promote RELEASE --to production --wait --timeout 20s",
        DONE,
    ),
    ("", "What is where, and the proof.", DONE),
    ("ana", "status", DONE),
    ("ana", "audit checkpoint", DONE),
    ("ana", "audit verify", DONE),
];

pub(super) fn tell(dir: &Path, output: &Output) -> Outcome {
    let mut story = Story {
        dir,
        output,
        refusals: 0,
    };
    let artifact = format!("demo.example/web@{}", Digest::of(b"web 1.4.0"));
    for (person, line, exit) in STORY {
        if person.is_empty() {
            story.tell(line);
            continue;
        }
        let words = line.split(' ').map(|word| match word {
            "RELEASE" => RELEASE,
            "ARTIFACT" => &artifact,
            word => word,
        });
        story.run(person, &words.collect::<Vec<_>>(), *exit)?;
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
