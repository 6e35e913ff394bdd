//! `kill -9`, again and again: nothing that was acknowledged is lost.

use super::{app, at, event};
use gradus_ledger::{Append, Ledger, Sqlite};
use gradus_model::Actor;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

const FILE: &str = "GRADUS_KILL_FILE";

/// The victim: appends for ever and says each number once it is durable. Does nothing in a normal
/// run of the tests.
#[test]
fn child() {
    let Some(file) = std::env::var_os(FILE) else {
        return;
    };
    let ledger = Sqlite::open(file.as_ref()).unwrap();
    let mut version = ledger.version(&app("web")).unwrap();
    loop {
        ledger
            .append(Append::new(
                app("web"),
                version,
                at(0),
                Actor::system(),
                vec![event(version)],
            ))
            .unwrap();
        version += 1;
        println!("acknowledged {version}");
        std::io::stdout().flush().unwrap();
    }
}

fn rounds(count: u64) -> u64 {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ledger.db");
    drop(Sqlite::create(&file).unwrap());
    let mut acknowledged = 0;
    for round in 0..count {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::child", "--nocapture"])
            .env(FILE, &file)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let number = |line: String| {
            line.rsplit("acknowledged ")
                .next()
                .and_then(|text| text.parse::<u64>().ok())
        };
        let first = lines.by_ref().map_while(Result::ok).find_map(number);
        acknowledged = first.unwrap().max(acknowledged);
        std::thread::sleep(Duration::from_micros(round * 7919 % 5000));
        child.kill().unwrap();
        // What it had said before it died was said, and must hold.
        acknowledged = lines
            .map_while(Result::ok)
            .filter_map(number)
            .max()
            .unwrap_or(0)
            .max(acknowledged);
        child.wait().unwrap();
        let ledger = Sqlite::open(&file).unwrap();
        let version = ledger.version(&app("web")).unwrap();
        assert!(
            version >= acknowledged,
            "round {round}: {acknowledged} acknowledged, {version} there"
        );
        acknowledged = version;
    }
    let ledger = Sqlite::open(&file).unwrap();
    assert_eq!(
        gradus_ledger::verify_leaves(ledger.leaves(0, usize::MAX).unwrap().into_iter(), &[])
            .unwrap()
            .events,
        acknowledged
    );
    acknowledged
}

#[test]
fn nothing_acknowledged_is_lost_when_killed() {
    let count = std::env::var("GRADUS_KILL_ROUNDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(500);
    let workers: Vec<_> = (0..2)
        .map(|_| std::thread::spawn(move || rounds(count / 2)))
        .collect();
    let events: u64 = workers.into_iter().map(|worker| worker.join().unwrap()).sum();
    assert!(events >= count, "each round acknowledges something");
}
