//! TOML by path.

use crate::{by_path, changes, refuses};
use gradus_edit::{Format, Target};

fn at(path: &str) -> Target {
    by_path(Format::Toml, path, "${version}")
}

fn value(path: &str, value: &str) -> Target {
    by_path(Format::Toml, path, value)
}

const CARGO: &str = "# The app.\n[package]\nname = \"web\"\nversion = \"1.4.0\" # ours\nport = 80\nborn = 2024-05-01\n\n[dependencies]\nserde = { version = '1.0', features = [ \"derive\" ] }\nplain = \"=7.1\"\n\"dotted.name\" = \"x\"\n[target.'cfg(unix)'.env]\ntitle = \"Grüße, 世界\"\na.b.c = \"nested\"\n\n[[bin]]\nname = \"one\"\npath = \"a.rs\"\n[[bin]]\nname = \"two\"\npath = \"b.rs\"\n";

#[test]
fn one_leaf_changes() {
    let version = [("1.4.0", "2.0.0")];
    changes(CARGO, &at("package.version"), "2.0.0", &version);
    changes(
        &CARGO.replace('\n', "\r\n"),
        &at("package.version"),
        "2.0.0",
        &version,
    );
    changes(CARGO.trim_end(), &at("package.version"), "2.0.0", &version);
    changes(
        &format!("\u{feff}{CARGO}"),
        &at("package.version"),
        "2.0.0",
        &version,
    );
    changes(
        CARGO,
        &value("dependencies.serde.version", "2"),
        "1",
        &[("'1.0'", "'2'")],
    );
    changes(
        CARGO,
        &value("dependencies.serde.version", "it's"),
        "1",
        &[("'1.0'", "\"it's\"")],
    );
    changes(
        CARGO,
        &value("dependencies.serde.features[0]", "rc"),
        "1",
        &[("derive", "rc")],
    );
    changes(
        CARGO,
        &value("dependencies.plain", "=${version}"),
        "8",
        &[("=7.1", "=8")],
    );
    changes(
        CARGO,
        &value("dependencies.\"dotted.name\"", "y"),
        "1",
        &[("\"x\"", "\"y\"")],
    );
    changes(
        CARGO,
        &value("target.cfg(unix).env.title", "ü"),
        "1",
        &[("Grüße, 世界", "ü")],
    );
    changes(
        CARGO,
        &value("target.cfg(unix).env.a.b.c", "q\"\\"),
        "1",
        &[("nested", "q\\\"\\\\")],
    );
    changes(
        CARGO,
        &value("bin[name=two].path", "c.rs"),
        "1",
        &[("b.rs", "c.rs")],
    );
    changes(CARGO, &value("bin[0].path", "c.rs"), "1", &[("a.rs", "c.rs")]);
    changes(
        "a = \"\"\"\nx\n\"\"\" # c\nb = 1",
        &value("a", "y"),
        "1",
        &[("\"\"\"\nx\n\"\"\"", "\"y\"")],
    );
    changes("a = '''x'''\n", &value("a", "y"), "1", &[("'''x'''", "\"y\"")]);
    changes("a = \"\"\n", &value("a", "1.10"), "1", &[("\"\"", "\"1.10\"")]);
}

#[test]
fn what_is_not_sure_is_refused() {
    refuses(CARGO, &at("package.port"), "edit.style", "5:8");
    refuses(CARGO, &at("package.born"), "edit.style", "6:8");
    refuses(CARGO, &at("package"), "edit.shape", "2:1");
    refuses(CARGO, &at("package.versoin"), "edit.not_found", "2:1");
    refuses(CARGO, &at("bin[name=three].path"), "edit.not_found", "16:1");
    refuses("a = 1\na = 2\n", &at("a"), "edit.parse", "2:1");
    refuses("[a]\n[a]\n", &at("a"), "edit.parse", "2:2");
    refuses("a = b\n", &at("a"), "edit.parse", "1:5");
    refuses("a = {{ .x }}\n", &at("a"), "edit.parse", "1:6");
    refuses("", &at("a"), "edit.not_found", "1:1");
    let deep = format!("{}='x'", vec!["a"; 100_000].join("."));
    refuses(&deep, &at("a"), "edit.parse", "1:1");
    let deep = format!("{}='x'", vec!["a"; 70].join("."));
    refuses(&deep, &at("a"), "edit.budget", "1:129");
}
