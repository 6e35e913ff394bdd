//! Git over HTTP, behind a password, on a real server; and many writers at once.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

use gradus_repo::{Credential, Message, Pushed, Repo, RepoError};
use std::collections::BTreeMap;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

struct Stop(Vec<Child>);

impl Drop for Stop {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn git(arguments: &[&str]) -> String {
    let out = Command::new("git").args(arguments).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}

/// nginx in front of git's own server program, with one user: `bot`, whose password is `secret`.
fn server(dir: &Path) -> (Stop, u16) {
    let root = dir.join("srv");
    let repo = root.join("deploy.git").display().to_string();
    git(&["init", "-q", "--bare", &repo]);
    git(&["-C", &repo, "config", "http.receivepack", "true"]);
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let socket = dir.join("fcgi.sock").display().to_string();
    let backend = format!("{}/git-http-backend", git(&["--exec-path"]));
    // The password's hash for "secret", in the form that nginx reads.
    std::fs::write(dir.join("users"), "bot:{PLAIN}secret\n").unwrap();
    let here = dir.display();
    let config = format!(
        "daemon off; pid {here}/nginx.pid; error_log {here}/error.log; user root;\n\
         events {{}}\n\
         http {{\n\
           access_log off; client_max_body_size 0;\n\
           client_body_temp_path {here}/b; proxy_temp_path {here}/p; fastcgi_temp_path {here}/f; uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;\n\
           server {{ listen 127.0.0.1:{port};\n\
             location /moved/ {{ return 302 http://127.0.0.1:{port}/; }}\n\
             location / {{\n\
               auth_basic git; auth_basic_user_file {here}/users;\n\
               fastcgi_pass unix:{socket};\n\
               fastcgi_param SCRIPT_FILENAME {backend}; fastcgi_param GIT_PROJECT_ROOT {root}; fastcgi_param GIT_HTTP_EXPORT_ALL 1;\n\
               fastcgi_param PATH_INFO $uri; fastcgi_param QUERY_STRING $query_string; fastcgi_param REQUEST_METHOD $request_method;\n\
               fastcgi_param CONTENT_TYPE $content_type; fastcgi_param CONTENT_LENGTH $content_length; fastcgi_param REMOTE_USER $remote_user;\n\
               fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding; fastcgi_param GIT_PROTOCOL $http_git_protocol;\n\
             }} }} }}\n",
        root = root.display(),
    );
    std::fs::write(dir.join("nginx.conf"), config).unwrap();
    let quiet = |command: &mut Command| {
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let fcgi = quiet(Command::new("fcgiwrap").args(["-c", "4", "-s", &format!("unix:{socket}")]));
    let nginx = quiet(Command::new("nginx").args(["-c", &dir.join("nginx.conf").display().to_string()]));
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "nginx does not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    (Stop(vec![nginx, fcgi]), port)
}

fn credential(port: u16, secret: &str) -> Option<Credential> {
    use base64::Engine as _;
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("bot:{secret}"));
    Some(Credential {
        url: format!("http://127.0.0.1:{port}/"),
        authorization: format!("Basic {basic}"),
    })
}

fn message(text: &str) -> Message {
    Message {
        text: text.to_owned(),
        at: "2026-11-21T10:00:00Z".parse().unwrap(),
    }
}

fn files(path: &str, text: &str) -> BTreeMap<String, Option<String>> {
    BTreeMap::from([(path.to_owned(), Some(text.to_owned()))])
}

#[test]
fn over_http_with_a_password_and_never_without() {
    let dir = tempfile::tempdir().unwrap();
    let (_stop, port) = server(dir.path());
    let url = format!("http://127.0.0.1:{port}/deploy.git");
    let open = |name: &str, url: &str, credential| {
        Repo::open_as(&dir.path().join(name), url, "main", credential).unwrap()
    };
    let repo = open("good", &url, credential(port, "secret"));
    assert_eq!(repo.fetch().unwrap(), None);
    let commit = repo
        .commit(None, &files("dev/web.yaml", "a"), &message("one\n"))
        .unwrap();
    assert_eq!(repo.push(&commit, None, "w/web-1").unwrap(), Pushed::Done);
    assert_eq!(repo.marker("w/web-1").unwrap(), Some(commit.clone()));
    let other = repo
        .commit(None, &files("dev/web.yaml", "b"), &message("two\n"))
        .unwrap();
    assert_eq!(repo.push(&other, None, "w/web-1").unwrap(), Pushed::Refused);
    // A wrong password, and none, are errors that do not repeat the password, and nothing prompts.
    for (name, credential) in [("wrong", credential(port, "hunter2")), ("none", None)] {
        let error = open(name, &url, credential).fetch().unwrap_err();
        let text = error.to_string();
        assert!(
            matches!(error, RepoError::Failed { .. }) && !text.contains("hunter2"),
            "{text}"
        );
        assert!(!text.contains("aHVudGVyMg") && !text.contains("Basic"), "{text}");
    }
    // A redirect is not followed: it would carry the secret along.
    let moved = open(
        "moved",
        &format!("http://127.0.0.1:{port}/moved/deploy.git"),
        credential(port, "secret"),
    );
    assert!(moved.fetch().is_err());
}

#[test]
fn two_writers_and_two_hundred_promotions() {
    let dir = tempfile::tempdir().unwrap();
    let (_stop, port) = server(dir.path());
    let url = format!("http://127.0.0.1:{port}/deploy.git");
    let begun = Instant::now();
    let write = |writer: &'static str| {
        let (dir, url) = (dir.path().join(writer), url.clone());
        move || {
            let repo = Repo::open_as(&dir, &url, "main", credential(port, "secret")).unwrap();
            let mut own = 0;
            for number in 0..200 {
                let marker = format!("w/web-{number}");
                // Both try every promotion: one of them writes it, the other finds that it is written.
                loop {
                    if repo.marker(&marker).unwrap().is_some() {
                        break;
                    }
                    let head = repo.fetch().unwrap();
                    let wanted = files(
                        &format!("apps/{}.yaml", number % 10),
                        &format!("version: {number}\n"),
                    );
                    let commit = repo
                        .commit(
                            head.as_ref(),
                            &wanted,
                            &message(&format!("web-{number} by {writer}\n")),
                        )
                        .unwrap();
                    if repo.push(&commit, head.as_ref(), &marker).unwrap() == Pushed::Done {
                        own += 1;
                        break;
                    }
                }
            }
            own
        }
    };
    let (one, two) = (std::thread::spawn(write("one")), std::thread::spawn(write("two")));
    let (one, two) = (one.join().unwrap(), two.join().unwrap());
    assert_eq!(one + two, 200, "each promotion is written once");
    let bare = dir.path().join("srv/deploy.git").display().to_string();
    assert_eq!(git(&["-C", &bare, "rev-list", "--count", "main"]), "200");
    let subjects = git(&["-C", &bare, "log", "--format=%s", "main"]);
    let mut names: Vec<_> = subjects
        .lines()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 200);
    assert_eq!(
        git(&["-C", &bare, "for-each-ref", "--format=x", "refs/gradus/"])
            .lines()
            .count(),
        200
    );
    assert!(begun.elapsed() < Duration::from_secs(300), "it is not stuck");
}

#[test]
fn a_file_that_can_be_run_stays_so() {
    let dir = tempfile::tempdir().unwrap();
    let bare = dir.path().join("remote.git").display().to_string();
    let work = dir.path().join("work").display().to_string();
    git(&["init", "-q", "--bare", "-b", "main", &bare]);
    git(&["clone", "-q", &bare, &work]);
    std::fs::write(Path::new(&work).join("deploy.sh"), "echo 1\n").unwrap();
    git(&["-C", &work, "add", "deploy.sh"]);
    git(&["-C", &work, "update-index", "--chmod=+x", "deploy.sh"]);
    git(&[
        "-C",
        &work,
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@x",
        "commit",
        "-qm",
        "x",
    ]);
    git(&["-C", &work, "push", "-q", "origin", "HEAD:main"]);
    let repo = Repo::open(&dir.path().join("cache"), &bare, "main").unwrap();
    let head = repo.fetch().unwrap();
    let commit = repo
        .commit(head.as_ref(), &files("deploy.sh", "echo 2\n"), &message("x\n"))
        .unwrap();
    assert_eq!(repo.push(&commit, head.as_ref(), "w/x-1").unwrap(), Pushed::Done);
    assert!(git(&["-C", &bare, "ls-tree", "main", "deploy.sh"]).starts_with("100755"));
}
