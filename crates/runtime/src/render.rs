//! Rendering: what `kubectl kustomize` makes of files before they are pushed.

use crate::hands::HandsError;
use crate::steps::run::end_of;
use gradus_model::Commit;
use gradus_repo::Repo;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How long it may take.
const WITHIN: Duration = Duration::from_secs(60);

/// What a folder of a commit renders to; none where this machine has no kubectl.
pub(crate) fn kustomize(
    repo: &Repo,
    commit: &Commit,
    folder: &str,
    scratch: &Path,
) -> Result<Option<String>, HandsError> {
    let dir = scratch.join(format!("render-{}-{}", commit.short(), std::process::id()));
    let done = repo
        .export(commit, &dir)
        .map_err(HandsError::from)
        .and_then(|()| render(&dir.join(folder), scratch));
    // Left behind, it would only take room.
    let _ = std::fs::remove_dir_all(&dir);
    done
}

fn render(folder: &Path, scratch: &Path) -> Result<Option<String>, HandsError> {
    let cannot = |error: std::io::Error| HandsError::passing(format!("kubectl kustomize: {error}"));
    let (out, said) = (folder.join(".rendered"), folder.join(".said"));
    let spawned = Command::new("kubectl")
        .args(["kustomize", "."])
        .current_dir(folder)
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("HOME", scratch)
        .stdin(Stdio::null())
        .stdout(std::fs::File::create(&out).map_err(cannot)?)
        .stderr(std::fs::File::create(&said).map_err(cannot)?)
        .spawn();
    let mut child = match spawned {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(cannot)?,
    };
    let Some(status) = end_of(&mut child, WITHIN).map_err(cannot)? else {
        return Err(HandsError::lasting(
            "kubectl kustomize takes too long and was stopped",
        ));
    };
    if status.success() {
        return std::fs::read_to_string(out).map(Some).map_err(cannot);
    }
    let said = std::fs::read_to_string(said).unwrap_or_default();
    let line = said.lines().next().unwrap_or_default().chars().take(300);
    let line: String = line.collect();
    Err(HandsError {
        code: "edit.rendered",
        ..HandsError::lasting(format!("kubectl kustomize cannot render it: {line}"))
    })
}
