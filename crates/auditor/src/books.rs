//! The auditor's books: who asked, who agreed, what was said, what is where.

use gradus_model::{
    Actor, AppName, BreakGlass, Digest, EnvironmentName, Event, Evidence, EvidenceId, PersonName, Plan,
    Policy, PromotionId, PromotionKind, Recorded, Release, Rules, Stream, Timestamp, Version,
};
use gradus_parts::Stay;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(crate) struct Books {
    pub(crate) policies: BTreeMap<Digest, Policy>,
    pub(crate) halts: BTreeSet<gradus_model::Scope>,
    pub(crate) releases: BTreeMap<(AppName, Version), Release>,
    /// Each app's versions in the order in which they were taken in.
    pub(crate) order: BTreeMap<AppName, Vec<Version>>,
    pub(crate) denied: BTreeSet<(AppName, Version)>,
    pub(crate) verified: BTreeSet<(AppName, Version, EnvironmentName)>,
    pub(crate) evidence: BTreeMap<(AppName, EvidenceId), Evidence>,
    /// Where each release was good, from when to when.
    pub(crate) stays: BTreeMap<(AppName, Version), Vec<Stay>>,
    /// Which deliveries failed, where and when.
    pub(crate) failures: Vec<((AppName, EnvironmentName), Timestamp)>,
    /// What each environment holds, and who brought it.
    pub(crate) holds: BTreeMap<(AppName, EnvironmentName), (Version, PromotionId)>,
    /// When each environment last changed.
    pub(crate) changes: BTreeMap<(AppName, EnvironmentName), Timestamp>,
    pub(crate) promotions: BTreeMap<PromotionId, Entry>,
    /// Where what had been good no longer is.
    pub(crate) lost: BTreeSet<(AppName, EnvironmentName)>,
    /// Who is changing which environment.
    pub(crate) lanes: BTreeMap<(AppName, EnvironmentName), PromotionId>,
}

pub(crate) struct Entry {
    pub(crate) kind: PromotionKind,
    pub(crate) plan: Plan,
    pub(crate) rules: Vec<Rules>,
    pub(crate) requester: Actor,
    pub(crate) automatic: bool,
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
                self.order
                    .entry(app.clone())
                    .or_default()
                    .push(release.version.clone());
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
                self.evidence.insert((app, evidence.id), evidence.clone());
            }
            Event::EvidenceRevoked { id, .. } => {
                self.evidence.remove(&(app, *id));
            }
            Event::PromotionRequested {
                promotion,
                kind,
                plan,
                rules,
                automatic,
                break_glass,
                ..
            } => {
                let entry = Entry {
                    kind: *kind,
                    plan: plan.as_ref().clone(),
                    rules: vec![rules.as_ref().clone()],
                    requester: recorded.actor.clone(),
                    automatic: *automatic,
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
        let version = entry.plan.version.clone();
        match event {
            Event::DeliveryFinished { .. } | Event::PhaseDelivered { arrived: true, .. } => {
                self.arrive(place, (Some(version), id.clone()), at);
            }
            Event::HealthLost { .. } => {
                self.failures.push((place.clone(), at));
                self.lost.insert(place);
            }
            // A human let it go on: it changes the environment again.
            Event::PhasePassed { .. } => {
                self.lanes.insert(place, id.clone());
            }
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
                    .insert((place.0.clone(), version.clone(), place.1.clone()));
                entry.over = true;
                self.lanes.retain(|_, holder| holder != id);
                self.stay(place, version, at);
            }
            Event::DeliveryFailed { .. } | Event::VerificationFailed { .. } => {
                self.failures.push((place, at));
            }
            Event::RollbackStarted { to, .. } => {
                entry.going_back_to = Some(to.clone());
                self.lanes.insert(place, id.clone());
            }
            Event::RollbackFailed { arrived: true, .. } => {
                let back = entry.going_back_to.clone();
                self.arrive(place, (back, id.clone()), at);
            }
            Event::RollbackFinished { .. } => {
                entry.over = true;
                let back = entry.going_back_to.clone();
                self.lanes.retain(|_, holder| holder != id);
                self.arrive(place.clone(), (back.clone(), id.clone()), at);
                if let Some(back) = back {
                    self.stay(place, back, at);
                }
            }
            Event::PromotionFailed { .. }
            | Event::PromotionRejected { .. }
            | Event::PromotionCancelled { .. }
            | Event::PromotionSuperseded { .. }
            | Event::PromotionExpired { .. } => {
                entry.over = true;
                self.lanes.retain(|_, holder| holder != id);
            }
            Event::HumanNeeded { .. } | Event::PhasePaused { .. } => {
                self.lanes.retain(|_, holder| holder != id);
            }
            _ => {}
        }
    }

    /// Something else is there now: whoever was there no longer is.
    fn arrive(
        &mut self,
        (app, place): (AppName, EnvironmentName),
        (what, by): (Option<Version>, PromotionId),
        at: Timestamp,
    ) {
        self.lost.remove(&(app.clone(), place.clone()));
        if let Some(version) = what {
            // The last phases of what has arrived change nothing about that.
            let key = (app.clone(), place.clone());
            if self.holds.insert(key, (version.clone(), by.clone())) == Some((version, by)) {
                return;
            }
        }
        let own = self.stays.iter_mut().filter(|((owner, _), _)| *owner == app);
        for stay in own.flat_map(|(_, stays)| stays) {
            if stay.environment == place && stay.until.is_none() {
                stay.until = Some(at);
            }
        }
        self.changes.insert((app, place), at);
    }

    fn stay(&mut self, (app, environment): (AppName, EnvironmentName), version: Version, since: Timestamp) {
        let until = None;
        let stay = Stay {
            environment,
            since,
            until,
        };
        self.stays.entry((app, version)).or_default().push(stay);
    }
}
