//! The reference of `gradus.yaml` for people, made from the grammar.

use crate::grammar::POLICY;
use gradus_parts::{CHECKS, Field, GATES, STEPS, Shape};
use std::fmt::Write as _;

/// Every field of a policy, and every part that it can be put together from, as Markdown.
pub fn reference() -> String {
    let mut out = String::from("# The policy, field by field\n\n");
    out.push_str(
        "Everything that may stand in `gradus.yaml`. Whatever is not listed is an error with a place.\n",
    );
    out.push_str("`${app}`, `${environment}` and `${release.version}` are filled in; nothing else is.\n");
    record(&mut out, "", POLICY);
    let gates = GATES.iter().map(|gate| (gate.name, gate.about, gate.fields));
    parts(&mut out, "Gates", gates);
    let steps = STEPS.iter().map(|step| (step.name, step.about, step.fields));
    parts(&mut out, "Delivery steps", steps);
    let checks = CHECKS.iter().map(|check| (check.name, check.about, check.fields));
    parts(&mut out, "Checks", checks);
    out
}

fn record(out: &mut String, path: &str, fields: &[Field]) {
    let title = if path.is_empty() { "the file" } else { path };
    let _ = writeln!(out, "\n## `{title}`\n");
    table(out, fields);
    for field in fields {
        let below = if path.is_empty() {
            field.name.to_owned()
        } else {
            format!("{path}.{}", field.name)
        };
        inside(out, &below, &field.shape);
    }
}

/// The records within a shape get a section of their own.
fn inside(out: &mut String, path: &str, shape: &Shape) {
    match shape {
        Shape::Record(fields) => record(out, path, fields),
        Shape::Map { key, of } => inside(out, &format!("{path}.{}", key.word().to_uppercase()), of),
        Shape::List { of, .. } => inside(out, &format!("{path}[]"), of),
        Shape::Either(choices) => choices.iter().for_each(|choice| inside(out, path, choice)),
        _ => {}
    }
}

fn table(out: &mut String, fields: &[Field]) {
    out.push_str("| field | takes | meaning |\n|---|---|---|\n");
    for field in fields {
        let must = if field.required { " (required)" } else { "" };
        let about = field.about.replace('|', "\\|");
        let _ = writeln!(
            out,
            "| `{}`{must} | {} | {about} |",
            field.name,
            words(&field.shape)
        );
    }
}

type PartRow = (&'static str, &'static str, &'static [Field]);

fn parts(out: &mut String, title: &str, known: impl Iterator<Item = PartRow>) {
    let _ = writeln!(out, "\n# {title}");
    for (name, about, fields) in known {
        let _ = writeln!(out, "\n## `{name}`\n\n{about}\n");
        if !fields.is_empty() {
            table(out, fields);
        }
    }
}

/// What may stand there, in words.
fn words(shape: &Shape) -> String {
    match shape {
        Shape::Flag => "`true` or `false`".to_owned(),
        Shape::Count { least } => format!("a whole number from {least}"),
        Shape::Number => "a number".to_owned(),
        Shape::Percent => "a share, such as `80%`".to_owned(),
        Shape::Period => "a length of time, such as `15m`".to_owned(),
        Shape::Text => "words".to_owned(),
        Shape::Choice(choices) => format!("`{}`", choices.join("`, `")),
        Shape::Branch => "a branch pattern, such as `release/v{semver}`".to_owned(),
        Shape::Name(of) => format!("the name of {} {}", article(of.word()), of.word()),
        Shape::List { of, .. } => format!("a list; each: {}", words(of)),
        Shape::Map { key, of } => format!("by {}: {}", key.word(), words(of)),
        Shape::Record(_) => "fields, see below".to_owned(),
        Shape::Either(choices) => {
            let each: Vec<String> = choices.iter().map(words).collect();
            each.join("; or ")
        }
        Shape::Gates => "a list of gates".to_owned(),
        Shape::Steps => "a list of delivery steps".to_owned(),
        Shape::Checks => "a list of checks".to_owned(),
    }
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    }
}
