//! The step `argocd` against a server that behaves as Argo CD is documented to: a sync empties the state
//! of the operation, an answer right after a push is about the commit before, a sync by hand is refused
//! where it goes by itself, one operation at a time, tokens expire, and what is missing is forbidden
//! unless the project is named. And drift, as the same server shows it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    reason = "tests may stop at the first surprise"
)]

mod contract;
mod drift;
mod fake;

use fake::{App, Meanwhile, NEW, serve};
use gradus_connect::{Guard, Http};
use gradus_model::{Commit, Part, Setting, Settings, Timestamp};
use gradus_runtime::{Act, ActError, Clock, Hands as _, Login, RealHands};
use serde_json::json;
use std::collections::BTreeMap;

struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Carries the step out, and answers what came of it and what the server has seen.
fn carry_out(app: App, back: bool, project: Option<&str>) -> (Result<String, ActError>, App) {
    sign_in(app, back, project, (None, "t0ken"))
}

/// The same with another login.
fn sign_in(
    app: App,
    back: bool,
    project: Option<&str>,
    (user, secret): (Option<&str>, &str),
) -> (Result<String, ActError>, App) {
    let login = Login {
        url: "http://127.0.0.1".to_owned(),
        user: user.map(str::to_owned),
        secret: secret.to_owned(),
    };
    let (url, shared) = serve(app);
    let dir = tempfile::tempdir().unwrap();
    let hands = RealHands {
        caches: dir.path().join("caches"),
        base: dir.path().to_path_buf(),
        transport: Http::new(Guard::default()),
        prometheus: None,
        programs: false,
        logins: vec![login],
        clock: Box::new(Now),
        credentials: Vec::new(),
        repositories: BTreeMap::new(),
    };
    let text = |text: &str| Setting::Text(text.to_owned());
    let mut settings = BTreeMap::from([
        ("server".to_owned(), text(&url)),
        ("app".to_owned(), text("web-prod")),
        ("every".to_owned(), text("10ms")),
        ("steady".to_owned(), text("30ms")),
        ("within".to_owned(), text("2s")),
    ]);
    settings.extend(project.map(|name| ("project".to_owned(), text(name))));
    let part = Part {
        kind: "argocd".to_owned(),
        settings: Settings(settings),
    };
    let (about, commit) = (json!({}), Commit::new(NEW).unwrap());
    let outcome = hands.act(&Act {
        part: &part,
        key: "w/web-1/1",
        about: &about,
        back,
        commit: Some(&commit),
    });
    let seen = shared.lock().unwrap().clone();
    assert!(seen.wrong.is_empty(), "not in the contract: {:#?}", seen.wrong);
    (outcome, seen)
}

fn arrives(app: App) -> App {
    let (outcome, seen) = carry_out(app, false, None);
    assert_eq!(outcome.unwrap(), "web-prod runs 222222222");
    assert_eq!(seen.synced, NEW, "it runs what was written");
    seen
}

fn fails(app: App, project: Option<&str>, told: &str) -> App {
    let (outcome, seen) = carry_out(app, false, project);
    match outcome {
        Err(ActError::Lasting(text)) if text.contains(told) => seen,
        other => panic!("{told}: {other:?}"),
    }
}

#[test]
fn it_is_told_to_sync_once_where_it_does_not_by_itself() {
    assert_eq!(arrives(App::default()).posts, 1);
    // Done already: by us before we died, or by somebody else.
    let done = App {
        synced: NEW.into(),
        ..App::default()
    };
    assert_eq!(arrives(done).posts, 0);
}

#[test]
fn it_is_left_alone_where_it_syncs_by_itself() {
    let automatic = App {
        automatic: true,
        ..App::default()
    };
    assert_eq!(arrives(automatic).posts, 0);
}

#[test]
fn synced_and_healthy_right_after_a_push_is_about_the_commit_before() {
    let stale = App {
        notices_after: 5,
        ..App::default()
    };
    let seen = arrives(stale);
    assert_eq!((seen.notices_after, seen.posts), (0, 1));
}

#[test]
fn an_operation_of_others_is_waited_for() {
    let busy = App {
        running: Some(4),
        ..App::default()
    };
    assert_eq!(arrives(busy).posts, 1);
}

#[test]
fn what_will_not_arrive_is_told() {
    let app = App::default;
    fails(
        App {
            token: "another",
            ..app()
        },
        None,
        "token is not valid",
    );
    fails(
        App {
            exists: false,
            ..app()
        },
        None,
        "not permitted, or, without a project, missing",
    );
    fails(
        App {
            exists: false,
            ..app()
        },
        Some("shop"),
        "there is no application web-prod",
    );
    fails(
        App {
            ends_in: "Failed",
            ..app()
        },
        None,
        "the sync ended in Failed: one or more objects",
    );
    fails(
        App {
            health: "Degraded",
            ..app()
        },
        None,
        "degraded",
    );
    fails(
        App {
            health: "Progressing",
            ..app()
        },
        None,
        "took too long: its health is Progressing",
    );
    fails(
        App {
            notices_after: 1_000,
            ..app()
        },
        None,
        "took too long: it is compared with 111111111111",
    );
}

#[test]
fn a_rollback_ends_what_is_stuck_first() {
    let stuck = App {
        running: Some(10_000),
        ..App::default()
    };
    let (outcome, seen) = carry_out(stuck.clone(), true, None);
    assert!(outcome.is_ok(), "{outcome:?}");
    assert_eq!((seen.deletes, seen.posts), (1, 1));
    fails(stuck, None, "took too long: an operation is in progress");
}

#[test]
fn what_changes_between_the_question_and_the_sync_is_found_out() {
    let meanwhile = |meanwhile| App {
        meanwhile,
        ..App::default()
    };
    // Somebody else's operation ends, and then it is told once more.
    assert_eq!(arrives(meanwhile(Meanwhile::Operation)).posts, 2);
    // It goes by itself from now on.
    assert_eq!(arrives(meanwhile(Meanwhile::Automatic)).posts, 1);
    let seen = fails(meanwhile(Meanwhile::Window), None, "403");
    assert_eq!(seen.posts, 1, "what is not permitted is not asked for again");
}

#[test]
fn a_token_that_expires_while_it_is_waited_for_is_told() {
    let app = App {
        expires_after: Some(3),
        ..App::default()
    };
    assert_eq!(fails(app, None, "token is not valid").posts, 1);
}

#[test]
fn a_project_is_named_in_every_request_where_the_api_takes_it() {
    let (outcome, seen) = carry_out(App::default(), false, Some("shop"));
    assert!(outcome.is_ok(), "{outcome:?}");
    assert_eq!(seen.synced, NEW);
    let stuck = App {
        running: Some(10_000),
        ..App::default()
    };
    let (outcome, seen) = carry_out(stuck, true, Some("shop"));
    assert!(outcome.is_ok(), "{outcome:?}");
    assert_eq!(seen.deletes, 1);
}

#[test]
fn a_rollback_where_nothing_runs_goes_on() {
    let (outcome, seen) = carry_out(App::default(), true, None);
    assert!(outcome.is_ok(), "{outcome:?}");
    assert_eq!((seen.deletes, seen.posts), (1, 1));
}

#[test]
fn a_user_with_a_password_gets_a_session_and_another_when_it_ends() {
    let as_user = |app: App, password: &str| sign_in(app, false, None, (Some("gradus"), password));
    let (outcome, seen) = as_user(App::default(), "pa55word");
    assert_eq!(outcome.unwrap(), "web-prod runs 222222222");
    assert_eq!(seen.sessions, 1);
    let ends = App {
        expires_after: Some(2),
        ..App::default()
    };
    let (outcome, seen) = as_user(ends, "pa55word");
    assert_eq!(outcome.unwrap(), "web-prod runs 222222222");
    assert_eq!(
        (seen.sessions, seen.posts),
        (2, 1),
        "signed in again, and synced once"
    );
    let (outcome, seen) = as_user(App::default(), "wrong");
    let refused = matches!(&outcome, Err(ActError::Lasting(text)) if text.contains("another password"));
    assert!(refused, "{outcome:?}");
    assert_eq!(seen.sessions, 0);
}
