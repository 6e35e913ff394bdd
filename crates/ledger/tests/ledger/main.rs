//! The contract, the tree, and what happens when things break.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests may stop at the first surprise"
)]

mod contract;
mod faults;
mod kill;
mod mutations;
mod tree;

use gradus_ledger::{Append, Ledger, Sqlite};
use gradus_model::{Actor, AppName, EnvironmentName, Event, Stream, Timestamp};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn app(name: &str) -> Stream {
    Stream::App(AppName::new(name).unwrap())
}

fn event(n: u64) -> Event {
    let environment = EnvironmentName::new(format!("env-{n}")).unwrap();
    Event::AutomationReleased { environment }
}

fn append(ledger: &dyn Ledger, stream: &Stream, expected: u64, count: u64) {
    let events = (0..count).map(event).collect();
    ledger
        .append(Append::new(
            stream.clone(),
            expected,
            at(0),
            Actor::local("ana"),
            events,
        ))
        .unwrap();
}

fn small() -> Sqlite {
    let ledger = Sqlite::in_memory().unwrap();
    for n in 0..8 {
        append(&ledger, &app("web"), n * 4, 4);
        append(&ledger, &app("api"), n * 2, 2);
    }
    ledger
}
