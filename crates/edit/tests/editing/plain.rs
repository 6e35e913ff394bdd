//! Files of lines.

use crate::{DIGEST, changes, refuses};
use gradus_edit::{Plain, Target, Template};

fn line(key: &str, value: &str) -> Target {
    Target::Plain(Plain {
        key: key.to_owned(),
        value: Template::new(value).unwrap(),
        artifact: None,
    })
}

fn tag() -> Target {
    line("TAG", "${version}")
}

#[test]
fn lines_as_people_write_them() {
    let to = [("v1", "2.0.0")];
    for text in [
        "TAG=v1\n",
        "TAG=v1",
        "TAG = v1\n",
        "TAG: v1\n",
        "TAG:v1\n",
        "TAG=\"v1\"\n",
        "TAG='v1'\n",
        "export TAG=v1\n",
        "  TAG=v1  \n",
        "# TAG=old\nTAG=v1 # ours\nX=1\n",
        "; ini\n[app]\nTAG=v1\n",
        "\u{feff}# ü\r\nTAG=v1\r\nTAGS=a\r\n",
        "KEY=\"a\nTAG=inside\n\"\nTAG=v1\n",
        "P=a\\\n  TAG=inside\nTAG=v1\n",
        "// c\n! c\nurl=http://x:80/a=b\nTAG\t=\tv1\t# c\n",
        "TAG='v1' # it's ours\nX=it's\n",
        "nothing here\n\nTAG=v1",
    ] {
        changes(text, &tag(), "2.0.0", &to);
    }
    changes(
        "app.web.tag=v1\napp.web.tags=x\n",
        &line("app.web.tag", "v${version}"),
        "2",
        &[("v1", "v2")],
    );
    let image = line("IMAGE", "${name}@${digest}");
    changes(
        "IMAGE=x\n",
        &image,
        "2",
        &[("=x", &format!("=ghcr.io/acme/web@{DIGEST}"))],
    );
    changes(
        "HEX=x\n",
        &line("HEX", "${hex}"),
        "2",
        &[("=x", &format!("={}", &DIGEST[7..]))],
    );
}

#[test]
fn empty_values_are_filled() {
    changes("TAG=\nX=1\n", &tag(), "2.0.0", &[("TAG=", "TAG=2.0.0")]);
    changes("TAG=", &tag(), "2.0.0", &[("TAG=", "TAG=2.0.0")]);
    changes("TAG= # none\n", &tag(), "2.0.0", &[("TAG= ", "TAG= 2.0.0 ")]);
    changes("TAG:\r\n", &tag(), "2.0.0", &[("TAG:", "TAG: 2.0.0")]);
    changes("TAG=\"\"\n", &tag(), "2.0.0", &[("\"\"", "\"2.0.0\"")]);
}

#[test]
fn what_readers_disagree_on_is_refused() {
    refuses("TAG=a\nTAG=b\n", &tag(), "edit.duplicate", "2:1");
    refuses("TAGS=a\n", &tag(), "edit.not_found", "1:1");
    refuses("", &tag(), "edit.not_found", "1:1");
    refuses("TAG=a\\\n b\n", &tag(), "edit.style", "1:5");
    refuses("TAG=\"a\nb\"\n", &tag(), "edit.style", "1:5");
    refuses("TAG=\"a\" b\n", &tag(), "edit.style", "1:5");
    refuses("TAG=a\n", &line("TAG", "a b"), "edit.value", "1:5");
    refuses("TAG=\"a\"\n", &line("TAG", "a$b"), "edit.value", "1:5");
    refuses("TAG='a'\n", &line("TAG", "a'b"), "edit.value", "1:5");
    refuses("TAG=a\0\n", &tag(), "edit.parse", "1:6");
    refuses("TAG={{ .tag }}\n", &tag(), "edit.template", "1:5");
}
