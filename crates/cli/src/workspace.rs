//! Opening a workspace: its policy, its ledger, its key, and who is asking.

use crate::args::Common;
use crate::error::{Failed, USAGE};
use crate::server::Server;
use gradus_connect::Http;
use gradus_engine::{AppState, WorkspaceCommand};
use gradus_ledger::{Ledger as _, SigningKey, Sqlite};
use gradus_model::{
    Actor, AppName, EnvironmentName, Policy, PromotionId, Recorded, RepositoryName, Timestamp, Version, Via,
};
use gradus_policy::{Problem, Reading};
use gradus_runtime::{Clock, HandsError, RealHands, Runtime, Setup};
use std::path::{Path, PathBuf};

/// The name of the policy's file.
pub(crate) const POLICY: &str = "gradus.yaml";

/// The machine's clock, to the millisecond.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }
}

/// A workspace that is open.
pub(crate) struct Workspace {
    pub(crate) dir: PathBuf,
    pub(crate) policy: Policy,
    pub(crate) ledger: Sqlite,
    pub(crate) key: SigningKey,
    pub(crate) actor: Actor,
    pub(crate) clock: SystemClock,
    pub(crate) server: Server,
    id: String,
    worker: String,
    hands: RealHands,
}

/// The folder with the policy: the one named, or the nearest upwards.
pub(crate) fn folder(common: &Common) -> Result<PathBuf, Failed> {
    let here = std::env::current_dir().map_err(|error| crate::internal("the current folder", error))?;
    let start = common
        .workspace
        .as_ref()
        .map_or(here.clone(), |dir| here.join(dir));
    let mut up = start.ancestors();
    let found = match &common.workspace {
        Some(_) => start.join(POLICY).exists().then(|| start.clone()),
        None => up.find(|dir| dir.join(POLICY).exists()).map(Path::to_path_buf),
    };
    found.ok_or_else(|| {
        let message = format!("there is no {POLICY} in {}", start.display());
        Failed::new(
            "workspace.missing",
            message,
            "gradus init writes one to start from",
            USAGE,
        )
    })
}

/// Reads the policy of a folder.
pub(crate) fn read_policy(dir: &Path) -> Result<Reading, Failed> {
    let file = dir.join(POLICY);
    let text = std::fs::read_to_string(&file)
        .map_err(|error| Failed::usage(format!("{} cannot be read: {error}", file.display()), ""))?;
    let fetch = |name: &str| {
        let inside = gradus_repo::file_path(name).map_err(|_| "it leads out of the folder".to_owned())?;
        std::fs::read_to_string(dir.join(inside)).map_err(|error| error.to_string())
    };
    Ok(gradus_policy::read(POLICY, &text, &fetch))
}

pub(crate) fn problems_failed(problems: &[Problem]) -> Failed {
    let lines: Vec<String> = problems
        .iter()
        .map(|at| {
            format!(
                "{}:{}:{}: [{}] {}",
                at.file, at.line, at.column, at.code, at.message
            )
        })
        .collect();
    let hint = "gradus explain CODE tells more about a code";
    Failed::new(
        "policy",
        format!("the policy cannot be used\n{}", lines.join("\n")),
        hint,
        USAGE,
    )
}

impl Workspace {
    /// Opens the workspace and brings its policy into force.
    pub(crate) fn open(common: &Common) -> Result<Self, Failed> {
        let dir = folder(common)?;
        let reading = read_policy(&dir)?;
        let Some(policy) = reading.policy else {
            return Err(problems_failed(&reading.problems));
        };
        let state = dir.join(".gradus");
        let ledger = open_ledger(&state)?;
        let key = SigningKey::load(&state.join("key"))
            .map_err(|error| Failed::new("key", error.to_string(), "restore it from a backup", 1))?;
        let id = std::fs::read_to_string(state.join("id"))
            .map_err(|error| crate::internal("the workspace's id", error))?;
        let actor = actor(common, &dir);
        let server = Server::read(&state)?;
        let hands = RealHands {
            transport: Http::new(server.guard()),
            credentials: server.credentials(&dir)?,
            prometheus: policy
                .metrics
                .as_ref()
                .and_then(|metrics| metrics.prometheus.clone()),
            programs: server.run,
            logins: server.logins()?,
            clock: Box::new(SystemClock),
            caches: state.join("repos"),
            base: dir.clone(),
            repositories: policy.repositories.clone(),
        };
        let worker = format!("{}-{}", std::process::id(), SystemClock.now().as_nanosecond());
        let id = id.trim().to_owned();
        let workspace = Self {
            dir,
            policy,
            ledger,
            key,
            actor,
            clock: SystemClock,
            id,
            worker,
            hands,
            server,
        };
        let adopt = WorkspaceCommand::AdoptPolicy(Box::new(workspace.policy.clone()));
        workspace
            .runtime(&|_| {})
            .submit_workspace(&workspace.actor, &adopt)?;
        Ok(workspace)
    }

    /// What decides and performs.
    pub(crate) fn runtime<'a>(&'a self, watch: &'a dyn Fn(&Recorded)) -> Runtime<'a> {
        Runtime::new(Setup {
            ledger: &self.ledger,
            key: &self.key,
            policy: &self.policy,
            hands: &self.hands,
            clock: &self.clock,
            worker: &self.worker,
            marker_prefix: &self.id,
            watch,
        })
    }

    /// A repository of the policy, as deliveries open it.
    pub(crate) fn repository(&self, name: &RepositoryName) -> Result<gradus_repo::Repo, HandsError> {
        self.hands.repository(name)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// `web@1.4.0`, `web`, or nothing where there is only one app.
    pub(crate) fn subject(&self, text: Option<&str>) -> Result<(AppName, Option<Version>), Failed> {
        let Some(text) = text else {
            let mut apps = self.policy.apps.keys();
            return match (apps.next(), apps.next()) {
                (Some(only), None) => Ok((only.clone(), None)),
                _ => Err(Failed::usage(
                    "which app? the policy has several",
                    "write APP or APP@VERSION",
                )),
            };
        };
        let (app, version) = text
            .split_once('@')
            .map_or((text, None), |(app, version)| (app, Some(version)));
        let app = AppName::new(app)?;
        if !self.policy.apps.contains_key(&app) {
            let known: Vec<_> = self.policy.apps.keys().map(ToString::to_string).collect();
            let message = format!("the policy knows no app {app}{}", near(app.as_str(), &known));
            return Err(Failed::new(
                "app.unknown",
                message,
                format!("it knows {}", known.join(", ")),
                USAGE,
            ));
        }
        Ok((app, version.map(Version::new).transpose()?))
    }

    /// `web@1.4.0`, both parts.
    pub(crate) fn release(&self, text: &str) -> Result<(AppName, Version), Failed> {
        match self.subject(Some(text))? {
            (app, Some(version)) => Ok((app, version)),
            (app, None) => Err(Failed::usage(
                format!("which version of {app}?"),
                format!("write {app}@VERSION"),
            )),
        }
    }

    pub(crate) fn environment(&self, text: &str) -> Result<EnvironmentName, Failed> {
        let name = EnvironmentName::new(text)?;
        if self.policy.environments.contains_key(&name) {
            return Ok(name);
        }
        let known: Vec<_> = self.policy.environments.keys().map(ToString::to_string).collect();
        let message = format!(
            "the policy knows no environment {name}{}",
            near(name.as_str(), &known)
        );
        Err(Failed::new(
            "environment.unknown",
            message,
            format!("it knows {}", known.join(", ")),
            USAGE,
        ))
    }

    pub(crate) fn promotion(&self, text: &str) -> Result<PromotionId, Failed> {
        text.parse()
            .map_err(|error: String| Failed::usage(error, "gradus promotion ls lists them"))
    }

    pub(crate) fn state(&self, app: &AppName) -> Result<AppState, Failed> {
        Ok(self.runtime(&|_| {}).load(app)?.0)
    }
}

/// What was probably meant, in words.
fn near(text: &str, known: &[String]) -> String {
    gradus_policy::did_you_mean(text, known.iter().map(String::as_str))
}

/// The ledger in a folder; made, with its key and id, where there is none.
fn open_ledger(state: &Path) -> Result<Sqlite, Failed> {
    let file = state.join("ledger.db");
    if !file.exists() {
        let unusable = |error: std::io::Error| {
            let message = format!("{} cannot be written: {error}", state.display());
            Failed::new(
                "workspace.read_only",
                message,
                "check who owns the folder, and how the disk is mounted",
                1,
            )
        };
        std::fs::create_dir_all(state).map_err(unusable)?;
        std::fs::write(state.join(".gitignore"), "*\n").map_err(unusable)?;
        let mut seed = [0u8; 8];
        getrandom::fill(&mut seed).map_err(|error| crate::internal("random numbers", error))?;
        let id: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
        std::fs::write(state.join("id"), &id).map_err(unusable)?;
        if !state.join("key").exists() {
            SigningKey::create(&state.join("key"), &format!("gradus/{id}"))
                .map_err(|error| Failed::new("key", error.to_string(), "", 1))?;
        }
        drop(Sqlite::create(&file)?);
    }
    let ledger = Sqlite::open(&file)?;
    ledger.size()?;
    Ok(ledger)
}

/// The git or system user, or the person named with `--as`, who is recorded as asserted.
fn actor(common: &Common, dir: &Path) -> Actor {
    let git = std::process::Command::new("git")
        .arg("-C")
        .arg(dir)
        .args(["config", "user.email"])
        .output();
    let mail = git
        .ok()
        .filter(|out| out.status.success())
        .and_then(|out| String::from_utf8(out.stdout).ok());
    let user = || std::env::var("USER").ok().filter(|name| !name.is_empty());
    let mail = mail
        .map(|mail| mail.trim().to_owned())
        .filter(|mail| !mail.is_empty());
    let own = mail.or_else(user).unwrap_or_else(|| "unknown".to_owned());
    match common.person() {
        Some(person) => Actor {
            identity: person.clone(),
            via: Via::Asserted(own),
        },
        None => Actor::local(own),
    }
}
