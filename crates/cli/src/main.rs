//! The `gradus` command: one file for each verb, and one place where an outcome becomes an exit code.

mod args;
mod error;
mod output;
mod report;
mod sentence;
mod server;
mod verbs;
mod workspace;

use args::{Gradus, Verb};
use clap::Parser as _;
use error::{Failed, Outcome};
use output::Output;
use std::process::ExitCode;

fn main() -> ExitCode {
    let gradus = match Gradus::try_parse() {
        Ok(gradus) => gradus,
        Err(error) => {
            let help = !error.use_stderr();
            // Nobody is left to tell when the terminal itself is gone.
            let _ = error.print();
            return ExitCode::from(if help { 0 } else { 2 });
        }
    };
    let output = Output::new(gradus.common.json);
    match run(&gradus, &output) {
        Ok(exit) => ExitCode::from(exit),
        Err(failed) => {
            output.failed(&failed);
            ExitCode::from(failed.exit)
        }
    }
}

/// The table of contents: what each verb leads to.
fn run(gradus: &Gradus, output: &Output) -> Outcome {
    let common = &gradus.common;
    match &gradus.verb {
        Verb::Demo(args) => verbs::demo::run(args, output),
        Verb::Init(args) => verbs::init::run(args, common, output),
        Verb::Check => verbs::check::run(common, output),
        Verb::Schema => verbs::check::schema(output),
        Verb::Status(args) => verbs::status::run(args, common, output),
        Verb::Release(args) => verbs::release::run(args, common, output),
        Verb::Evidence(args) => verbs::evidence::run(args, common, output),
        Verb::Plan(args) => verbs::promote::plan(args, common, output),
        Verb::Promote(args) => verbs::promote::promote(args, common, output),
        Verb::Rollback(args) => verbs::promote::rollback(args, common, output),
        Verb::Approve(args) => verbs::people::approve(args, common, output),
        Verb::Reject(args) => verbs::people::reject(args, common, output),
        Verb::Cancel(args) => verbs::people::cancel(args, common, output),
        Verb::Explain(args) => verbs::explain::run(args, common, output),
        Verb::Promotion(args) => verbs::promotion::run(args, common, output),
        Verb::History(args) => verbs::promotion::history(args, common, output),
        Verb::Drift(args) => verbs::drift::run(args, common, output),
        Verb::Where(args) => verbs::whereabouts::run(args, common, output),
        Verb::Diff(args) => verbs::diff::run(args, common, output),
        Verb::Pull(args) => verbs::pull::run(args, common, output),
        Verb::Parity(args) => verbs::parity::run(args, common, output),
        Verb::Halt(args) => verbs::halt::run(args, true, common, output),
        Verb::Resume(args) => verbs::halt::run(args, false, common, output),
        Verb::Audit(args) => verbs::audit::run(args, common, output),
        Verb::Worker(args) => verbs::worker::run(args, common, output),
        Verb::Doctor => verbs::doctor::run(common, output),
        Verb::Completions(args) => verbs::shell::completions(args),
        Verb::Man => verbs::shell::man(output),
    }
}

/// A failure that a verb did not expect.
pub(crate) fn internal(what: &str, error: impl std::fmt::Display) -> Failed {
    Failed::new("failed", format!("{what}: {error}"), "", 1)
}
