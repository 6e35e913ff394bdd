//! Parts of texts, behind a mark.

use crate::{changes, refuses};
use gradus_edit::{ByPath, Format, Path, Target, Template, Which};

fn part(format: Format, path: &str, mark: &str, value: &str) -> Target {
    Target::Path(ByPath {
        format,
        which: Which::default(),
        path: Path::new(path).unwrap(),
        behind: Some(mark.to_owned()),
        value: Template::new(value).unwrap(),
        artifact: None,
    })
}

#[test]
fn only_the_part_changes() {
    let hcl = "terraform {\n  source = \"${local.base}//web?ref=v1.4.0&depth=1\" # c\n}\n";
    let target = part(Format::Hcl, "terraform.source", "?ref=", "v${version}");
    changes(hcl, &target, "2.0.0", &[("v1.4.0", "v2.0.0")]);
    changes(
        &hcl.replace('\n', "\r\n"),
        &target,
        "2.0.0",
        &[("v1.4.0", "v2.0.0")],
    );
    let text = "locals {\n  t = <<-EOT\n    image: web:v7\n  EOT\n}\n";
    changes(
        text,
        &part(Format::Hcl, "locals.t", "web:", "${version}"),
        "2.0.0",
        &[("v7", "2.0.0")],
    );
    let block = "helm:\n  values: |\n    # ours\n    image:\n      tag: v7 # c\n    other: 1\n  x: y\n";
    let target = part(Format::Yaml, "helm.values", "tag: ", "${version}");
    changes(block, &target, "2.0.0", &[("v7", "2.0.0")]);
    changes(&block.replace('\n', "\r\n"), &target, "2.0.0", &[("v7", "2.0.0")]);
    changes(&block.replace('|', ">-"), &target, "2.0.0", &[("v7", "2.0.0")]);
    let args = "args:\n- --image=ghcr.io/acme/web@sha256:00\n- 'x'\n";
    changes(
        args,
        &part(Format::Yaml, "args[0]", "web@", "${digest}"),
        "2",
        &[("sha256:00", crate::DIGEST)],
    );
    let json = "{\"url\": \"https://x/web-v7.tgz?a\\\"b\"}";
    changes(
        json,
        &part(Format::Json, "url", "web-v", "${version}.tgz"),
        "2",
        &[("7.tgz", "2.tgz")],
    );
    let toml = "a = '''\nweb = v7\n'''\n";
    changes(
        toml,
        &part(Format::Toml, "a", "web = ", "${version}"),
        "2.0",
        &[("v7", "2.0")],
    );
}

#[test]
fn parts_that_are_not_clear_are_refused() {
    let yaml = |mark: &str| part(Format::Yaml, "a", mark, "${version}");
    refuses("a: x=1 x=2\n", &yaml("x="), "edit.ambiguous", "1:4");
    refuses("a: x=1\n", &yaml("y="), "edit.not_found", "1:4");
    refuses("a: 'x='\n", &yaml("x="), "edit.not_found", "1:4");
    refuses("a: x=1\n", &yaml(""), "edit.not_found", "1:4");
    refuses("a: 1.10\n", &yaml("1."), "edit.shape", "1:4");
    refuses("a: [x]\n", &yaml("x"), "edit.shape", "1:4");
    refuses("a: &x b=1\n", &yaml("b="), "edit.alias", "1:4");
    refuses(
        "a: b=1 # {\"$imagepolicy\": \"x\"}\n",
        &yaml("b="),
        "edit.marker",
        "1:4",
    );
    refuses("a: \"b={{ x }}1\"\n", &yaml("b="), "edit.template", "1:4");
    refuses(
        "a: b=1\n",
        &part(Format::Yaml, "a", "b=", "x y"),
        "edit.value",
        "1:4",
    );
    // A word that some reader would take for a number is no result.
    refuses("a: -x\n", &part(Format::Yaml, "a", "-", "1"), "edit.proof", "1:5");
}
