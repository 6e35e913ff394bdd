//! What runs against what was put there: two clusters, each with a server of its own.

use crate::Now;
use crate::fake::{App, OLD, serve};
use gradus_connect::{Guard, Http, Trouble};
use gradus_engine::{Command, RequestKind, Step, WorkspaceCommand};
use gradus_ledger::{Memory, SigningKey};
use gradus_model::{
    Actor, AppName, Artifact, Digest, EnvironmentName, Policy, Release, ReleaseKind, SchemaChange, Version,
};
use gradus_runtime::{Drift, RealHands, Runtime, Setup};
use std::path::Path;
use std::sync::{Arc, Mutex};

const IMAGE: &str = "r/web:1@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const OTHER: &str = "r/web:2@sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

fn good() -> App {
    App {
        head: OLD,
        images: vec![IMAGE, "r/sidecar:9"],
        ..App::default()
    }
}

fn policy(servers: (&str, &str)) -> Policy {
    let text = format!(
        r#"
environments:
  prod:
    direct: true
    targets: {{ eu: {{ argocd: "{}" }}, us: {{ argocd: "{}" }} }}
    deliver: [{{ write: {{ repository: deploy, file: "prod/web.yaml" }} }}]
    verify: [{{ argocd: {{ server: "${{target.argocd}}", app: "web-${{target}}", project: shop }} }}]
repositories: {{ deploy: {{ url: deploy.git }} }}
people: {{ teams: {{ ops: [olga] }} }}
apps: {{ web: {{}} }}
"#,
        servers.0, servers.1
    );
    let reading = gradus_policy::read("gradus.yaml", &text, &|_| Err(String::new()));
    reading.policy.unwrap_or_else(|| panic!("{:?}", reading.problems))
}

fn release() -> Release {
    let (name, digest) = IMAGE.split_once('@').unwrap();
    Release {
        app: AppName::new("web").unwrap(),
        version: Version::new("1").unwrap(),
        kind: ReleaseKind::Standard,
        artifacts: vec![Artifact {
            name: name.trim_end_matches(":1").to_owned(),
            digest: Digest::new(digest).unwrap(),
        }],
        commit: None,
        branch: "main".to_owned(),
        authors: Vec::new(),
        schema: SchemaChange::None,
        chain: None,
        built_for: None,
        notes: String::new(),
    }
}

fn hands(dir: &Path, policy: &Policy) -> RealHands {
    RealHands {
        caches: dir.join("caches"),
        base: dir.to_path_buf(),
        transport: Http::new(Guard::default()),
        prometheus: None,
        programs: false,
        logins: vec![gradus_runtime::Login {
            url: "http://127.0.0.1".to_owned(),
            user: None,
            secret: "t0ken".to_owned(),
        }],
        clock: Box::new(Now),
        credentials: Vec::new(),
        repositories: policy.repositories.clone(),
    }
}

/// Delivers while all is good, lets something happen in the clusters, and looks.
fn after(happens: impl Fn(&mut App)) -> Result<Drift, Trouble> {
    let dir = tempfile::tempdir().unwrap();
    let mut git = std::process::Command::new("git");
    let made = git.args(["init", "-q", "--bare", "-b", "main", "deploy.git"]);
    assert!(made.current_dir(dir.path()).status().unwrap().success());
    let ((eu, cluster), (us, other)) = (serve(good()), serve(good()));
    let policy = policy((&eu, &us));
    let (hands, ledger) = (hands(dir.path(), &policy), Memory::new());
    let key = SigningKey::create(&dir.path().join("key"), "test").unwrap();
    let runtime = Runtime::new(Setup {
        ledger: &ledger,
        policy: &policy,
        hands: &hands,
        clock: &Now,
        worker: "w",
        key: &key,
        marker_prefix: "w",
        watch: &|_| {},
    });
    let (app, place, who) = (
        AppName::new("web").unwrap(),
        EnvironmentName::new("prod").unwrap(),
        Actor::local("dora"),
    );
    let adopt = WorkspaceCommand::AdoptPolicy(Box::new(policy.clone()));
    runtime.submit_workspace(&who, &adopt).unwrap();
    let taken = Command::AddRelease(release());
    runtime.submit(&app, &who, &taken).unwrap();
    let (state, _) = runtime.load(&app).unwrap();
    let (workspace, _) = runtime.load_workspace().unwrap();
    let world = runtime.world(&app, (&state, &workspace));
    let step = Step::forward(&world, &release().version, None, &place).unwrap();
    let (plan, rules) = runtime.plan_step(&step).unwrap();
    let request = Command::Request {
        kind: RequestKind::ByHand,
        plan: Box::new(plan),
        rules: Box::new(rules),
        reason: None,
        break_glass: None,
        override_window: None,
    };
    runtime.submit(&app, &who, &request).unwrap();
    runtime.drain().unwrap();
    assert_eq!(runtime.drift(&app, &place).unwrap().unwrap().count(), 0);
    happens(&mut cluster.lock().unwrap());
    let found = runtime.drift(&app, &place).unwrap();
    let wrong = |seen: &Arc<Mutex<App>>| seen.lock().unwrap().wrong.clone();
    assert_eq!(
        [wrong(&cluster), wrong(&other)],
        [[""; 0], [""; 0]],
        "not in the contract"
    );
    found
}

fn words(happens: impl Fn(&mut App)) -> Vec<String> {
    let found = after(happens).unwrap();
    assert_eq!(found.count(), 1, "only one cluster differs: {found:?}");
    assert_eq!(found.unknown(), None, "what is seen is seen");
    found.words()
}

#[test]
fn another_image_than_the_declared_one_is_drift() {
    let found = words(|app| app.images = vec![OTHER]);
    assert_eq!(
        found,
        ["web-eu: runs r/web:2@sha256:bbbbbbbbbbbb, declared is aaaaaaaaaaaa"]
    );
    // A tag that was not moved is as good as it gets; any other is not.
    assert_eq!(after(|app| app.images = vec!["r/web:1"]).unwrap().count(), 0);
    assert_eq!(words(|app| app.images = vec!["r/web:latest"]).len(), 1);
    // Both run while one takes the place of the other, or one is stuck.
    assert_eq!(words(|app| app.images = vec![IMAGE, OTHER]).len(), 1);
}

#[test]
fn what_is_changed_in_the_cluster_is_drift_until_it_is_changed_back() {
    let by_hand = |app: &mut App| app.changed = Some("db");
    let told = "web-eu: Deployment db changed in the cluster, and nothing changes it back";
    assert_eq!(words(by_hand), [told]);
    let healed = after(|app| (app.changed, app.automatic, app.heals) = (Some("db"), true, true));
    assert_eq!(healed.unwrap().count(), 0);
    let found = words(|app| app.head = crate::fake::NEW);
    assert_eq!(
        found,
        ["web-eu: Deployment web, Deployment db not yet as declared"]
    );
}

#[test]
fn a_server_that_does_not_say_is_not_one_that_says_no() {
    let silent: [fn(&mut App); 4] = [
        |app| app.token = "another",
        |app| app.exists = false,
        |app| app.images = vec!["mirror/else:1"],
        |app| app.running = Some(9),
    ];
    for silent in silent {
        let found = after(silent).unwrap();
        assert_eq!(found.count(), 0);
        let why = found.unknown().unwrap().text;
        assert!(why.starts_with("web-eu: "), "{why}");
    }
    let one_away = after(|app| app.token = "another").unwrap();
    let known = one_away
        .running
        .iter()
        .filter(|running| running.otherwise.is_ok());
    assert_eq!(
        (known.count(), one_away.running.len()),
        (1, 2),
        "the other one is known"
    );
}
