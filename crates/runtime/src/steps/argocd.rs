//! `argocd`: refreshes, syncs where that is needed, and waits until the commit runs.

use super::{Act, ActError, Means};
use gradus_connect::argocd::{Address, Progress, accepted};
use gradus_model::{Commit, Period, Settings};
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
    let address = address(settings, means.tokens).map_err(ActError::Lasting)?;
    if act.back {
        terminate(&address, means)?;
    }
    let length = |name: &str, default: Period| settings.period(name).unwrap_or(default).duration();
    let (within, steady) = (length("within", WITHIN), length("steady", STEADY));
    wait(&address, commit, means, (within, steady, length("every", EVERY)))
}

/// The application that a step or check is about.
pub(crate) fn address<'a>(
    settings: &'a Settings,
    tokens: &'a [(String, String)],
) -> Result<Address<'a>, String> {
    let server = settings.text("server").unwrap_or_default();
    Ok(Address {
        server,
        app: settings.text("app").unwrap_or_default(),
        project: settings.text("project"),
        source: settings.number("source").map(|number| number as usize),
        token: token(tokens, server)?,
    })
}

/// The token for a server.
fn token<'t>(tokens: &'t [(String, String)], server: &str) -> Result<&'t str, String> {
    let fitting = tokens.iter().find(|(url, _)| server.starts_with(url.as_str()));
    fitting
        .map(|(_, token)| token.as_str())
        .ok_or_else(|| format!("no token for {server}: .gradus/server.json lists them under argocd"))
}

/// What still runs would block what mends it. That there was nothing to stop is fine.
fn terminate(address: &Address<'_>, means: &Means<'_>) -> Result<(), ActError> {
    let reply = means.transport.send(&address.terminate());
    reply.map(drop).map_err(|trouble| ActError::Passing(trouble.text))
}

fn wait(
    address: &Address<'_>,
    commit: &Commit,
    means: &Means<'_>,
    (within, steady, every): (Duration, Duration, Duration),
) -> Result<String, ActError> {
    let begun = Instant::now();
    let mut since: Option<Instant> = None;
    loop {
        let seen = means.transport.send(&address.refresh());
        let progress = seen.and_then(|reply| address.progress(&reply, commit));
        let waiting = match progress {
            Ok(Progress::Arrived) => {
                let since = *since.get_or_insert_with(Instant::now);
                if since.elapsed() >= steady {
                    return Ok(format!("{} runs {}", address.app, commit.short()));
                }
                "it has not been so for long enough".to_owned()
            }
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
