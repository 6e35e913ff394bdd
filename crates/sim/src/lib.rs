//! The simulator: random people do random things to a small world whose checks, branches, disks and
//! workers misbehave, and whatever they do, the [`INVARIANTS`] hold.
//!
//! The engine, the runtime and the ledger are the real ones; only people, the clock and the
//! repository are played. A [`Story`] is a list of [`Deed`]s, so a failure shrinks to the shortest
//! story that shows it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "it exists to stop at the first surprise"
)]

mod act;
mod cast;
mod deed;
mod invariants;
mod repository;
mod story;

pub use cast::{PEOPLE, PLACES};
pub use deed::{Deed, Trouble, deeds};
pub use invariants::{INVARIANTS, Invariant, Moment};
pub use repository::Repository;
pub use story::Story;
