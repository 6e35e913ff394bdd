//! `edit`: writes the release into somebody else's file, and nothing else.

use super::leaf::{format, which};
use super::{Files, Occasion, Step, StepError, address};
use crate::{Field, NameOf, Shape};
use gradus_edit::{
    Argocd, ArgocdField, ByPath, EditError, Flux, Helm, Kustomize, Manifest, New, Path, Pin, Plain,
    Reference, Target, Template,
};
use gradus_model::{FileAddress, Release, Settings};

pub(super) static STEP: Step = Step {
    name: "edit",
    about: "Writes the release into a file that belongs to others: exactly the one value, with the proof that nothing else changed.",
    fields: &[
        Field::required(
            "repository",
            "The repository, by its name in this policy.",
            Shape::Name(NameOf::Repository),
        ),
        Field::required(
            "file",
            "The file, such as overlays/${environment}/kustomization.yaml.",
            Shape::Text,
        ),
        Field::required(
            "as",
            "What the file is to the tool that reads it; path is one value by its path, line one line by its key.",
            Shape::Choice(&["kustomize", "helm", "manifest", "argocd", "flux", "path", "line"]),
        ),
        Field::optional(
            "image",
            "The image, by its name in the file; the artifact's, if left out.",
            Shape::Text,
        ),
        Field::optional(
            "artifact",
            "The artifact that is written; not needed where there is only one.",
            Shape::Text,
        ),
        Field::optional(
            "pin",
            "What is written of an image: the tag and the digest, or one of them; both, if left out.",
            Shape::Choice(&["both", "digest", "tag"]),
        ),
        Field::optional(
            "tag",
            "The tag; the version, if left out: v${release.version}.",
            Shape::Text,
        ),
        Field::optional(
            "path",
            "The path of the value: image.tag, containers[name=web].image.",
            Shape::Text,
        ),
        Field::optional("key", "The key of the line.", Shape::Text),
        Field::optional("value", "What is written; the version, if left out.", Shape::Text),
        Field::optional(
            "write",
            "What is written instead of a text: the artifact's digest, or its name with the digest.",
            Shape::Choice(&["version", "digest", "image"]),
        ),
        Field::optional(
            "behind",
            "The mark in the value behind which the version stands, such as ?ref= in the source of a module.",
            Shape::Text,
        ),
        Field::optional(
            "format",
            "How the file is written; its ending says it, if left out.",
            Shape::Choice(&["yaml", "json", "toml", "hcl", "lines"]),
        ),
        Field::optional(
            "document",
            "Which of several documents: Deployment/web, or its number from 0.",
            Shape::Text,
        ),
        Field::optional(
            "component",
            "The part of the values that holds the image, such as web.",
            Shape::Text,
        ),
        Field::optional(
            "container",
            "The container's name; any, if left out.",
            Shape::Text,
        ),
        Field::optional(
            "parameter",
            "The name of the Helm parameter of an Argo CD Application.",
            Shape::Text,
        ),
        Field::optional(
            "source",
            "Which of several sources of an Argo CD Application, from 0.",
            Shape::Count { least: 0 },
        ),
    ],
    files,
    edit,
    acts: false,
};

fn files(settings: &Settings) -> Vec<FileAddress> {
    address(settings).into_iter().collect()
}

fn edit(settings: &Settings, occasion: &Occasion<'_>, before: &Files) -> Result<Files, StepError> {
    let wrong = |message: String| StepError {
        step: "edit".to_owned(),
        message,
    };
    let address = address(settings).ok_or_else(|| wrong("it names no file".to_owned()))?;
    let text = before.get(&address).and_then(Option::as_deref);
    let text =
        text.ok_or_else(|| wrong(format!("there is no {} in {}", address.path, address.repository)))?;
    let refused = |error: EditError| wrong(format!("{}:{error} [{}]", address.path, error.code()));
    let target = target(settings, &address.path, occasion.release).map_err(refused)?;
    let new = New {
        version: &occasion.release.version,
        artifacts: &occasion.release.artifacts,
    };
    let edited = gradus_edit::edit(text, &target, &new).map_err(refused)?;
    Ok(Files::from([(address, Some(edited.text))]))
}

fn target(settings: &Settings, file: &str, release: &Release) -> Result<Target, EditError> {
    let owned = |name: &str| settings.text(name).map(str::to_owned);
    let path = |name: &str| settings.text(name).map(Path::new).transpose();
    let artifact = owned("artifact");
    let which = which(settings);
    let image = owned("image");
    Ok(match settings.text("as").unwrap_or_default() {
        "kustomize" => Target::Kustomize(Kustomize {
            image: image.or(artifact).unwrap_or_else(|| only(release)),
            reference: reference(settings)?,
        }),
        "helm" => Target::Helm(Helm {
            component: path("component")?,
            reference: reference(settings)?,
        }),
        "manifest" => Target::Manifest(Manifest {
            which,
            image,
            container: owned("container"),
            reference: reference(settings)?,
        }),
        "flux" => Target::Flux(Flux {
            which,
            component: path("component")?,
            image,
            reference: reference(settings)?,
        }),
        "argocd" => Target::Argocd(Argocd {
            which,
            source: settings.number("source").map(|number| number as usize),
            field: argocd_field(settings)?,
            artifact,
        }),
        "line" => Target::Plain(Plain {
            key: owned("key").unwrap_or_default(),
            value: value(settings)?,
            artifact,
        }),
        _ => Target::Path(ByPath {
            behind: owned("behind"),
            format: format(settings, file),
            which,
            path: Path::new(settings.text("path").unwrap_or_default())?,
            value: value(settings)?,
            artifact,
        }),
    })
}

/// The name of a release's artifact, where there is only one.
fn only(release: &Release) -> String {
    match release.artifacts.as_slice() {
        [artifact] => artifact.name.clone(),
        _ => String::new(),
    }
}

fn argocd_field(settings: &Settings) -> Result<ArgocdField, EditError> {
    let texts = (
        settings.text("parameter"),
        settings.text("path"),
        settings.text("image"),
    );
    Ok(match texts {
        (Some(name), ..) => ArgocdField::Parameter(name.to_owned(), value(settings)?),
        (_, Some(path), _) => ArgocdField::Value(Path::new(path)?, value(settings)?),
        (.., Some(image)) => ArgocdField::Image(image.to_owned()),
        _ => ArgocdField::Revision(value(settings)?),
    })
}

fn reference(settings: &Settings) -> Result<Reference, EditError> {
    Ok(Reference {
        artifact: settings.text("artifact").map(str::to_owned),
        pin: match settings.text("pin") {
            Some("digest") => Pin::Digest,
            Some("tag") => Pin::Tag,
            _ => Pin::Both,
        },
        tag: settings
            .text("tag")
            .map_or_else(|| Ok(Template::version()), Template::new)?,
    })
}

fn value(settings: &Settings) -> Result<Template, EditError> {
    match (settings.text("write"), settings.text("value")) {
        (Some("digest"), _) => Template::new("${digest}"),
        (Some("image"), _) => Template::new("${name}@${digest}"),
        (_, Some(text)) => Template::new(text),
        _ => Ok(Template::version()),
    }
}
