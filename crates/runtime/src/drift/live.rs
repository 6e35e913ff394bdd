//! What runs, as Argo CD sees it, against what was put there.

use super::Means;
use gradus_connect::Trouble;
use gradus_connect::argocd::Live;
use gradus_edit::Image;
use gradus_engine::{Step, checks, steps_back};
use gradus_model::{Artifact, Placed, Release, Rules, Settings};

/// An application, and what of it is otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Its name.
    pub application: String,
    /// The server that was asked.
    pub server: String,
    /// What is otherwise, in words; or why that cannot be told.
    pub otherwise: Result<Vec<String>, Trouble>,
}

/// Looks at every application that an environment's steps and checks name.
pub(super) fn running(means: Means<'_>, step: &Step<'_>, rules: &Rules) -> Vec<Running> {
    let release = &step.release.release;
    let steps = steps_back(step, rules);
    let tags = tags(&steps, release);
    let all = steps.into_iter().chain(checks(rules, release, &step.to));
    let mut found: Vec<Running> = Vec::new();
    for Placed { part, .. } in all.filter(|placed| placed.part.kind == "argocd") {
        let text = |name: &str| part.settings.text(name).unwrap_or_default().to_owned();
        let (application, server) = (text("app"), text("server"));
        if !found
            .iter()
            .any(|other| other.application == application && other.server == server)
        {
            found.push(Running {
                otherwise: look(means, &part.settings, &release.artifacts, &tags),
                application,
                server,
            });
        }
    }
    found
}

/// The tags under which the release is written: its version, where the steps do not say otherwise.
fn tags(steps: &[Placed], release: &Release) -> Vec<String> {
    let own = steps.iter().filter_map(|placed| placed.part.settings.text("tag"));
    own.map(str::to_owned)
        .chain([release.version.to_string()])
        .collect()
}

fn look(
    means: Means<'_>,
    application: &Settings,
    artifacts: &[Artifact],
    tags: &[String],
) -> Result<Vec<String>, Trouble> {
    let live = means.hands.live(application)?;
    let mut otherwise = cluster(&live);
    let images: Vec<Image<'_>> = live.images.iter().map(|text| Image::parse(text)).collect();
    let mut seen = false;
    for artifact in artifacts {
        let own = |image: &&Image<'_>| {
            image.name == artifact.name || image.digest == Some(artifact.digest.as_str())
        };
        for image in images.iter().filter(own) {
            seen = true;
            if !is_declared(image, artifact, tags) {
                otherwise.push(format!(
                    "runs {}, declared is {}",
                    shown(image),
                    artifact.digest.short()
                ));
            }
        }
    }
    match !seen && otherwise.is_empty() && !artifacts.is_empty() {
        true => Err(Trouble::inconclusive(
            "none of its images is known by name or digest",
        )),
        false => Ok(otherwise),
    }
}

/// Where there is a digest it alone counts; a tag can be moved, and is better than nothing.
fn is_declared(image: &Image<'_>, artifact: &Artifact, tags: &[String]) -> bool {
    match (image.digest, image.tag) {
        (Some(digest), _) => digest == artifact.digest.as_str(),
        (None, Some(tag)) => tags.iter().any(|own| own == tag),
        (None, None) => false,
    }
}

fn shown(image: &Image<'_>) -> String {
    let tag = image.tag.map(|tag| format!(":{tag}")).unwrap_or_default();
    let short = |digest: &str| digest.chars().take(19).collect::<String>();
    let digest = image
        .digest
        .map(|digest| format!("@{}", short(digest)))
        .unwrap_or_default();
    format!("{}{tag}{digest}", image.name)
}

/// What is other in the cluster than in the repository.
fn cluster(live: &Live) -> Vec<String> {
    if live.out_of_sync.is_empty() {
        return Vec::new();
    }
    let what = live.out_of_sync.join(", ");
    vec![match (live.by_hand, live.heals) {
        (true, true) => format!("{what} changed in the cluster, and is being changed back"),
        (true, false) => format!("{what} changed in the cluster, and nothing changes it back"),
        (false, _) => format!("{what} not yet as declared"),
    }]
}
