//! `gradus demo`: a whole world on this machine.
//!
//! Real parts, small: two bare git repositories, four services that run what the deployment
//! repository says for them, and the same code that carries out any other promotion.

mod services;
mod story;

use crate::args::Demo;
use crate::error::{Failed, Outcome};
use crate::output::Output;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The environments of the demo, in order.
pub(crate) const PLACES: [&str; 4] = ["dev", "staging", "canary", "production"];

pub(crate) fn run(args: &Demo, output: &Output) -> Outcome {
    let dir = folder(args)?;
    let told = build(&dir).and_then(|()| {
        let services = services::start(&dir)?;
        std::fs::write(dir.join("gradus.yaml"), policy(&services.ports))
            .map_err(|error| unwritable(&dir, &error))?;
        story::tell(&dir, output)
    });
    if args.keep {
        output.say(&format!("the world stays in {}", dir.display()));
    } else if let Err(error) = std::fs::remove_dir_all(&dir) {
        output.say(&format!("{} could not be removed: {error}", dir.display()));
    }
    told
}

fn unwritable(dir: &Path, error: &std::io::Error) -> Failed {
    let message = format!("{} cannot be written: {error}", dir.display());
    Failed::new(
        "workspace.read_only",
        message,
        "choose another folder with --dir",
        1,
    )
}

/// A folder of its own: inside the one that was named, or among the temporary ones.
fn folder(args: &Demo) -> Result<PathBuf, Failed> {
    let base = args.dir.clone().unwrap_or_else(std::env::temp_dir);
    let mut seed = [0u8; 4];
    getrandom::fill(&mut seed).map_err(|error| crate::internal("random numbers", error))?;
    let name: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
    let dir = base.join(format!("gradus-demo-{name}"));
    std::fs::create_dir_all(&dir).map_err(|error| unwritable(&dir, &error))?;
    // Absolute, because services and git run from elsewhere.
    dir.canonicalize().map_err(|error| unwritable(&dir, &error))
}

fn build(dir: &Path) -> Result<(), Failed> {
    for name in ["app.git", "deploy.git"] {
        let made = Command::new("git")
            .args(["init", "--quiet", "--bare"])
            .arg(dir.join(name))
            .output();
        let failed = |why: String| {
            Failed::new(
                "repo.no_git",
                format!("git cannot make a repository: {why}"),
                "install git",
                1,
            )
        };
        let made = made.map_err(|error| failed(error.to_string()))?;
        if !made.status.success() {
            return Err(failed(String::from_utf8_lossy(&made.stderr).trim().to_owned()));
        }
    }
    Ok(())
}

/// The demo's policy: the four stages, with a soak of seconds.
fn policy(ports: &[u16]) -> String {
    let port = |place: &str| ports[PLACES.iter().position(|name| *name == place).unwrap_or(0)];
    let place = |name: &str, more: &str| {
        format!(
            "  {name}:\n{more}    deliver:\n      - write: {{ repository: deploy, file: \"${{environment}}/${{app}}.yaml\" }}\n    verify:\n      - http: {{ url: \"http://127.0.0.1:{}/version\", contains: \"${{release.version}}\", within: 10s, every: 100ms }}\n",
            port(name)
        )
    };
    let environments = [
        place("dev", "    direct: true\n"),
        place("staging", ""),
        // A canary is what meets people first: there it is measured.
        place("canary", "    on_failure: rollback\n"),
        format!(
            "      - probe: {{ url: \"http://127.0.0.1:{}/\", requests: 30, error_rate: 5%, every: 10ms }}\n",
            port("canary")
        ),
        place("production", "    protected: true\n    approvals_expire: 7d\n"),
    ]
    .concat();
    format!(
        "environments:\n{environments}{}",
        include_str!("demo/policy.yaml")
    )
}
