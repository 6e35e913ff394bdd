//! Argo CD Applications.

use crate::{DIGEST, changes, promote, refuses};
use gradus_edit::{Argocd, ArgocdField, Path, Target, Template, Which};

fn target(source: Option<usize>, field: ArgocdField) -> Target {
    Target::Argocd(Argocd {
        which: Which::default(),
        source,
        field,
        artifact: None,
    })
}

fn revision() -> Target {
    target(None, ArgocdField::Revision(Template::version()))
}

fn parameter(name: &str) -> Target {
    target(None, ArgocdField::Parameter(name.to_owned(), Template::version()))
}

fn image(name: &str) -> Target {
    target(None, ArgocdField::Image(name.to_owned()))
}

const APP: &str = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  project: default\n  source:\n    repoURL: https://charts.example.com\n    chart: web\n    targetRevision: 1.4.0  # the chart\n    helm:\n      parameters:\n      - name: image.tag\n        value: v7\n      - {name: replicas, value: \"3\", forceString: false}\n      valuesObject:\n        image: {tag: v8}\n    kustomize:\n      images:\n      - web=ghcr.io/acme/web:v9\n      - reg:5000/app:v1\n      - reg:5000/side@sha256:00\n  destination: {name: in-cluster}\n";

#[test]
fn revisions() {
    changes(APP, &revision(), "2.0.0", &[("1.4.0", "2.0.0")]);
    changes(
        &APP.replace('\n', "\r\n"),
        &revision(),
        "2.0.0",
        &[("1.4.0", "2.0.0")],
    );
    changes(APP, &revision(), "1.10", &[("1.4.0", "\"1.10\"")]);
    let v = target(
        None,
        ArgocdField::Revision(Template::new("web-v${version}").unwrap()),
    );
    changes(APP, &v, "2.0.0", &[("1.4.0", "web-v2.0.0")]);
    let quoted = APP.replace("1.4.0", "'1.4.0'");
    changes(&quoted, &revision(), "2.0.0", &[("1.4.0", "2.0.0")]);
    let set = APP
        .replace("Application", "ApplicationSet")
        .replace("spec:\n", "spec:\n  generators: [{list: {elements: []}}]\n  template:\n    spec:\n      source: {targetRevision: v3}\n")
        .replace("  project", "  other");
    let set = set.split("  other").next().unwrap().to_owned();
    changes(&set, &revision(), "2.0.0", &[("v3", "2.0.0")]);
}

#[test]
fn one_of_several_sources() {
    let many = "kind: Application\nspec:\n  sources:\n  - repoURL: a\n    targetRevision: v1\n  - repoURL: b\n    targetRevision: v7\n";
    let nth = |at| target(Some(at), ArgocdField::Revision(Template::version()));
    changes(many, &nth(0), "2", &[("v1", "\"2\"")]);
    changes(many, &nth(1), "2", &[("v7", "\"2\"")]);
    refuses(many, &nth(2), "edit.not_found", "3:3");
    refuses(many, &revision(), "edit.ambiguous", "3:3");
    let single = "kind: Application\nspec:\n  sources:\n  - targetRevision: v1\n";
    changes(single, &revision(), "2.0.0", &[("v1", "2.0.0")]);
    changes(APP, &nth(0), "2.0.0", &[("1.4.0", "2.0.0")]);
    refuses(APP, &nth(1), "edit.not_found", "5:3");
}

#[test]
fn parameters_stay_texts() {
    changes(APP, &parameter("image.tag"), "2.0.0", &[("v7", "2.0.0")]);
    let forced = "\"1.10\"\n        forceString: true";
    changes(APP, &parameter("image.tag"), "1.10", &[("v7", forced)]);
    let already = APP.replace("value: v7", "value: 'v7'\n        forceString: true");
    changes(&already, &parameter("image.tag"), "1.10", &[("'v7'", "'1.10'")]);
    let flow = "kind: Application\nspec: {source: {helm: {parameters: [{name: t, value: v1}]}}}\n";
    changes(
        flow,
        &parameter("t"),
        "1e10",
        &[("v1", "\"1e10\", forceString: true")],
    );
    changes(APP, &parameter("replicas"), "v3", &[("\"3\"", "\"v3\"")]);
    let misread = promote(APP, &parameter("replicas"), "4").unwrap_err();
    assert_eq!(
        (misread.code(), misread.place.to_string().as_str()),
        ("edit.conflict", "14:51")
    );
}

#[test]
fn values_are_leaves() {
    let field = ArgocdField::Value(Path::new("image.tag").unwrap(), Template::version());
    changes(APP, &target(None, field.clone()), "2.0.0", &[("v8", "2.0.0")]);
    changes(APP, &target(None, field.clone()), "0123", &[("v8", "\"0123\"")]);
    refuses(
        "kind: Application\nspec: {source: {helm: {values: 'a: b'}}}\n",
        &target(None, field),
        "edit.not_found",
        "2:23",
    );
}

#[test]
fn images_are_always_written_out() {
    changes(
        APP,
        &image("web"),
        "2",
        &[("acme/web:v9", &format!("acme/web@{DIGEST}"))],
    );
    let to = format!("reg:5000/app=reg:5000/app@{DIGEST}");
    changes(APP, &image("reg:5000/app"), "2", &[("reg:5000/app:v1", &to)]);
    let to = format!("reg:5000/side=reg:5000/side@{DIGEST}");
    changes(
        APP,
        &image("reg:5000/side"),
        "2",
        &[("reg:5000/side@sha256:00", &to)],
    );
    let own = "kustomize:\n  images:\n  - 'web:1'\n";
    changes(
        own,
        &image("web"),
        "2",
        &[("web:1", &format!("web=web@{DIGEST}"))],
    );
    refuses(APP, &image("reg"), "edit.not_found", "19:9");
    let twice = APP.replace("reg:5000/side@sha256:00", "web=other");
    refuses(&twice, &image("web"), "edit.ambiguous", "21:9");
}

#[test]
fn what_is_something_else_is_refused() {
    refuses(
        "kind: Deployment\nspec: {source: {}}\n",
        &revision(),
        "edit.conflict",
        "1:1",
    );
    refuses("a: b\n", &revision(), "edit.conflict", "1:1");
    refuses(
        "kind: Application\nspec: {source: {path: x}}\n",
        &revision(),
        "edit.not_found",
        "2:16",
    );
    refuses(&format!("{APP}---\n{APP}"), &revision(), "edit.documents", "24:1");
    refuses(APP, &parameter("image.tga"), "edit.not_found", "12:9");
}
