//! `gradus init`

use crate::args::{Common, Init};
use crate::error::{DONE, Failed, Outcome};
use crate::output::Output;
use crate::workspace::POLICY;
use gradus_policy::TEMPLATES;

pub(crate) fn run(args: &Init, common: &Common, output: &Output) -> Outcome {
    let Some(template) = TEMPLATES.iter().find(|template| template.name == args.template) else {
        let known: Vec<_> = TEMPLATES.iter().map(|template| template.name).collect();
        return Err(Failed::usage(
            format!("there is no template {}", args.template),
            format!("there are {}", known.join(", ")),
        ));
    };
    let dir = args
        .dir
        .clone()
        .or_else(|| common.workspace.clone())
        .unwrap_or_default();
    let file = dir.join(POLICY);
    if file.exists() {
        return Err(Failed::usage(
            format!("{} is there already", file.display()),
            "gradus check reads it",
        ));
    }
    let schema = serde_json::to_string_pretty(&gradus_policy::schema()).unwrap_or_default() + "\n";
    let written = (if dir.as_os_str().is_empty() {
        Ok(())
    } else {
        std::fs::create_dir_all(&dir)
    })
    .and_then(|()| std::fs::write(&file, template.text))
    .and_then(|()| std::fs::write(dir.join("gradus.schema.json"), schema));
    written.map_err(|error| {
        Failed::new(
            "workspace.read_only",
            format!("{} cannot be written: {error}", file.display()),
            "choose a folder that you may write to",
            1,
        )
    })?;
    output.data(&serde_json::json!({ "file": file, "template": template.name }));
    output.line(&format!(
        "wrote {} ({}: {})",
        file.display(),
        template.name,
        template.about
    ));
    output.say("next: gradus check");
    Ok(DONE)
}
