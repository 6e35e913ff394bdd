//! YAML by path: what is kept, what is quoted, what is refused.

use crate::{by_path, changes, promote, refuses};
use gradus_edit::{ByPath, Format, Path, Target, Template, Which};

fn at(path: &str) -> Target {
    by_path(Format::Yaml, path, "${version}")
}

fn value(path: &str, value: &str) -> Target {
    by_path(Format::Yaml, path, value)
}

const VALUES: &str = "# Values of the web chart.\nreplicas: 3\nimage:\n  repository: ghcr.io/acme/web   # ours\n  tag: \"1.2.3\"  # the release\n  pullPolicy: IfNotPresent\nenv:\n- name: LANG\n  value: 'de_DE.UTF-8'\n- name: TITLE\n  value: Grüße, 世界\nresources: {limits: {cpu: 500m, memory: \"1Gi\"}}\n";

#[test]
fn quotes_and_comments_stay() {
    changes(VALUES, &at("image.tag"), "1.2.4", &[("\"1.2.3\"", "\"1.2.4\"")]);
    changes(
        VALUES,
        &value("env[name=LANG].value", "C"),
        "1",
        &[("'de_DE.UTF-8'", "'C'")],
    );
    changes(
        VALUES,
        &value("env[1].value", "plain"),
        "1",
        &[("Grüße, 世界", "plain")],
    );
    changes(
        VALUES,
        &value("image.repository", "ghcr.io/acme/new"),
        "1",
        &[("acme/web ", "acme/new ")],
    );
    changes(
        VALUES,
        &value("resources.limits.memory", "2Gi"),
        "1",
        &[("\"1Gi\"", "\"2Gi\"")],
    );
    changes(
        VALUES,
        &value("resources.limits.cpu", "1m"),
        "1",
        &[("500m", "1m")],
    );
}

#[test]
fn line_ends_marks_tabs_and_a_missing_end_stay() {
    let crlf = VALUES.replace('\n', "\r\n");
    changes(&crlf, &at("image.tag"), "1.2.4", &[("\"1.2.3\"", "\"1.2.4\"")]);
    let mark = format!("\u{feff}{VALUES}");
    changes(&mark, &at("image.tag"), "1.2.4", &[("\"1.2.3\"", "\"1.2.4\"")]);
    changes("a: 1\ntag: v1\t# tab\n", &at("tag"), "v2", &[("v1\t#", "v2\t#")]);
    changes(
        "a: \"ü\"\t# é\r\ntag: v1\t# ü",
        &at("tag"),
        "v2",
        &[("v1\t", "v2\t")],
    );
    changes("image:\n  tag: v1", &at("image.tag"), "v2", &[("v1", "v2")]);
    changes("image: {tag: v1}", &at("image.tag"), "v2", &[("v1", "v2")]);
    changes(
        "# 世界 — ü\n\"ключ\": v1 # 世界\ntag: v7",
        &at("ключ"),
        "v2",
        &[("v1", "v2")],
    );
    changes("\u{feff}# 世界\ntag: v7", &at("tag"), "v2", &[("v7", "v2")]);
}

#[test]
fn what_a_reader_could_misread_gets_quotes() {
    for word in [
        "1.10",
        "12345e7",
        "on",
        "yes",
        "no",
        "off",
        "0123",
        "1e10",
        "null",
        "~",
        "2024-05-01",
        "1:20",
        "y",
        "True",
        ".inf",
        "0x1f",
        "1_000",
    ] {
        let quoted = format!("\"{word}\"");
        changes(
            "image:\n  tag: v1 # c\n",
            &value("image.tag", word),
            "1",
            &[("v1", &quoted)],
        );
        changes(
            "image: {tag: v1, x: 1}\n",
            &value("image.tag", word),
            "1",
            &[("v1", &quoted)],
        );
        changes(
            "tag: 'v1'\n",
            &value("tag", word),
            "1",
            &[("'v1'", &format!("'{word}'"))],
        );
        changes("tag: \"v1\"\n", &value("tag", word), "1", &[("\"v1\"", &quoted)]);
        changes(
            "tag:\n",
            &value("tag", word),
            "1",
            &[("tag:", &format!("tag: {quoted}"))],
        );
    }
    changes("tag: 1.10\n", &value("tag", "1.10"), "1", &[("1.10", "\"1.10\"")]);
    changes("tag: 1.10\n", &value("tag", "1.11.0"), "1", &[("1.10", "1.11.0")]);
}

#[test]
fn strange_values_are_quoted_or_refused() {
    changes("a: b\n", &value("a", "x: y #z"), "1", &[("b", "\"x: y #z\"")]);
    changes("a: b\n", &value("a", "q\"u\\o"), "1", &[("b", "\"q\\\"u\\\\o\"")]);
    changes("a: 'b'\n", &value("a", "it's"), "1", &[("'b'", "'it''s'")]);
    for odd in ["!!binary x", "&a b", "*b", "- x", "? x", "{x: y}", "@x", "%x"] {
        changes(
            "a: b\nz: c\n",
            &value("a", odd),
            "1",
            &[("b", &format!("\"{odd}\""))],
        );
    }
    changes("a: [b, c]\n", &value("a[0]", "x, y"), "1", &[("b", "\"x, y\"")]);
    changes(
        "a: \"b\\\" # no\" # c\n",
        &value("a", "x"),
        "1",
        &[("\"b\\\" # no\"", "\"x\"")],
    );
    changes(
        "a: 'b'' # no' # c\n",
        &value("a", "x"),
        "1",
        &[("'b'' # no'", "'x'")],
    );
    refuses("a: b\n", &value("a", "x\ny"), "edit.value", "1:4");
    refuses("a: b\n", &value("a", "x\u{2028}y: z"), "edit.value", "1:4");
    refuses("a: b\n", &value("a", "x\u{7}"), "edit.value", "1:4");
    refuses("a: b\n", &value("a", ""), "edit.value", "1:4");
    refuses("a: b\n", &value("a", "{{ .x }}"), "edit.value", "1:4");
}

#[test]
fn flow_style_keeps_every_other_key() {
    let text = "images: [{name: web, newTag: v1}, {name: api, newTag: v7}]\n";
    changes(
        text,
        &value("images[name=web].newTag", "v2"),
        "1",
        &[("v1", "v2")],
    );
    changes(
        text,
        &value("images[name=api].newTag", "v8"),
        "1",
        &[("v7", "v8")],
    );
    changes(
        "a: {\"b\":\"v1\",\"c\":1}\n",
        &value("a.b", "v2"),
        "1",
        &[("v1", "v2")],
    );
    changes("a: {b: , c: 1}\n", &value("a.b", "v2"), "1", &[("b: ", "b: v2 ")]);
    changes("a: {c: 1, b: }\n", &value("a.b", "v2"), "1", &[("b: ", "b: v2 ")]);
    changes("a: {c: 1, b:}\n", &value("a.b", "v2"), "1", &[("b:", "b: v2")]);
    refuses("a: {b, c: 1}\n", &value("a.b", "v2"), "edit.style", "1:6");
}

#[test]
fn blocks_and_empty_values_are_filled() {
    changes(
        "a:\n  tag: |-\n    v1\n  b: 1\n",
        &at("a.tag"),
        "2.0.0",
        &[("|-\n    v1", "2.0.0")],
    );
    changes(
        "a:\n  tag: >-\n    v1\n    v2\n\n  b: 1\n",
        &at("a.tag"),
        "2.0.0",
        &[(">-\n    v1\n    v2", "2.0.0")],
    );
    changes("tag: |\n  v1\n", &at("tag"), "1.10", &[("|\n  v1", "\"1.10\"")]);
    changes("tag: >+\n  v1\n\n\nb: 1", &at("tag"), "v2", &[(">+\n  v1", "v2")]);
    changes(
        "tag: v1\n  more\nb: 1\n",
        &at("tag"),
        "v2",
        &[("v1\n  more", "v2")],
    );
    changes("tag:\nb: 1\n", &at("tag"), "v2", &[("tag:", "tag: v2")]);
    changes("tag: \nb: 1\n", &at("tag"), "v2", &[("tag:", "tag: v2")]);
    changes("tag: # none\nb: 1\n", &at("tag"), "v2", &[("tag:", "tag: v2")]);
    changes("b: 1\ntag:", &at("tag"), "v2", &[("tag:", "tag: v2")]);
    changes(
        "b:\n  tag:\r\n  c: 1\r\n",
        &at("b.tag"),
        "v2",
        &[("tag:", "tag: v2")],
    );
    changes("tag: \"\"\n", &at("tag"), "v2", &[("\"\"", "\"v2\"")]);
    changes("tag: ''\n", &at("tag"), "v2", &[("''", "'v2'")]);
    changes("tag: null\n", &at("tag"), "v2", &[("null", "v2")]);
    changes("l:\n  -\t# é\n  - x\n", &at("l[0]"), "v2", &[("-\t", "- v2\t")]);
    changes("l:\n-  # a-\n- x\n", &at("l[0]"), "v2", &[("-  ", "- v2  ")]);
    changes("l:\n-\n- b\n", &at("l[0]"), "v2", &[("-\n-", "- v2\n-")]);
    refuses("tag: | # why\n  v1\n", &at("tag"), "edit.style", "2:3");
}

#[test]
fn anchors_aliases_merges_and_tags_are_refused() {
    refuses(
        "base: &b {tag: v1}\nref: *b\n",
        &at("ref.tag"),
        "edit.alias",
        "2:6",
    );
    refuses(
        "base: &b {tag: v1}\nref: *b\n",
        &at("base.tag"),
        "edit.alias",
        "1:7",
    );
    refuses("base: &b v1\nref: *b\n", &at("base"), "edit.alias", "1:7");
    refuses("base: &b v1\nref: *b\n", &at("ref"), "edit.alias", "2:6");
    refuses(
        "b: &b {tag: v1}\nr:\n  <<: *b\n  x: 1\n",
        &at("r.tag"),
        "edit.merge",
        "3:3",
    );
    refuses("l: [*a]\n", &at("l[0]"), "edit.parse", "1:5");
    refuses(
        "a: &x v1\nl: [{name: *x, t: 1}]\n",
        &at("l[name=v1].t"),
        "edit.alias",
        "2:12",
    );
    refuses("tag: !!str v1\n", &at("tag"), "edit.tag", "1:6");
    refuses("a: !thing\n  tag: v1\n", &at("a.tag"), "edit.tag", "1:4");
    refuses("&k a: b\n", &at("a"), "edit.alias", "1:1");
    // Beside the path they do no harm, and a key of one's own overrides a merge.
    changes(
        "b: &b {tag: v7}\nr:\n  <<: *b\n  tag: v1\n",
        &at("r.tag"),
        "v2",
        &[("v1", "v2")],
    );
    changes(
        "b: &b 1\nr: *b\nt: !x y\ntag: v1\n",
        &at("tag"),
        "v2",
        &[("v1", "v2")],
    );
}

#[test]
fn keys_that_stand_twice_are_refused() {
    refuses("tag: v1\ntag: v2\n", &at("tag"), "edit.duplicate", "2:1");
    refuses(
        "tag: v1\nx:\n  y: 1\n  \"y\": 2\n",
        &at("tag"),
        "edit.duplicate",
        "4:3",
    );
    refuses("x: {a: 1, a: 2}\n", &at("x.a"), "edit.duplicate", "1:11");
}

#[test]
fn several_documents_need_a_word_which() {
    let two = "kind: A\nmetadata: {name: x}\ntag: v1\n---\nkind: B\nmetadata: {name: y}\ntag: v7\n";
    refuses(two, &at("tag"), "edit.documents", "5:1");
    let which = |which| {
        Target::Path(ByPath {
            format: Format::Yaml,
            which,
            path: Path::new("tag").unwrap(),
            behind: None,
            value: Template::version(),
            artifact: None,
        })
    };
    let kind = |word: &str| Which {
        kind: Some(word.into()),
        ..Which::default()
    };
    let name = |word: &str| Which {
        name: Some(word.into()),
        ..Which::default()
    };
    let index = |at| Which {
        index: Some(at),
        ..Which::default()
    };
    changes(two, &which(kind("A")), "v2", &[("v1", "v2")]);
    changes(two, &which(name("y")), "v2", &[("v7", "v2")]);
    changes(two, &which(index(1)), "v2", &[("v7", "v2")]);
    refuses(two, &which(kind("C")), "edit.documents", "1:1");
    refuses(two, &which(index(2)), "edit.documents", "1:1");
    // Documents with nothing in them are nobody's.
    changes(
        "---\n# head\n---\ntag: v1\n---\n",
        &at("tag"),
        "v2",
        &[("v1", "v2")],
    );
    changes("---\ntag: v1\n...\n", &at("tag"), "v2", &[("v1", "v2")]);
    refuses("# nothing\n", &at("tag"), "edit.not_found", "1:1");
    refuses("", &at("tag"), "edit.not_found", "1:1");
}

#[test]
fn templates_are_refused_and_say_why() {
    refuses(
        "image: {{ .Values.image }}\ntag: v1\n",
        &at("tag"),
        "edit.template",
        "1:9",
    );
    refuses(
        "tag: v1\n{{- if .x }}\na: b\n{{- end }}\n",
        &at("tag"),
        "edit.template",
        "2:1",
    );
    refuses("tag: \"{{ .Values.tag }}\"\n", &at("tag"), "edit.template", "1:6");
    // Quoted elsewhere, or in a comment, it is a text like any other.
    changes(
        "# {{ x }}\na: '{{ b }}'\ntag: v1\n",
        &at("tag"),
        "v2",
        &[("v1", "v2")],
    );
}

#[test]
fn what_is_not_there_says_what_is() {
    refuses(VALUES, &at("image.tga"), "edit.not_found", "4:3");
    let error = promote(VALUES, &at("image.tga"), "2").unwrap_err();
    assert!(error.to_string().contains("did you mean tag?"), "{error}");
    refuses(VALUES, &at("env[name=LANK].value"), "edit.not_found", "8:3");
    refuses(VALUES, &at("env[7].value"), "edit.not_found", "8:3");
    refuses(VALUES, &at("image"), "edit.shape", "4:3");
    refuses(VALUES, &at("env"), "edit.shape", "8:3");
    refuses(VALUES, &at("image[0]"), "edit.shape", "4:3");
    refuses(VALUES, &at("replicas.x"), "edit.shape", "2:11");
    let twice = "env:\n- {name: A, value: 1}\n- {name: A, value: 2}\n";
    refuses(twice, &at("env[name=A].value"), "edit.ambiguous", "3:3");
}

#[test]
fn what_is_not_yaml_or_too_much_is_refused() {
    refuses("a: b: c\n", &at("a"), "edit.parse", "1:5");
    refuses("# c\u{2028}a: x\na: b\n", &at("a"), "edit.parse", "1:4");
    refuses("a: \"b\u{85}c\"\n", &at("a"), "edit.parse", "1:6");
    refuses("a: \"b\n", &at("a"), "edit.parse", "1:4");
    refuses("a:\n\t- b\n", &at("a"), "edit.parse", "2:2");
    refuses(&"- ".repeat(1_000_000), &at("a"), "edit.budget", "1:131");
    refuses(&"[".repeat(100), &at("a"), "edit.budget", "1:66");
    refuses(&"a: b\n".repeat(900_000), &at("a"), "edit.budget", "1:1");
}

#[test]
fn what_was_there_is_told() {
    let edited = promote(VALUES, &at("image.tag"), "1.2.4").unwrap();
    let change = &edited.changes[0];
    assert_eq!(change.path, "image.tag");
    assert_eq!(
        (change.before.as_deref(), change.after.as_str()),
        (Some("1.2.3"), "1.2.4")
    );
    assert_eq!(change.place.to_string(), "5:8");
}
