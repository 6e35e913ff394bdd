//! What the server of each repository allows, found out by trying it.

use super::Look;
use crate::workspace::Workspace;
use gradus_model::{Marker, Repository, RepositoryName};
use gradus_repo::Allows;

pub(super) fn looks(workspace: &Workspace) -> Vec<Look> {
    let each = workspace.policy.repositories.iter();
    each.flat_map(|(name, repository)| look(workspace, name, repository))
        .collect()
}

fn look(workspace: &Workspace, name: &RepositoryName, repository: &Repository) -> Vec<Look> {
    let what = format!("repository {name}");
    let repo = match workspace.repository(name) {
        Ok(repo) => repo,
        Err(error) => {
            return vec![Look::bad(
                what,
                error.message,
                format!("gradus explain {}", error.code),
            )];
        }
    };
    // No two doctors may meet on the same probe.
    let now = workspace.now();
    let probe = format!("{}-{}", std::process::id(), now.as_nanosecond());
    match repo.probe(&probe, now) {
        Ok(allows) => vec![
            reached(&what, repository, &allows),
            marks(name, repository.marker, &allows),
        ],
        Err(error) => vec![Look::bad(
            what,
            error.to_string(),
            format!("gradus explain {}", error.code()),
        )],
    }
}

fn reached(what: &str, repository: &Repository, allows: &Allows) -> Look {
    let branch = &repository.branch;
    let found = match &allows.head {
        Some(head) => format!("reached, {branch} is at {}", head.short()),
        None => format!("reached, has no branch {branch} yet: the first delivery makes it"),
    };
    match allows.left.as_slice() {
        [] => Look::good(what, found),
        left => {
            let left = left.join(" and ");
            Look::good(what, format!("{found}; a probe could not be deleted: {left}"))
        }
    }
}

fn marks(name: &RepositoryName, marker: Marker, allows: &Allows) -> Look {
    let what = format!("markers in {name}");
    let can = |able: bool| if able { "allowed" } else { "refused" };
    let mut found = vec![
        format!("atomic pushes {}", can(allows.atomic)),
        format!("refs {}", can(allows.refs.is_ok())),
    ];
    found.extend(
        allows
            .tags
            .as_ref()
            .map(|tags| format!("tags {}", can(tags.is_ok()))),
    );
    let found = format!("marker: {}; {}", marker.name(), found.join(", "));
    match allows.marker(marker) {
        Ok(()) => Look::good(what, found),
        Err(why) => {
            let next = format!("set marker: {} for {name} in gradus.yaml", allows.best().name());
            Look::bad(what, format!("{found} ({why})"), next)
        }
    }
}
