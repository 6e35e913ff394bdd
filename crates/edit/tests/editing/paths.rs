//! Paths as people write them.

use gradus_edit::Path;

#[test]
fn paths_read_and_write_the_same() {
    for path in [
        "a",
        "a.b.c",
        "images[name=web].newTag",
        "spec.template.spec.containers[name=web].image",
        "a.\"b.c\".d",
        "list[0]",
        "list[0][1].x",
        "[2]",
        "[2].a",
        "a[\"k.1\"=\"v]=\"]",
        "a[name=ghcr.io/acme/web]",
        "a.\"q\\\"uo\\\\te\"",
        "é.ü",
        "a-b_c/d",
    ] {
        let read = Path::new(path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(Path::new(&read.to_string()).unwrap(), read, "{path}");
    }
}

#[test]
fn what_is_not_a_path_says_why_and_where() {
    for (path, column) in [
        ("", 1),
        (".a", 1),
        ("a.", 3),
        ("a..b", 3),
        ("a[", 3),
        ("a[]", 3),
        ("a[x", 4),
        ("a[x]", 4),
        ("a[0]b", 5),
        ("a[b=", 5),
        ("a[b=c", 6),
        ("a]", 2),
        ("a\"b", 2),
        ("\"a", 1),
        ("a=b", 2),
        ("a[-1]", 5),
    ] {
        let error = Path::new(path).expect_err(path);
        assert_eq!(
            (error.code(), error.place.column),
            ("edit.path", column),
            "{path:?}: {error}"
        );
    }
}
