//! Settings: a weight, a number of replicas, the colour that is live.

use crate::promote;
use gradus_edit::{Format, Path, Set, Target, Which};

fn set(format: Format, path: &str, value: &str) -> Set {
    Set {
        format,
        which: Which::default(),
        path: Path::new(path).unwrap(),
        value: value.to_owned(),
    }
}

/// What a text becomes, or the code of the refusal.
fn after(format: Format, text: &str, path: &str, value: &str) -> Result<String, String> {
    let target = Target::Set(set(format, path, value));
    match promote(text, &target, "2.0.0") {
        Ok(edited) => Ok(edited.text),
        Err(error) => Err(error.code().to_owned()),
    }
}

const ROUTE: &str = "spec:
  http:
    - route: # the share of each
        - { destination: stable, weight: 100 }
        - { destination: canary, weight: 0 } # by Gradus
  mirror: false
  colour: \"blue\"
  name: green
";

#[test]
fn every_value_keeps_its_kind() {
    let cases = [
        (
            "spec.http[0].route[1].weight",
            "25",
            "canary, weight: 25 } # by Gradus",
        ),
        (
            "spec.http[0].route[destination=stable].weight",
            "75.5",
            "stable, weight: 75.5 }",
        ),
        ("spec.mirror", "true", "mirror: true\n"),
        ("spec.colour", "green", "colour: \"green\"\n"),
        ("spec.name", "blue", "name: blue\n"),
        // A text that looks like a number is still a text.
        ("spec.name", "25", "name: \"25\"\n"),
    ];
    for (path, value, wanted) in cases {
        let text = after(Format::Yaml, ROUTE, path, value).unwrap();
        assert!(text.contains(wanted), "{path} = {value}: {text}");
        let differing = text.lines().zip(ROUTE.lines()).filter(|(new, old)| new != old);
        assert_eq!(differing.count(), 1, "{path} = {value}");
        assert_eq!(after(Format::Yaml, &text, path, value).unwrap(), text);
    }
}

#[test]
fn the_same_in_other_formats() {
    let json = "{\n  \"replicas\": 3, \"on\": true\n}\n";
    assert_eq!(
        after(Format::Json, json, "replicas", "5").unwrap(),
        json.replace('3', "5")
    );
    let toml = "[service]\nreplicas = 3 # each\n";
    assert_eq!(
        after(Format::Toml, toml, "service.replicas", "0").unwrap(),
        toml.replace('3', "0")
    );
    let hcl = "inputs = {\n  weight = 10 # per cent\n}\n";
    assert_eq!(
        after(Format::Hcl, hcl, "inputs.weight", "50").unwrap(),
        hcl.replace("10", "50")
    );
}

#[test]
fn another_kind_is_refused() {
    let refused = [
        ("spec.http[0].route[1].weight", "much"),
        ("spec.http[0].route[1].weight", "true"),
        ("spec.http[0].route[1].weight", "010"),
        ("spec.mirror", "yes"),
        ("spec.http", "1"),
        ("spec.nothing", "1"),
    ];
    for (path, value) in refused {
        after(Format::Yaml, ROUTE, path, value).unwrap_err();
    }
    after(Format::Yaml, "a: 0x10\n", "a", "5").unwrap_err();
    after(Format::Yaml, "a: &x 5\nb: *x\n", "b", "6").unwrap_err();
}

#[test]
fn what_is_there_can_be_asked() {
    let ask = |path: &str| set(Format::Yaml, path, "").present(ROUTE);
    assert_eq!(ask("spec.colour").unwrap().unwrap(), "blue");
    assert_eq!(ask("spec.http[0].route[0].weight").unwrap().unwrap(), "100");
    ask("spec.nowhere").unwrap_err();
}
