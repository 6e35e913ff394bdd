//! `gradus worker`

use crate::args::{Common, Worker};
use crate::error::{DONE, Outcome};
use crate::output::Output;
use crate::workspace::Workspace;
use gradus_ledger::Ledger as _;
use gradus_model::Period;
use std::time::Duration;

/// How long a worker sleeps at most: another process may have made something due.
const NAP: Duration = Duration::from_secs(1);

pub(crate) fn run(args: &Worker, common: &Common, output: &Output) -> Outcome {
    let begun = std::time::Instant::now();
    loop {
        // Opened anew each time, so that a changed policy comes into force.
        let workspace = Workspace::open(common)?;
        workspace
            .runtime(&|recorded| super::promotion::tell(recorded, output))
            .drain()?;
        let over = args
            .r#for
            .is_some_and(|length| begun.elapsed() >= length.duration());
        if args.once || over {
            return Ok(DONE);
        }
        let now = workspace.now();
        let next = workspace
            .ledger
            .next_due()?
            .map_or(NAP, |next| Period::between(now, next).duration());
        std::thread::sleep(next.clamp(Duration::from_millis(20), NAP));
    }
}
