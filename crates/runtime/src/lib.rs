//! The runtime: where decisions meet the world.
//!
//! A command comes in, [`Runtime::submit`] loads the state, asks the engine, and appends what it
//! answers together with everything that is now due. [`Runtime::drain`] claims what is due,
//! `perform` carries it out through [`Hands`], and the result goes back in as a command. What is
//! due depends on the state alone, so a worker that dies leaves nothing behind that the next one
//! would not find.

mod checks;
mod deliver;
mod drift;
mod hands;
mod measure;
mod parity;
mod perform;
mod pulls;
mod render;
mod runtime;
mod steps;
mod world;

pub use drift::{Drift, Foreign, Running};
pub use gradus_repo::{Claim, History, Touch};
pub use hands::{Hands, HandsError, Proposed, Seen, Wrote};
pub use parity::{Difference, Parity};
pub use runtime::{Runtime, RuntimeError, Setup, Way};
pub use steps::{Act, ActError, Login};
pub use world::RealHands;

use gradus_model::Timestamp;

/// The clock. The only way in which time comes into Gradus.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}
