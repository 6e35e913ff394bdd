//! JSON by path.

use crate::{by_path, changes, refuses};
use gradus_edit::{Format, Target};

fn at(path: &str) -> Target {
    by_path(Format::Json, path, "${version}")
}

fn value(path: &str, value: &str) -> Target {
    by_path(Format::Json, path, value)
}

const PACKAGE: &str = "{\n  \"name\": \"@acme/web\",\n  \"version\": \"1.4.0\",\n  \"dependencies\": {\n    \"@acme/ui\": \"^3.1.0\",\n    \"b.c\":\"x\"\n  },\n  \"files\": [ \"dist\", {\"a\": [1, 2.5e3, true, null, \"deep\"]} ],\n  \"text\": \"Gr\\u00fc\\u00dfe \\\"世界\\\" \\ud83d\\ude00\"\n}\n";

#[test]
fn one_leaf_changes() {
    changes(PACKAGE, &at("version"), "2.0.0", &[("1.4.0", "2.0.0")]);
    changes(
        &PACKAGE.replace('\n', "\r\n"),
        &at("version"),
        "2.0.0",
        &[("1.4.0", "2.0.0")],
    );
    changes(PACKAGE.trim_end(), &at("version"), "2.0.0", &[("1.4.0", "2.0.0")]);
    changes(
        &format!("\u{feff}{PACKAGE}"),
        &at("version"),
        "2.0.0",
        &[("1.4.0", "2.0.0")],
    );
    changes(
        PACKAGE,
        &value("dependencies.@acme/ui", "^4"),
        "1",
        &[("^3.1.0", "^4")],
    );
    changes(
        PACKAGE,
        &value("dependencies.\"b.c\"", "y"),
        "1",
        &[("\"x\"", "\"y\"")],
    );
    changes(PACKAGE, &value("files[0]", "out"), "1", &[("dist", "out")]);
    changes(
        PACKAGE,
        &value("files[1].a[4]", "deeper"),
        "1",
        &[("\"deep\"", "\"deeper\"")],
    );
    changes(
        PACKAGE,
        &value("files[1].a[3]", "here"),
        "1",
        &[("null", "\"here\"")],
    );
    changes(
        PACKAGE,
        &value("text", "q\"u\\o"),
        "1",
        &[("Gr\\u00fc\\u00dfe \\\"世界\\\" \\ud83d\\ude00", "q\\\"u\\\\o")],
    );
    changes(PACKAGE, &value("name", "世界"), "1", &[("@acme/web", "世界")]);
    changes(
        "[{\"n\":\"a\",\"v\":\"1\"},{\"n\":\"b\",\"v\":\"2\"}]",
        &value("[n=b].v", "3"),
        "1",
        &[("\"2\"", "\"3\"")],
    );
    changes(
        "{\"\":{\"v\":\"a\"}}",
        &value("\"\".v", "b"),
        "1",
        &[("\"a\"", "\"b\"")],
    );
    changes(
        "\t{ \"v\" :\t\"a\" }  ",
        &value("v", "1.10"),
        "1",
        &[("\"a\"", "\"1.10\"")],
    );
    let tf = "{\"module\": {\"web\": {\"source\": \"git::x?ref=v1\"}}}";
    changes(
        tf,
        &value("module.web.source", "git::x?ref=v${version}"),
        "2",
        &[("v1", "v2")],
    );
}

#[test]
fn what_is_not_sure_is_refused() {
    refuses("{\"a\": 1}", &at("a"), "edit.style", "1:7");
    refuses("{\"a\": false}", &at("a"), "edit.style", "1:7");
    refuses("{\"a\": {}}", &at("a"), "edit.shape", "1:7");
    refuses(
        "{\"a\": \"x\", \"\\u0061\": \"y\"}",
        &at("a"),
        "edit.duplicate",
        "1:12",
    );
    refuses("{\"a\": \"x\"}", &at("b"), "edit.not_found", "1:1");
    refuses("[\"x\"]", &at("[1]"), "edit.not_found", "1:1");
    refuses("{\"a\": \"{{ .x }}\"}", &at("a"), "edit.template", "1:7");
    refuses(&"[".repeat(100), &at("a"), "edit.budget", "1:66");
}

#[test]
fn what_is_not_json_is_refused() {
    for (text, place) in [
        ("", "1:1"),
        ("{", "1:2"),
        ("{\"a\" \"b\"}", "1:6"),
        ("{\"a\": \"b\",}", "1:11"),
        ("[1,]", "1:4"),
        ("[1 2]", "1:4"),
        ("{'a': 1}", "1:2"),
        ("// c\n{}", "1:1"),
        ("{} {}", "1:4"),
        ("[01]", "1:2"),
        ("[1.]", "1:2"),
        ("[.5]", "1:2"),
        ("[+1]", "1:2"),
        ("[NaN]", "1:2"),
        ("[\"a\tb\"]", "1:4"),
        ("[\"\\x\"]", "1:3"),
        ("[\"\\ud800\"]", "1:3"),
        ("[\"\\u12g4\"]", "1:3"),
        ("[\"a", "1:4"),
        ("{\"a\": {{ .x }}}", "1:8"),
    ] {
        refuses(text, &at("a"), "edit.parse", place);
    }
}
