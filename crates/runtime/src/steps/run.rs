//! `run`: a program on this machine, without a shell, with little to see and an end.

use super::{Act, ActError};
use gradus_model::Period;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

pub(crate) const NOT_HERE: &str =
    "programs may not be run here: \"run\": true in .gradus/server.json allows it";
pub(crate) const WITHIN: Period = Period::from_secs(300);
/// How much of what it says is kept.
const SHOWN: usize = 2_000;
/// What it sees of the environment beside what is said about the promotion.
const PASSED_ON: [&str; 4] = ["PATH", "HOME", "LANG", "TMPDIR"];

pub(super) fn act(act: &Act<'_>, folder: Option<&Path>) -> Result<String, ActError> {
    let folder = folder.ok_or_else(|| ActError::Lasting(NOT_HERE.to_owned()))?;
    let about = [
        ("GRADUS_KEY", act.key.to_owned()),
        ("GRADUS_ABOUT", act.about.to_string()),
    ];
    let settings = &act.part.settings;
    let within = settings.period("within").unwrap_or(WITHIN).duration();
    let observe = settings.list("observe");
    if !observe.is_empty() {
        match run(observe, &about, folder, within)? {
            (Some(0), _) => return Ok("it had happened already".to_owned()),
            (Some(1), _) => {}
            (code, said) => return Err(ActError::Passing(told(observe, code, &said))),
        }
    }
    let command = settings.list("command");
    let (code, said) = run(command, &about, folder, within)?;
    let text = told(command, code, &said);
    if code == Some(0) {
        Ok(text)
    } else {
        Err(ActError::Lasting(text))
    }
}

pub(crate) fn told(command: &[String], code: Option<i32>, said: &str) -> String {
    let program = command.first().map(String::as_str).unwrap_or_default();
    let end = code.map_or("was stopped".to_owned(), |code| format!("ended with {code}"));
    let said = said.trim();
    if said.is_empty() {
        format!("{program} {end}")
    } else {
        format!("{program} {end}: {said}")
    }
}

/// Runs a program to its end, or stops it. What it says goes through a file, so that one that says
/// very much neither waits for us nor fills the memory.
pub(crate) fn run(
    words: &[String],
    about: &[(&str, String)],
    folder: &Path,
    within: Duration,
) -> Result<(Option<i32>, String), ActError> {
    let lasting = |error: std::io::Error| {
        let program = words.first().map(String::as_str).unwrap_or_default();
        ActError::Lasting(format!("{program} cannot be run: {error}"))
    };
    let Some((program, arguments)) = words.split_first() else {
        return Err(ActError::Lasting("no program is named".to_owned()));
    };
    let (mut said, screen) = std::io::pipe().map_err(lasting)?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::null());
    command
        .stdout(screen.try_clone().map_err(lasting)?)
        .stderr(screen);
    for name in PASSED_ON {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.envs(about.iter().map(|(name, value)| (name, value)));
    let mut child = command.spawn().map_err(lasting)?;
    // The program's own ends of the pipe are the only ones left now.
    drop(command);
    let reader = std::thread::spawn(move || {
        let mut kept = Vec::new();
        let mut piece = [0u8; 4096];
        while let Ok(length @ 1..) = said.read(&mut piece) {
            kept.extend_from_slice(&piece[..length]);
            let excess = kept.len().saturating_sub(SHOWN);
            kept.drain(..excess);
        }
        kept
    });
    let Some(status) = end_of(&mut child, within).map_err(lasting)? else {
        return Err(ActError::Lasting(format!(
            "{program} took longer than allowed and was stopped"
        )));
    };
    let kept = reader.join().unwrap_or_default();
    Ok((status.code(), String::from_utf8_lossy(&kept).into_owned()))
}

/// Waits for a program to end; none, where it took too long and was stopped.
pub(crate) fn end_of(child: &mut Child, within: Duration) -> std::io::Result<Option<ExitStatus>> {
    let begun = Instant::now();
    loop {
        match child.try_wait()? {
            Some(status) => return Ok(Some(status)),
            None if begun.elapsed() > within => {
                // It may have ended in this moment; then there is nothing to stop.
                let _ = child.kill();
                let _ = child.wait();
                return Ok(None);
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}
