//! HCL by path: Terraform, OpenTofu, Terragrunt.

use crate::{DIGEST, by_path, changes, refuses};
use gradus_edit::{Format, Target};

fn at(path: &str) -> Target {
    by_path(Format::Hcl, path, "${version}")
}

fn value(path: &str, value: &str) -> Target {
    by_path(Format::Hcl, path, value)
}

const MAIN: &str = "# The stack.\nterraform {\n  source = \"git::https://example.com/modules.git//web?ref=v1.4.0\" // ours\n}\n\nlocals {\n  title = \"Grüße, 世界\"\n  tags = { \"app.kubernetes.io/name\" = \"web\", owner : \"acme\" /* c */, n = 3 }\n  list = [\"a\", \"b\", [\"c\"]]\n  both = \"x-${local.title}\"\n  text = <<-EOT\n    hello\n  EOT\n  none = null\n}\n\nmodule \"web\" {\n  source  = \"acme/web/aws\"\n  version = \"3.1.0\"\n}\nmodule \"api\" {\n  source = \"acme/api/aws\"\n}\nresource \"aws_x\" \"y\" {\n  ingress { port = \"80\" }\n  ingress { port = \"443\" }\n  count = var.n > 0 ? 1 : 0\n}\n";

#[test]
fn one_leaf_changes() {
    let source = value(
        "terraform.source",
        "git::https://example.com/modules.git//web?ref=v${version}",
    );
    changes(MAIN, &source, "2.0.0", &[("v1.4.0", "v2.0.0")]);
    changes(
        &MAIN.replace('\n', "\r\n"),
        &source,
        "2.0.0",
        &[("v1.4.0", "v2.0.0")],
    );
    changes(MAIN.trim_end(), &source, "2.0.0", &[("v1.4.0", "v2.0.0")]);
    changes(
        &format!("\u{feff}{MAIN}"),
        &source,
        "2.0.0",
        &[("v1.4.0", "v2.0.0")],
    );
    changes(MAIN, &value("locals.title", "ü"), "1", &[("Grüße, 世界", "ü")]);
    changes(
        MAIN,
        &value("locals.tags.\"app.kubernetes.io/name\"", "x"),
        "1",
        &[("\"web\",", "\"x\",")],
    );
    changes(
        MAIN,
        &value("locals.tags.owner", "x"),
        "1",
        &[("\"acme\"", "\"x\"")],
    );
    changes(MAIN, &value("locals.list[1]", "x"), "1", &[("\"b\"", "\"x\"")]);
    changes(MAIN, &value("locals.list[2][0]", "x"), "1", &[("\"c\"", "\"x\"")]);
    changes(
        MAIN,
        &value("locals.none", "${digest}"),
        "1",
        &[("null", &format!("\"{DIGEST}\""))],
    );
    changes(MAIN, &at("module.web.version"), "4.0.0", &[("3.1.0", "4.0.0")]);
    changes(
        MAIN,
        &value("module.api.source", "x"),
        "4.0.0",
        &[("acme/api/aws", "x")],
    );
    changes(
        MAIN,
        &value("resource.aws_x.y.ingress[1].port", "8443"),
        "1",
        &[("443", "8443")],
    );
    changes(
        "image_tag = \"v1\"",
        &at("image_tag"),
        "2.0.0",
        &[("v1", "2.0.0")],
    );
    changes("a=\"v1\"#c\nb=1\n", &at("a"), "2.0.0", &[("v1", "2.0.0")]);
    changes(
        "a = \"b\"\n",
        &value("a", "q\"u\\o %{if} $"),
        "1",
        &[("\"b\"", "\"q\\\"u\\\\o %%{if} $\"")],
    );
    changes("a = \"$${b}\"\n", &value("a", "c"), "1", &[("$${b}", "c")]);
}

#[test]
fn what_is_not_sure_is_refused() {
    refuses(MAIN, &at("locals.both"), "edit.shape", "10:10");
    refuses(MAIN, &at("locals.text"), "edit.shape", "11:10");
    refuses(MAIN, &at("locals.tags.n"), "edit.style", "8:74");
    refuses(MAIN, &at("resource.aws_x.y.count"), "edit.shape", "27:11");
    refuses(MAIN, &at("resource.aws_x.y.ingress"), "edit.shape", "25:3");
    refuses(MAIN, &at("resource.aws_x.y.ingress.port"), "edit.shape", "25:3");
    refuses(MAIN, &at("module.wbe.version"), "edit.not_found", "17:1");
    refuses(MAIN, &at("modul.web.version"), "edit.not_found", "1:1");
    refuses("a = 1\na = 2\n", &at("a"), "edit.parse", "2:1");
    refuses("a = 1\na {\n}\n", &at("a"), "edit.duplicate", "2:1");
    refuses("o = { a = \"1\", a = \"2\" }\n", &at("o.a"), "edit.parse", "1:16");
    refuses(
        "o = { a = \"1\", \"a\" = \"2\", b = 1 }\n",
        &at("o.a"),
        "edit.duplicate",
        "1:16",
    );
    refuses(
        "o = { b = 1, a = \"1\", c = 2, a = \"2\" }\n",
        &at("o.a"),
        "edit.parse",
        "1:30",
    );
    refuses("a = \n", &at("a"), "edit.parse", "1:5");
    refuses("a = {{ .x }}\n", &at("a"), "edit.parse", "1:8");
    refuses(&"a {\n".repeat(100_000), &at("a"), "edit.parse", "65:3");
    refuses("", &at("a"), "edit.not_found", "1:1");
}

#[test]
fn wide_files_are_read_in_time() {
    let mut text: String = (0..30_000)
        .map(|at| format!("a{at} = 1\nb \"c{at}\" {{\n}}\n"))
        .collect();
    text.push_str("tag = \"v1\"\n");
    changes(&text, &at("tag"), "2.0.0", &[("\"v1\"", "\"2.0.0\"")]);
}

#[test]
fn a_name_with_a_dollar_stays_a_text() {
    let version = gradus_model::Version::new("1").unwrap();
    let artifacts = [crate::artifact("x${y}%{z}")];
    let new = gradus_edit::New {
        version: &version,
        artifacts: &artifacts,
    };
    let edited = gradus_edit::edit("a = \"b\"\n", &value("a", "${name}"), &new).unwrap();
    assert_eq!(edited.text, "a = \"x$${y}%%{z}\"\n");
}
