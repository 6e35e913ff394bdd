//! `gradus diff`

use crate::args::{Common, Diff};
use crate::error::{DONE, Outcome};
use crate::output::{Output, Style};
use crate::workspace::Workspace;
use gradus_engine::{AppState, ReleaseState, Step};
use gradus_model::{AppName, Commit, EnvironmentName, FileEdit, Version};
use gradus_runtime::HandsError;
use serde_json::{Value, json};
use std::cmp::Ordering;

/// What one environment has that another has not yet: the releases, the commits they were built from, and
/// the files that would change.
pub(crate) fn run(args: &Diff, common: &Common, output: &Output) -> Outcome {
    let workspace = Workspace::open(common)?;
    let (from, to) = (
        workspace.environment(&args.from)?,
        workspace.environment(&args.to)?,
    );
    let mut rows = Vec::new();
    for name in workspace.policy.apps.keys() {
        let state = workspace.state(name)?;
        let apart = Apart::new(&state, &from, &to);
        let shown = |version: &Option<Version>| version.as_ref().map_or("–".to_owned(), ToString::to_string);
        let (here, there) = (shown(&apart.here), shown(&apart.there));
        let head = format!("{name}: {here} in {from}, {there} in {to}: ");
        output.styled(&[(Style::Strong, &head), (Style::Plain, &apart.words(&from, &to))]);
        let files = match &apart.here {
            Some(version) if apart.here != apart.there => files(&workspace, (name, &state), version, &to),
            _ => Ok(Vec::new()),
        };
        show(output, &apart, &files);
        rows.push(told(name, &apart, &apart.words(&from, &to), &files));
    }
    output.data(&rows);
    Ok(DONE)
}

/// How far two environments of an app are apart.
struct Apart<'a> {
    here: Option<Version>,
    there: Option<Version>,
    order: Ordering,
    /// The releases that one has passed and the other has not, the oldest first.
    between: Vec<&'a ReleaseState>,
    /// The commits that the two releases were built from.
    commits: (Option<Commit>, Option<Commit>),
}

impl<'a> Apart<'a> {
    fn new(state: &'a AppState, from: &EnvironmentName, to: &EnvironmentName) -> Self {
        let version = |place| state.current(place).map(|now| now.version.clone());
        let (here, there) = (version(from), version(to));
        let order = |version: &Option<Version>| version.as_ref().and_then(|version| state.order(version));
        let (first, last) = (order(&there), order(&here));
        let releases = state.releases.values();
        let newer = releases.filter(|release| Some(release.order) > first && Some(release.order) <= last);
        let mut between: Vec<&ReleaseState> = newer.collect();
        between.sort_by_key(|release| release.order);
        let commit = |version: &Option<Version>| {
            let release = state.releases.get(version.as_ref()?)?;
            release.release.commit.clone()
        };
        Apart {
            commits: (commit(&there), commit(&here)),
            order: first.cmp(&last),
            between,
            here,
            there,
        }
    }

    fn words(&self, from: &EnvironmentName, to: &EnvironmentName) -> String {
        match (self.order, &self.here) {
            (_, None) => format!("nothing is in {from}"),
            (Ordering::Equal, _) => "the same".to_owned(),
            (Ordering::Less, _) => format!("{to} is behind by {}", self.between.len()),
            (Ordering::Greater, _) => format!("{to} is ahead of {from}"),
        }
    }
}

/// The files that would change if the release were put there, as they are now.
fn files(
    workspace: &Workspace,
    (app, state): (&AppName, &AppState),
    version: &Version,
    to: &EnvironmentName,
) -> Result<Vec<FileEdit>, HandsError> {
    let runtime = workspace.runtime(&|_| {});
    let nothing = gradus_engine::WorkspaceState::default();
    let world = runtime.world(app, (state, &nothing));
    // However it would come there: what is written is the same.
    let Some(step) = Step::back(&world, version, to).filter(|step| step.rules.is_some()) else {
        return Ok(Vec::new());
    };
    let (plan, _) = runtime.plan_step(&step)?;
    let changes = plan.edits.into_iter().filter(|edit| edit.before != edit.after);
    Ok(changes.collect())
}

fn show(output: &Output, apart: &Apart<'_>, files: &Result<Vec<FileEdit>, HandsError>) {
    for release in &apart.between {
        let release = &release.release;
        let commit = release
            .commit
            .as_ref()
            .map(|commit| format!(" {}", commit.short()));
        let notes = release.notes.lines().next().unwrap_or_default();
        let (version, branch) = (&release.version, &release.branch);
        let line = format!("  {version} from {branch}{} {notes}", commit.unwrap_or_default());
        output.line(line.trim_end());
    }
    if let (Some(old), Some(new)) = &apart.commits
        && old != new
    {
        output.line(&format!("  commits {}..{}", old.short(), new.short()));
    }
    match files {
        Ok(files) => files.iter().for_each(|edit| file(output, edit)),
        Err(error) => output.styled(&[(Style::Hint, &format!("  files unknown: {error}"))]),
    }
}

fn file(output: &Output, edit: &FileEdit) {
    let count = |sign: char| edit.lines.iter().filter(|line| line.starts_with(sign)).count();
    let address = &edit.address;
    output.line(&format!(
        "  {} in {}: +{} -{}",
        address.path,
        address.repository,
        count('+'),
        count('-')
    ));
}

fn told(app: &AppName, apart: &Apart<'_>, words: &str, files: &Result<Vec<FileEdit>, HandsError>) -> Value {
    let releases: Vec<_> = apart.between.iter().map(|release| &release.release).collect();
    json!({
        "app": app, "from": apart.here, "to": apart.there, "state": words, "releases": releases,
        "commits": { "from": apart.commits.1, "to": apart.commits.0 }, "files": files.as_ref().ok(),
        "unknown": files.as_ref().err().map(ToString::to_string),
    })
}
