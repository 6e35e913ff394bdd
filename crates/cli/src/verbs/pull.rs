//! `gradus pull`: the pull requests that deliveries wait for, in repositories where they are the way in.

use crate::args::{Common, Pull, PullVerb};
use crate::error::{DONE, FAILED, Failed, Outcome};
use crate::output::Output;
use crate::workspace::Workspace;
use gradus_connect::forge::{By, Forge as _, ForgeError, Local, Pull as Request, PullState};
use gradus_model::{Mode, RepositoryName};

impl From<ForgeError> for Failed {
    fn from(error: ForgeError) -> Self {
        let hint = match error {
            ForgeError::Unknown(_) => "gradus pull ls lists them",
            ForgeError::Over(_) => "gradus pull show says what became of it",
            ForgeError::Conflict { .. } => {
                "close it, and promote again: the plan is then made from what is there"
            }
            ForgeError::Unreadable(_) => "somebody changed refs/gradus/pulls by hand: git log tells who",
            ForgeError::Moving | ForgeError::Repo(_) => "try again; gradus doctor looks for the cause",
        };
        Self::new(error.code(), error.to_string(), hint, FAILED)
    }
}

pub(crate) fn run(args: &Pull, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    let name = repository(&workspace, args.repository.as_deref())?;
    let repo = workspace.repository(&name)?;
    let forge = Local(&repo);
    let who = workspace.actor.identity.as_str();
    let by = By {
        who,
        at: workspace.now(),
    };
    let pull = match &args.verb {
        PullVerb::Ls => {
            let all = forge.list()?;
            for pull in &all {
                output.line(&line(pull));
            }
            output.data(&all);
            return Ok(DONE);
        }
        PullVerb::Show { number } => {
            let found = forge.list()?.into_iter().find(|pull| pull.number == *number);
            found.ok_or(ForgeError::Unknown(*number))?
        }
        PullVerb::Merge { number } => forge.merge(*number, by)?,
        PullVerb::Close { number, reason } => forge.close(*number, reason, by)?,
    };
    output.line(&line(&pull));
    if matches!(args.verb, PullVerb::Show { .. }) {
        output.line(&format!(
            "  {} into {}, opened {}",
            pull.source, pull.target, pull.opened_at
        ));
        pull.body
            .lines()
            .for_each(|line| output.line(&format!("  {line}")));
    }
    output.data(&pull);
    Ok(DONE)
}

/// The repository that is named, or the only one in which there are pull requests.
fn repository(workspace: &Workspace, named: Option<&str>) -> Result<RepositoryName, Failed> {
    let repositories = &workspace.policy.repositories;
    let ways = repositories
        .iter()
        .filter(|(_, one)| one.mode == Mode::PullRequest);
    let names: Vec<&RepositoryName> = ways.map(|(name, _)| name).collect();
    let all: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    let hint = match all.as_slice() {
        [] => "say mode: pull_request for a repository in gradus.yaml".to_owned(),
        all => format!("--repository {}", all.join(" or ")),
    };
    let unknown =
        |message: &str| Failed::new("repository.unknown", message, hint.clone(), crate::error::USAGE);
    match (named, names.as_slice()) {
        (Some(named), _) => {
            let found = names.iter().find(|name| name.as_str() == named);
            found
                .map(|name| (*name).clone())
                .ok_or_else(|| unknown(&format!("there are no pull requests in {named}")))
        }
        (None, [only]) => Ok((*only).clone()),
        (None, _) => Err(unknown("which repository?")),
    }
}

fn line(pull: &Request) -> String {
    let state = match &pull.state {
        PullState::Open => "open".to_owned(),
        PullState::Merged { commit, by } => format!("merged by {by}, {}", commit.short()),
        PullState::Closed { by, why } => format!("closed by {by}: {why}"),
    };
    format!("{:<5} {:<40} {state}", pull.number, pull.title)
}
