//! Whole files as teams keep them: exactly the lines that were meant change.

use crate::{DIGEST, IMAGE, by_path, promote, refuses};
use gradus_edit::{
    Argocd, ArgocdField, ByPath, Flux, Format, Helm, Manifest, Path, Pin, Plain, Reference, Target, Template,
    Which,
};

const VALUES: &str = include_str!("../files/values.yaml");
const DEPLOYMENT: &str = include_str!("../files/deployment.yaml");
const APPLICATION: &str = include_str!("../files/application.yaml");
const RELEASE: &str = include_str!("../files/helmrelease.yaml");
const TERRAGRUNT: &str = include_str!("../files/terragrunt.hcl");
const ENV: &str = include_str!("../files/compose.env");

/// Demands that exactly these lines change, by their numbers from 1, with either kind of line end and without
/// the last one.
#[track_caller]
fn lines(text: &str, target: impl Into<Target>, expected: &[(usize, &str)]) {
    let target = target.into();
    for text in [
        text.to_owned(),
        text.replace('\n', "\r\n"),
        text.trim_end().to_owned(),
    ] {
        let edited =
            promote(&text, &target, "2.0.0").unwrap_or_else(|error| panic!("{} {error}", error.code()));
        let (old, new): (Vec<&str>, Vec<&str>) =
            (text.split('\n').collect(), edited.text.split('\n').collect());
        assert_eq!(old.len(), new.len());
        let changed: Vec<(usize, &str)> = (1..)
            .zip(old.iter().zip(&new))
            .filter(|(_, (old, new))| old != new)
            .map(|(at, (_, new))| (at, new.trim_matches(['\r', ' '])))
            .collect();
        assert_eq!(changed, expected);
    }
}

fn reference(pin: Pin) -> Reference {
    Reference {
        pin,
        ..Reference::default()
    }
}

#[test]
fn values_of_an_umbrella_chart() {
    let digest = format!("digest: '{DIGEST}'");
    let web = Helm {
        component: Some(Path::new("web").unwrap()),
        reference: reference(Pin::Both),
    };
    lines(
        VALUES,
        web,
        &[
            (13, "tag: \"2.0.0\"         # written by promotion"),
            (14, &digest),
        ],
    );
    lines(
        VALUES,
        by_path(Format::Yaml, "web.env[name=MODE].value", "off"),
        &[(19, "- {name: MODE, value: 'off'}")],
    );
    lines(
        VALUES,
        by_path(
            Format::Yaml,
            "ingress.annotations.\"cert-manager.io/issuer\"",
            "x",
        ),
        &[(36, "\"cert-manager.io/issuer\": x")],
    );
    let part = ByPath {
        format: Format::Yaml,
        which: Which::default(),
        path: Path::new("web.\"config.yaml\"").unwrap(),
        behind: Some("  tag: ".into()),
        value: Template::version(),
        artifact: None,
    };
    lines(VALUES, part, &[(24, "tag: 2.0.0")]);
    let worker = Helm {
        component: Some(Path::new("worker").unwrap()),
        reference: reference(Pin::Tag),
    };
    refuses(VALUES, &worker.into(), "edit.artifact", "29:5");
}

#[test]
fn manifests_in_one_file() {
    let to = format!("{IMAGE}:2.0.0@{DIGEST}");
    lines(
        DEPLOYMENT,
        Manifest::default(),
        &[
            (28, &format!("image: \"{to}\"   # same image, other command")),
            (32, &format!("image: {to}")),
            (54, &format!("- image: {to}")),
        ],
    );
    let sweep = Manifest {
        container: Some("sweep".into()),
        reference: reference(Pin::Tag),
        ..Manifest::default()
    };
    lines(DEPLOYMENT, sweep, &[(54, &format!("- image: {IMAGE}:2.0.0"))]);
}

#[test]
fn an_application_with_two_sources() {
    let field = |source, field| Argocd {
        which: Which::default(),
        source: Some(source),
        field,
        artifact: None,
    };
    lines(
        APPLICATION,
        field(0, ArgocdField::Revision(Template::version())),
        &[(13, "targetRevision: 2.0.0")],
    );
    let parameter = |name: &str| ArgocdField::Parameter(name.into(), Template::version());
    lines(
        APPLICATION,
        field(0, parameter("web.image.tag")),
        &[(20, "value: 2.0.0")],
    );
    lines(
        APPLICATION,
        field(0, parameter("worker.image.tag")),
        &[(22, "value: '2.0.0'")],
    );
    let value = ArgocdField::Value(Path::new("web.image.tag").unwrap(), Template::version());
    lines(
        APPLICATION,
        field(0, value),
        &[(25, "web: {image: {tag: 2.0.0}}")],
    );
    let web = format!("- {IMAGE}={IMAGE}@{DIGEST}");
    lines(
        APPLICATION,
        field(1, ArgocdField::Image(IMAGE.into())),
        &[(31, &web)],
    );
    let envoy = format!("- envoy=reg.example.com:5000/envoy@{DIGEST}");
    lines(
        APPLICATION,
        field(1, ArgocdField::Image("envoy".into())),
        &[(32, &envoy)],
    );
}

#[test]
fn a_release_of_flux() {
    let which = Which {
        kind: Some("HelmRelease".into()),
        ..Which::default()
    };
    let web = Flux {
        which: which.clone(),
        reference: reference(Pin::Tag),
        ..Flux::default()
    };
    lines(RELEASE, web, &[(24, "tag: 2.0.0 # prod")]);
    let target = Target::Path(ByPath {
        format: Format::Yaml,
        which,
        path: Path::new("spec.values.metrics.image.tag").unwrap(),
        behind: None,
        value: Template::version(),
        artifact: None,
    });
    refuses(RELEASE, &target, "edit.marker", "28:14");
}

#[test]
fn a_unit_of_terragrunt() {
    let source = ByPath {
        format: Format::Hcl,
        which: Which::default(),
        path: Path::new("terraform.source").unwrap(),
        behind: Some("?ref=".into()),
        value: Template::new("v${version}").unwrap(),
        artifact: None,
    };
    lines(
        TERRAGRUNT,
        source,
        &[(
            12,
            "source = \"${local.base}//shop?ref=v2.0.0\" // moved by promotion",
        )],
    );
    let tag = by_path(Format::Hcl, "inputs.image_tag", "${version}");
    lines(TERRAGRUNT, tag, &[(24, "image_tag = \"2.0.0\" # ours")]);
    let image = by_path(Format::Hcl, "inputs.image", "${name}@${digest}");
    lines(
        TERRAGRUNT,
        image,
        &[(25, &format!("image     = \"{IMAGE}@{DIGEST}\""))],
    );
    refuses(
        TERRAGRUNT,
        &by_path(Format::Hcl, "inputs.tags.version", "x"),
        "edit.shape",
        "27:10",
    );
    refuses(
        TERRAGRUNT,
        &by_path(Format::Hcl, "inputs.name", "x"),
        "edit.shape",
        "23:15",
    );
}

#[test]
fn an_environment_of_compose() {
    let line = |key: &str, value: &str| Plain {
        key: key.into(),
        value: Template::new(value).unwrap(),
        artifact: None,
    };
    lines(ENV, line("WEB_TAG", "${version}"), &[(3, "export WEB_TAG=2.0.0")]);
    let image = format!("WEB_IMAGE=\"{IMAGE}@{DIGEST}\"   # with the tag");
    lines(ENV, line("WEB_IMAGE", "${name}@${digest}"), &[(4, &image)]);
    lines(
        ENV,
        line("WORKER_TAG", "${version}"),
        &[(5, "WORKER_TAG='2.0.0'")],
    );
}
