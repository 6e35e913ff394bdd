//! Loading, deciding, appending, and claiming what is due.

use crate::Clock;
use crate::deliver::Pen;
use crate::drift::Means;
use crate::hands::{Hands, HandsError};
use crate::measure;
use crate::parity::{Parity, parity};
use crate::perform::{Done, perform, reporter};
use gradus_engine::{
    AppState, Command, Effect, Promotion, Refusal, Step, WorkspaceCommand, WorkspaceState, World, decide,
    decide_workspace, due, evolve, evolve_workspace, files_needed, plan, to_measure, to_watch,
};
use gradus_ledger::{Append, Claim, Ledger, LedgerError, SigningKey, Snapshot, Work, seal};
use gradus_model::{
    Actor, AppName, EnvironmentName, Event, Evidence, FORMAT, Fact, Finding, Part, Period, Plan, Policy,
    Recorded, Rules, Stream, Timestamp, Version, Why,
};
use gradus_parts::StepError;

/// How often a decision is made anew when somebody else was faster.
const RACES: usize = 50;
/// How many events are read at once.
const PAGE: usize = 1000;
/// How many events may lie between snapshots.
const SNAPSHOT_EVERY: u64 = 200;
/// The version of the snapshots' form; raise it whenever state changes its shape.
const SNAPSHOT_SCHEMA: u32 = 3;
/// How long a worker holds what it works on.
const LEASE: Period = Period::from_secs(120);
/// When something that cannot be done is tried again.
const PATIENCE: Period = Period::from_secs(60);
/// How often a passing error is tried again before it counts as a failure.
const ATTEMPTS: u32 = 6;

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// The rules say no.
    #[error("{0}")]
    Refused(Refusal),
    /// The ledger cannot be read or written.
    #[error("{0}")]
    Ledger(#[from] LedgerError),
    /// The history cannot have happened like this.
    #[error("the ledger tells something impossible: {0}")]
    History(String),
    /// The world did not answer.
    #[error("{0}")]
    World(#[from] HandsError),
}

/// What a runtime is put together from.
pub struct Setup<'a> {
    /// The ledger.
    pub ledger: &'a dyn Ledger,
    /// The policy in force.
    pub policy: &'a Policy,
    /// What can be done to the world.
    pub hands: &'a dyn Hands,
    /// The clock.
    pub clock: &'a dyn Clock,
    /// The name of this process among workers.
    pub worker: &'a str,
    /// The key that signs the log before anything is changed because of it.
    pub key: &'a SigningKey,
    /// What stands before promotions in the names of markers: the workspace's id.
    pub marker_prefix: &'a str,
    /// Is told each event as soon as it is durable.
    pub watch: &'a dyn Fn(&Recorded),
}

/// From where, if from anywhere, to where.
pub type Way<'a> = (Option<&'a EnvironmentName>, &'a EnvironmentName);

/// Decides and performs for one workspace.
pub struct Runtime<'a>(Setup<'a>);

impl<'a> Runtime<'a> {
    /// A runtime for one workspace.
    pub fn new(setup: Setup<'a>) -> Self {
        Self(setup)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(crate) fn hands(&self) -> &dyn Hands {
        self.0.hands
    }

    pub(crate) fn means(&self) -> Means<'_> {
        Means {
            hands: self.0.hands,
            ledger: self.0.ledger,
        }
    }

    /// The log's head with the event that a promotion's change rests on in it, for the commit to bear:
    /// whoever has the commit can tell later whether the log was rewritten.
    fn seal(&self, promotion: &Promotion) -> Result<String, HandsError> {
        let stream = Stream::App(promotion.plan.app.clone());
        let sealed = seal(self.0.ledger, self.0.key, &stream, promotion.decided);
        sealed.map(|head| head.to_string()).map_err(|error| HandsError {
            code: error.code(),
            passing: !matches!(error, LedgerError::Forked { .. } | LedgerError::Corrupt(_)),
            message: error.to_string(),
        })
    }

    /// What a promotion writes with.
    pub(crate) fn pen(&self, promotion: &Promotion) -> Result<Pen<'_>, HandsError> {
        Ok(Pen {
            hands: self.0.hands,
            clock: self.0.clock,
            marker: format!("{}/{}", self.0.marker_prefix, promotion.id),
            seal: self.seal(promotion)?,
        })
    }

    /// What a decision about an app rests on.
    pub fn world<'s>(&'s self, name: &'s AppName, state: (&'s AppState, &'s WorkspaceState)) -> World<'s> {
        World {
            name,
            app: state.0,
            workspace: state.1,
            policy: self.0.policy,
        }
    }

    /// An app's state, and the number of the last event in it.
    pub fn load(&self, app: &AppName) -> Result<(AppState, u64), RuntimeError> {
        let stream = Stream::App(app.clone());
        let kept = self.0.ledger.snapshot(&stream, SNAPSHOT_SCHEMA)?;
        let kept = kept.and_then(|kept| Some((serde_json::from_slice(&kept.bytes).ok()?, kept.seq)));
        let (mut state, start): (AppState, u64) = kept.unwrap_or_default();
        let mut seq = start;
        loop {
            let events = self.0.ledger.read(&stream, seq, PAGE)?;
            for event in &events {
                state = evolve(state, event).map_err(|illegal| RuntimeError::History(illegal.to_string()))?;
                seq = event.seq;
            }
            if events.len() < PAGE {
                break;
            }
        }
        if seq >= start + SNAPSHOT_EVERY
            && let Ok(bytes) = serde_json::to_vec(&state)
        {
            self.0.ledger.save_snapshot(
                &stream,
                &Snapshot {
                    seq,
                    schema: SNAPSHOT_SCHEMA,
                    bytes,
                },
            )?;
        }
        Ok((state, seq))
    }

    /// The workspace's state, and the number of the last event in it.
    pub fn load_workspace(&self) -> Result<(WorkspaceState, u64), RuntimeError> {
        let (mut state, mut seq) = (WorkspaceState::default(), 0);
        loop {
            let events = self.0.ledger.read(&Stream::Workspace, seq, PAGE)?;
            for event in &events {
                state = evolve_workspace(state, event);
                seq = event.seq;
            }
            if events.len() < PAGE {
                return Ok((state, seq));
            }
        }
    }

    /// The plan and the rules of a step, from the files as they are.
    pub fn plan_step(&self, step: &Step<'_>) -> Result<(Plan, Rules), HandsError> {
        let lasting = |error: StepError| HandsError::lasting(error.message);
        let rules = step
            .rules
            .clone()
            .ok_or_else(|| HandsError::lasting("there is no such path"))?;
        let needed = files_needed(step, &rules).map_err(lasting)?;
        let seen = if needed.is_empty() {
            crate::Seen::default()
        } else {
            self.0.hands.look(&needed, None)?
        };
        let (plan, _) = plan(step, &rules, &seen.files).map_err(lasting)?;
        Ok((plan, rules))
    }

    /// Measures what the live gates of a step ask, where the last measurement is missing or old.
    pub(crate) fn measure_step(&self, world: &World<'_>, step: &Step<'_>) -> Vec<Evidence> {
        let now = self.0.clock.now();
        let gates = to_measure(world, step, now);
        let each = gates.into_iter();
        each.map(|(part, place)| measure::measure(self.means(), world, step, (part, &place), now))
            .collect()
    }

    /// Measures what warnings about a step rest on.
    fn watch_step(&self, world: &World<'_>, step: &Step<'_>) -> Vec<Evidence> {
        let now = self.0.clock.now();
        let each = to_watch(world, step, now).into_iter();
        let each =
            each.map(|(part, place)| measure::measure(self.means(), world, step, (&part, &place), now));
        // Where nothing is written there is nothing to note.
        let is_news = |evidence: &Evidence| {
            let mut why = evidence.facts.values().filter_map(Fact::why);
            !why.any(|(why, _)| why == Why::NoData)
        };
        each.filter(is_news).collect()
    }

    /// Asks a live gate about an environment itself.
    pub(crate) fn ask_gate(
        &self,
        world: &World<'_>,
        version: &Version,
        place: &EnvironmentName,
        part: &Part,
    ) -> Vec<Finding> {
        measure::ask(self.means(), world, (version, place), part, self.0.clock.now())
    }

    /// The same before anybody has asked for a promotion: so that an explanation rests on numbers.
    /// Answers whether anything was measured.
    pub fn measure(&self, app: &AppName, version: &Version, way: Way<'_>) -> Result<bool, RuntimeError> {
        let (state, _) = self.load(app)?;
        let (workspace, _) = self.load_workspace()?;
        let world = self.world(app, (&state, &workspace));
        let step = Step::forward(&world, version, way.0, way.1);
        let Some(step) = step else { return Ok(false) };
        let (measured, watched) = (self.measure_step(&world, &step), self.watch_step(&world, &step));
        let any = !measured.is_empty() || !watched.is_empty();
        if !measured.is_empty() {
            self.submit(app, &reporter(), &Command::Measured(measured))?;
        }
        if !watched.is_empty() {
            // A warning that cannot be noted, because the disk is full say, keeps nothing back.
            let _ = self.submit(app, &reporter(), &Command::Measured(watched));
        }
        Ok(any)
    }

    /// How alike what two environments hold is.
    pub fn parity(
        &self,
        app: &AppName,
        one: &EnvironmentName,
        two: &EnvironmentName,
    ) -> Result<Result<Parity, gradus_connect::Trouble>, RuntimeError> {
        let (state, _) = self.load(app)?;
        let (workspace, _) = self.load_workspace()?;
        Ok(parity(
            self.0.hands,
            &self.world(app, (&state, &workspace)),
            one,
            two,
        ))
    }

    /// Decides a command about an app and records what follows. No events: nothing had to change.
    pub fn submit(
        &self,
        app: &AppName,
        actor: &Actor,
        command: &Command,
    ) -> Result<Vec<Recorded>, RuntimeError> {
        self.record(app, actor, None, |world, now| decide(world, actor, command, now))
    }

    /// Decides, appends together with what is then due, and starts over if somebody was faster.
    fn record(
        &self,
        app: &AppName,
        actor: &Actor,
        completes: Option<&Claim>,
        decision: impl Fn(&World<'_>, Timestamp) -> Result<Vec<Event>, Refusal>,
    ) -> Result<Vec<Recorded>, RuntimeError> {
        let stream = Stream::App(app.clone());
        for _ in 0..RACES {
            let now = self.0.clock.now();
            let (state, seq) = self.load(app)?;
            let (workspace, workspace_seq) = self.load_workspace()?;
            let events =
                decision(&self.world(app, (&state, &workspace)), now).map_err(RuntimeError::Refused)?;
            let after = foresee(state, &stream, seq, now, actor, &events)?;
            let due = self.due_work(app, (&after, &workspace), now);
            let mut append = Append::new(stream.clone(), seq, now, actor.clone(), events);
            append.unchanged = vec![(Stream::Workspace, workspace_seq)];
            append.due = Some(due);
            append.completes = completes.cloned();
            match self.0.ledger.append(append) {
                Err(LedgerError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
                Ok(recorded) => {
                    recorded.iter().for_each(|event| (self.0.watch)(event));
                    return Ok(recorded);
                }
            }
        }
        Err(RuntimeError::World(HandsError::passing(format!(
            "{app} changes too fast; try again"
        ))))
    }

    fn due_work(&self, app: &AppName, state: (&AppState, &WorkspaceState), now: Timestamp) -> Vec<Work> {
        let world = self.world(app, state);
        let work = due(&world, now).into_iter().map(|due| Work {
            key: due.key,
            stream: Stream::App(app.clone()),
            effect: serde_json::to_string(&due.effect).unwrap_or_default(),
            due_at: due.at,
        });
        work.collect()
    }

    /// Decides a command about the workspace; what is due for every app is found anew.
    pub fn submit_workspace(
        &self,
        actor: &Actor,
        command: &WorkspaceCommand,
    ) -> Result<Vec<Recorded>, RuntimeError> {
        for _ in 0..RACES {
            let (state, seq) = self.load_workspace()?;
            let events =
                decide_workspace(&state, self.0.policy, actor, command).map_err(RuntimeError::Refused)?;
            if events.is_empty() {
                return Ok(Vec::new());
            }
            let append = Append::new(Stream::Workspace, seq, self.0.clock.now(), actor.clone(), events);
            match self.0.ledger.append(append) {
                Err(LedgerError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
                Ok(recorded) => {
                    recorded.iter().for_each(|event| (self.0.watch)(event));
                    self.refresh()?;
                    return Ok(recorded);
                }
            }
        }
        Err(RuntimeError::World(HandsError::passing(
            "the workspace changes too fast; try again",
        )))
    }

    /// Finds anew what is due for every app that has a history.
    pub fn refresh(&self) -> Result<(), RuntimeError> {
        for (stream, _) in self.0.ledger.streams()? {
            if let Stream::App(app) = stream {
                self.record(&app, &reporter(), None, |_, _| Ok(Vec::new()))?;
            }
        }
        Ok(())
    }

    /// Carries out everything that is due now, and says how much that was.
    pub fn drain(&self) -> Result<usize, RuntimeError> {
        let mut done = 0;
        loop {
            let claims = self.0.ledger.claim(self.0.worker, self.0.clock.now(), LEASE, 1)?;
            let Some(claim) = claims.into_iter().next() else {
                return Ok(done);
            };
            self.carry_out(&claim)?;
            done += 1;
        }
    }

    /// Does something that may take longer than a lease, and keeps the lease meanwhile.
    fn while_held<T>(&self, claim: &Claim, work: impl FnOnce() -> T) -> T {
        let (ledger, clock) = (self.0.ledger, self.0.clock);
        let (done, wait) = std::sync::mpsc::channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                use std::sync::mpsc::RecvTimeoutError::Timeout;
                while wait.recv_timeout(LEASE.duration() / 3) == Err(Timeout) {
                    // Whoever has lost the work learns it when the result comes in.
                    let _ = ledger.extend(claim, clock.now(), LEASE);
                }
            });
            let outcome = work();
            drop(done);
            outcome
        })
    }

    /// Whoever looks at a delivery that does not get on must see why.
    fn tell(&self, app: &AppName, effect: &Effect, error: &HandsError) -> Result<(), RuntimeError> {
        let (Effect::Deliver(promotion) | Effect::RollBack(promotion)) = effect else {
            return Ok(());
        };
        let waits = Command::Waits {
            promotion: promotion.clone(),
            why: format!("{}; it is tried again", error.message),
        };
        match self.submit(app, &reporter(), &waits) {
            // Somebody else has brought it further meanwhile.
            Err(RuntimeError::Refused(_)) => Ok(()),
            other => other.map(drop),
        }
    }

    fn carry_out(&self, claim: &Claim) -> Result<(), RuntimeError> {
        let effect: Option<Effect> = serde_json::from_str(&claim.effect).ok();
        let (Stream::App(app), Some(effect)) = (&claim.stream, effect) else {
            return Ok(self.0.ledger.complete(claim)?);
        };
        let (state, _) = self.load(app)?;
        let (workspace, _) = self.load_workspace()?;
        let outcome = match self.while_held(claim, || perform(self, app, (&state, &workspace), &effect)) {
            // Later, and later each time; in the end a delivery that never succeeds has failed.
            Err(error) if error.passing && claim.attempts < ATTEMPTS => {
                self.tell(app, &effect, &error)?;
                let pause = Period::from_secs(1 << claim.attempts.min(8));
                return Ok(self.0.ledger.release(claim, pause.after(self.0.clock.now()))?);
            }
            Err(error) => match failure(&effect, &error) {
                Some(command) => Some(command),
                // Nothing comes of it, and it is still due: not at once again.
                None => return Ok(self.0.ledger.release(claim, PATIENCE.after(self.0.clock.now()))?),
            },
            Ok(Done::Later(at)) => return Ok(self.0.ledger.postpone(claim, at)?),
            Ok(Done::Nothing) => None,
            Ok(Done::Report(command)) => Some(*command),
        };
        let result = self.record(app, &reporter(), Some(claim), |world, now| match &outcome {
            Some(command) => decide(world, &reporter(), command, now),
            None => Ok(Vec::new()),
        });
        match result {
            // Somebody else did it meanwhile, or it may not be done any more: it is off the list.
            Err(RuntimeError::Ledger(LedgerError::Fenced { .. })) => Ok(()),
            Err(RuntimeError::Refused(_)) => {
                let gone = self.record(app, &reporter(), Some(claim), |_, _| Ok(Vec::new()));
                gone.map(|_| ())
            }
            other => other.map(|_| ()),
        }
    }
}

/// What an effect that cannot be carried out comes to.
fn failure(effect: &Effect, error: &HandsError) -> Option<Command> {
    use gradus_engine::DeliveryResult;
    match effect {
        Effect::Deliver(id) => Some(Command::Delivered {
            promotion: id.clone(),
            result: DeliveryResult::Failed(error.failure("write")),
        }),
        Effect::RollBack(id) => Some(Command::RolledBack {
            promotion: id.clone(),
            result: Err(error.failure("write")),
            arrived: false,
        }),
        _ => None,
    }
}

/// The state after events that are about to be recorded.
fn foresee(
    state: AppState,
    stream: &Stream,
    seq: u64,
    at: Timestamp,
    actor: &Actor,
    events: &[Event],
) -> Result<AppState, RuntimeError> {
    let numbered = events.iter().zip(seq + 1..);
    numbered.into_iter().try_fold(state, |state, (event, seq)| {
        let recorded = Recorded {
            format: FORMAT,
            stream: stream.clone(),
            seq,
            at,
            actor: actor.clone(),
            event: event.clone(),
        };
        evolve(state, &recorded).map_err(|illegal| RuntimeError::History(illegal.to_string()))
    })
}
