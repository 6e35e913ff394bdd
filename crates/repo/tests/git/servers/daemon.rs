//! `git daemon`: no names, no passwords, everything readable and writable.

use super::{Stop, free_port, git, quiet, up};
use std::path::Path;
use std::process::Command;

/// Serves the folder `srv`, in which `deploy.git` is made, and says where that is.
pub fn server(dir: &Path) -> (Stop, String) {
    let root = dir.join("srv");
    git(&[
        "init",
        "-q",
        "--bare",
        "-b",
        "main",
        &root.join("deploy.git").display().to_string(),
    ]);
    let port = free_port();
    // The program itself: `git daemon` would leave it behind when it is stopped.
    let daemon = Path::new(&git(&["--exec-path"])).join("git-daemon");
    let child = quiet(
        Command::new(daemon)
            .args([
                "--reuseaddr",
                "--listen=127.0.0.1",
                "--export-all",
                "--enable=receive-pack",
            ])
            .arg(format!("--port={port}"))
            .arg(format!("--base-path={}", root.display())),
    );
    up(port);
    (Stop(vec![child]), format!("git://127.0.0.1:{port}/deploy.git"))
}
