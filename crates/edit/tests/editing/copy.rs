//! Folders made equal.

use gradus_edit::{Copied, Files, Glob, copy};
use proptest::prelude::*;

fn files(pairs: &[(&str, &str)]) -> Files {
    pairs
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect()
}

fn globs(patterns: &[&str]) -> Vec<Glob> {
    patterns
        .iter()
        .map(|pattern| Glob::new(pattern).unwrap())
        .collect()
}

fn apply(target: &Files, changes: &[Copied]) -> Files {
    let mut after = target.clone();
    for change in changes {
        match change {
            Copied::Write { path, text } => after.insert(path.clone(), text.clone()),
            Copied::Delete { path } => after.remove(path),
        };
    }
    after
}

#[test]
fn the_target_becomes_the_source_except_for_what_it_keeps() {
    let source = files(&[
        ("a", "1"),
        ("b/c", "2"),
        ("env.yaml", "dev"),
        ("same", "x"),
        ("new", "n"),
    ]);
    let target = files(&[
        ("a", "0"),
        ("env.yaml", "prod"),
        ("secrets/k", "s"),
        ("gone", "g"),
        ("same", "x"),
    ]);
    let changes = copy(&source, &target, &globs(&["env.yaml", "secrets/**"])).unwrap();
    let write = |path: &str, text: &str| Copied::Write {
        path: path.into(),
        text: text.into(),
    };
    assert_eq!(
        changes,
        [
            Copied::Delete { path: "gone".into() },
            write("a", "1"),
            write("b/c", "2"),
            write("new", "n")
        ]
    );
    let after = apply(&target, &changes);
    assert_eq!(after["env.yaml"], "prod");
    assert_eq!(
        copy(&source, &after, &globs(&["env.yaml", "secrets/**"])).unwrap(),
        []
    );
    // What is kept is not brought either.
    let bare = copy(&source, &files(&[]), &globs(&["env.yaml", "**/c"])).unwrap();
    assert_eq!(bare, [write("a", "1"), write("new", "n"), write("same", "x")]);
    assert_eq!(
        copy(&files(&[]), &files(&[("a", "1")]), &[]).unwrap(),
        [Copied::Delete { path: "a".into() }]
    );
}

#[test]
fn a_file_may_make_way_for_a_folder_but_not_stand_in_it() {
    let changes = copy(&files(&[("a/b", "1")]), &files(&[("a", "0")]), &[]).unwrap();
    assert!(matches!(&changes[0], Copied::Delete { path } if path == "a"));
    for (source, target, keep) in [
        (files(&[("a", "1")]), files(&[("a/b", "0")]), globs(&["a/**"])),
        (files(&[("a/b", "1")]), files(&[("a", "0")]), globs(&["a"])),
        (files(&[("a", "1"), ("a/b", "1")]), files(&[]), vec![]),
    ] {
        assert_eq!(copy(&source, &target, &keep).unwrap_err().code(), "edit.copy");
    }
}

#[test]
fn paths_that_lead_elsewhere_are_refused() {
    for path in [
        "",
        "/a",
        "a/",
        "a//b",
        "..",
        "a/../b",
        "./a",
        "a\\b",
        "a\nb",
        ".git/config",
        "x/.GIT/hooks/y",
    ] {
        let error = copy(&files(&[(path, "x")]), &files(&[]), &[]).expect_err(path);
        assert_eq!(error.code(), "edit.copy", "{path:?}");
        assert!(
            copy(&files(&[]), &files(&[(path, "x")]), &globs(&["**"])).is_err(),
            "{path:?}"
        );
    }
    assert!(
        copy(
            &files(&[(".github/x", "x"), (".gitignore", "y")]),
            &files(&[]),
            &[]
        )
        .is_ok()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn copying_twice_copies_once(
        source in prop::collection::btree_map("[a-c](/[a-c]){0,2}", "[xy]", 0..8),
        target in prop::collection::btree_map("[a-c](/[a-c]){0,2}", "[xy]", 0..8),
        keep in prop::sample::subsequence(vec!["a/**", "*", "**/c", "b/?", "a"], 0..4),
    ) {
        let keep = globs(&keep);
        if let Ok(changes) = copy(&source, &target, &keep) {
            let after = apply(&target, &changes);
            prop_assert_eq!(copy(&source, &after, &keep), Ok(Vec::new()));
            let kept = |path: &String| keep.iter().any(|glob| glob.matches(path));
            for (path, text) in &after {
                let from = if kept(path) { &target } else { &source };
                prop_assert_eq!(from.get(path), Some(text));
            }
            prop_assert!(source.keys().filter(|path| !kept(path)).all(|path| after.contains_key(path)));
        }
    }
}
