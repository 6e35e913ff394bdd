//! One promotion written into a repository of ten thousand files and five thousand commits, over HTTP on
//! this machine, against the shell way (shallow clone, edit, commit, push), in turns on the same server.
//!
//! `cargo run --release -p gradus-repo --example ten_thousand [TURNS]`
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    unreachable_pub,
    reason = "a program that measures"
)]

#[allow(dead_code, reason = "the tests need more of it")]
#[path = "../tests/git/servers/mod.rs"]
mod servers;

use gradus_repo::{Credential, Pushed, Repo};
use servers::{files, git, http, message};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const FILE: &str = "apps/42/42.yaml";

/// The repository, by way of git's own import format.
fn fill(remote: &str) {
    let mut import = Command::new("git");
    let mut child = import
        .args(["-C", remote, "fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = std::io::BufWriter::new(child.stdin.take().unwrap());
    for commit in 0..5_000 {
        let when = 1_700_000_000 + commit;
        writeln!(
            to,
            "commit refs/heads/main\ncommitter a <a@x> {when} +0000\ndata 1\nx"
        )
        .unwrap();
        let changed: Vec<usize> = if commit == 0 {
            (0..10_000).collect()
        } else {
            vec![commit * 7 % 10_000]
        };
        for file in changed {
            let text = format!("app: a{file}\nversion: \"1.{commit}\"\nreplicas: 3\n");
            let length = text.len();
            let folder = file % 100;
            writeln!(
                to,
                "M 644 inline apps/{folder}/{file}.yaml\ndata {length}\n{text}"
            )
            .unwrap();
        }
    }
    drop(to);
    assert!(child.wait().unwrap().success());
}

/// What a delivery does: looks at the server, writes a commit and pushes it. Answers how long each took.
fn deliver(repo: &Repo, number: usize) -> [f64; 3] {
    let marker = format!("w/web-{number}");
    let (mut head, mut commit) = (None, None);
    let look = took(|| {
        let seen = repo.see(Some(&marker)).unwrap();
        assert_eq!(seen.borne, None);
        head = seen.head;
    });
    let write = took(|| {
        let text = repo.read(head.as_ref().unwrap(), FILE).unwrap().unwrap();
        let changed = files(FILE, &format!("{text}# {number}\n"));
        commit = repo
            .commit(head.as_ref(), &changed, &message("promotion\n", &marker))
            .ok();
    });
    let push = took(|| {
        let pushed = repo.push(commit.as_ref().unwrap(), head.as_ref(), &marker);
        assert_eq!(pushed.unwrap(), Pushed::Done);
    });
    [look, write, push]
}

fn edit(work: &str, number: usize) {
    let file = Path::new(work).join(FILE);
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}# by hand {number}\n")).unwrap();
    git(&[
        "-C",
        work,
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@x",
        "commit",
        "-qam",
        "x",
    ]);
    git(&["-C", work, "push", "-q", "origin", "HEAD:main"]);
}

fn took(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64() * 1000.0
}

fn line(what: &str, times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    let (least, median, most) = (times[0], times[times.len() / 2], times[times.len() - 1]);
    println!("{what:<52} {median:7.0} ms   ({least:.0} to {most:.0})");
    median
}

fn main() {
    let turns: usize = std::env::args().nth(1).map_or(15, |text| text.parse().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let (_stop, port) = http::server(dir.path());
    fill(&dir.path().join("srv/deploy.git").display().to_string());
    let plain = format!("http://127.0.0.1:{port}/deploy.git");
    let signed = format!("http://bot:secret@127.0.0.1:{port}/deploy.git");
    let path = |name: String| dir.path().join(name);
    let open = |cache: String| {
        let credential: Option<Credential> = http::credential(port, "secret");
        Repo::open(&path(cache), &plain, "main")
            .unwrap()
            .signed_in(credential)
    };
    let warm = open("warm".to_owned());
    warm.fetch().unwrap();
    let kept = path("kept".to_owned()).display().to_string();
    git(&["clone", "-q", "--depth", "1", &signed, &kept]);
    let (mut ours, mut first, mut clone, mut pull) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut each: Vec<[f64; 3]> = Vec::new();
    // In turns, so that everybody always finds that somebody else has written since.
    for turn in 0..turns {
        let parts = deliver(&warm, 2 * turn);
        ours.push(parts.iter().sum());
        each.push(parts);
        clone.push(took(|| {
            let work = path(format!("work-{turn}")).display().to_string();
            git(&["clone", "-q", "--depth", "1", &signed, &work]);
            edit(&work, turn);
        }));
        first.push(took(|| {
            deliver(&open(format!("cold-{turn}")), 2 * turn + 1);
        }));
        pull.push(took(|| {
            git(&["-C", &kept, "fetch", "-q", "--depth", "1", "origin", "main"]);
            git(&["-C", &kept, "reset", "-q", "--hard", "FETCH_HEAD"]);
            edit(&kept, turn);
        }));
    }
    let ours = line("gradus, with its cache", &mut ours);
    for (at, part) in ["the look at the server", "the commit", "the push"]
        .into_iter()
        .enumerate()
    {
        line(
            &format!("  of that {part}"),
            &mut each.iter().map(|parts| parts[at]).collect::<Vec<_>>(),
        );
    }
    let first = line("gradus, the first time, without a cache", &mut first);
    let clone = line("shell: shallow clone, edit, commit, push", &mut clone);
    let pull = line("shell: pull in a clone that is kept, edit, …, push", &mut pull);
    println!(
        "shallow clone over gradus with its cache {:31.1} times",
        clone / ours
    );
    println!(
        "shallow clone over gradus without a cache {:30.1} times",
        clone / first
    );
    println!("pull over gradus with its cache {:40.1} times", pull / ours);
}
