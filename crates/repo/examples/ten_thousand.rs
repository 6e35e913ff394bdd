//! One promotion written into a repository of ten thousand files and five thousand commits, against
//! the shell way (shallow clone, edit, commit, push), in one run over the same remote.
//!
//! `cargo run --release -p gradus-repo --example ten_thousand [URL]`
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program that measures")]

use gradus_repo::{Message, Repo};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

fn git(words: &[&str]) {
    let out = Command::new("git").args(words).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

/// The repository, by way of git's own import format.
fn fill(remote: &str) {
    git(&["init", "-q", "--bare", "-b", "main", remote]);
    let mut import = Command::new("git");
    let mut child = import
        .args(["-C", remote, "fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = std::io::BufWriter::new(child.stdin.take().unwrap());
    for commit in 0..5_000 {
        writeln!(
            to,
            "commit refs/heads/main\ncommitter a <a@x> {} +0000\ndata 1\nx",
            1_700_000_000 + commit
        )
        .unwrap();
        let files: Vec<usize> = if commit == 0 {
            (0..10_000).collect()
        } else {
            vec![commit * 7 % 10_000]
        };
        for file in files {
            let text = format!("app: a{file}\nversion: \"1.{commit}\"\nreplicas: 3\n");
            writeln!(
                to,
                "M 644 inline apps/{}/{file}.yaml\ndata {}\n{text}",
                file % 100,
                text.len()
            )
            .unwrap();
        }
    }
    drop(to);
    assert!(child.wait().unwrap().success());
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let remote = dir.path().join("remote.git").display().to_string();
    fill(&remote);
    let path = "apps/42/42.yaml";
    let repo = Repo::open(&dir.path().join("cache"), &remote, "main").unwrap();
    let promote = |number: usize| {
        let head = repo.fetch().unwrap();
        let text = repo.read(head.as_ref().unwrap(), path).unwrap().unwrap();
        let text = format!("{text}# {number}\n");
        let message = Message {
            text: format!("promotion {number}\n"),
            marker: format!("w/web-{number}"),
            at: "2026-11-21T10:00:00Z".parse().unwrap(),
        };
        let files = BTreeMap::from([(path.to_owned(), text)]);
        let commit = repo.commit(head.as_ref(), &files, &message).unwrap();
        repo.push(&commit, head.as_ref(), &format!("w/web-{number}"))
            .unwrap();
    };
    let begun = Instant::now();
    promote(0);
    println!(
        "gradus, the first time (fills its cache)  {:8.0} ms",
        begun.elapsed().as_secs_f64() * 1000.0
    );
    let time = |work: &dyn Fn(usize)| {
        let each = (1..=15).map(|number| {
            let begun = Instant::now();
            work(number);
            begun.elapsed().as_secs_f64() * 1000.0
        });
        median(each.collect())
    };
    let ours = time(&promote);
    let shell = time(&|number| {
        let work = dir.path().join(format!("work-{number}")).display().to_string();
        // A local path would be copied by links; the address keeps it honest.
        git(&["clone", "-q", "--depth", "1", &format!("file://{remote}"), &work]);
        let file = Path::new(&work).join(path);
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, format!("{text}# by hand {number}\n")).unwrap();
        git(&[
            "-C",
            &work,
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@x",
            "commit",
            "-qam",
            "x",
        ]);
        git(&["-C", &work, "push", "-q", "origin", "HEAD:main"]);
    });
    println!("gradus, each promotion after that         {ours:8.0} ms");
    println!("shallow clone, edit, commit, push         {shell:8.0} ms");
    println!("ratio                                     {:8.1}", shell / ours);
}
