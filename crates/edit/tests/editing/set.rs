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

/// What people put switches and weights into: the format, the path, old, new, and the file. `@` stands
/// where the value is.
const GOLDEN: &[(Format, &str, &str, &str, &str)] = &[
    (
        Format::Yaml,
        "spec.http[0].route[1].weight",
        "0",
        "25",
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: web\nspec:\n  hosts: [web]\n  http:\n  - route:\n    - destination: {host: web, subset: stable}\n      weight: 100\n    - destination: {host: web, subset: canary}\n      weight: @\n",
    ),
    (
        Format::Yaml,
        "spec.rules[0].backendRefs[name=web-canary].weight",
        "10",
        "50",
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web}\nspec:\n  rules:\n  - backendRefs:\n    - {name: web, port: 80, weight: 90}\n    - {name: web-canary, port: 80, weight: @}   # Gradus\n",
    ),
    (
        Format::Yaml,
        "metadata.annotations.\"nginx.ingress.kubernetes.io/canary-weight\"",
        "\"10\"",
        "25",
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web-canary\n  annotations:\n    nginx.ingress.kubernetes.io/canary: \"true\"\n    nginx.ingress.kubernetes.io/canary-weight: @\n",
    ),
    (
        Format::Yaml,
        "spec.selector.colour",
        "blue",
        "green",
        "# the one door\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector:\n    app: web\n    colour: @\n  ports: [{port: 80}]\n",
    ),
    (
        Format::Yaml,
        "spec.replicas",
        "0",
        "3",
        "apiVersion: apps/v1\r\nkind: Deployment\r\nmetadata:\r\n  name: web-green\r\nspec:\r\n  replicas: @\r\n  template: {}\r\n",
    ),
    (
        Format::Yaml,
        "spec.minReplicas",
        "2",
        "6",
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: web\nspec:\n  scaleTargetRef: {kind: Deployment, name: web}\n  minReplicas: @\n  maxReplicas: 12\n",
    ),
    (
        Format::Yaml,
        "spec.strategy.canary.steps[0].setWeight",
        "5",
        "10",
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec:\n  strategy:\n    canary:\n      steps:\n      - setWeight: @\n      - pause: {}\n",
    ),
    (
        Format::Yaml,
        "traffic.canary.enabled",
        "false",
        "true",
        "# values-prod.yaml\nreplicaCount: 3\ntraffic:\n  stable: {weight: 100}\n  canary:\n    enabled: @ # switched by the pipeline\n",
    ),
    (
        Format::Yaml,
        "spec.suspend",
        "true",
        "false",
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: web\nspec:\n  interval: 5m\n  suspend: @\n",
    ),
    (
        Format::Yaml,
        "http.services.web.weighted.services[1].weight",
        "1",
        "4",
        "http:\n  services:\n    web:\n      weighted:\n        services:\n        - name: blue\n          weight: 4\n        - name: green\n          weight: @\n",
    ),
    (
        Format::Json,
        "weights.green",
        "0",
        "100",
        "{\n  \"listener\": \"arn:aws:elb:1\",\n  \"weights\": { \"blue\": 100, \"green\": @ }\n}\n",
    ),
    (
        Format::Json,
        "flags.newCheckout.enabled",
        "false",
        "true",
        "{\"flags\": {\"newCheckout\": {\"enabled\": @, \"owners\": [\"shop\"]}}}\n",
    ),
    (
        Format::Toml,
        "backend.canary.weight",
        "10",
        "30",
        "[backend.stable]\nweight = 90\n\n[backend.canary]\nweight = @ # per cent\n",
    ),
    (
        Format::Hcl,
        "inputs.green_weight",
        "0",
        "50",
        "include \"root\" {\n  path = find_in_parent_folders()\n}\n\ninputs = {\n  blue_weight  = 100\n  green_weight = @ # weighted target group\n}\n",
    ),
];

#[test]
fn one_setting_changes_and_every_other_byte_stays() {
    for (format, path, old, new, file) in GOLDEN {
        let before = file.replace('@', old);
        // A text stays a text, in the quotes that it had.
        let new_text = if old.starts_with('"') {
            format!("\"{new}\"")
        } else {
            (*new).to_owned()
        };
        let wanted = file.replace('@', &new_text);
        let found = after(*format, &before, path, new).unwrap_or_else(|code| panic!("{path}: {code}"));
        assert_eq!(found, wanted, "{path}");
        assert_eq!(
            after(*format, &found, path, new).unwrap(),
            wanted,
            "{path}: again"
        );
    }
    assert!(GOLDEN.len() >= 12);
}
