//! `argocd`: refreshes, syncs where that is needed, and waits until the commit runs.

use super::{Act, ActError, Means};
use gradus_connect::Transport;
use gradus_connect::argocd::{Address, Progress, accepted, session, token};
use gradus_model::{Commit, Period, Settings};
use std::borrow::Cow;
use std::time::{Duration, Instant};

const WITHIN: Period = Period::from_secs(600);
const STEADY: Period = Period::from_secs(10);
const EVERY: Period = Period::from_secs(3);

pub(super) fn act(act: &Act<'_>, means: &Means<'_>) -> Result<String, ActError> {
    let settings = &act.part.settings;
    let Some(commit) = act.commit else {
        return Err(ActError::Lasting(
            "no step before it has written a commit".to_owned(),
        ));
    };
    let length = |name: &str, default: Period| settings.period(name).unwrap_or(default).duration();
    let (within, steady) = (length("within", WITHIN), length("steady", STEADY));
    let times = (within, steady, length("every", EVERY));
    // A session ends after a day, perhaps in the middle of a delivery: then there is another.
    for last in [false, true] {
        let address = address(settings, means.logins, means.transport).map_err(ActError::Lasting)?;
        if act.back {
            terminate(&address, means)?;
        }
        match wait(&address, commit, means, times)? {
            Some(arrived) => return Ok(arrived),
            None if last || matches!(address.token, Cow::Borrowed(_)) => break,
            None => {}
        }
    }
    Err(ActError::Lasting(
        "the token is not valid, or no longer".to_owned(),
    ))
}

/// How to sign in to one Argo CD.
#[derive(Debug, Clone)]
pub struct Login {
    /// The beginning of its address.
    pub url: String,
    /// The user; none, where the secret is a token.
    pub user: Option<String>,
    /// The password, or the token.
    pub secret: String,
}

/// The application that a step or check is about, signed in.
pub(crate) fn address<'a>(
    settings: &'a Settings,
    logins: &'a [Login],
    transport: &dyn Transport,
) -> Result<Address<'a>, String> {
    let server = settings.text("server").unwrap_or_default();
    let login = logins.iter().find(|login| server.starts_with(&login.url));
    let login =
        login.ok_or_else(|| format!("no token for {server}: .gradus/server.json lists them under argocd"))?;
    let token = match &login.user {
        None => Cow::Borrowed(login.secret.as_str()),
        Some(user) => {
            let reply = transport.send(&session(server, user, &login.secret));
            let token = reply.and_then(|reply| token(&reply));
            Cow::Owned(token.map_err(|trouble| trouble.text)?)
        }
    };
    Ok(Address {
        server,
        app: settings.text("app").unwrap_or_default(),
        project: settings.text("project"),
        source: settings.number("source").map(|number| number as usize),
        token,
    })
}

/// What still runs would block what mends it. That there was nothing to stop is fine.
fn terminate(address: &Address<'_>, means: &Means<'_>) -> Result<(), ActError> {
    let reply = means.transport.send(&address.terminate());
    reply.map(drop).map_err(|trouble| ActError::Passing(trouble.text))
}

/// Waits until the commit runs; none, where the token does not count any more.
fn wait(
    address: &Address<'_>,
    commit: &Commit,
    means: &Means<'_>,
    (within, steady, every): (Duration, Duration, Duration),
) -> Result<Option<String>, ActError> {
    let begun = Instant::now();
    let mut since: Option<Instant> = None;
    loop {
        let seen = means.transport.send(&address.refresh());
        let progress = seen.and_then(|reply| address.progress(&reply, commit));
        let waiting = match progress {
            Ok(Progress::Arrived) => {
                let since = *since.get_or_insert_with(Instant::now);
                if since.elapsed() >= steady {
                    return Ok(Some(format!("{} runs {}", address.app, commit.short())));
                }
                "it has not been so for long enough".to_owned()
            }
            Ok(Progress::SignedOut) => return Ok(None),
            Ok(Progress::Failed(text)) => return Err(ActError::Lasting(text)),
            Ok(Progress::NeedsSync) => {
                since = None;
                sync(address, commit, means)?;
                "it was told to sync".to_owned()
            }
            Ok(Progress::Waiting(text)) => {
                since = None;
                text
            }
            // The server is away; that says nothing about what runs.
            Err(trouble) => trouble.text,
        };
        if begun.elapsed() + every > within {
            return Err(ActError::Lasting(format!(
                "{} took too long: {waiting}",
                address.app
            )));
        }
        std::thread::sleep(every);
    }
}

fn sync(address: &Address<'_>, commit: &Commit, means: &Means<'_>) -> Result<(), ActError> {
    let reply = means.transport.send(&address.sync(commit));
    let reply = reply.map_err(|trouble| ActError::Passing(trouble.text))?;
    match accepted(&reply) {
        // What is in progress ends, and is asked about again.
        Ok(()) | Err(Ok(_)) => Ok(()),
        Err(Err(text)) => Err(ActError::Lasting(text)),
    }
}
