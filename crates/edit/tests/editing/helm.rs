//! Values files in the usual layouts.

use crate::{DIGEST, OLD, changes, refuses};
use gradus_edit::{Helm, Path, Pin, Reference, Target};

fn helm(component: &str, pin: Pin) -> Target {
    Target::Helm(Helm {
        component: (!component.is_empty()).then(|| Path::new(component).unwrap()),
        reference: Reference {
            pin,
            ..Reference::default()
        },
    })
}

fn split() -> String {
    format!(
        "# Default values for web.\nreplicaCount: 2\n\nimage:\n  registry: ghcr.io\n  repository: acme/web\n  # Overrides the chart's appVersion.\n  tag: \"1.4.0\"\n  digest: {OLD}\n  pullPolicy: IfNotPresent\n\nservice: {{type: ClusterIP, port: 80}}\n"
    )
}

#[test]
fn the_usual_layouts() {
    let both = [("1.4.0", "2.0.0"), (OLD, DIGEST)];
    changes(&split(), &helm("", Pin::Both), "2.0.0", &both);
    changes(
        &split().replace('\n', "\r\n"),
        &helm("", Pin::Both),
        "2.0.0",
        &both,
    );
    let whole = split().replace(
        "  registry: ghcr.io\n  repository: acme/web",
        "  repository: ghcr.io/acme/web",
    );
    changes(&whole, &helm("", Pin::Both), "2.0.0", &both);
    let global = "global:\n  image:\n    repository: ghcr.io/acme/web\n    tag: v1\n";
    changes(global, &helm("", Pin::Tag), "2.0.0", &[("v1", "2.0.0")]);
    let umbrella = "api:\n  image: {repository: ghcr.io/acme/api, tag: a}\nweb:\n  image: {repository: ghcr.io/acme/web, tag: b}\n";
    changes(umbrella, &helm("web", Pin::Tag), "2.0.0", &[("b}", "2.0.0}")]);
    let listed = "parts:\n- name: web\n  image:\n    repository: ghcr.io/acme/web\n    tag: v1\n- name: x\n  image: y\n";
    changes(
        listed,
        &helm("parts[name=web]", Pin::Tag),
        "2.0.0",
        &[("v1", "2.0.0")],
    );
    let direct = "webImage:\n  repository: ghcr.io/acme/web\n  tag: v1\n";
    changes(direct, &helm("webImage", Pin::Tag), "2.0.0", &[("v1", "2.0.0")]);
    changes(
        "image:\n  tag: v1\n",
        &helm("", Pin::Tag),
        "2.0.0",
        &[("v1", "2.0.0")],
    );
    changes(
        "image:\n  tag: ''\n  digest:\n",
        &helm("", Pin::Digest),
        "2",
        &[("digest:", &format!("digest: {DIGEST}"))],
    );
    changes(
        "image:\n  tag:\n",
        &helm("", Pin::Tag),
        "2.0.0",
        &[("tag:", "tag: 2.0.0")],
    );
    changes(
        "image:\n  tag: v1\n  digest: \"\"\n",
        &helm("", Pin::Tag),
        "2.0.0",
        &[("v1", "2.0.0")],
    );
}

#[test]
fn references_in_one_text() {
    let both = format!(":2.0.0@{DIGEST}");
    for (text, pin, old, new) in [
        (
            "image: ghcr.io/acme/web:1.4.0 # c\n",
            Pin::Tag,
            ":1.4.0",
            ":2.0.0",
        ),
        (
            "image: ghcr.io/acme/web:1.4.0 # c\n",
            Pin::Both,
            ":1.4.0",
            both.as_str(),
        ),
        ("image: \"ghcr.io/acme/web\"\n", Pin::Tag, "web", "web:2.0.0"),
        (
            "image: 'ghcr.io/acme/web@sha256:00'\n",
            Pin::Tag,
            "@sha256:00",
            ":2.0.0",
        ),
        (
            "{\"image\": \"ghcr.io/acme/web:a@sha256:00\"}",
            Pin::Both,
            ":a@sha256:00",
            both.as_str(),
        ),
    ] {
        changes(text, &helm("", pin), "2.0.0", &[(old, new)]);
    }
    let web = "web:\n  image: ghcr.io/acme/web:1.4.0\n";
    changes(web, &helm("web", Pin::Tag), "2.0.0", &[("1.4.0", "2.0.0")]);
}

#[test]
fn tags_that_look_like_numbers_are_quoted() {
    for tag in ["1e10", "0123", "on", "1.10", "12345e7"] {
        changes(
            "image:\n  tag: v1\n",
            &helm("", Pin::Tag),
            tag,
            &[("v1", &format!("\"{tag}\""))],
        );
        changes("image:\n  tag: 'v1'\n", &helm("", Pin::Tag), tag, &[("v1", tag)]);
    }
}

#[test]
fn what_only_the_chart_knows_is_refused() {
    refuses(&split(), &helm("", Pin::Tag), "edit.conflict", "5:3");
    refuses(&split(), &helm("", Pin::Digest), "edit.conflict", "5:3");
    refuses(&split(), &helm("web", Pin::Both), "edit.not_found", "2:1");
    refuses(
        "image:\n  tag: v1\n",
        &helm("", Pin::Both),
        "edit.not_found",
        "2:3",
    );
    refuses(
        "image:\n  repository: x/y\n  tag: v1\n",
        &helm("", Pin::Tag),
        "edit.artifact",
        "2:3",
    );
    refuses("image: x/y:v1\n", &helm("", Pin::Tag), "edit.artifact", "1:8");
    refuses("image:\n", &helm("", Pin::Tag), "edit.shape", "1:7");
    refuses(
        "image: {tag: a}\nglobal: {image: {tag: b}}\n",
        &helm("", Pin::Tag),
        "edit.conflict",
        "2:17",
    );
    refuses(
        "image:\n  repository: ghcr.io/acme/web\n",
        &helm("", Pin::Tag),
        "edit.not_found",
        "2:3",
    );
    refuses("image: &i {tag: v1}\n", &helm("", Pin::Tag), "edit.alias", "1:8");
    refuses(
        "image:\n  tag: {{ .Values.tag }}\n",
        &helm("", Pin::Tag),
        "edit.template",
        "2:9",
    );
    refuses("image: [a]\n", &helm("", Pin::Tag), "edit.shape", "1:8");
}
