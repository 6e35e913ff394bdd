//! Names, addresses and repositories that want more than to be read and written.

use crate::servers::{files, git, message};
use gradus_repo::{Repo, RepoError};
use std::path::Path;

/// A file that no attack may make.
fn loot(dir: &Path) -> String {
    dir.join("loot").display().to_string()
}

#[test]
fn a_branch_or_marker_is_never_an_option_or_a_program() {
    let dir = tempfile::tempdir().unwrap();
    let loot = loot(dir.path());
    let url = dir.path().join("remote.git").display().to_string();
    git(&["init", "-q", "--bare", "-b", "main", &url]);
    let cache = dir.path().join("cache");
    let repo = Repo::open(&cache, &url, "main").unwrap();
    let commit = repo
        .commit(None, &files("x", "1"), &message("x\n", "w/x-1"))
        .unwrap();
    let bad = [
        format!("--upload-pack=touch {loot}"),
        format!("--receive-pack=touch${{IFS}}{loot}"),
        "-x".to_owned(),
        "refs/heads/--output=x/-y".to_owned(),
        format!("$(touch {loot})"),
        format!("`touch {loot}`"),
        format!("a\ntouch {loot}"),
        "a\0b".to_owned(),
        "a..b".to_owned(),
        "a@{1}".to_owned(),
        "ma\u{202e}in".to_owned(),
        "m\u{0430}in".to_owned(),
    ];
    for name in &bad {
        assert_eq!(
            Repo::open(&cache, &url, name).unwrap_err().code(),
            "ref.invalid",
            "{name:?}"
        );
        assert_eq!(repo.marker(name).unwrap_err().code(), "ref.invalid", "{name:?}");
        assert_eq!(
            repo.push(&commit, None, name).unwrap_err().code(),
            "ref.invalid",
            "{name:?}"
        );
    }
    assert!(!Path::new(&loot).exists());
}

#[test]
fn an_address_never_starts_a_program() {
    let dir = tempfile::tempdir().unwrap();
    let loot = loot(dir.path());
    for url in [
        format!("ext::sh -c touch% {loot}"),
        format!("ext::touch%20{loot}"),
        "file:///etc".to_owned(),
        "git://example.com/x".to_owned(),
        format!("-oProxyCommand=touch${{IFS}}{loot}"),
        format!("ssh://-oProxyCommand=touch${{IFS}}{loot}/x"),
        format!("git@-oProxyCommand=touch${{IFS}}{loot}:x"),
        "https://user:secret@example.com/x".to_owned(),
        "ftp://example.com/x".to_owned(),
        "fd::17".to_owned(),
    ] {
        let error = Repo::open(&dir.path().join("cache"), &url, "main").unwrap_err();
        assert_eq!(error.code(), "url.scheme", "{url}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    assert!(!Path::new(&loot).exists() && !dir.path().join("cache").exists());
}

#[test]
fn a_repository_cannot_run_anything_nor_lead_out_of_itself() {
    let dir = tempfile::tempdir().unwrap();
    let loot = loot(dir.path());
    let url = hostile(dir.path(), &loot);
    let repo = Repo::open(&dir.path().join("cache"), &url, "main").unwrap();
    let head = repo.fetch().unwrap().unwrap();
    let read = |path: &str| repo.read(&head, path);
    // A link, a file behind a link, a submodule, a folder: none of them is a file.
    for path in ["passwd", "module", "apps"] {
        assert_eq!(read(path).unwrap_err().code(), "path.not_a_file", "{path}");
    }
    assert_eq!(read("etc/passwd").unwrap(), None);
    for path in ["passwd", "etc/passwd", "module/x", "module"] {
        let made = repo.commit(Some(&head), &files(path, "mine"), &message("x\n", "w/x-1"));
        assert!(matches!(made, Err(RepoError::NotAFile(_))), "{path}: {made:?}");
    }
    // What `.gitattributes` asks for is not done: bytes stay as they are.
    assert_eq!(
        read("apps/web.yaml").unwrap().as_deref(),
        Some("version: 1\r\n$Id$\n")
    );
    let next = files("apps/web.yaml", "version: 2\r\n$Id$\n");
    let commit = repo.commit(Some(&head), &next, &message("x\n", "w/x-1")).unwrap();
    repo.push(&commit, Some(&head), "w/x-1").unwrap();
    assert_eq!(
        repo.read(&commit, "apps/web.yaml").unwrap().as_deref(),
        Some("version: 2\r\n$Id$\n")
    );
    assert!(!Path::new(&loot).exists());
}

/// A repository with a submodule, links, and attributes that name filters.
fn hostile(dir: &Path, loot: &str) -> String {
    let work = dir.join("work");
    let at = work.display().to_string();
    git(&["init", "-q", "-b", "main", &at]);
    std::fs::create_dir_all(work.join("apps")).unwrap();
    std::fs::write(work.join("apps/web.yaml"), "version: 1\r\n$Id$\n").unwrap();
    git(&["-C", &at, "add", "."]);
    std::os::unix::fs::symlink("/etc/passwd", work.join("passwd")).unwrap();
    std::os::unix::fs::symlink("/etc", work.join("etc")).unwrap();
    std::fs::write(work.join(".gitattributes"), "* filter=evil text=auto ident\n").unwrap();
    std::fs::write(work.join(".lfsconfig"), "[lfs]\nurl = https://example.com/x\n").unwrap();
    let module =
        format!("[submodule \"m\"]\npath = module\nurl = ext::touch% {loot}\nupdate = !touch {loot}\n");
    std::fs::write(work.join(".gitmodules"), module).unwrap();
    git(&[
        "-C",
        &at,
        "add",
        "passwd",
        "etc",
        ".gitattributes",
        ".lfsconfig",
        ".gitmodules",
    ]);
    let id = "1111111111111111111111111111111111111111";
    git(&[
        "-C",
        &at,
        "update-index",
        "--add",
        "--cacheinfo",
        &format!("160000,{id},module"),
    ]);
    git(&[
        "-C",
        &at,
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@x",
        "commit",
        "-q",
        "-m",
        "x",
    ]);
    git(&["-C", &at, "config", "receive.denyCurrentBranch", "ignore"]);
    at
}

/// The settings and the environment of whoever starts us would run programs; a second process, which has
/// them, does a delivery.
#[test]
fn settings_of_the_machine_and_its_user_do_not_count() {
    let dir = tempfile::tempdir().unwrap();
    let (home, loot) = (dir.path().join("home"), loot(dir.path()));
    let evil = dir.path().join("evil");
    std::fs::create_dir_all(evil.join("hooks")).unwrap();
    std::fs::create_dir_all(&home).unwrap();
    let program = evil.join("run");
    std::fs::write(&program, format!("#!/bin/sh\ntouch {loot}\n")).unwrap();
    let (run, evil) = (program.display(), evil.display());
    git(&[
        "-C",
        &dir.path().display().to_string(),
        "init",
        "-q",
        "--bare",
        "-b",
        "main",
        "remote.git",
    ]);
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    for hook in ["pre-push", "reference-transaction", "post-index-change"] {
        std::fs::copy(&program, dir.path().join("evil/hooks").join(hook)).unwrap();
    }
    let config = format!(
        "[core]\nhooksPath = {evil}/hooks\nfsmonitor = {run}\nsshCommand = {run}\naskPass = {run}\n\
         [credential]\nhelper = !{run}\n[url \"ext::{run}\"]\ninsteadOf = /\n[commit]\ngpgSign = true\n[gpg]\nprogram = {run}\n"
    );
    std::fs::write(home.join(".gitconfig"), config).unwrap();
    let out = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "attacks::a_delivery", "--ignored"])
        .env("DELIVERY_IN", dir.path())
        .env("HOME", &home)
        .env("GIT_DIR", "/nowhere")
        .env("GIT_SSH", &program)
        .env("GIT_ASKPASS", &program)
        .env("GIT_EXTERNAL_DIFF", &program)
        .env("GIT_OBJECT_DIRECTORY", &loot)
        .env("GIT_TRACE", &loot)
        .env(
            "GIT_CONFIG_PARAMETERS",
            format!("'core.hooksPath'='{evil}/hooks'"),
        )
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success() && said.contains("1 passed"), "{said}");
    assert!(!Path::new(&loot).exists());
}

#[test]
#[ignore = "another test starts it in a process of its own"]
fn a_delivery() {
    let dir = std::path::PathBuf::from(std::env::var_os("DELIVERY_IN").unwrap());
    let url = dir.join("remote.git").display().to_string();
    let repo = Repo::open(&dir.join("cache"), &url, "main").unwrap();
    let commit = repo
        .commit(None, &files("x", "1"), &message("x\n", "w/x-1"))
        .unwrap();
    assert_eq!(
        repo.push(&commit, None, "w/x-1").unwrap(),
        gradus_repo::Pushed::Done
    );
    let ssh = Repo::open(&dir.join("cache"), "ssh://git@127.0.0.1:1/x", "main").unwrap();
    assert_eq!(ssh.fetch().unwrap_err().code(), "repo.unreachable");
}

#[test]
fn a_path_never_leads_out_nor_into_git() {
    let dir = tempfile::tempdir().unwrap();
    let repo = Repo::open(&dir.path().join("cache"), "/nowhere", "main").unwrap();
    let bad = [
        "../../other/values.yaml",
        "/etc/passwd",
        "apps/../../x",
        ".git/config",
        "apps/.GIT/config",
        "git~1/config",
        ".g\u{200c}it/config",
        "apps\\..\\x",
        "apps/x\n",
        "apps/\u{202e}x",
        "--output=x",
    ];
    for path in bad {
        let made = repo.commit(None, &files(path, "x"), &message("x\n", "w/x-1"));
        assert_eq!(made.unwrap_err().code(), "path.escape", "{path:?}");
    }
}
