//! How long it takes to verify a ledger of a million events, and to write with many writers.
//!
//! `cargo run --release -p gradus-ledger --example million [EVENTS]`
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program that measures")]

use gradus_ledger::{Append, Ledger, SigningKey, Sqlite, sign, verify};
use gradus_model::{Actor, AppName, EnvironmentName, Event, Stream, Timestamp};
use std::sync::Arc;
use std::time::Instant;

fn append(ledger: &Sqlite, stream: &Stream, expected: u64, count: u64) {
    let environment = EnvironmentName::new("production").unwrap();
    let event = Event::AutomationReleased { environment };
    let events = vec![event; usize::try_from(count).unwrap()];
    let at = Timestamp::from_second(1_800_000_000).unwrap();
    let append = Append::new(stream.clone(), expected, at, Actor::local("ana"), events);
    ledger.append(append).unwrap();
}

fn app(number: u64) -> Stream {
    Stream::App(AppName::new(format!("app-{number}")).unwrap())
}

/// Appends of one event each, by so many writers at once, each to its own stream.
fn rate(ledger: &Arc<Sqlite>, writers: u64, each: u64) -> f64 {
    let begun = Instant::now();
    let threads: Vec<_> = (0..writers)
        .map(|writer| {
            let ledger = ledger.clone();
            std::thread::spawn(move || {
                let stream = app(1_000 + writers * 100 + writer);
                (0..each).for_each(|version| append(&ledger, &stream, version, 1));
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    (writers * each) as f64 / begun.elapsed().as_secs_f64()
}

fn main() {
    let count: u64 = std::env::args()
        .nth(1)
        .map_or(1_000_000, |text| text.parse().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let ledger = Arc::new(Sqlite::create(&dir.path().join("ledger.db")).unwrap());
    for writers in [1, 16] {
        println!(
            "{writers:2} writers: {:.0} durable appends a second",
            rate(&ledger, writers, 400)
        );
    }
    let begun = Instant::now();
    let batch = 1_000;
    for number in 0..count / batch {
        append(&ledger, &app(number % 100), number / 100 * batch, batch);
    }
    println!("{count} events written in {:.1} s", begun.elapsed().as_secs_f64());
    let key = SigningKey::create(&dir.path().join("key"), "example").unwrap();
    sign(&*ledger, &key).unwrap();
    let begun = Instant::now();
    let verified = verify(&*ledger, &key.verifier(), None).unwrap().unwrap();
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{} events verified in {seconds:.1} s, root {}",
        verified.events,
        hex(&verified.root)
    );
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
