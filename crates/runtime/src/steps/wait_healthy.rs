//! `wait_healthy`: asks again and again, until it is so or the time is up.

use super::{Act, ActError};
use crate::checks;
use gradus_connect::Transport;

pub(super) fn act(act: &Act<'_>, transport: &dyn Transport) -> Result<String, ActError> {
    let found = checks::healthy(&act.part.settings, transport);
    if found.answer.is_pass() {
        Ok(found.observed)
    } else {
        Err(ActError::Lasting(format!(
            "not healthy in time: {}",
            found.observed
        )))
    }
}
