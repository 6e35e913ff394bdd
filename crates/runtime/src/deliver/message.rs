//! What a commit says: who wanted it, who agreed, and where in the log to look.

use gradus_engine::Promotion;
use gradus_model::PromotionKind;

/// The commit's message. Everything in it comes from the ledger, so that whoever writes it writes
/// the same.
pub(super) fn message(promotion: &Promotion, version: &str, seal: &str) -> String {
    let plan = &promotion.plan;
    let back = *version != *plan.version.as_str();
    let verb = match promotion.kind {
        _ if back => "Bring back",
        PromotionKind::Rollback => "Roll back to",
        PromotionKind::Promotion => "Promote",
    };
    let approved: String = promotion
        .approvals
        .iter()
        .filter(|approval| approval.plan == promotion.plan_digest)
        .map(|approval| format!("Approved-By: {}\n", approval.person))
        .collect();
    let phase = plan.phases.get(promotion.phase as usize).filter(|_| !back);
    let phase = phase.map(|phase| format!(": {}", phase.name)).unwrap_or_default();
    format!(
        "{verb} {app}@{version} in {to}{phase}\n\nGradus-Promotion: {id}\nGradus-Release: {release}\nGradus-Plan: {digest}\nRequested-By: {actor}\n{approved}Gradus-Checkpoint: {seal}\n",
        app = plan.app,
        to = plan.to,
        id = promotion.id,
        release = plan.release,
        digest = promotion.plan_digest,
        actor = promotion.requested_by.identity,
    )
}
