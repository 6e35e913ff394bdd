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

/// What happens, in order.
const STORY: &str = include_str!("story.txt");

/// What a test run says of a release, handed in at once.
const TESTED: [&str; 5] = [
    "tests --name unit --set passed=415",
    "tests --name integration --set passed=58",
    "tests --name e2e --set passed=23",
    "coverage --set lines=84.4",
    "vulnerabilities --set critical=0 --set high=0",
];

/// How a line ends.
fn exit(word: &str) -> u8 {
    match word {
        "blocked" => BLOCKED,
        "waiting" => WAITING,
        "not permitted" => NOT_PERMITTED,
        _ => DONE,
    }
}

pub(super) fn tell(dir: &Path, output: &Output) -> Outcome {
    let mut story = Story {
        dir,
        output,
        refusals: 0,
    };
    let lines = STORY
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        if let Some((person, typed)) = line.split_once(" $ ") {
            let (typed, end) = typed.split_once(" = ").unwrap_or((typed, ""));
            story.type_in(person, typed, exit(end))?;
        } else if let Some(file) = line.strip_prefix("somebody: ") {
            story.change_by_hand(file)?;
        } else if let Some(version) = line.strip_prefix("tested: ") {
            for what in TESTED {
                let line = format!("evidence add --release web@{version} --kind {what}");
                story.type_in("dora", &line, DONE)?;
            }
        } else {
            story.tell(line);
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
