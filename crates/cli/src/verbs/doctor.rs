//! `gradus doctor`

use crate::args::Common;
use crate::error::{DONE, FAILED, Outcome};
use crate::output::Output;
use crate::workspace::{Workspace, folder, read_policy};
use gradus_ledger::Ledger as _;
use serde_json::json;

/// One thing that was looked at.
struct Look {
    what: String,
    good: bool,
    found: String,
}

pub(crate) fn run(common: &Common, output: &Output) -> Outcome {
    let looks: Vec<Look> = [git(), policy(common)]
        .into_iter()
        .chain(workspace(common))
        .collect();
    for look in &looks {
        output.line(&format!(
            "{} {:<24} {}",
            if look.good { '✓' } else { '✗' },
            look.what,
            look.found
        ));
    }
    let data: Vec<_> = looks
        .iter()
        .map(|look| json!({ "what": look.what, "good": look.good, "found": look.found }))
        .collect();
    output.data(&data);
    Ok(if looks.iter().all(|look| look.good) {
        DONE
    } else {
        FAILED
    })
}

fn look(what: &str, found: Result<String, String>) -> Look {
    let good = found.is_ok();
    Look {
        what: what.to_owned(),
        good,
        found: found.unwrap_or_else(|error| error),
    }
}

fn git() -> Look {
    let out = std::process::Command::new("git").arg("--version").output();
    let found = out.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned());
    look(
        "git",
        found.map_err(|error| format!("cannot be started: {error}; install git")),
    )
}

fn policy(common: &Common) -> Look {
    let reading = folder(common).and_then(|dir| read_policy(&dir));
    look(
        "policy",
        match reading {
            Err(failed) => Err(format!("{}; {}", failed.message, failed.hint)),
            Ok(reading) if reading.policy.is_none() => {
                Err(format!("{} problems: gradus check", reading.problems.len()))
            }
            Ok(_) => Ok("can be used".to_owned()),
        },
    )
}

fn workspace(common: &Common) -> Vec<Look> {
    let workspace = match Workspace::open(common) {
        Ok(workspace) => workspace,
        Err(failed) => return vec![look("ledger", Err(failed.message))],
    };
    let size = workspace
        .ledger
        .size()
        .map(|size| format!("{size} events"))
        .map_err(|error| error.to_string());
    let mut looks = vec![look("ledger", size)];
    for (name, repository) in &workspace.policy.repositories {
        let local = !repository.url.contains(':');
        let url = if local {
            workspace.dir.join(&repository.url).display().to_string()
        } else {
            repository.url.clone()
        };
        let cache = workspace.dir.join(format!(".gradus/repos/{name}.git"));
        let head = gradus_repo::Repo::open(&cache, &url, &repository.branch).and_then(|repo| repo.fetch());
        let found = head.map(|head| {
            head.map_or("reached, empty".to_owned(), |head| {
                format!("reached, at {}", head.short())
            })
        });
        looks.push(look(
            &format!("repository {name}"),
            found.map_err(|error| error.to_string()),
        ));
    }
    looks
}
