//! `wait_healthy`: goes on when the service answers as it should.

use super::{PAUSE, Step, TRIES, no_files, writes_nothing};
use crate::checks::ANSWER;

pub(super) static STEP: Step = Step {
    name: "wait_healthy",
    about: "Waits until a request to this address is answered as expected, and fails where that takes too long.",
    fields: &[
        ANSWER[0], ANSWER[1], ANSWER[2], ANSWER[3], ANSWER[4], TRIES, PAUSE,
    ],
    files: no_files,
    // It only looks.
    edit: writes_nothing,
    acts: true,
};
