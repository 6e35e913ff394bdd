//! Kustomizations: the entry of an image, and what kustomize itself makes of the result.

use crate::{DIGEST, IMAGE, OLD, changes, promote, refuses};
use gradus_edit::{Kustomize, Pin, Reference, Target, Template};

fn image(name: &str, pin: Pin) -> Target {
    Target::Kustomize(Kustomize {
        image: name.to_owned(),
        reference: Reference {
            pin,
            ..Reference::default()
        },
    })
}

const BASE: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: web # prod\nresources:\n  - ../../base\nimages:\n  - name: web\n    newName: ghcr.io/acme/web\n    newTag: v1.4.0 # the release\n    digest: sha256:0000000000000000000000000000000000000000000000000000000000000000\n  - name: ghcr.io/acme/side\n    newTag: \"7.0\"\n";

#[test]
fn tag_and_digest_change_together() {
    let both = [("v1.4.0", "\"2.0.0\""), (OLD, DIGEST)];
    changes(BASE, &image("web", Pin::Both), "2.0.0", &both);
    changes(
        &BASE.replace('\n', "\r\n"),
        &image("web", Pin::Both),
        "2.0.0",
        &both,
    );
    changes(
        &format!("\u{feff}{BASE}"),
        &image("web", Pin::Both),
        "2.0.0",
        &both,
    );
    changes(BASE.trim_end(), &image("web", Pin::Both), "2.0.0", &both);
    let flow = format!("images: [{{name: web, newTag: v1, digest: '{OLD}'}}, {{name: x, newTag: v7}}]\n");
    changes(
        &flow,
        &image("web", Pin::Both),
        "2.0.0",
        &[("v1", "\"2.0.0\""), (OLD, DIGEST)],
    );
    let indentless = "images:\n- name: a\n  newTag: 'v1'\n- name: web\n  newTag: 'v7'\n";
    changes(indentless, &image("a", Pin::Tag), "2.0.0", &[("'v1'", "'2.0.0'")]);
    changes(indentless, &image("web", Pin::Tag), "1.10", &[("'v7'", "'1.10'")]);
}

#[test]
fn a_tag_always_stands_in_quotes() {
    for tag in ["1.10", "1e10", "0123", "v2", "20240501", "on"] {
        changes(
            "images:\n- name: web\n  newTag: v1\n",
            &image("web", Pin::Tag),
            tag,
            &[("v1", &format!("\"{tag}\""))],
        );
    }
    changes(
        "images:\n- name: web\n  newTag: 1.10\n",
        &image("web", Pin::Tag),
        "1.10",
        &[("1.10", "\"1.10\"")],
    );
}

#[test]
fn what_an_entry_lacks_is_added_to_it() {
    let digest_line = format!("\n    digest: {DIGEST}");
    let text = "images:\n  - name: web # ours\n    newName: ghcr.io/acme/web\n  - name: b\n";
    changes(
        text,
        &image("web", Pin::Digest),
        "2",
        &[("acme/web", &format!("acme/web{digest_line}"))],
    );
    let text = "images:\n  - name: web # ours\n  - name: b\n";
    changes(
        text,
        &image("web", Pin::Digest),
        "2",
        &[("# ours", &format!("# ours{digest_line}"))],
    );
    let text = "images:\n  - name: web\n    newTag: v1 # c\n";
    changes(
        text,
        &image("web", Pin::Both),
        "2.0",
        &[("v1 # c", &format!("\"2.0\" # c{digest_line}"))],
    );
    let text = "images:\n  - name: web";
    changes(
        text,
        &image("web", Pin::Both),
        "2.0",
        &[("web", &format!("web\n    newTag: \"2.0\"{digest_line}"))],
    );
    let text = "images:\r\n  - name: b\r\n  - name: web\r\nx: 1\r\n";
    changes(
        text,
        &image("web", Pin::Tag),
        "2.0",
        &[("web", "web\r\n    newTag: \"2.0\"")],
    );
    let text = format!("images:\n  - digest: {OLD}\n    name: web\n");
    let added = [("web", "web\n    newTag: \"2.0\""), (OLD, DIGEST)];
    changes(&text, &image("web", Pin::Both), "2.0", &added);
    let text = "images: [{name: web}, {name: b}]\n";
    changes(
        text,
        &image("web", Pin::Tag),
        "2.0",
        &[("web", "web, newTag: \"2.0\"")],
    );
    let text = "images:\n  -   name: web\n  # between\n  -   name: b\n";
    changes(
        text,
        &image("web", Pin::Tag),
        "2.0",
        &[("web", "web\n      newTag: \"2.0\"")],
    );
    let text = "images:\n- name: web\n  newTag:\n";
    changes(
        text,
        &image("web", Pin::Tag),
        "2.0",
        &[("newTag:", "newTag: \"2.0\"")],
    );
}

#[test]
fn names_match_as_kustomize_matches_them() {
    let text = "images:\n- name: docker.io/library/nginx\n  newTag: v1\n- name: nginx\n  newTag: v7\n";
    changes(text, &image("nginx", Pin::Tag), "8", &[("v7", "\"8\"")]);
    changes(
        text,
        &image("docker.io/library/nginx", Pin::Tag),
        "8",
        &[("v1", "\"8\"")],
    );
    let only = "images:\n- name: docker.io/library/nginx\n  newTag: v1\n";
    refuses(only, &image("nginx", Pin::Tag), "edit.not_found", "2:3");
    let error = promote(only, &image("nginx", Pin::Tag), "8").unwrap_err();
    assert!(
        error
            .to_string()
            .contains("did you mean docker.io/library/nginx?"),
        "{error}"
    );
}

#[test]
fn what_would_mislead_is_refused() {
    refuses(BASE, &image("web", Pin::Digest), "edit.conflict", "7:5");
    refuses(BASE, &image("web", Pin::Tag), "edit.conflict", "7:5");
    refuses(BASE, &image("wbe", Pin::Both), "edit.not_found", "7:3");
    refuses(
        "resources: [a]\n",
        &image("web", Pin::Both),
        "edit.not_found",
        "1:1",
    );
    let twice = "images:\n- name: web\n  newTag: a\n- name: web\n  newTag: b\n";
    refuses(twice, &image("web", Pin::Tag), "edit.ambiguous", "4:3");
    refuses(
        "images: {name: web}\n",
        &image("web", Pin::Tag),
        "edit.shape",
        "1:9",
    );
    refuses(
        "images:\n- name: web\n  newTag: a\n  newTag: b\n",
        &image("web", Pin::Tag),
        "edit.duplicate",
        "4:3",
    );
    refuses(
        "images:\n- &x {name: web, newTag: a}\n",
        &image("web", Pin::Tag),
        "edit.alias",
        "2:3",
    );
    refuses(
        "x: &x {newTag: a}\nimages:\n- name: web\n  <<: *x\n",
        &image("web", Pin::Tag),
        "edit.merge",
        "4:3",
    );
    let marked = "images:\n- name: web\n  newTag: a # {\"$imagepolicy\": \"flux-system:web:tag\"}\n";
    refuses(marked, &image("web", Pin::Tag), "edit.marker", "3:11");
    refuses(
        "images:\n- newTag: a\n",
        &image("web", Pin::Tag),
        "edit.not_found",
        "2:3",
    );
    refuses(
        "images:\n- name: web\n  newTag: [a]\n",
        &image("web", Pin::Tag),
        "edit.shape",
        "3:11",
    );
}

#[test]
fn a_tag_can_have_its_own_form() {
    let target = |template: &str, artifact: &str| {
        Target::Kustomize(Kustomize {
            image: "web".to_owned(),
            reference: Reference {
                artifact: Some(artifact.to_owned()),
                pin: Pin::Tag,
                tag: Template::new(template).unwrap(),
            },
        })
    };
    let text = "images:\n- name: web\n  newTag: v1\n";
    changes(text, &target("v${version}", IMAGE), "2.0", &[("v1", "\"v2.0\"")]);
    let error = promote(text, &target("v${version}", "other"), "2.0").unwrap_err();
    assert_eq!(error.code(), "edit.artifact");
    let error = promote(text, &target("a/${version}", IMAGE), "2.0").unwrap_err();
    assert_eq!(error.code(), "edit.value");
}

/// What kustomize makes of a kustomization over one pod.
fn render(text: &str) -> String {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  initContainers: [{name: i, image: 'web:x'}]\n  containers: [{name: w, image: web}]\n";
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("pod.yaml"), pod).unwrap();
    std::fs::write(dir.path().join("kustomization.yaml"), text).unwrap();
    let out = std::process::Command::new("kubectl")
        .arg("kustomize")
        .arg(dir.path())
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{text}\n{}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn kustomize_renders_the_new_digest() {
    if std::process::Command::new("kubectl")
        .args(["version", "--client"])
        .output()
        .is_err()
    {
        eprintln!("skipped: kubectl is not installed");
        return;
    }
    let block = BASE.replace("../../base", "pod.yaml");
    let flow = format!(
        "resources: [pod.yaml]\nimages: [{{name: web, newName: {IMAGE}, newTag: v1, digest: '{OLD}'}}]\n"
    );
    for before in [
        block.clone(),
        block.replace('\n', "\r\n"),
        block.trim_end().to_owned(),
        flow,
    ] {
        for tag in ["1.10", "1e10", "0123", "on", "2.0.0"] {
            let after = promote(&before, &image("web", Pin::Both), tag).unwrap().text;
            let (old, new) = (render(&before), render(&after));
            assert_eq!(
                (old.matches(OLD).count(), old.matches(DIGEST).count()),
                (2, 0),
                "{old}"
            );
            assert_eq!(
                (new.matches(OLD).count(), new.matches(DIGEST).count()),
                (0, 2),
                "{new}"
            );
            assert!(new.contains(&format!("{IMAGE}:{tag}@{DIGEST}")), "{new}");
        }
    }
    let bare = format!("resources: [pod.yaml]\nimages:\n- name: web # ours\n  newName: {IMAGE}\n");
    for (pin, wanted) in [
        (Pin::Digest, format!("{IMAGE}@{DIGEST}")),
        (Pin::Tag, format!("{IMAGE}:1.10")),
        (Pin::Both, format!("{IMAGE}:1.10@{DIGEST}")),
    ] {
        let after = promote(&bare, &image("web", pin), "1.10").unwrap().text;
        let count = render(&after).matches(&format!("image: {wanted}\n")).count();
        // A digest alone takes the place of whatever tag was there.
        assert_eq!(count, 2, "{after}\n{}", render(&after));
    }
}
