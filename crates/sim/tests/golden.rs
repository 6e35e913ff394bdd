//! What was ever written can be read: ledgers of every format that was released are checked, read,
//! folded and audited, for ever. `GRADUS_BLESS=1` writes further ones of the present
//! format, from stories that tell of events that none tells of yet.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

use gradus_engine::{AppState, WorkspaceState, evolve, evolve_workspace};
use gradus_ledger::{Append, Ledger, Memory, VerifierKey, export, sign, verify_export};
use gradus_model::{FORMAT, Recorded, Stream};
use gradus_sim::{Deed, Story, Trouble, deeds};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn folder(format: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/v{format}"))
}

/// The words of all events, from where they are declared.
fn every_word() -> BTreeSet<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../model/src/event.rs");
    let text = std::fs::read_to_string(file).unwrap();
    let declared = text
        .split("pub enum Event {")
        .nth(1)
        .unwrap()
        .split("\n}")
        .next()
        .unwrap();
    let names = declared.lines().filter_map(|line| {
        let name = line.strip_prefix("    ")?.split(' ').next()?;
        name.starts_with(|c: char| c.is_ascii_uppercase()).then_some(name)
    });
    let snake = |name: &str| {
        let mut word = String::new();
        for letter in name.chars() {
            if letter.is_ascii_uppercase() && !word.is_empty() {
                word.push('_');
            }
            word.push(letter.to_ascii_lowercase());
        }
        word
    };
    names.map(snake).collect()
}

fn words(events: &[Recorded]) -> BTreeSet<String> {
    events.iter().map(|recorded| recorded.event.word()).collect()
}

/// What the ledgers of a format tell of.
fn told(format: u32) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    for entry in std::fs::read_dir(folder(format)).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_some_and(|ending| ending == "jsonl") {
            seen.extend(words(&replay(&file)));
        }
    }
    seen
}

/// Writes ledgers for what no ledger tells of yet. What is there stays as it is.
fn bless() {
    let folder = folder(FORMAT);
    std::fs::create_dir_all(&folder).unwrap();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut missing = every_word();
    missing.retain(|word| !told(FORMAT).contains(word));
    for number in 0..1_000 {
        if missing.is_empty() {
            return;
        }
        let mut story = Story::new();
        let random = deeds(20..60).new_tree(&mut runner).unwrap().current();
        let told = match number {
            0 => no_way_back(),
            1 => no_way_there(),
            2 => phase_by_phase(),
            _ => random,
        };
        for deed in told {
            story.tell(&deed);
        }
        story.calm();
        let new = words(story.events());
        if missing.is_disjoint(&new) {
            continue;
        }
        missing.retain(|word| !new.contains(word));
        let free = |number: &u32| !folder.join(format!("{number}.jsonl")).exists();
        let number = (0..).find(free).unwrap();
        sign(story.ledger(), story.key()).unwrap();
        let mut copy = Vec::new();
        export(story.ledger(), &mut copy).unwrap();
        std::fs::write(folder.join(format!("{number}.jsonl")), copy).unwrap();
        std::fs::write(
            folder.join(format!("{number}.key")),
            story.key().verifier().to_string(),
        )
        .unwrap();
    }
    panic!("no story tells of {missing:?}");
}

/// A release fails in production and the one before it cannot be brought back: too rare by chance.
fn no_way_back() -> Vec<Deed> {
    let (which, glass) = (0, false);
    let promote = |place| Deed::Promote {
        who: 0,
        which,
        place,
        glass,
    };
    let approve = |who| Deed::Approve { who, which };
    let agreed = [promote(2), approve(1), approve(5), approve(4), Deed::Pass(6)];
    let mut deeds = agreed.to_vec();
    let (hotfix, forward_only) = (false, false);
    deeds.push(Deed::Add { hotfix, forward_only });
    deeds.push(Deed::Say {
        which,
        passed: Some(true),
    });
    deeds.extend([promote(0), Deed::Pass(11), Deed::Trouble(Trouble::NoWayBack)]);
    deeds.extend(agreed);
    deeds.extend(std::iter::repeat_n(Deed::Pass(40), 8));
    deeds
}

/// A release goes to production phase by phase with a human in between, and is good in staging until
/// later.
fn phase_by_phase() -> Vec<Deed> {
    let (which, glass) = (0, false);
    let promote = |place| Deed::Promote {
        who: 0,
        which,
        place,
        glass,
    };
    let approve = |who| Deed::Approve { who, which };
    let add = Deed::Add {
        hotfix: false,
        forward_only: false,
    };
    let passed = Some(true);
    let first = [Deed::Policy(4), add, Deed::Say { which, passed }, promote(0)];
    let mut deeds = first.to_vec();
    deeds.extend([
        Deed::Trouble(Trouble::Asks),
        Deed::Pass(11),
        Deed::Trouble(Trouble::None),
    ]);
    deeds.extend(std::iter::repeat_n(Deed::Pass(11), 4));
    deeds.extend([promote(2), approve(1), approve(5), approve(4)]);
    deeds.extend(std::iter::repeat_n(Deed::Pass(6), 4));
    let resolution = gradus_model::Resolution::Accept;
    deeds.extend([
        Deed::Resolve {
            who: 1,
            which,
            resolution,
        },
        Deed::Trouble(Trouble::Unhealthy),
    ]);
    deeds.extend(std::iter::repeat_n(Deed::Pass(4), 12));
    deeds
}

/// A release cannot be written at all, however often it is tried.
fn no_way_there() -> Vec<Deed> {
    let which = 0;
    let promote = Deed::Promote {
        who: 0,
        which,
        place: 0,
        glass: false,
    };
    let mut deeds = vec![
        Deed::Add {
            hotfix: false,
            forward_only: false,
        },
        Deed::Trouble(Trouble::LineDown),
        promote,
    ];
    deeds.extend(std::iter::repeat_n(Deed::Pass(40), 8));
    deeds
}

/// Reads a copy as whoever verifies it does, and then as the product does.
fn replay(file: &Path) -> Vec<Recorded> {
    let bytes = std::fs::read(file).unwrap();
    let key: VerifierKey = std::fs::read_to_string(file.with_extension("key"))
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    let verified = verify_export(&mut bytes.as_slice(), Some(&key)).unwrap();
    assert!(verified.events > 0 && verified.checkpoints == 1);
    let lines = std::str::from_utf8(&bytes).unwrap().lines();
    let events: Vec<Recorded> = lines
        .filter(|line| !line.starts_with("checkpoint "))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events.len() as u64, verified.events);
    let mut apps: BTreeMap<&Stream, AppState> = BTreeMap::new();
    let mut workspace = WorkspaceState::default();
    let ledger = Memory::new();
    for recorded in &events {
        match &recorded.stream {
            Stream::Workspace => workspace = evolve_workspace(workspace, recorded),
            stream => {
                let state = apps.remove(stream).unwrap_or_default();
                apps.insert(stream, evolve(state, recorded).unwrap());
            }
        }
        let own = recorded.clone();
        let append = Append::new(own.stream, own.seq - 1, own.at, own.actor, vec![own.event]);
        ledger.append(append).unwrap();
    }
    assert_eq!(gradus_auditor::audit(events.iter()), [], "{}", file.display());
    assert_eq!(ledger.projection_hash().unwrap(), ledger.rebuild().unwrap());
    events
}

#[test]
fn whatever_was_ever_written_can_be_read() {
    if std::env::var_os("GRADUS_BLESS").is_some() {
        bless();
    }
    for format in 1..=FORMAT {
        let seen = told(format);
        if format == FORMAT {
            assert_eq!(seen, every_word(), "a new event has no golden ledger yet");
        }
    }
}
