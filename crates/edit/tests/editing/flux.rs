//! Flux HelmReleases and Kustomizations.

use crate::{DIGEST, IMAGE, OLD, changes, refuses};
use gradus_edit::{Flux, Path, Pin, Reference, Target, Which};

fn flux(component: &str, image: &str, pin: Pin) -> Target {
    let word = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Target::Flux(Flux {
        which: Which::default(),
        component: word(component).map(|path| Path::new(&path).unwrap()),
        image: word(image),
        reference: Reference {
            pin,
            ..Reference::default()
        },
    })
}

const RELEASE: &str = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: web\n  namespace: prod\nspec:\n  interval: 5m\n  chart: {spec: {chart: web, version: 3.x}}\n  values:\n    replicaCount: 2\n    image:\n      repository: ghcr.io/acme/web\n      tag: v7 # ours\n    sidecar:\n      image: ghcr.io/acme/web:v8\n";
const KUSTOMIZATION: &str = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\nspec:\n  path: ./apps\n  prune: true\n  images:\n  - name: ghcr.io/acme/web\n    newTag: v7\n  - name: other\n    newTag: v8\n";

#[test]
fn helm_releases() {
    changes(RELEASE, &flux("", "", Pin::Tag), "2.0.0", &[("v7", "2.0.0")]);
    changes(RELEASE, &flux("", "", Pin::Tag), "1.10", &[("v7", "\"1.10\"")]);
    changes(
        &RELEASE.replace('\n', "\r\n"),
        &flux("", "", Pin::Tag),
        "2.0.0",
        &[("v7", "2.0.0")],
    );
    changes(
        RELEASE,
        &flux("sidecar", "", Pin::Digest),
        "2",
        &[("web:v8", &format!("web@{DIGEST}"))],
    );
    let digest = RELEASE.replace("tag: v7", &format!("tag: v7\n      digest: {OLD}"));
    changes(
        &digest,
        &flux("", "", Pin::Both),
        "2.0.0",
        &[("v7", "2.0.0"), (OLD, DIGEST)],
    );
    let flow = "kind: HelmRelease\nspec: {values: {image: {tag: v1, pullPolicy: Always}}}\n";
    changes(flow, &flux("", "", Pin::Tag), "2.0.0", &[("v1", "2.0.0")]);
    let whole = "kind: HelmRelease\nspec:\n  values:\n    image: ghcr.io/acme/web:v1\n";
    changes(
        whole,
        &flux("", "", Pin::Both),
        "2.0",
        &[("web:v1", &format!("web:2.0@{DIGEST}"))],
    );
}

#[test]
fn kustomizations() {
    changes(
        KUSTOMIZATION,
        &flux("", "", Pin::Tag),
        "2.0.0",
        &[("v7", "\"2.0.0\"")],
    );
    changes(
        KUSTOMIZATION,
        &flux("", "other", Pin::Tag),
        "2.0.0",
        &[("v8", "\"2.0.0\"")],
    );
    changes(
        KUSTOMIZATION,
        &flux("", IMAGE, Pin::Tag),
        "2.0.0",
        &[("v7", "\"2.0.0\"")],
    );
    let added = format!("\"2.0.0\"\n    digest: {DIGEST}");
    changes(
        KUSTOMIZATION,
        &flux("", "", Pin::Both),
        "2.0.0",
        &[("v7", &added)],
    );
    changes(
        KUSTOMIZATION.trim_end(),
        &flux("", "other", Pin::Both),
        "2.0.0",
        &[("v8", &added)],
    );
    let two = format!("{RELEASE}---\n{KUSTOMIZATION}");
    let kind = Target::Flux(Flux {
        which: Which {
            kind: Some("Kustomization".into()),
            ..Which::default()
        },
        image: Some("other".into()),
        reference: Reference {
            pin: Pin::Tag,
            ..Reference::default()
        },
        ..Flux::default()
    });
    changes(
        &two.replace("web:v8", "web:v9"),
        &kind,
        "2.0.0",
        &[("v8", "\"2.0.0\"")],
    );
    refuses(&two, &flux("", "", Pin::Tag), "edit.documents", "17:1");
}

#[test]
fn lines_of_another_bot_are_refused() {
    for (marker, pin) in [
        ("{\"$imagepolicy\": \"flux-system:web:tag\"}", Pin::Tag),
        ("{\"$imagepolicy\": \"flux-system:web\"}", Pin::Tag),
        ("ours, {\"$imagepolicy\":\"flux-system:web:digest\"}", Pin::Both),
    ] {
        let text = RELEASE.replace("v7 # ours", &format!("v7 # {marker}"));
        let text = text.replace("      tag", "      digest: x\n      tag");
        refuses(
            &text.replace("digest: x", "digest: ''"),
            &flux("", "", pin),
            "edit.marker",
            "14:12",
        );
    }
    let text = KUSTOMIZATION.replace("v7", "v7 # {\"$imagepolicy\": \"flux-system:web:tag\"}");
    refuses(&text, &flux("", "", Pin::Tag), "edit.marker", "9:13");
    changes(
        &text,
        &flux("", "other", Pin::Tag),
        "2.0.0",
        &[("v8", "\"2.0.0\"")],
    );
}

#[test]
fn what_is_something_else_is_refused() {
    refuses(
        "kind: ImagePolicy\n",
        &flux("", "", Pin::Tag),
        "edit.conflict",
        "1:1",
    );
    refuses("a: b\n", &flux("", "", Pin::Tag), "edit.conflict", "1:1");
    refuses(KUSTOMIZATION, &flux("", "wbe", Pin::Tag), "edit.not_found", "8:5");
    refuses(RELEASE, &flux("sidecra", "", Pin::Tag), "edit.not_found", "10:5");
    refuses(
        "kind: HelmRelease\nspec: {chart: {}}\n",
        &flux("", "", Pin::Tag),
        "edit.not_found",
        "2:7",
    );
    let twice = KUSTOMIZATION.replace("name: other", "name: ghcr.io/acme/web");
    refuses(&twice, &flux("", "", Pin::Tag), "edit.ambiguous", "10:5");
}
