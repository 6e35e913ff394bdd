//! What holds or does not hold without anybody being asked: path, branch, denial, schema, halts,
//! the environments before, and the calendar.

use super::condition;
use crate::calendar::{Opening, opening};
use crate::rollback;
use crate::state::World;
use crate::step::Step;
use gradus_model::{
    Answer, Condition, ConditionKind, PromotionKind, Rollout, Rules, SchemaChange, Timestamp, Upstream, Why,
};

pub(super) fn path(step: &Step<'_>) -> Condition {
    let way = match (&step.kind, &step.from) {
        (PromotionKind::Rollback, _) => format!("back in {}", step.to),
        (_, Some(from)) => format!("{from} → {}", step.to),
        (_, None) => format!("directly into {}", step.to),
    };
    let met = step.rules.is_some();
    let observed = if met {
        way.clone()
    } else {
        format!("the policy has no path {way}")
    };
    let mut path = condition(
        ConditionKind::Path,
        "path",
        met,
        "a declared path".to_owned(),
        observed,
    );
    if !met {
        path.remedy = "take the declared paths: gradus check --json lists them".to_owned();
    }
    path
}

pub(super) fn branch(step: &Step<'_>) -> Option<Condition> {
    let rules = step.rules.as_ref().filter(|rules| !rules.accepts.is_empty())?;
    if step.kind == PromotionKind::Rollback {
        return None;
    }
    let branch = &step.release.release.branch;
    let met = rules.accepts.iter().any(|pattern| pattern.matches(branch));
    let patterns: Vec<_> = rules.accepts.iter().map(ToString::to_string).collect();
    let mut found = condition(
        ConditionKind::Branch,
        "branch",
        met,
        patterns.join(" or "),
        branch.clone(),
    );
    if !met {
        found.remedy = format!("build the release from a branch that {} accepts", step.to);
    }
    Some(found)
}

pub(super) fn denied(step: &Step<'_>) -> Condition {
    let release = step.release;
    let observed = release
        .denied
        .as_ref()
        .map_or("not denied".to_owned(), |reason| format!("denied: {reason}"));
    let met = release.denied.is_none();
    let mut denied = condition(
        ConditionKind::Denied,
        "release",
        met,
        "not denied".to_owned(),
        observed,
    );
    if !met {
        let release = &release.release;
        denied.remedy = format!(
            "take another release, or: gradus release allow {}@{}",
            release.app, release.version
        );
    }
    denied
}

pub(super) fn schema(world: &World<'_>, step: &Step<'_>) -> Option<Condition> {
    use SchemaChange::{BackwardCompatible, Contract, Expand, ForwardOnly, Migrate};
    let rollout = step.rules.as_ref()?.rollout;
    let change = step.release.release.schema;
    if step.kind == PromotionKind::Rollback {
        return None;
    }
    // An older release, brought along a path, is a way back as well.
    if let Some(barrier) = older(world, step) {
        let wanted = "no way back past a changed schema".to_owned();
        let observed = format!("{barrier}, which is newer, changed the schema for good");
        let mut back = condition(ConditionKind::Schema, "schema", false, wanted, observed);
        back.remedy = "roll forward: release a mended version and promote it".to_owned();
        return Some(back);
    }
    let met = match change {
        SchemaChange::None => return None,
        BackwardCompatible | Expand | Migrate | Contract => true,
        ForwardOnly => rollout == Rollout::Direct,
    };
    let wanted = "no two versions on one changed schema".to_owned();
    let observed = format!("{change} schema change, {rollout} rollout");
    let mut schema = condition(ConditionKind::Schema, "schema", met, wanted, observed);
    if !met {
        schema.remedy = "split it: first a backward_compatible release, then the change".to_owned();
    }
    Some(schema)
}

/// What bars the way, if the environment holds a newer release than this one.
fn older(world: &World<'_>, step: &Step<'_>) -> Option<gradus_model::Version> {
    let there = &world.app.current(&step.to)?.version;
    rollback::barrier(world.app, &step.to, &step.release.release.version, there)
}

pub(super) fn halt(world: &World<'_>, step: &Step<'_>) -> Vec<Condition> {
    let halts = world.workspace.halting(world.name, &step.to);
    halts
        .map(|halt| {
            let observed = format!("{} was stopped by {}: {}", halt.scope, halt.by, halt.reason);
            let mut found = condition(
                ConditionKind::Halt,
                "halt",
                false,
                "nothing stopped".to_owned(),
                observed,
            );
            found.since = Some(halt.since);
            found.remedy = format!("who may halt {} can let it go on: gradus resume", step.to);
            found
        })
        .collect()
}

pub(super) fn upstream(step: &Step<'_>) -> Option<Condition> {
    let from = step.from.as_ref()?;
    let rules = step.rules.as_ref()?;
    let release = step.release;
    let been: Vec<_> = rules
        .upstreams
        .iter()
        .filter(|place| release.was_verified_in(place))
        .collect();
    let enough = match rules.upstream {
        Upstream::All => been.len() == rules.upstreams.len(),
        Upstream::Any => true,
        Upstream::AtLeast(count) => been.len() >= count as usize,
    };
    // Whatever the rule, a release comes from a place where it was good.
    let met = enough && release.was_verified_in(from);
    let names = |places: &[&gradus_model::EnvironmentName]| {
        places
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let wanted = match rules.upstreams.len() {
        0 | 1 => format!("verified in {from}"),
        _ => format!(
            "verified in {} of {}",
            rules.upstream,
            names(&rules.upstreams.iter().collect::<Vec<_>>())
        ),
    };
    let observed = if been.is_empty() {
        "verified nowhere before".to_owned()
    } else {
        format!("verified in {}", names(&been))
    };
    let mut found = condition(ConditionKind::Upstream, "upstream", met, wanted, observed);
    if !met {
        let missing = rules
            .upstreams
            .iter()
            .find(|place| !release.was_verified_in(place))
            .unwrap_or(from);
        found.remedy = format!(
            "gradus promote {}@{} --to {missing}",
            release.release.app, release.release.version
        );
    }
    Some(found)
}

pub(super) fn windows(step: &Step<'_>, now: Timestamp) -> Vec<Condition> {
    let binding = step.binding();
    let mut uses: Vec<_> = binding.iter().flat_map(|rules: &&Rules| &rules.windows).collect();
    uses.dedup();
    let overridden = step
        .promotion
        .and_then(|promotion| promotion.override_window.as_ref());
    uses.into_iter()
        .map(|window| {
            let name = format!("window {}", window.name);
            let found = |met: bool, observed: String| {
                condition(ConditionKind::Window, &name, met, "open".to_owned(), observed)
            };
            match (opening(&window.calendar, now), overridden) {
                (Opening::Open, _) => found(true, "open".to_owned()),
                (_, Some(reason)) => found(true, format!("closed, overridden: {reason}")),
                (Opening::Closed { opens, reason }, None) => {
                    let why = if reason.is_empty() {
                        String::new()
                    } else {
                        format!(" ({reason})")
                    };
                    let when =
                        opens.map_or("no opening within a year".to_owned(), |at| format!("opens {at}"));
                    let mut closed = found(false, format!("closed{why}, {when}"));
                    closed.next = opens;
                    closed.remedy =
                        "time alone; who may override windows: --override-window REASON".to_owned();
                    closed
                }
                (Opening::Unreadable(why), None) => {
                    let mut unknown = found(false, why);
                    unknown.answer = Answer::Unknown(Why::Error);
                    unknown.remedy = "mend the calendar in the policy".to_owned();
                    unknown
                }
            }
        })
        .collect()
}
