//! The auditor's books: who asked, who agreed, what was said, what is where.

use gradus_model::{
    Actor, AppName, BreakGlass, Digest, EnvironmentName, Event, EvidenceId, PersonName, Plan, Policy,
    PromotionId, PromotionKind, Recorded, Release, Rules, Stream, Timestamp, Version,
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(crate) struct Books {
    pub(crate) policies: BTreeMap<Digest, Policy>,
    pub(crate) halts: BTreeSet<gradus_model::Scope>,
    pub(crate) releases: BTreeMap<(AppName, Version), Release>,
    pub(crate) denied: BTreeSet<(AppName, Version)>,
    pub(crate) verified: BTreeSet<(AppName, Version, EnvironmentName)>,
    pub(crate) evidence: BTreeMap<(AppName, EvidenceId), Digest>,
    pub(crate) promotions: BTreeMap<PromotionId, Entry>,
    /// Who is changing which environment.
    pub(crate) lanes: BTreeMap<(AppName, EnvironmentName), PromotionId>,
}

pub(crate) struct Entry {
    pub(crate) kind: PromotionKind,
    pub(crate) plan: Plan,
    pub(crate) rules: Vec<Rules>,
    pub(crate) requester: Actor,
    pub(crate) glass: Option<BreakGlass>,
    pub(crate) approvals: Vec<(PersonName, Digest, Timestamp)>,
    pub(crate) over: bool,
    going_back_to: Option<Version>,
}

impl Books {
    pub(crate) fn enter(&mut self, recorded: &Recorded) {
        let app = match &recorded.stream {
            Stream::Workspace => return self.enter_workspace(&recorded.event),
            Stream::App(app) => app.clone(),
        };
        match &recorded.event {
            Event::ReleaseAdded { release } => {
                self.releases
                    .insert((app, release.version.clone()), release.clone());
            }
            Event::ReleaseDenied { version, .. } => {
                self.denied.insert((app, version.clone()));
            }
            Event::ReleaseAllowed { version, .. } => {
                self.denied.remove(&(app, version.clone()));
            }
            Event::EvidenceAdded { evidence } => {
                self.evidence
                    .insert((app, evidence.id), evidence.subject.digest.clone());
            }
            Event::EvidenceRevoked { id, .. } => {
                self.evidence.remove(&(app, *id));
            }
            Event::PromotionRequested {
                promotion,
                kind,
                plan,
                rules,
                break_glass,
                ..
            } => {
                let entry = Entry {
                    kind: *kind,
                    plan: plan.as_ref().clone(),
                    rules: vec![rules.as_ref().clone()],
                    requester: recorded.actor.clone(),
                    glass: break_glass.clone(),
                    approvals: Vec::new(),
                    over: false,
                    going_back_to: None,
                };
                self.promotions.insert(promotion.clone(), entry);
            }
            event => self.enter_promotion(event, recorded.at),
        }
    }

    fn enter_workspace(&mut self, event: &Event) {
        match event {
            Event::PolicyAdopted { digest, policy } => {
                self.policies.insert(digest.clone(), policy.as_ref().clone());
            }
            Event::Halted { scope, .. } => {
                self.halts.insert(scope.clone());
            }
            Event::Resumed { scope } => {
                self.halts.remove(scope);
            }
            _ => {}
        }
    }

    fn enter_promotion(&mut self, event: &Event, at: Timestamp) {
        let Some(id) = event.promotion() else { return };
        let Some(entry) = self.promotions.get_mut(id) else {
            return;
        };
        let place = (id.app().clone(), entry.plan.to.clone());
        match event {
            Event::PromotionReplanned { plan, rules, .. } => {
                entry.plan = plan.as_ref().clone();
                entry.rules.push(rules.as_ref().clone());
                self.lanes.retain(|_, holder| holder != id);
            }
            Event::ApprovalGiven { plan, person, .. } => {
                entry.approvals.push((person.clone(), plan.clone(), at));
            }
            Event::DeliveryStarted { .. } => {
                self.lanes.insert(place, id.clone());
            }
            Event::VerificationPassed { .. }
            | Event::HumanDecided {
                resolution: gradus_model::Resolution::Accept,
                ..
            } => {
                self.verified
                    .insert((place.0, entry.plan.version.clone(), place.1));
                entry.over = true;
                self.lanes.retain(|_, holder| holder != id);
            }
            Event::RollbackStarted { to, .. } => {
                entry.going_back_to = Some(to.clone());
                self.lanes.insert(place, id.clone());
            }
            Event::RollbackFinished { .. }
            | Event::PromotionFailed { .. }
            | Event::PromotionRejected { .. }
            | Event::PromotionCancelled { .. }
            | Event::PromotionSuperseded { .. }
            | Event::PromotionExpired { .. } => {
                entry.over = true;
                self.lanes.retain(|_, holder| holder != id);
            }
            Event::HumanNeeded { .. } => self.lanes.retain(|_, holder| holder != id),
            _ => {}
        }
    }
}
