//! A story: the small world, and what is done in it.

use crate::act::act;
use crate::cast::{policies, web};
use crate::deed::{Deed, Trouble};
use crate::invariants::{INVARIANTS, Moment};
use crate::repository::Repository;
use gradus_engine::{AppState, WorkspaceCommand, WorkspaceState};
use gradus_ledger::{Ledger, SigningKey, Sqlite};
use gradus_model::{Actor, Period, Policy, Recorded, Status, Stream, Timestamp};
use gradus_runtime::{Clock, Runtime, RuntimeError, Setup};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// How long a dead worker's work stays held, and a little more.
const LONG: i64 = 130;

#[derive(Default)]
pub(crate) struct Ticking(AtomicI64);

impl Ticking {
    pub(crate) fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + self.0.load(Ordering::Relaxed)).unwrap()
    }
}

/// What every worker has.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) ledger: Arc<Sqlite>,
    pub(crate) clock: Arc<Ticking>,
    pub(crate) key: Arc<SigningKey>,
    pub(crate) policy: Arc<Policy>,
}

impl Shared {
    pub(crate) fn runtime<'a>(&'a self, worker: &'a str, repository: &'a Repository) -> Runtime<'a> {
        Runtime::new(Setup {
            ledger: &*self.ledger,
            policy: &self.policy,
            hands: repository,
            clock: &*self.clock,
            worker,
            key: &self.key,
            marker_prefix: "w",
            watch: &|_| {},
        })
    }
}

/// A small world with one app and three environments, and its history so far.
pub struct Story {
    pub(crate) shared: Shared,
    pub(crate) repository: Repository,
    /// What was answered with yes: it must be there for ever.
    pub(crate) acknowledged: Vec<Recorded>,
    /// How many events there were each time that others changed production's file.
    outside: Vec<usize>,
    policies: Vec<Arc<Policy>>,
    events: Vec<Recorded>,
}

impl Default for Story {
    fn default() -> Self {
        Self::new()
    }
}

impl Story {
    /// The beginning: a release is in staging already, so that every story is about production too.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = SigningKey::create(&folder.path().join("key"), "sim").unwrap();
        let policies: Vec<_> = policies().into_iter().map(Arc::new).collect();
        let shared = Shared {
            ledger: Arc::new(Sqlite::in_memory().unwrap()),
            clock: Arc::default(),
            key: Arc::new(key),
            policy: policies[0].clone(),
        };
        let mut story = Self {
            shared,
            repository: Repository::default(),
            acknowledged: Vec::new(),
            outside: Vec::new(),
            policies,
            events: Vec::new(),
        };
        story.adopt(0);
        for deed in [
            Deed::Add {
                hotfix: false,
                forward_only: false,
            },
            Deed::Say {
                which: 0,
                passed: Some(true),
            },
            Deed::Promote {
                who: 0,
                which: 0,
                place: 0,
                glass: false,
            },
            Deed::Pass(11),
        ] {
            story.tell(&deed);
        }
        story
    }

    /// Does one deed, lets the workers work, and answers which invariants no longer hold.
    pub fn tell(&mut self, deed: &Deed) -> Vec<String> {
        act(self, deed);
        self.work();
        self.broken()
    }

    /// Everything behaves again and time goes by: what was under way must come to an end.
    pub fn calm(&mut self) -> Vec<String> {
        self.repository.trouble(Trouble::None);
        self.room(true);
        for _ in 0..8 {
            self.shared.clock.pass(LONG);
            self.work();
        }
        let mut broken = self.broken();
        for moving in self.state().moving() {
            let rests = moving.status.is_waiting() || moving.status == Status::NeedsHuman;
            if !rests {
                broken.push(format!("I7: {} is {:?} for ever", moving.id, moving.status));
            }
        }
        broken
    }

    /// The ledger, for what is asked of it when a story has ended.
    pub fn ledger(&self) -> &dyn Ledger {
        &*self.shared.ledger
    }

    /// The key that signs the ledger.
    pub fn key(&self) -> &SigningKey {
        &self.shared.key
    }

    /// Every event so far.
    pub fn events(&self) -> &[Recorded] {
        &self.events
    }

    pub(crate) fn state(&self) -> AppState {
        self.runtime().load(&web()).unwrap().0
    }

    pub(crate) fn workspace(&self) -> WorkspaceState {
        self.runtime().load_workspace().unwrap().0
    }

    pub(crate) fn runtime(&self) -> Runtime<'_> {
        self.shared.runtime("one", &self.repository)
    }

    pub(crate) fn adopt(&mut self, number: usize) {
        let policy = self.policies[number % self.policies.len()].clone();
        let adopt = WorkspaceCommand::AdoptPolicy(Box::new((*policy).clone()));
        let before = std::mem::replace(&mut self.shared.policy, policy);
        let done = self.runtime().submit_workspace(&Actor::system(), &adopt);
        match done {
            Ok(recorded) => self.acknowledged.extend(recorded),
            // Nothing is decided by a policy that is not in the ledger.
            Err(_) => self.shared.policy = before,
        }
    }

    /// Gives the disk room, or none.
    pub(crate) fn room(&self, room: bool) {
        let pages = if room { 1_000_000 } else { 1 };
        self.shared.ledger.limit_pages(pages).unwrap();
    }

    /// Notes that others have changed production's file by now.
    pub(crate) fn note_outside(&mut self, ours: bool) {
        let size = self.shared.ledger.size().unwrap();
        self.outside
            .extend(ours.then_some(usize::try_from(size).unwrap()));
    }

    /// Leaves work to a worker that dies with it.
    pub(crate) fn die(&self) {
        let lease = Period::from_secs(120);
        let (ledger, now) = (&self.shared.ledger, self.shared.clock.now());
        // A full disk keeps it from dying; it makes no difference.
        drop(ledger.claim("dead", now, lease, 1));
    }

    fn work(&mut self) {
        let shared = self.shared.clone();
        self.repository.meanwhile(Box::new(move |repository| {
            shared.clock.pass(LONG);
            drop(shared.runtime("two", repository).drain());
        }));
        match self.runtime().drain() {
            Ok(_) | Err(RuntimeError::Ledger(_)) => {}
            Err(error) => panic!("the worker stopped: {error}"),
        }
        let new = self
            .shared
            .ledger
            .tail(self.events.len() as u64, usize::MAX)
            .unwrap();
        self.events.extend(new.into_iter().map(|(_, recorded)| recorded));
    }

    fn broken(&self) -> Vec<String> {
        let moment = Moment {
            events: &self.events,
            acknowledged: &self.acknowledged,
            state: &self.state(),
            workspace: &self.workspace(),
            policy: &self.shared.policy,
            written: &self.repository.written(),
            now: self.shared.clock.now(),
            ledger: &*self.shared.ledger,
            outside: &self.outside,
        };
        let each = INVARIANTS.iter();
        each.filter_map(|invariant| {
            let wrong = (invariant.holds)(&moment).err()?;
            Some(format!("{}: {} ({wrong})", invariant.name, invariant.says))
        })
        .collect()
    }

    /// The whole stream of the app, folded anew.
    pub fn fold(&self) -> AppState {
        let own = |recorded: &&Recorded| recorded.stream == Stream::App(web());
        let events = self.events.iter().filter(own);
        events.fold(AppState::default(), |state, recorded| {
            gradus_engine::evolve(state, recorded).unwrap()
        })
    }

    /// The state as it is loaded.
    pub fn loaded(&self) -> AppState {
        self.state()
    }
}
