//! Plain manifests: containers by the image that they run.

use crate::{DIGEST, changes, promote, refuses};
use gradus_edit::{Manifest, Pin, Reference, Target, Which};

fn image(image: Option<&str>, pin: Pin) -> Target {
    Target::Manifest(Manifest {
        image: image.map(str::to_owned),
        reference: Reference {
            pin,
            ..Reference::default()
        },
        ..Manifest::default()
    })
}

fn ours() -> Target {
    image(None, Pin::Digest)
}

const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      initContainers:\n        - name: migrate\n          image: ghcr.io/acme/migrate:1\n      containers:\n        - name: web\n          image: ghcr.io/acme/web:1.4.0 # ours\n          ports: [{containerPort: 80}]\n        - name: proxy\n          image: envoy:v1\n";

#[test]
fn every_kind_of_pod() {
    let to = format!("web@{DIGEST}");
    changes(DEPLOYMENT, &ours(), "2", &[("web:1.4.0", &to)]);
    changes(
        DEPLOYMENT,
        &image(None, Pin::Both),
        "2.0",
        &[("web:1.4.0", &format!("web:2.0@{DIGEST}"))],
    );
    changes(
        DEPLOYMENT,
        &image(None, Pin::Tag),
        "2.0",
        &[("web:1.4.0", "web:2.0")],
    );
    changes(
        &DEPLOYMENT.replace('\n', "\r\n"),
        &ours(),
        "2",
        &[("web:1.4.0", &to)],
    );
    changes(DEPLOYMENT.trim_end(), &ours(), "2", &[("web:1.4.0", &to)]);
    for kind in ["StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Rollout"] {
        let text = DEPLOYMENT.replace("Deployment", kind);
        changes(&text, &ours(), "2", &[("web:1.4.0", &to)]);
    }
    let init = DEPLOYMENT.replace("acme/migrate:1", "acme/web:v7");
    changes(&init, &ours(), "2", &[("web:1.4.0", &to), ("web:v7", &to)]);
    let pod = "kind: Pod\nspec:\n  ephemeralContainers: [{name: d, image: 'ghcr.io/acme/web:1'}]\n  containers: []\n";
    changes(pod, &ours(), "2", &[("web:1", &to)]);
    let cron = "kind: CronJob\nspec:\n  schedule: \"0 3 * * *\"\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n          - image: \"ghcr.io/acme/web\"\n            name: c\n";
    changes(cron, &ours(), "2", &[("acme/web", &format!("acme/{to}"))]);
    let list = format!(
        "kind: List\nitems:\n- kind: ConfigMap\n  data: {{a: b}}\n- {}",
        pod.replace('\n', "\n  ")
    );
    changes(list.trim_end(), &ours(), "2", &[("web:1", &to)]);
    let template = "kind: PodTemplate\ntemplate:\n  spec:\n    containers:\n    - {name: a, image: ghcr.io/acme/web:1}\n";
    changes(template, &ours(), "2", &[("web:1", &to)]);
}

#[test]
fn every_document_of_a_file() {
    let to = format!("web@{DIGEST}");
    let service = "kind: Service\nspec: {selector: {app: web}}\n";
    changes(
        &format!("{service}---\n{DEPLOYMENT}"),
        &ours(),
        "2",
        &[("web:1.4.0", &to)],
    );
    let two = format!(
        "{DEPLOYMENT}---\n{}",
        DEPLOYMENT
            .replace("1.4.0", "1.3.0")
            .replace("name: web\nspec", "name: old\nspec")
    );
    changes(&two, &ours(), "2", &[("web:1.4.0", &to), ("web:1.3.0", &to)]);
    let one = Target::Manifest(Manifest {
        which: Which {
            name: Some("old".into()),
            ..Which::default()
        },
        reference: Reference {
            pin: Pin::Digest,
            ..Reference::default()
        },
        ..Manifest::default()
    });
    changes(&two, &one, "2", &[("web:1.3.0", &to)]);
    let twice = DEPLOYMENT.replace("envoy:v1", "ghcr.io/acme/web:v7");
    let named = Target::Manifest(Manifest {
        container: Some("proxy".into()),
        reference: Reference {
            pin: Pin::Digest,
            ..Reference::default()
        },
        ..Manifest::default()
    });
    changes(&twice, &named, "2", &[("web:v7", &to)]);
}

#[test]
fn registries_with_ports_and_other_names() {
    let port = DEPLOYMENT.replace("ghcr.io/acme/web:1.4.0", "reg:5000/app:v7");
    changes(
        &port,
        &image(Some("reg:5000/app"), Pin::Digest),
        "2",
        &[("app:v7", &format!("app@{DIGEST}"))],
    );
    changes(
        &port,
        &image(Some("reg:5000/app"), Pin::Both),
        "2",
        &[("app:v7", &format!("app:2@{DIGEST}"))],
    );
    let bare = DEPLOYMENT.replace("ghcr.io/acme/web:1.4.0", "reg:5000/app");
    changes(
        &bare,
        &image(Some("reg:5000/app"), Pin::Tag),
        "2",
        &[("5000/app", "5000/app:2")],
    );
    refuses(&port, &image(Some("reg"), Pin::Digest), "edit.not_found", "1:1");
    refuses(&port, &image(Some("app"), Pin::Digest), "edit.not_found", "1:1");
}

#[test]
fn what_is_not_there_or_not_clear_is_refused() {
    refuses(
        "kind: ConfigMap\ndata: {a: b}\n",
        &ours(),
        "edit.not_found",
        "1:1",
    );
    refuses("", &ours(), "edit.not_found", "1:1");
    let error = promote(DEPLOYMENT, &image(Some("ghcr.io/acme/wbe"), Pin::Digest), "2").unwrap_err();
    assert!(
        error.to_string().contains("did you mean ghcr.io/acme/web?"),
        "{error}"
    );
    let alias = "kind: Pod\nx: &c [{image: ghcr.io/acme/web:1}]\nspec:\n  containers: *c\n";
    refuses(alias, &ours(), "edit.alias", "4:15");
    let anchor = DEPLOYMENT.replace("image: ghcr.io/acme/web", "image: &i ghcr.io/acme/web");
    refuses(&anchor, &ours(), "edit.alias", "13:18");
    let templated = DEPLOYMENT.replace("ghcr.io/acme/web:1.4.0", "{{ .Values.image }}");
    refuses(&templated, &ours(), "edit.template", "13:19");
    let marked = DEPLOYMENT.replace("# ours", "# {\"$imagepolicy\": \"flux-system:web\"}");
    refuses(&marked, &ours(), "edit.marker", "13:18");
    let twice = DEPLOYMENT.replace("          ports:", "          image: a\n          ports:");
    refuses(&twice, &ours(), "edit.duplicate", "14:11");
}
