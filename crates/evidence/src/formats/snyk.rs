//! Snyk's JSON, of one project or of several.

use super::Format;
use crate::draft::{Draft, add, lacks};
use crate::error::Result;
use crate::json::{self, Scalar, Slot};
use crate::recognise::{Head, Peek};
use crate::source::Bytes;
use crate::{Expect, Finding, Kind, Severity};

pub(super) static FORMAT: Format = Format {
    name: "snyk",
    kind: Kind::Vulnerabilities,
    about: "`snyk test --json`, of one project or of several.",
    empty_is_clean: false,
    recognise,
    exit: |code| match code {
        2 => Some("snyk failed"),
        3 => Some("snyk found no project that it knows"),
        _ => None,
    },
    read,
};

fn recognise(head: &Head) -> bool {
    let project = |peek: &Peek| {
        peek.has(&["ok"])
            && (peek.get("error").is_some()
                || peek.get("vulnerabilities").is_some()
                || peek.get("infrastructureAsCodeIssues").is_some())
    };
    head.json().and_then(Peek::first).is_some_and(project)
}

/// What a project says of itself.
#[derive(Default)]
struct Project {
    ok: Option<bool>,
    listed: bool,
    found: u64,
    unique: Option<u64>,
    dependencies: Option<u64>,
    error: Option<String>,
}

fn read(bytes: &mut Bytes<'_>, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    draft.tool = Some("snyk".to_owned());
    let shared = std::cell::RefCell::new((draft, Project::default(), 0_u64));
    json::read(bytes, expect, |slot| {
        let scalar = slot.visit(
            &mut |key, slot| {
                let (draft, project, _) = &mut *shared.borrow_mut();
                field(key, slot, project, expect, draft)
            },
            &mut |slot| {
                let (draft, _, projects) = &mut *shared.borrow_mut();
                add(projects, 1);
                whole(slot, expect, draft)
            },
        )?;
        let (draft, project, projects) = &mut *shared.borrow_mut();
        match scalar {
            Scalar::Map => settle(project, draft)?,
            Scalar::List if *projects > 0 => draft.fact_count("projects", *projects),
            _ => draft.doubt("nothing_examined", "the report holds no project"),
        }
        Ok(())
    })
}

fn whole(slot: &mut dyn Slot, expect: &Expect<'_>, draft: &mut Draft) -> Result<()> {
    let mut project = Project::default();
    slot.object(&mut |key, slot| field(key, slot, &mut project, expect, draft))?;
    settle(&project, draft)
}

fn field(
    key: &str,
    slot: &mut dyn Slot,
    project: &mut Project,
    expect: &Expect<'_>,
    draft: &mut Draft,
) -> Result<()> {
    match key {
        "ok" => project.ok = slot.flag()?,
        "uniqueCount" => project.unique = slot.count()?,
        "dependencyCount" => project.dependencies = slot.count()?,
        "projectName" => draft.name = slot.text()?,
        "error" => {
            project.error = match slot.scalar()? {
                Scalar::Text(text) => Some(text),
                Scalar::Null => None,
                _ => Some("it does not say why".to_owned()),
            };
        }
        "vulnerabilities" | "infrastructureAsCodeIssues" => {
            project.listed |= slot.list(&mut |slot| {
                add(&mut project.found, 1);
                draft.scan().add(finding(slot)?, expect)
            })?;
        }
        "filtered" => slot.object(&mut |_, slot| {
            slot.list(&mut |slot| {
                let mut ignored = finding(slot)?;
                ignored.suppressed = Some("ignored by policy".to_owned());
                draft.scan().add(ignored, expect)
            })
            .map(drop)
        })?,
        // Images bring the applications within them along.
        "applications" => drop(slot.list(&mut |slot| whole(slot, expect, draft))?),
        _ => {}
    }
    Ok(())
}

fn finding(slot: &mut dyn Slot) -> Result<Finding> {
    let mut found = Finding::new(None, Severity::Unknown, None);
    slot.object(&mut |key, slot| {
        match key {
            "id" => found.id = slot.id()?.unwrap_or_default(),
            "severity" => found.severity = slot.severity()?,
            "packageName" | "resource" => found.package = slot.text()?,
            "isIgnored" if slot.flag()? == Some(true) => found.suppressed = Some("ignored".to_owned()),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn settle(project: &Project, draft: &mut Draft) -> Result<()> {
    if let Some(error) = &project.error {
        draft.broken("tool_error", format!("snyk could not test the project: {error}"));
        return Ok(());
    }
    if project.ok.is_none() && !project.listed {
        return Err(lacks("ok and vulnerabilities"));
    }
    if !project.listed {
        draft.doubt("no_list", "a project lists no findings, not even none");
    }
    if project.dependencies == Some(0) {
        draft.doubt("nothing_examined", "snyk saw no dependency");
    }
    if project.ok == Some(false) && project.found == 0 {
        draft.red();
        draft.doubt("counters", "snyk calls the project vulnerable and lists nothing");
    }
    if project.ok == Some(true) && project.found > 0 {
        draft.note("counters", "snyk calls the project fine and lists findings");
    }
    if let Some(unique) = project.unique
        && unique > project.found
    {
        draft.doubt(
            "counters",
            format!("{unique} findings are declared and {} listed", project.found),
        );
    }
    Ok(())
}
