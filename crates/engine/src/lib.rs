//! The heart: five pure functions.
//!
//! ```text
//! decide (world, actor, command, now) -> events | refusal     what may happen
//! evolve (state, event)               -> state                what it did
//! due    (world, now)                 -> effects              what ought to be happening
//! explain(world, question, now)       -> every condition      why it is not, and who can help
//! plan   (world, step, files)         -> plan                 what it would do, exactly
//! ```
//!
//! Nothing here reads a clock, a file or a network; nothing here is random or waits. What is asked
//! before something may happen is one list of conditions (see `conditions`), and `decide`, `due`
//! and `explain` all read that same list, so that an explanation can never differ from a decision.
//!
//! Read [`decide()`] first, then [`due()`]; each is one screen.

mod approvals;
mod automation;
mod calendar;
mod command;
mod conditions;
mod decide;
mod due;
mod explain;
mod fill;
mod held;
mod measuring;
mod overview;
mod phases;
mod planning;
mod prune;
mod refusal;
mod rollback;
mod state;
mod step;
mod transition;
mod warnings;

pub use calendar::{Opening, opening};
pub use command::{Command, DeliveryResult, RequestKind, VerificationResult, WorkspaceCommand};
pub use decide::{decide, decide_workspace};
pub use due::{Due, Effect, due};
pub use explain::{Explanation, Question, explain};
pub use fill::fill_in;
pub use held::{files_held, is_copied};
pub use measuring::{every as measures_every, to_measure};
pub use overview::{Behind, LastDrift, Overview, There, last_drift, overview};
pub use phases::{checks, steps_back};
pub use planning::{deviations, files_needed, later, plan};
pub use refusal::{Refusal, RefusalKind};
pub use rollback::{NoTarget, target as rollback_target};
pub use state::{
    AppState, Approval, Deployment, Doubts, Halt, Lost, Place, Promotion, ReleaseState, WorkspaceState,
    World, evolve, evolve_workspace,
};
pub use step::Step;
pub use transition::{Illegal, next_status};
pub use warnings::to_watch;
