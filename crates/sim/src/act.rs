//! How each deed is done. That it may be refused is the point.

use crate::cast::{PEOPLE, environment, web};
use crate::deed::Deed;
use crate::story::Story;
use gradus_engine::{AppState, Command, RequestKind, Step, WorkspaceCommand, rollback_target};
use gradus_model::{
    Actor, Artifact, BreakGlass, Digest, Evidence, EvidenceId, Fact, Period, Producer, PromotionId, Recorded,
    Release, ReleaseKind, SchemaChange, Scope, Status, Subject, Version,
};
use gradus_runtime::{Clock as _, RuntimeError};
use std::collections::BTreeMap;

pub(crate) fn act(story: &mut Story, deed: &Deed) {
    let state = story.state();
    match deed {
        Deed::Add { hotfix, forward_only } => {
            let release = release(state.releases_counted, *hotfix, *forward_only);
            submit(story, "ci", Command::AddRelease(release));
        }
        Deed::Say { which, passed } => {
            if let Some(version) = newest(&state, *which) {
                let evidence = test_run(story, version, *passed);
                submit(story, "ci", Command::AddEvidence(evidence));
            }
        }
        Deed::Promote {
            who,
            which,
            place,
            glass,
        } => promote(story, &state, PEOPLE[*who], (*which, *place), *glass),
        Deed::RollBack { who, place } => roll_back(story, &state, PEOPLE[*who], *place),
        Deed::Deny { which, allow } => {
            let Some(version) = newest(&state, *which) else {
                return;
            };
            let reason = "because".to_owned();
            let command = match allow {
                true => Command::AllowRelease { version, reason },
                false => Command::DenyRelease { version, reason },
            };
            submit(story, "omar", command);
        }
        Deed::Revoke { which } => {
            let id = EvidenceId(state.evidence_counted.saturating_sub(u64::from(*which)));
            let reason = "wrong machine".to_owned();
            submit(story, "ci", Command::RevokeEvidence { id, reason });
        }
        Deed::Automation { place } => {
            let environment = environment(*place);
            submit(story, "omar", Command::ReleaseAutomation { environment });
        }
        Deed::Halt(stop) => halt(story, *stop),
        Deed::Policy(number) => story.adopt(*number),
        Deed::Trouble(trouble) => story.repository.trouble(*trouble),
        Deed::Disk { full } => story.room(!full),
        Deed::Die => story.die(),
        Deed::Outside { ours } => {
            let path = if *ours { "prod.yaml" } else { "README" };
            story.repository.outside(path);
            story.note_outside(*ours);
        }
        Deed::Pass(seconds) => story.shared.clock.pass(i64::from(*seconds)),
        _ => answer(story, &state, deed),
    }
}

/// What people say about a promotion that is there.
fn answer(story: &mut Story, state: &AppState, deed: &Deed) {
    let waiting = |which| pick(state, which, Status::is_waiting);
    let reason = "because".to_owned();
    let said = match deed {
        Deed::Approve { who, which } => waiting(*which).and_then(|promotion| {
            let plan = state.promotion(&promotion)?.plan_digest.clone();
            let note = None;
            Some((
                who,
                Command::Approve {
                    promotion,
                    plan,
                    note,
                },
            ))
        }),
        Deed::Reject { who, which } => {
            waiting(*which).map(|promotion| (who, Command::Reject { promotion, reason }))
        }
        Deed::Cancel { who, which } => {
            waiting(*which).map(|promotion| (who, Command::Cancel { promotion, reason }))
        }
        Deed::Resolve {
            who,
            which,
            resolution,
        } => pick(state, *which, |status| status == Status::NeedsHuman).map(|promotion| {
            let resolution = *resolution;
            let command = Command::Resolve {
                promotion,
                resolution,
                reason,
            };
            (who, command)
        }),
        Deed::Review { who, which } => {
            let owed = state
                .promotions
                .values()
                .filter(|promotion| promotion.review_owed);
            let ids: Vec<_> = owed.map(|promotion| promotion.id.clone()).collect();
            choose(&ids, *which).map(|promotion| {
                (
                    who,
                    Command::Review {
                        promotion,
                        note: reason,
                    },
                )
            })
        }
        _ => None,
    };
    if let Some((who, command)) = said {
        submit(story, PEOPLE[*who], command);
    }
}

/// Submits a command; what is answered with yes is written down.
fn submit(story: &mut Story, who: &str, command: Command) {
    let before = story.ledger().size().unwrap();
    let done = story.runtime().submit(&web(), &Actor::local(who), &command);
    note(story, before, done);
}

fn note(story: &mut Story, before: u64, done: Result<Vec<Recorded>, RuntimeError>) {
    match done {
        Ok(recorded) => story.acknowledged.extend(recorded),
        Err(error) => assert_eq!(
            story.ledger().size().unwrap(),
            before,
            "I18: {error}, and yet something was written"
        ),
    }
}

fn choose<T: Clone>(all: &[T], which: u8) -> Option<T> {
    all.get(usize::from(which) % all.len().max(1)).cloned()
}

fn pick(state: &AppState, which: u8, is: impl Fn(Status) -> bool) -> Option<PromotionId> {
    let fitting = state.moving().filter(|moving| is(moving.status));
    let mut ids: Vec<_> = fitting.map(|moving| moving.id.clone()).collect();
    ids.reverse();
    choose(&ids, which)
}

/// The newest release, the one before it, and so on.
fn newest(state: &AppState, which: u8) -> Option<Version> {
    let number = state.releases_counted.checked_sub(1 + u64::from(which))?;
    Some(version(number))
}

fn version(number: u64) -> Version {
    Version::new(format!("v{number}")).unwrap()
}

fn release(number: u64, hotfix: bool, forward_only: bool) -> Release {
    let author = ["cleo", "quin", "olga@x"].get(usize::try_from(number % 4).unwrap());
    Release {
        app: web(),
        version: version(number),
        kind: if hotfix {
            ReleaseKind::Hotfix
        } else {
            ReleaseKind::Standard
        },
        artifacts: vec![Artifact {
            name: "r/web".into(),
            digest: Digest::of(&number.to_le_bytes()),
        }],
        commit: None,
        branch: "main".into(),
        authors: author.into_iter().map(|name| (*name).to_owned()).collect(),
        schema: if forward_only {
            SchemaChange::ForwardOnly
        } else {
            SchemaChange::None
        },
        chain: None,
        built_for: None,
        notes: String::new(),
    }
}

fn test_run(story: &Story, version: Version, passed: Option<bool>) -> Evidence {
    let now = story.shared.clock.now();
    let failed = match passed {
        Some(passed) => Fact::Number(f64::from(u8::from(!passed))),
        None => Fact::Text("NaN".to_owned()),
    };
    Evidence {
        id: EvidenceId(0),
        kind: "tests".into(),
        name: "unit".into(),
        subject: Subject {
            app: web(),
            version,
            digest: Digest::of(b""),
            commit: None,
            environment: None,
        },
        facts: BTreeMap::from([("passed".into(), Fact::Number(3.0)), ("failed".into(), failed)]),
        producer: Producer {
            identity: String::new(),
            tool: None,
            link: None,
            raw: None,
            workflow: None,
            event: None,
            measured: false,
        },
        taken_at: now,
        expires_at: Some(Period::from_secs(600).after(now)),
    }
}

/// Asks for one of the newest releases to go to a place, mostly one that may.
fn promote(story: &mut Story, state: &AppState, who: &str, (which, place): (u8, usize), glass: bool) {
    let (from, to) = (place.checked_sub(1).map(environment), environment(place));
    let been = |number: &u64| {
        let from = from.as_ref();
        from.is_none_or(|from| {
            state
                .current(from)
                .is_some_and(|now| now.version == version(*number))
        })
    };
    let candidates: Vec<u64> = (0..state.releases_counted).rev().filter(been).collect();
    // Every now and then one that was never there.
    let number = choose(&candidates, which).unwrap_or(u64::from(which));
    let until = Period::from_secs(60).after(story.shared.clock.now());
    let request = {
        let (runtime, workspace, app) = (story.runtime(), story.workspace(), web());
        let view = runtime.world(&app, (state, &workspace));
        let step = Step::forward(&view, &version(number), from.as_ref(), &to);
        step.and_then(|step| runtime.plan_step(&step).ok())
    };
    let Some((plan, rules)) = request else { return };
    let break_glass = glass.then(|| BreakGlass {
        reason: "everything is on fire today".into(),
        until,
    });
    let command = Command::Request {
        kind: RequestKind::ByHand,
        plan: Box::new(plan),
        rules: Box::new(rules),
        reason: None,
        break_glass,
        override_window: None,
    };
    submit(story, who, command);
}

fn roll_back(story: &mut Story, state: &AppState, who: &str, place: usize) {
    let to = environment(place);
    let request = {
        let (runtime, workspace, app) = (story.runtime(), story.workspace(), web());
        let view = runtime.world(&app, (state, &workspace));
        let target = state
            .current(&to)
            .and_then(|now| rollback_target(state, &to, &now.version, None).ok());
        let step = target.and_then(|target| Step::back(&view, &target, &to));
        step.and_then(|step| runtime.plan_step(&step).ok())
    };
    let Some((plan, rules)) = request else { return };
    let command = Command::Request {
        kind: RequestKind::Rollback,
        plan: Box::new(plan),
        rules: Box::new(rules),
        reason: Some("it is broken".to_owned()),
        break_glass: None,
        override_window: None,
    };
    submit(story, who, command);
}

fn halt(story: &mut Story, stop: bool) {
    let scope = Scope::Environment(environment(2));
    let command = if stop {
        let reason = "wait".to_owned();
        WorkspaceCommand::Halt { scope, reason }
    } else {
        WorkspaceCommand::Resume { scope }
    };
    // What becomes due because of it may fail on its own; the halt itself is in the ledger or not.
    let done = story.runtime().submit_workspace(&Actor::local("omar"), &command);
    if let Ok(recorded) = done {
        story.acknowledged.extend(recorded);
    }
}
