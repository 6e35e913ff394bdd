//! Phases: what a strategy comes to. However a delivery proceeds, it is a row of phases in the end,
//! each delivered, then watched, then left behind.

use crate::fill::fill_in;
use crate::state::Promotion;
use crate::step::Step;
use gradus_model::{
    BlueGreen, Canary, EnvironmentName, Part, Period, Phase, Placed, PromotionKind, Release, Rules, Settings,
    Strategy, TargetName, Waves,
};
use gradus_parts::substitute;
use std::collections::BTreeSet;

/// What is delivered, and under which rules.
#[derive(Clone, Copy)]
pub(crate) struct Delivery<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) release: &'a Release,
    pub(crate) to: &'a EnvironmentName,
    pub(crate) from: Option<&'a EnvironmentName>,
    pub(crate) kind: PromotionKind,
}

/// The setting that names the new value of a leaf.
const NEW_VALUE: &str = "to";

impl Delivery<'_> {
    /// The phases, without the files that they change. `idle` is the colour that is not live.
    pub(crate) fn phases(&self, idle: Option<&str>) -> Vec<Phase> {
        let all: Vec<&TargetName> = self.rules.targets.keys().collect();
        let back = self.kind == PromotionKind::Rollback;
        let mut phases = match &self.rules.strategy {
            Strategy::Direct => vec![self.phase("", self.steps(&self.rules.deliver, &all, &[]), &all)],
            Strategy::Canary(canary) if back => vec![self.back(self.whole(canary, &all), &all)],
            Strategy::Canary(canary) => self.canary(canary, &all),
            Strategy::BlueGreen(pair) => self.blue_green(pair, idle.unwrap_or_default(), &all),
            Strategy::Waves(_) if back => {
                vec![self.back(self.steps(&self.rules.deliver, &all, &[]), &all)]
            }
            Strategy::Waves(waves) => self.waves(waves),
        };
        // Whoever is not there yet has nothing left to wait for at the end.
        let there = phases.iter().any(|phase| phase.arrives);
        if let Some(last) = phases.last_mut() {
            last.pause = false;
            last.arrives |= !there;
        }
        phases
    }

    /// A phase that is checked as the environment says.
    fn phase(&self, name: &str, steps: Vec<Placed>, targets: &[&TargetName]) -> Phase {
        Phase {
            name: name.to_owned(),
            edits: Vec::new(),
            steps,
            verify: self.steps(&self.rules.verify, targets, &[]),
            hold: self.rules.observe.map_or(Period::ZERO, |observe| observe.lasting),
            pause: false,
            arrives: false,
        }
    }

    /// The way back is short: all at once.
    fn back(&self, steps: Vec<Placed>, targets: &[&TargetName]) -> Phase {
        self.phase("", steps, targets)
    }

    /// The steps with everything filled in, once for each target where they speak of one.
    fn steps(&self, parts: &[Part], targets: &[&TargetName], values: &[(&str, &str)]) -> Vec<Placed> {
        let mut placed = Vec::new();
        for part in parts {
            let part = fill_in(part, self.release, self.to);
            let part = filled(&part, values);
            let part = match self.from {
                Some(from) => filled(&part, &[("from", from.as_str())]),
                None => part,
            };
            if targets.is_empty() || !mentions_target(&part) {
                placed.push(Placed { target: None, part });
                continue;
            }
            let each = targets.iter().map(|target| Placed {
                target: Some((*target).clone()),
                part: self.at(&part, target),
            });
            placed.extend(each);
        }
        placed
    }

    /// A part with a target's own values.
    fn at(&self, part: &Part, target: &TargetName) -> Part {
        let own = self.rules.targets.get(target).into_iter().flatten();
        let own: Vec<(String, &str)> = own
            .map(|(name, value)| (format!("target.{name}"), value.as_str()))
            .collect();
        let mut values: Vec<(&str, &str)> = own.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        values.push(("target", target.as_str()));
        filled(part, &values)
    }

    /// The delivery's steps alone, for one colour.
    pub(crate) fn prepare(&self, colour: Option<&str>) -> Vec<Placed> {
        let all: Vec<&TargetName> = self.rules.targets.keys().collect();
        let values = [("colour", colour.unwrap_or_default())];
        self.steps(&self.rules.deliver, &all, &values)
    }

    fn canary(&self, canary: &Canary, all: &[&TargetName]) -> Vec<Phase> {
        let mut phases = Vec::new();
        for (number, share) in canary.steps.iter().enumerate() {
            let weight = share.weight.to_string();
            let mut steps = Vec::new();
            if number == 0 {
                steps.extend(self.steps(&self.rules.deliver, all, &[("weight", &weight)]));
            }
            steps.extend(self.steps(&canary.shift, all, &[("weight", &weight)]));
            let mut phase = self.phase(&format!("{weight}%"), steps, all);
            if !canary.verify.is_empty() {
                phase.verify = self.steps(&canary.verify, all, &[("weight", &weight)]);
            }
            phase.hold = share.hold;
            phase.pause = share.pause;
            phases.push(phase);
        }
        if !canary.finish.is_empty() {
            phases.push(self.phase("finish", self.steps(&canary.finish, all, &[("weight", "0")]), all));
        }
        phases
    }

    /// Everything that a canary comes to.
    fn whole(&self, canary: &Canary, all: &[&TargetName]) -> Vec<Placed> {
        let mut steps = self.steps(&self.rules.deliver, all, &[("weight", "100")]);
        if canary.finish.is_empty() {
            let last = canary
                .steps
                .last()
                .map_or(100.0, |share| share.weight)
                .to_string();
            steps.extend(self.steps(&canary.shift, all, &[("weight", &last)]));
        }
        steps.extend(self.steps(&canary.finish, all, &[("weight", "0")]));
        steps
    }

    fn blue_green(&self, pair: &BlueGreen, idle: &str, all: &[&TargetName]) -> Vec<Phase> {
        let colour = [("colour", idle)];
        let prepare = self.steps(&self.rules.deliver, all, &colour);
        let switch = Part {
            kind: "set".to_owned(),
            settings: with_value(&pair.live, idle),
        };
        let switch = self.steps(&[switch], all, &colour);
        if self.kind == PromotionKind::Rollback {
            return vec![self.back(prepare.into_iter().chain(switch).collect(), all)];
        }
        let mut first = self.phase(idle, prepare, all);
        first.verify = self.steps(&pair.verify, all, &colour);
        first.hold = Period::ZERO;
        let mut second = self.phase(&format!("switch to {idle}"), switch, all);
        second.hold = second.hold.max(pair.keep);
        second.arrives = true;
        let mut phases = vec![first, second];
        if let Some(old) = pair.colours.iter().find(|colour| *colour != idle)
            && !pair.retire.is_empty()
        {
            let steps = self.steps(&pair.retire, all, &[("colour", old)]);
            let mut third = self.phase(&format!("retire {old}"), steps, all);
            third.hold = Period::ZERO;
            phases.push(third);
        }
        phases
    }

    fn waves(&self, waves: &Waves) -> Vec<Phase> {
        let mut phases = Vec::new();
        for (number, order) in waves.order.iter().enumerate() {
            let targets: Vec<&TargetName> = order.iter().collect();
            let mut steps = self.steps(&self.rules.deliver, &targets, &[]);
            // What is not for a target is for the environment, and happens once.
            steps.retain(|step| number == 0 || step.target.is_some());
            let names: Vec<&str> = targets.iter().map(|target| target.as_str()).collect();
            let mut phase = self.phase(&names.join(", "), steps, &targets);
            phase.hold = phase.hold.max(waves.hold);
            phase.pause = waves.pause;
            phases.push(phase);
        }
        phases
    }
}

fn filled(part: &Part, values: &[(&str, &str)]) -> Part {
    Part {
        kind: part.kind.clone(),
        settings: part.settings.map_text(|text| substitute(text, values)),
    }
}

fn mentions_target(part: &Part) -> bool {
    let mut mentions = false;
    for setting in part.settings.0.values() {
        mentions |= match setting {
            gradus_model::Setting::Text(text) => text.contains("${target"),
            gradus_model::Setting::List(items) => items.iter().any(|text| text.contains("${target")),
            _ => false,
        };
    }
    mentions
}

fn with_value(leaf: &Settings, value: &str) -> Settings {
    let mut settings = leaf.clone();
    let value = gradus_model::Setting::Text(value.to_owned());
    settings.0.insert(NEW_VALUE.to_owned(), value);
    settings
}

impl Promotion {
    /// The phase that it is in.
    pub fn present(&self) -> Phase {
        if let Some(phase) = self.plan.phases.get(self.phase as usize) {
            return phase.clone();
        }
        let placed = |part: &Part| Placed {
            target: None,
            part: part.clone(),
        };
        Phase {
            name: String::new(),
            edits: self.plan.edits.clone(),
            steps: self.plan.steps.iter().map(placed).collect(),
            verify: Vec::new(),
            hold: self
                .rules
                .last()
                .and_then(|rules| rules.observe)
                .map_or(Period::ZERO, |observe| observe.lasting),
            pause: false,
            arrives: true,
        }
    }

    /// Whether another phase follows the present one.
    pub fn goes_on(&self) -> bool {
        (self.phase as usize) + 1 < self.plan.phases.len()
    }

    /// How many targets may fail without stopping the others.
    pub fn failure_budget(&self) -> usize {
        match self.rules.last().map(|rules| &rules.strategy) {
            Some(Strategy::Waves(waves)) if self.kind == PromotionKind::Promotion => waves.failures as usize,
            _ => 0,
        }
    }

    /// The targets that have failed so far, with those that fail now.
    pub(crate) fn failing<'t>(&'t self, now: impl Iterator<Item = &'t TargetName>) -> BTreeSet<TargetName> {
        self.failed_targets.iter().chain(now).cloned().collect()
    }
}

/// The steps of the way back to a release: where it is not known any more which colour was live,
/// those of both.
pub fn steps_back(step: &Step<'_>, rules: &Rules) -> Vec<Placed> {
    let delivery = Delivery {
        rules,
        release: &step.release.release,
        to: &step.to,
        from: None,
        kind: PromotionKind::Rollback,
    };
    let colours = match &rules.strategy {
        Strategy::BlueGreen(pair) => pair.colours.clone(),
        _ => vec![String::new()],
    };
    let mut steps = Vec::new();
    for phase in colours.iter().flat_map(|colour| delivery.phases(Some(colour))) {
        for placed in phase.steps {
            if !steps.contains(&placed) {
                steps.push(placed);
            }
        }
    }
    steps
}

/// What is checked about a release in an environment, with everything filled in.
pub fn checks(rules: &Rules, release: &Release, to: &EnvironmentName) -> Vec<Placed> {
    let kind = PromotionKind::Rollback;
    let delivery = Delivery {
        rules,
        release,
        to,
        from: None,
        kind,
    };
    let all: Vec<&TargetName> = rules.targets.keys().collect();
    delivery.steps(&rules.verify, &all, &[])
}
