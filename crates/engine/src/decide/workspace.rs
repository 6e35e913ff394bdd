//! The workspace: policies come into force, things are stopped and go on.

use crate::command::WorkspaceCommand;
use crate::refusal::Refusal;
use crate::state::WorkspaceState;
use gradus_model::{Actor, Event, Permission, Policy, Scope, Who};

/// What a command makes happen to the workspace, or why it may not.
pub fn decide_workspace(
    state: &WorkspaceState,
    policy: &Policy,
    actor: &Actor,
    command: &WorkspaceCommand,
) -> Result<Vec<Event>, Refusal> {
    match command {
        WorkspaceCommand::AdoptPolicy(policy) => {
            let digest = policy.digest();
            if state.policy.as_ref() == Some(&digest) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::PolicyAdopted {
                digest,
                policy: policy.clone(),
            }])
        }
        WorkspaceCommand::Halt { scope, reason } => {
            known(policy, scope)?;
            permitted(policy, actor, scope)?;
            if state.halts.iter().any(|halt| halt.scope == *scope) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::Halted {
                scope: scope.clone(),
                reason: reason.clone(),
            }])
        }
        WorkspaceCommand::Resume { scope } => {
            known(policy, scope)?;
            permitted(policy, actor, scope)?;
            if !state.halts.iter().any(|halt| halt.scope == *scope) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::Resumed { scope: scope.clone() }])
        }
    }
}

fn known(policy: &Policy, scope: &Scope) -> Result<(), Refusal> {
    let known = match scope {
        Scope::Workspace => true,
        Scope::App(app) => policy.apps.contains_key(app),
        Scope::Environment(name) => policy.environments.contains_key(name),
    };
    if known {
        return Ok(());
    }
    Err(Refusal::unknown(
        "scope.unknown",
        format!("the policy knows no {scope}"),
        "gradus status lists what there is",
    ))
}

/// Whoever may halt one of the environments in the scope may halt the scope: stopping must never
/// wait for the one person who may stop everything.
fn permitted(policy: &Policy, actor: &Actor, scope: &Scope) -> Result<(), Refusal> {
    let person = policy.people.who(&actor.identity).map(|(name, _)| name);
    let in_scope = policy.environments.iter().filter(|(name, _)| match scope {
        Scope::Environment(only) => only == *name,
        Scope::Workspace | Scope::App(_) => true,
    });
    let who: Vec<&Who> = in_scope
        .map(|(_, place)| place.access.who(Permission::Halt))
        .collect();
    if actor.is_system() || who.iter().any(|who| policy.people.includes(who, person)) {
        return Ok(());
    }
    Err(Refusal::not_permitted(
        "access.denied",
        format!("{actor} may not halt {scope}"),
        "that is for those who may halt one of its environments",
    ))
}
