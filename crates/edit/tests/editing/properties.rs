//! Random documents and random paths: the proof holds, or there is a refusal; nothing panics.

use crate::documents::{Tree, tree, write};
use crate::{by_path, promote};
use gradus_edit::{
    Argocd, ArgocdField, Flux, Format, Helm, Kustomize, Manifest, Path, Pin, Plain, Reference, Target,
    Template, Which,
};
use proptest::prelude::*;

const FORMATS: [Format; 4] = [Format::Yaml, Format::Json, Format::Toml, Format::Hcl];

/// Values that can be written: no placeholders, no template text.
fn value() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z0-9._/@:+-]{1,16}", "[ -~é世]{1,12}", "[0-9eE.:_+-]{1,6}"]
        .prop_filter("placeholders and template text", |text| {
            !text.contains("${") && !text.contains("{{")
        })
}

/// Every target that reads this format.
fn targets(format: Format) -> Vec<Target> {
    let reference = |pin| Reference {
        pin,
        ..Reference::default()
    };
    let argocd = |field| {
        Target::Argocd(Argocd {
            which: Which::default(),
            source: None,
            field,
            artifact: None,
        })
    };
    let mut all = vec![by_path(format, "plain", "x"), by_path(format, "k0", "1.10")];
    if format == Format::Yaml {
        all.extend([
            Target::Kustomize(Kustomize {
                image: "web".into(),
                reference: reference(Pin::Both),
            }),
            Target::Helm(Helm {
                component: None,
                reference: reference(Pin::Tag),
            }),
            Target::Manifest(Manifest {
                reference: reference(Pin::Digest),
                ..Manifest::default()
            }),
            argocd(ArgocdField::Revision(Template::version())),
            argocd(ArgocdField::Parameter("web".into(), Template::version())),
            argocd(ArgocdField::Image("web".into())),
            Target::Flux(Flux {
                reference: reference(Pin::Tag),
                ..Flux::default()
            }),
            Target::Plain(Plain {
                key: "plain".into(),
                value: Template::version(),
                artifact: None,
            }),
        ]);
    }
    all
}

/// Whatever happens, an edit that counts can be repeated without effect.
fn stable(text: &str, target: &Target) {
    if let Ok(edited) = promote(text, target, "2.0.0") {
        let again = promote(&edited.text, target, "2.0.0").unwrap();
        assert_eq!((again.text, again.changes.len()), (edited.text, 0), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_leaf_changes_and_no_byte_beside_it(
        tree in tree(),
        value in value(),
        pick in any::<prop::sample::Index>(),
        crlf in any::<bool>(),
        mark in any::<bool>(),
        cut in any::<bool>(),
    ) {
        for format in FORMATS {
            let mut written = write(&tree, format, crlf);
            if written.leaves.is_empty() {
                continue;
            }
            if cut {
                let end = written.leaves.iter().map(|(_, span)| span.end).max().unwrap_or(0);
                let length = written.text.trim_end().len().max(end);
                written.text.truncate(length);
            }
            let (path, span) = &written.leaves[pick.index(written.leaves.len())];
            let shift = if mark { 3 } else { 0 };
            let text = format!("{}{}", if mark { "\u{feff}" } else { "" }, written.text);
            let (before, after) = (&text[..span.start + shift], &text[span.end + shift..]);
            let target = by_path(format, path, &value);
            if text[span.start + shift..span.end + shift].contains("{{") {
                prop_assert_eq!(promote(&text, &target, "1").unwrap_err().code(), "edit.template");
                continue;
            }
            let edited = promote(&text, &target, "1")
                .unwrap_or_else(|error| panic!("{} {error}\n{path}\n{text}", error.code()));
            prop_assert!(edited.text.starts_with(before), "{}\n{}", text, edited.text);
            prop_assert!(edited.text.ends_with(after), "{}\n{}", text, edited.text);
            if let Some(change) = edited.changes.first() {
                prop_assert_eq!(&change.after, &value);
            }
            stable(&text, &target);
        }
    }

    #[test]
    fn broken_documents_are_edited_rightly_or_refused(
        tree in tree(),
        holes in prop::collection::vec((any::<prop::sample::Index>(), "[\\[\\]{}:,#&*!|>'\"%@`=.\\\\ \t\r\n-]{0,2}", 0..3_usize), 1..4),
        pick in any::<prop::sample::Index>(),
    ) {
        for format in FORMATS {
            let written = write(&tree, format, false);
            let mut text = written.text.clone();
            for (at, new, length) in &holes {
                let start = text.floor_char_boundary(at.index(text.len() + 1));
                let end = text.ceil_char_boundary((start + length).min(text.len()));
                text.replace_range(start..end, new);
            }
            for target in targets(format) {
                stable(&text, &target);
            }
            if !written.leaves.is_empty() {
                let (path, _) = &written.leaves[pick.index(written.leaves.len())];
                stable(&text, &by_path(format, path, "1.10"));
            }
        }
    }

    #[test]
    fn no_text_and_no_path_makes_a_panic(text in "\\PC{0,60}|[\\[\\]{}:,#&*!|>'\"%@`=.\\\\ \t\r\na-]{0,60}", path in "\\PC{0,20}") {
        for format in [Format::Yaml, Format::Json, Format::Toml, Format::Hcl, Format::Lines] {
            for target in targets(format) {
                stable(&text, &target);
            }
        }
        if let Ok(read) = Path::new(&path) {
            prop_assert_eq!(Path::new(&read.to_string()), Ok(read));
        }
        let _ = Template::new(&path);
    }

    #[test]
    fn manifests_and_kustomizations_with_holes(
        holes in prop::collection::vec((any::<prop::sample::Index>(), "[\\[\\]{}:,#&*!|>'\"%@ \t\r\n-]{0,2}", 0..4_usize), 0..4),
    ) {
        let base = "kind: Kustomization\nimages:\n- name: web # é\n  newTag: v1\n- {name: api, digest: 'x'}\nspec:\n  containers:\n  - image: ghcr.io/acme/web:v1\nimage: {tag: v1}\nplain: x\n";
        let mut text = base.to_owned();
        for (at, new, length) in &holes {
            let start = text.floor_char_boundary(at.index(text.len() + 1));
            let end = text.ceil_char_boundary((start + length).min(text.len()));
            text.replace_range(start..end, new);
        }
        for target in targets(Format::Yaml) {
            stable(&text, &target);
        }
    }
}

#[test]
fn generated_documents_have_leaves() {
    let tree = Tree::Map(
        vec![
            Tree::List(vec![Tree::Leaf("a".into(), 1)], 1),
            Tree::Leaf(String::new(), 0),
        ],
        0,
    );
    for format in FORMATS {
        let written = write(&tree, format, true);
        assert_eq!(written.leaves.len(), 2, "{}", written.text);
    }
}
