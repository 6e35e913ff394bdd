//! Events as sentences, for people who ask what happened.

use gradus_model::{Event, Finding, PromotionKind, Receipt, Recorded};

/// One line: when, where, what, about what, why, and who.
pub(crate) fn sentence(recorded: &Recorded) -> String {
    let id = recorded
        .event
        .promotion()
        .map(|id| format!(" {id}"))
        .unwrap_or_default();
    let (what, more) = words(&recorded.event);
    let more = if more.is_empty() {
        more
    } else {
        format!(": {more}")
    };
    let at = recorded.at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
    let stream = recorded.stream.to_string();
    format!("{at} {stream:<12} {what}{id}{more} ({})", recorded.actor)
}

/// What happened, and the details that matter.
fn words(event: &Event) -> (String, String) {
    let plain = event.word().replace('_', " ");
    match event {
        Event::PromotionRequested { kind, .. } => {
            let rollback = *kind == PromotionKind::Rollback;
            let what = if rollback {
                "rollback requested".to_owned()
            } else {
                plain
            };
            (what, request(event))
        }
        event if event.promotion().is_some() => (plain, promotion(event)),
        event => (plain, other(event)),
    }
}

fn request(event: &Event) -> String {
    let Event::PromotionRequested {
        plan,
        reason,
        break_glass,
        ..
    } = event
    else {
        return String::new();
    };
    let because = reason.as_ref().map(|reason| format!(", because {reason}"));
    let glass = break_glass
        .as_ref()
        .map(|glass| format!(", BREAK-GLASS, because {}", glass.reason));
    let (because, glass) = (because.unwrap_or_default(), glass.unwrap_or_default());
    format!("{} to {}{because}{glass}", plan.version, plan.to)
}

/// The workspace, releases, evidence and automation.
fn other(event: &Event) -> String {
    match event {
        Event::PolicyAdopted { digest, .. } => digest.short().to_owned(),
        Event::Halted { scope, reason } => format!("{scope}, because {reason}"),
        Event::Resumed { scope } => scope.to_string(),
        Event::ReleaseAdded { release } => format!("{} from {}", release.version, release.branch),
        Event::ReleaseDenied { version, reason } | Event::ReleaseAllowed { version, reason } => {
            format!("{version}, because {reason}")
        }
        Event::EvidenceAdded { evidence } => {
            let what = format!("{} {}", evidence.kind, evidence.name);
            let version = &evidence.subject.version;
            format!("{} {} of {version}", evidence.id, what.trim_end())
        }
        Event::EvidenceRevoked { id, reason } => format!("{id}, because {reason}"),
        Event::AutomationHeld { environment, version } => format!("{environment} at {version}"),
        Event::AutomationReleased { environment } => environment.to_string(),
        _ => String::new(),
    }
}

/// A promotion on its way.
fn promotion(event: &Event) -> String {
    match event {
        Event::ApprovalGiven {
            person, plan, note, ..
        } => {
            let note = note.as_ref().map(|note| format!(", {note}")).unwrap_or_default();
            format!("by {person}, plan {}{note}", plan.short())
        }
        Event::PromotionRejected { person, reason, .. } => format!("by {person}, because {reason}"),
        Event::HumanDecided {
            person,
            resolution,
            reason,
            ..
        } => {
            let resolution = resolution.to_string().replace('_', " ");
            format!("{resolution} by {person}, because {reason}")
        }
        Event::BreakGlassReviewed { person, note, .. } => format!("by {person}, {note}"),
        Event::RollbackStarted { to, .. } => format!("back to {to}"),
        Event::DeliveryFailed { failure, .. } | Event::RollbackFailed { failure, .. } => {
            format!("{}, {}", failure.step, failure.message)
        }
        Event::PromotionReplanned { why, .. }
        | Event::PromotionHeld { why, .. }
        | Event::HumanNeeded { why, .. }
        | Event::DeliveryWaits { why, .. }
        | Event::PromotionFailed { why, .. } => why.clone(),
        Event::PromotionCancelled { reason, .. } => format!("because {reason}"),
        Event::PromotionSuperseded { by, .. } => format!("by {by}"),
        Event::PhaseDelivered { phase, receipts, .. } => format!("{}, {}", number(*phase), commits(receipts)),
        Event::PhasePassed { phase, .. } | Event::PhasePaused { phase, .. } => number(*phase),
        Event::VerificationFailed { findings, .. }
        | Event::VerificationInconclusive { findings, .. }
        | Event::CheckDoubted { findings, .. }
        | Event::HealthLost { findings, .. } => {
            let bad = Finding::bad(findings);
            bad.map(|finding| format!("{}, {}", finding.check, finding.observed))
                .unwrap_or_default()
        }
        Event::DeliveryFinished { receipts, .. } | Event::RollbackFinished { receipts, .. } => {
            commits(receipts)
        }
        _ => String::new(),
    }
}

fn commits(receipts: &[Receipt]) -> String {
    let commits = receipts.iter().filter_map(|receipt| receipt.commit.as_ref());
    let commits: Vec<_> = commits.map(|commit| commit.short().to_owned()).collect();
    commits.join(", ")
}

/// People count from one.
fn number(phase: u32) -> String {
    format!("phase {}", phase + 1)
}
