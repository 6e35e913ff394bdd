//! `gradus completions`, `gradus man`

use crate::args::{Completions, Gradus, Shell};
use crate::error::{DONE, Outcome};
use crate::output::Output;
use clap::CommandFactory as _;

pub(crate) fn completions(args: &Completions) -> Outcome {
    let shell = match args.shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
        Shell::Powershell => clap_complete::Shell::PowerShell,
        Shell::Elvish => clap_complete::Shell::Elvish,
    };
    clap_complete::generate(
        shell,
        &mut Gradus::command(),
        "gradus",
        &mut std::io::stdout().lock(),
    );
    Ok(DONE)
}

pub(crate) fn man(output: &Output) -> Outcome {
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(Gradus::command()).render(&mut page);
    rendered.map_err(|error| crate::internal("the manual page", error))?;
    output.raw(&String::from_utf8_lossy(&page));
    Ok(DONE)
}
