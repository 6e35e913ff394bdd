//! Random people do random things to a small world whose checks and branches misbehave; whatever
//! they do, the invariants hold. A failure is shrunk to the shortest story that shows it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

use gradus_engine::{AppState, Command, RequestKind, Step, WorkspaceCommand, due, rollback_target};
use gradus_ledger::{Ledger, Sqlite};
use gradus_model::{
    Actor, Answer, AppName, Artifact, Commit, Digest, EnvironmentName, Event, Evidence, EvidenceId, Fact,
    FileAddress, Finding, Part, Period, Policy, Producer, PromotionId, Release, ReleaseKind, RepositoryName,
    SchemaChange, Scope, Status, Stream, Subject, Timestamp, Version, Why,
};
use gradus_runtime::{Clock, Hands, HandsError, Runtime, Seen, Setup};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

const WORLD: &str = r#"
environments:
  dev: { direct: true, deliver: [{ write: { repository: deploy, file: "${environment}.yaml" } }], verify: [{ http: { url: "http://x" } }] }
  staging: { on_failure: roll_forward, deliver: [{ write: { repository: deploy, file: "${environment}.yaml" } }], verify: [{ http: { url: "http://x" } }] }
  prod: { protected: true, queue: in_order, access: { break_glass: [ops] }, deliver: [{ write: { repository: deploy, file: "${environment}.yaml" } }], verify: [{ http: { url: "http://x" } }] }
repositories: { deploy: { url: deploy.git } }
people:
  teams: { ops: [olga, omar], qa: [cleo] }
  identities: { olga: [olga@x] }
  machines: [ci]
paths:
  - { from: dev, to: staging, gates: [{ tests: { passed: [unit] } }], auto: true }
  - { from: staging, to: prod, gates: [{ soak: { at_least: 10s } }], approvals: { ops: 1, qa: 1 }, wait: 5s }
apps: { web: {} }
"#;

const PEOPLE: [&str; 6] = ["dora", "olga", "olga@x", "omar", "cleo", "ci"];
const PLACES: [&str; 3] = ["dev", "staging", "prod"];

#[derive(Default)]
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + self.0.load(Ordering::Relaxed)).unwrap()
    }
}

/// A repository in memory, with the promises of the real one: a write is refused if the branch has
/// moved or the marker exists. What goes wrong next is set by the story.
#[derive(Default)]
struct World {
    files: Mutex<BTreeMap<FileAddress, String>>,
    head: Mutex<u64>,
    markers: Mutex<BTreeMap<String, u64>>,
    written: Mutex<Vec<String>>,
    trouble: Mutex<u8>,
}

fn commit(number: u64) -> Commit {
    Commit::new(format!("{number:040x}")).unwrap()
}

impl Hands for World {
    fn look(&self, files: &BTreeSet<FileAddress>) -> Result<Seen, HandsError> {
        let kept = self.files.lock().unwrap();
        let head = *self.head.lock().unwrap();
        let files = files
            .iter()
            .map(|file| (file.clone(), kept.get(file).cloned()))
            .collect();
        let name = RepositoryName::new("deploy").unwrap();
        Ok(Seen {
            files,
            heads: BTreeMap::from([(name, (head > 0).then(|| commit(head)))]),
        })
    }

    fn find(&self, _: &RepositoryName, marker: &str) -> Result<Option<Commit>, HandsError> {
        Ok(self
            .markers
            .lock()
            .unwrap()
            .get(marker)
            .map(|number| commit(*number)))
    }

    fn write(
        &self,
        repository: &RepositoryName,
        parent: Option<&Commit>,
        files: &BTreeMap<String, String>,
        marker: &str,
        _: (&str, Timestamp),
    ) -> Result<Option<Commit>, HandsError> {
        let trouble = *self.trouble.lock().unwrap();
        if trouble == 1 {
            return Err(HandsError {
                message: "the line is down".into(),
                passing: true,
            });
        }
        let mut head = self.head.lock().unwrap();
        let mut markers = self.markers.lock().unwrap();
        if parent.cloned() != (*head > 0).then(|| commit(*head)) || markers.contains_key(marker) {
            return Ok(None);
        }
        *head += 1;
        markers.insert(marker.to_owned(), *head);
        self.written.lock().unwrap().push(marker.to_owned());
        for (path, text) in files {
            let address = FileAddress {
                repository: repository.clone(),
                path: path.clone(),
            };
            self.files.lock().unwrap().insert(address, text.clone());
        }
        if trouble == 2 {
            // It was written, and the answer was lost.
            return Err(HandsError {
                message: "the line went down".into(),
                passing: true,
            });
        }
        Ok(Some(commit(*head)))
    }

    fn check(&self, part: &Part) -> Finding {
        let answer = match *self.trouble.lock().unwrap() {
            3 => Answer::Fail,
            4 => Answer::Unknown(Why::Error),
            _ => Answer::Pass,
        };
        Finding {
            check: part.kind.clone(),
            answer,
            wanted: String::new(),
            observed: String::new(),
        }
    }
}

#[derive(Debug, Clone)]
enum Deed {
    Add {
        hotfix: bool,
        forward_only: bool,
    },
    Say {
        version: u8,
        passed: bool,
    },
    Promote {
        who: usize,
        version: u8,
        place: usize,
        glass: bool,
    },
    Approve {
        who: usize,
        which: u8,
    },
    Reject {
        who: usize,
        which: u8,
    },
    RollBack {
        who: usize,
        place: usize,
    },
    Deny {
        version: u8,
    },
    Revoke {
        which: u8,
    },
    Halt(bool),
    Trouble(u8),
    Pass(u8),
}

fn deed() -> impl Strategy<Value = Deed> {
    let (who, place) = (0..PEOPLE.len(), 0..PLACES.len());
    prop_oneof![
        2 => (any::<bool>(), prop::bool::weighted(0.1)).prop_map(|(hotfix, forward_only)| Deed::Add { hotfix, forward_only }),
        4 => (0u8..3, prop::bool::weighted(0.9)).prop_map(|(version, passed)| Deed::Say { version, passed }),
        6 => (who.clone(), 0u8..3, place.clone(), prop::bool::weighted(0.1))
            .prop_map(|(who, version, place, glass)| Deed::Promote { who, version, place, glass }),
        12 => (who.clone(), 0u8..12).prop_map(|(who, which)| Deed::Approve { who, which }),
        1 => (who.clone(), 0u8..12).prop_map(|(who, which)| Deed::Reject { who, which }),
        2 => (who, place).prop_map(|(who, place)| Deed::RollBack { who, place }),
        1 => (0u8..9).prop_map(|version| Deed::Deny { version }),
        1 => (0u8..9).prop_map(|which| Deed::Revoke { which }),
        1 => any::<bool>().prop_map(Deed::Halt),
        1 => (1u8..5).prop_map(Deed::Trouble),
        2 => Just(Deed::Trouble(0)),
        5 => (1u8..40).prop_map(Deed::Pass),
    ]
}

fn policy(text: &str) -> Option<Policy> {
    gradus_policy::read("gradus.yaml", text, &|_| Err(String::new())).policy
}

fn web() -> AppName {
    AppName::new("web").unwrap()
}

/// Does one deed; that it may be refused is the point.
fn act(runtime: &Runtime<'_>, clock: &Ticking, world: &World, deed: &Deed, state: &AppState) {
    let app = web();
    let version = |number: &u8| Version::new(format!("v{number}")).unwrap();
    let actor = |who: &usize| Actor::local(PEOPLE[*who]);
    let pick = |which: &u8| {
        let waiting = state.moving().filter(|moving| moving.status.is_waiting());
        let ids: Vec<PromotionId> = waiting.map(|moving| moving.id.clone()).collect();
        ids.get(usize::from(*which) % ids.len().max(1)).cloned()
    };
    let submit = |actor: &Actor, command: &Command| drop(runtime.submit(&app, actor, command));
    let (workspace, _) = runtime.load_workspace().unwrap();
    let view = runtime.world(&app, (state, &workspace));
    match deed {
        Deed::Add { hotfix, forward_only } => {
            let number = u8::try_from(state.releases_counted).unwrap();
            let release = Release {
                app: app.clone(),
                version: version(&number),
                kind: if *hotfix {
                    ReleaseKind::Hotfix
                } else {
                    ReleaseKind::Standard
                },
                artifacts: vec![Artifact {
                    name: "r/web".into(),
                    digest: Digest::of(&[number]),
                }],
                commit: None,
                branch: "main".into(),
                authors: vec!["cleo".into(); usize::from(number % 3 == 0)],
                schema: if *forward_only {
                    SchemaChange::ForwardOnly
                } else {
                    SchemaChange::None
                },
                built_for: None,
                notes: String::new(),
            };
            submit(&Actor::local("ci"), &Command::AddRelease(release));
        }
        Deed::Say {
            version: number,
            passed,
        } => {
            let evidence = Evidence {
                id: EvidenceId(0),
                kind: "tests".into(),
                name: "unit".into(),
                subject: Subject {
                    app: app.clone(),
                    version: version(number),
                    digest: Digest::of(b""),
                    commit: None,
                    environment: None,
                },
                facts: BTreeMap::from([
                    ("passed".into(), Fact::Number(3.0)),
                    ("failed".into(), Fact::Number(f64::from(u8::from(!passed)))),
                ]),
                producer: Producer {
                    identity: String::new(),
                    tool: None,
                    link: None,
                    raw: None,
                },
                taken_at: clock.now(),
                expires_at: Some(Period::from_secs(600).after(clock.now())),
            };
            submit(&Actor::local("ci"), &Command::AddEvidence(evidence));
        }
        Deed::Promote {
            who,
            version: number,
            place,
            glass,
        } => {
            let to = EnvironmentName::new(PLACES[*place]).unwrap();
            let from = (*place > 0).then(|| EnvironmentName::new(PLACES[place - 1]).unwrap());
            let Some(step) = Step::forward(&view, &version(number), from.as_ref(), &to) else {
                return;
            };
            let Ok((plan, rules)) = runtime.plan_step(&step) else {
                return;
            };
            let break_glass = glass.then(|| gradus_model::BreakGlass {
                reason: "everything is on fire today".into(),
                until: Period::from_secs(60).after(clock.now()),
            });
            let (plan, rules) = (Box::new(plan), Box::new(rules));
            submit(
                &actor(who),
                &Command::Request {
                    kind: RequestKind::ByHand,
                    plan,
                    rules,
                    reason: None,
                    break_glass,
                    override_window: None,
                },
            );
        }
        Deed::Approve { who, which } => {
            let Some(id) = pick(which) else { return };
            let plan = state.promotion(&id).unwrap().plan_digest.clone();
            submit(
                &actor(who),
                &Command::Approve {
                    promotion: id,
                    plan,
                    note: None,
                },
            );
        }
        Deed::Reject { who, which } => {
            let Some(promotion) = pick(which) else { return };
            submit(
                &actor(who),
                &Command::Reject {
                    promotion,
                    reason: "no".into(),
                },
            );
        }
        Deed::RollBack { who, place } => {
            let to = EnvironmentName::new(PLACES[*place]).unwrap();
            let Some(now) = state.current(&to) else { return };
            let Ok(target) = rollback_target(state, &to, &now.version, None) else {
                return;
            };
            let Some(step) = Step::back(&view, &target, &to) else {
                return;
            };
            let Ok((plan, rules)) = runtime.plan_step(&step) else {
                return;
            };
            let (plan, rules) = (Box::new(plan), Box::new(rules));
            let reason = Some("it is broken".to_owned());
            submit(
                &actor(who),
                &Command::Request {
                    kind: RequestKind::Rollback,
                    plan,
                    rules,
                    reason,
                    break_glass: None,
                    override_window: None,
                },
            );
        }
        Deed::Deny { version: number } => submit(
            &Actor::local("omar"),
            &Command::DenyRelease {
                version: version(number),
                reason: "bad".into(),
            },
        ),
        Deed::Revoke { which } => submit(
            &Actor::local("ci"),
            &Command::RevokeEvidence {
                id: EvidenceId(u64::from(*which)),
                reason: "wrong".into(),
            },
        ),
        Deed::Halt(stop) => {
            let scope = Scope::Environment(EnvironmentName::new("prod").unwrap());
            let command = if *stop {
                WorkspaceCommand::Halt {
                    scope,
                    reason: "x".into(),
                }
            } else {
                WorkspaceCommand::Resume { scope }
            };
            drop(runtime.submit_workspace(&Actor::local("omar"), &command));
        }
        Deed::Trouble(kind) => *world.trouble.lock().unwrap() = *kind,
        Deed::Pass(seconds) => drop(clock.0.fetch_add(i64::from(*seconds), Ordering::Relaxed)),
    }
}

/// What must hold after every deed.
fn invariants(ledger: &Sqlite, runtime: &Runtime<'_>, world: &World, policy: &Policy, clock: &Ticking) {
    let app = web();
    let (state, _) = runtime.load(&app).unwrap();
    let (workspace, _) = runtime.load_workspace().unwrap();
    let events: Vec<_> = ledger
        .tail(0, usize::MAX)
        .unwrap()
        .into_iter()
        .map(|(_, recorded)| recorded)
        .collect();
    // I1, I12, I13: a second opinion finds nothing wrong with any delivery.
    assert_eq!(gradus_auditor::audit(events.iter()), []);
    for place in PLACES {
        let to = EnvironmentName::new(place).unwrap();
        let holders = state
            .moving()
            .filter(|moving| moving.status.holds_lane() && moving.plan.to == to)
            .count();
        assert!(holders <= 1, "I2: {holders} hold the lane of {place}");
    }
    let written = world.written.lock().unwrap();
    let different: BTreeSet<_> = written.iter().collect();
    assert_eq!(different.len(), written.len(), "I4: an effect happened twice");
    // I6: nothing follows an end but a look at an emergency.
    let mut ended = BTreeSet::new();
    for recorded in &events {
        let Some(id) = recorded.event.promotion() else {
            continue;
        };
        let review = matches!(recorded.event, Event::BreakGlassReviewed { .. });
        assert!(
            review || !ended.contains(id),
            "I6: {} came after the end of {id}",
            recorded.event.word()
        );
        let row = matches!(
            recorded.event,
            Event::VerificationPassed { .. }
                | Event::RollbackFinished { .. }
                | Event::PromotionRejected { .. }
                | Event::PromotionCancelled { .. }
                | Event::PromotionSuperseded { .. }
                | Event::PromotionExpired { .. }
                | Event::PromotionFailed { .. }
        );
        if row {
            ended.insert(id.clone());
        }
    }
    // I7: whatever moves has work that is due some time.
    let world_now = runtime.world(&app, (&state, &workspace));
    assert_eq!(world_now.policy, policy);
    let due = due(&world_now, clock.now());
    for moving in state
        .moving()
        .filter(|moving| moving.status != Status::NeedsHuman)
    {
        assert!(
            due.iter()
                .any(|due| due.key.ends_with(&format!("/{}", moving.id))),
            "I7: nobody will look at {}",
            moving.id
        );
    }
    // I14: one automatic rollback each.
    let rollbacks = events
        .iter()
        .filter(|recorded| matches!(recorded.event, Event::RollbackStarted { .. }));
    let ids: Vec<_> = rollbacks
        .filter_map(|recorded| recorded.event.promotion())
        .collect();
    assert_eq!(
        ids.iter().collect::<BTreeSet<_>>().len(),
        ids.len(),
        "I14: rolled back twice"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_people_do_the_invariants_hold(deeds in prop::collection::vec(deed(), 10..70)) {
        let policy = policy(WORLD).unwrap();
        let (ledger, clock, world) = (Sqlite::in_memory().unwrap(), Ticking::default(), World::default());
        let runtime = Runtime::new(Setup {
            ledger: &ledger, policy: &policy, hands: &world, clock: &clock, worker: "one", marker_prefix: "w", watch: &|_| {},
        });
        runtime.submit_workspace(&Actor::system(), &WorkspaceCommand::AdoptPolicy(Box::new(policy.clone()))).unwrap();
        // A release is in staging already, so that every story is about production too.
        let before = [
            Deed::Add { hotfix: false, forward_only: false },
            Deed::Say { version: 0, passed: true },
            Deed::Promote { who: 0, version: 0, place: 0, glass: false },
            Deed::Pass(11),
        ];
        for deed in before.iter().chain(&deeds) {
            let (state, _) = runtime.load(&web()).unwrap();
            act(&runtime, &clock, &world, deed, &state);
            runtime.drain().unwrap();
            invariants(&ledger, &runtime, &world, &policy, &clock);
        }
        // I8: what is read is what the events say.
        prop_assert_eq!(ledger.projection_hash().unwrap(), ledger.rebuild().unwrap());
        prop_assert!(ledger.version(&Stream::Workspace).unwrap() > 0);
    }
}
