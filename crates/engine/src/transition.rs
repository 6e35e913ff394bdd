//! Which event may follow which status: one match for live writes and replay alike.

use gradus_model::{Event, Resolution, Status};

/// An event that cannot happen to a promotion that has come this far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Illegal {
    /// How far it had come.
    pub status: Status,
    /// What was to happen.
    pub event: String,
}

impl std::fmt::Display for Illegal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} cannot happen to a promotion that is {}",
            self.event, self.status
        )
    }
}

impl std::error::Error for Illegal {}

/// How far a promotion has come after an event.
///
/// A failed delivery or check leaves the status for a moment: the event behind it, written in the
/// same transaction, says what comes of it (a rollback, a human, an end).
pub fn next_status(status: Status, event: &Event) -> Result<Status, Illegal> {
    use Status::{
        Cancelled, Delivering, Expired, Failed, Held, NeedsHuman, Ready, Rejected, RolledBack, RollingBack,
        Succeeded, Superseded, Verifying,
    };
    Ok(match (status, event) {
        (Held | Ready, Event::ApprovalGiven { .. }) => status,
        (Held | Ready | Delivering, Event::PromotionReplanned { .. }) => Held,
        (Held, Event::PromotionReadied { .. }) => Ready,
        (Ready, Event::PromotionHeld { .. }) => Held,
        (Held | Ready, Event::PromotionRejected { .. }) => Rejected,
        (Held | Ready, Event::PromotionCancelled { .. }) => Cancelled,
        (Held | Ready, Event::PromotionSuperseded { .. }) => Superseded,
        (Held | Ready, Event::PromotionExpired { .. }) => Expired,

        (Ready, Event::DeliveryStarted { .. }) => Delivering,
        (Delivering, Event::DeliveryFinished { .. }) => Verifying,
        (Delivering, Event::DeliveryFailed { .. }) => Delivering,
        (Delivering | RollingBack, Event::DeliveryWaits { .. }) => status,
        (Delivering, Event::PhaseDelivered { .. }) => Verifying,
        (Verifying, Event::PhasePassed { .. }) => Delivering,
        (Verifying, Event::PhasePaused { .. }) => NeedsHuman,
        (Verifying | Succeeded | RolledBack, Event::CheckDoubted { .. }) => status,
        (Succeeded | RolledBack, Event::HealthLost { .. }) => status,
        (Verifying, Event::VerificationPassed { .. }) => Succeeded,
        (Verifying, Event::VerificationFailed { .. } | Event::VerificationInconclusive { .. }) => Verifying,

        (Delivering | Verifying | NeedsHuman, Event::RollbackStarted { .. }) => RollingBack,
        (RollingBack, Event::RollbackFinished { .. }) => RolledBack,
        (RollingBack, Event::RollbackFailed { .. }) => RollingBack,
        (Delivering | Verifying | RollingBack, Event::HumanNeeded { .. }) => NeedsHuman,
        (
            NeedsHuman,
            Event::HumanDecided {
                resolution: Resolution::Accept,
                ..
            },
        ) => Succeeded,
        (
            NeedsHuman,
            Event::HumanDecided {
                resolution: Resolution::Fail,
                ..
            },
        ) => Failed,
        (
            NeedsHuman,
            Event::HumanDecided {
                resolution: Resolution::RollBack,
                ..
            },
        ) => NeedsHuman,
        (
            NeedsHuman,
            Event::HumanDecided {
                resolution: Resolution::GoOn,
                ..
            },
        ) => Verifying,
        (Delivering | Verifying | NeedsHuman, Event::PromotionFailed { .. }) => Failed,

        // An emergency is looked at afterwards, whatever came of it.
        (_, Event::BreakGlassReviewed { .. }) => status,
        _ => {
            return Err(Illegal {
                status,
                event: event.word(),
            });
        }
    })
}
