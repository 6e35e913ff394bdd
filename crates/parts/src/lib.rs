//! The parts that a policy is put together from.
//!
//! A **gate** is a question about evidence, a **step** is something that a delivery does, a
//! **check** is something that is looked at afterwards. Each is one file that says what it is
//! called, which settings it takes (so that the policy reader and the JSON Schema know them
//! without being told twice) and what it makes of them; each has one line in its registry:
//! [`GATES`], [`STEPS`], [`CHECKS`].
//!
//! Everything here is pure. A gate judges observations, it never fetches them; a step says what a
//! file should hold, it never writes one; a check says what to ask, the runtime asks it.

pub mod checks;
pub mod gates;
mod look;
mod measured;
mod question;
mod shape;
pub mod steps;
mod substitute;

pub use checks::{CHECKS, Check, is_gate};
pub use gates::compare;
pub use gates::{GATES, Gate};
pub use look::{Look, Stay};
pub use measured::{is_measured, measurement};
pub use shape::{Field, NameOf, Shape};
pub use steps::{Occasion, STEPS, Step, StepError};
pub use substitute::{placeholders, substitute, unknown_placeholders};
