//! Policies that are wrong, each with the code and the place; and policies that are right.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

use gradus_policy::{Reading, TEMPLATES, read, schema};
use std::time::Instant;

fn parse(text: &str) -> Reading {
    read("gradus.yaml", text, &|name| {
        if name == "apps.yaml" {
            Ok("apps: { web: {} }".into())
        } else {
            Err("no such file".into())
        }
    })
}

/// A good policy with one line put in at a place.
fn with(place: &str, line: &str) -> String {
    let base = "environments:\n  dev: { direct: true }\n  prod: {}\n#environments\npeople:\n  teams: { sre: [ana, ben] }\n#people\npaths:\n  - { from: dev, to: prod }\n#paths\napps:\n  web: {}\n#apps\n";
    base.replace(&format!("#{place}"), line)
}

#[test]
fn every_mistake_has_a_code_and_a_place() {
    let cases: Vec<(String, &str, usize, usize)> = vec![
        (String::new(), "policy.empty", 1, 1),
        ("a: [".into(), "policy.yaml", 2, 1),
        ("a: &x 1\nb: *x\n".into(), "policy.alias", 1, 4),
        ("---\na: 1\n---\nb: 2\n".into(), "policy.documents", 4, 1),
        (with("apps", "colour: red"), "policy.unknown_key", 13, 1),
        (with("apps", "paths: []"), "policy.duplicate_key", 13, 1),
        (with("environments", "  Prod2: {}"), "policy.name", 4, 3),
        (
            with("environments", "  qa: { acepts: [main] }"),
            "policy.unknown_key",
            4,
            9,
        ),
        (
            with("environments", "  qa: { accepts: [] , direct: true }"),
            "policy.empty_list",
            4,
            18,
        ),
        (
            with("environments", "  qa: { accepts: [\"*/*\"], direct: true }"),
            "policy.branch",
            4,
            19,
        ),
        (
            with("environments", "  qa: { direct: maybe }"),
            "policy.type",
            4,
            17,
        ),
        (
            with("environments", "  qa: { direct: true, drift: block }"),
            "policy.drift",
            4,
            30,
        ),
        (
            with("environments", "  qa: { direct: true, queue: fifo }"),
            "policy.choice",
            4,
            30,
        ),
        (
            with("environments", "  qa: { direct: true, approvals_expire: 7 }"),
            "policy.period",
            4,
            41,
        ),
        (
            with("environments", "  qa: { direct: true, windows: office }"),
            "policy.unknown_name",
            4,
            32,
        ),
        (
            with("environments", "  qa: { direct: true, access: [sere] }"),
            "policy.unknown_name",
            4,
            32,
        ),
        (
            with(
                "environments",
                "  qa: { direct: true, access: { promte: anyone } }",
            ),
            "policy.unknown_key",
            4,
            33,
        ),
        (
            with("environments", "  qa: { direct: true, upstream: some }"),
            "policy.choice",
            4,
            33,
        ),
        (
            with(
                "environments",
                "  qa: { direct: true, upstream: { at_least: 0 } }",
            ),
            "policy.count",
            4,
            45,
        ),
        (
            with(
                "environments",
                "  qa: { direct: true, upstream: { at_least: 2 } }",
            ),
            "policy.upstream",
            4,
            3,
        ),
        (with("environments", "  qa: {}"), "policy.unreachable", 4, 3),
        (
            with(
                "environments",
                "  qa: { direct: true, deliver: [{ write: { repository: x, file: f } }] }",
            ),
            "policy.unknown_name",
            4,
            56,
        ),
        (
            with(
                "environments",
                "  qa: { direct: true, deliver: [{ wrte: { repository: x, file: f } }] }",
            ),
            "policy.unknown_part",
            4,
            35,
        ),
        (
            with(
                "environments",
                "  qa: { direct: true, verify: [{ http: { url: \"http://${host}\" } }] }",
            ),
            "policy.placeholder",
            4,
            47,
        ),
        (
            with("environments", "  qa: { direct: true, verify: [{ http: {} }] }"),
            "policy.missing_key",
            4,
            40,
        ),
        (with("people", "  machines: ci"), "policy.type", 7, 13),
        (
            with("people", "  identities: { ana: [a@x], ben: [a@x] }"),
            "policy.shared_identity",
            7,
            35,
        ),
        (with("paths", "  - { from: dev }"), "policy.missing_key", 10, 5),
        (
            with("paths", "  - { from: dev, to: pord }"),
            "policy.unknown_name",
            10,
            22,
        ),
        (
            with("paths", "  - { from: dev, to: dev }"),
            "policy.self_path",
            10,
            5,
        ),
        (
            with("paths", "  - { from: dev, to: prod }"),
            "policy.duplicate_path",
            10,
            5,
        ),
        (with("paths", "  - { from: prod, to: dev }"), "policy.cycle", 2, 3),
        (
            with("paths", "    gates: [{ covrage: { at_least: 80% } }]"),
            "policy.yaml",
            10,
            5,
        ),
        (
            with(
                "paths",
                "  - { from: prod, to: qa, gates: [{ covrage: { at_least: 80% } }] }",
            ),
            "policy.unknown_part",
            10,
            37,
        ),
        (
            with(
                "paths",
                "  - { from: dev, to: prod, gates: [{ coverage: { at_least: 180% } }] }",
            ),
            "policy.percent",
            10,
            60,
        ),
        (
            with("paths", "  - { from: dev, to: prod, gates: [{ slo: {} }] }"),
            "policy.empty_part",
            10,
            38,
        ),
        (
            with(
                "paths",
                "  - { from: dev, to: prod, gates: [{ tests: { passed: [] } }] }",
            ),
            "policy.empty_list",
            10,
            55,
        ),
        (
            with("paths", "  - { from: dev, to: prod, approvals: { srf: 1 } }"),
            "policy.unknown_name",
            10,
            41,
        ),
        (
            with("paths", "  - { from: dev, to: prod, approvals: { sre: 0 } }"),
            "policy.count",
            10,
            46,
        ),
        (
            with("paths", "  - { from: dev, to: prod, approvals: { sre: 3 } }"),
            "policy.too_few_people",
            10,
            46,
        ),
        (
            with(
                "paths",
                "  - { from: dev, to: prod, approvals: [{ from: [], count: 1 }] }",
            ),
            "policy.empty_list",
            10,
            48,
        ),
        (
            with("apps", "  api: { narrow: [{ from: prod, to: dev }] }"),
            "policy.unknown_path",
            13,
            19,
        ),
        (
            with("apps", "  api: { artifact: [x] }"),
            "policy.unknown_key",
            13,
            10,
        ),
        (with("apps", "include: [gone.yaml]"), "policy.include", 13, 11),
        (
            with("apps", "windows: { w: { zone: Mars/Base } }"),
            "policy.zone",
            13,
            23,
        ),
        (
            with(
                "apps",
                "windows: { w: { zone: UTC, allow: [{ days: [mon], from: 9, to: 17 }] } }",
            ),
            "policy.slot",
            13,
            57,
        ),
    ];
    assert!(cases.len() >= 40);
    let mut wrong = Vec::new();
    for (text, code, line, column) in cases {
        let reading = parse(&text);
        let places: Vec<_> = reading
            .problems
            .iter()
            .map(|found| (found.code, found.line, found.column))
            .collect();
        if reading.policy.is_some() || !places.contains(&(code, line, column)) {
            wrong.push(format!("{code} at {line}:{column} is not among {places:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_unprotected_way_to_a_protected_place_is_a_mistake() {
    let text = with("paths", "").replace("prod: {}", "prod: { protected: true }");
    assert_eq!(parse(&text).problems[0].code, "policy.unprotected");
}

#[test]
fn all_mistakes_are_told_at_once_with_what_was_meant() {
    let text = with("environments", "  qa: { acepts: [main], quue: in_order }");
    let messages: Vec<_> = parse(&text)
        .problems
        .into_iter()
        .map(|problem| problem.message)
        .collect();
    assert!(
        messages.iter().any(|text| text.contains("did you mean accepts?")),
        "{messages:?}"
    );
    assert!(
        messages.iter().any(|text| text.contains("did you mean queue?")),
        "{messages:?}"
    );
}

#[test]
fn several_ways_in_need_a_rule() {
    let text = with("environments", "  qa: { direct: true }").replace("#paths", "  - { from: qa, to: prod }");
    assert_eq!(parse(&text).problems[0].code, "policy.upstream");
}

#[test]
fn an_app_may_ask_for_more_and_never_for_less() {
    let base = with("paths", "").replace("to: prod }", "to: prod, wait: 1h, approvals: { sre: 1 } }");
    let more = base.replace(
        "web: {}",
        "web: { narrow: [{ from: dev, to: prod, wait: 2h, gates: [{ coverage: { at_least: 90% } }] }] }",
    );
    let policy = parse(&more).policy.unwrap();
    let path = &policy.apps.values().next().unwrap().paths[0];
    assert_eq!(
        (path.gates.len(), path.approvals.len(), path.wait.to_string()),
        (1, 1, "2h".to_owned())
    );
    let less = base.replace("web: {}", "web: { narrow: [{ from: dev, to: prod, wait: 5m }] }");
    assert_eq!(parse(&less).problems[0].code, "policy.loosened");
}

#[test]
fn bombs_cost_little() {
    let deep = "[".repeat(100_000);
    let wide = format!("a: [{}]", "1,".repeat(300_000));
    let laughs = "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n".to_owned();
    for text in [deep, wide, laughs, "x".repeat(2_000_000)] {
        let start = Instant::now();
        assert!(parse(&text).policy.is_none());
        // Generous for a loaded machine and an unoptimised build; a bomb takes minutes.
        assert!(start.elapsed().as_secs() < 5);
    }
}

#[test]
fn included_files_belong_to_the_policy() {
    let text = with("apps", "").replace("apps:\n  web: {}\n", "include: [apps.yaml]\n");
    assert_eq!(parse(&text).policy.unwrap().apps.len(), 1);
}

#[test]
fn a_name_that_means_a_gate_a_step_and_a_check_keeps_the_settings_of_each() {
    let policy = parse(
        r#"
environments:
  dev: { direct: true }
  prod:
    deliver: [{ http: { url: "http://a", observe: "http://b" } }]
    verify: [{ http: { url: "http://c", contains: "x", within: 5s, every: 1s } }]
paths:
  - { from: dev, to: prod, gates: [{ http: { name: d, url: "http://d", max_age: 1h } }] }
apps: { web: {} }
"#,
    );
    let policy = policy.policy.unwrap_or_else(|| panic!("{:?}", policy.problems));
    let names = |part: &gradus_model::Part| part.settings.0.keys().cloned().collect::<Vec<_>>();
    let prod = policy.environments.values().nth(1).unwrap();
    assert_eq!(names(&prod.deliver[0]), ["observe", "url"]);
    assert_eq!(names(&prod.verify[0]), ["contains", "every", "url", "within"]);
    assert_eq!(names(&policy.paths[0].gates[0]), ["max_age", "name", "url"]);
}

#[test]
fn every_template_is_good() {
    for template in TEMPLATES {
        let reading = parse(template.text);
        assert!(
            reading.problems.is_empty(),
            "{}: {:#?}",
            template.name,
            reading.problems
        );
        assert_eq!(reading.policy.unwrap().apps.len(), 1, "{}", template.name);
    }
}

#[test]
fn the_committed_schema_is_the_one_that_is_printed() {
    committed(
        "gradus.schema.json",
        &(serde_json::to_string_pretty(&schema()).unwrap() + "\n"),
    );
}

#[test]
fn the_committed_reference_is_made_from_the_grammar() {
    committed("policy.md", &gradus_policy::reference());
}

fn committed(name: &str, fresh: &str) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/").to_owned() + name;
    let file = &file;
    if std::env::var_os("GRADUS_BLESS").is_some() {
        std::fs::write(file, fresh).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(file).unwrap_or_default(),
        fresh,
        "run with GRADUS_BLESS=1 to write it"
    );
}

#[test]
fn six_environments_are_looked_at_more_closely_from_place_to_place() {
    let template = TEMPLATES
        .iter()
        .find(|one| one.name == "six-environment")
        .unwrap();
    let mut inside = false;
    let own = |line: &str| {
        let (indent, rest) = line.split_at(line.len() - line.trim_start().len());
        let bare = rest.strip_prefix("# ").unwrap_or_default();
        let words = ["verify:", "observe:", "metrics:"];
        inside = words.iter().any(|word| bare.starts_with(word)) || inside && bare.starts_with("  ");
        if inside {
            format!("{indent}{bare}\n")
        } else {
            format!("{line}\n")
        }
    };
    let text: String = template.text.lines().map(own).collect();
    let reading = gradus_policy::read("gradus.yaml", &text, &|_| Err(String::new()));
    assert!(reading.problems.is_empty(), "{:#?}", reading.problems);
    let policy = reading.policy.unwrap();
    let checks = |place: &str| {
        let name = gradus_model::EnvironmentName::new(place).unwrap();
        let environment = &policy.environments[&name];
        let kinds = environment.verify.iter().map(|part| part.kind.clone());
        (kinds.collect::<Vec<_>>(), environment.observe)
    };
    assert_eq!(checks("dev-int").0, ["http"]);
    assert_eq!(checks("future").0, ["http", "metric"]);
    assert_eq!(checks("active"), checks("future"));
    assert_eq!(checks("uat").0, ["http", "metric", "run"]);
    assert_eq!(checks("staging").0, ["http", "metric", "probe", "slo", "alerts"]);
    let (prod, observe) = checks("prod");
    assert_eq!(prod, ["http", "metric", "probe", "slo", "alerts", "error_budget"]);
    assert!(
        !observe.unwrap().afterwards.is_zero(),
        "production is watched afterwards"
    );
}

#[test]
fn strategies_that_do_not_fit_are_told_where_they_stand() {
    let set = "{ set: { repository: r, file: f.yaml, path: a, to: \"${weight}\" } }";
    let steps = |steps: &str| format!("strategy: {{ canary: {{ steps: {steps}, shift: [{set}] }} }}");
    let waves = |order: &str| format!("targets: [a, b], strategy: {{ waves: {{ order: {order} }} }}");
    let pair = |colours: &str| {
        format!(
            "strategy: {{ blue_green: {{ live: {{ repository: r, file: f.yaml, path: a }}, colours: {colours} }} }}"
        )
    };
    let cases = [
        ("strategy: { canary: {} }".to_owned(), "policy.missing_key"),
        ("strategy: {}".to_owned(), "policy.strategy"),
        (steps("[{ weight: 50 }, { weight: 10 }]"), "policy.strategy"),
        (steps("[{ weight: 150 }]"), "policy.percent"),
        (steps("[]"), "policy.empty_list"),
        (waves("[[a]]"), "policy.strategy"),
        (waves("[[a, b], [a]]"), "policy.strategy"),
        (waves("[[a], [c, b]]"), "policy.unknown_name"),
        (pair("[blue]"), "policy.empty_list"),
        (pair("[blue, blue]"), "policy.strategy"),
        (pair("[blue, green, red]"), "policy.strategy"),
        (
            "deliver: [{ set: { repository: r, file: f, path: a, to: \"${colour}\" } }]".to_owned(),
            "policy.placeholder",
        ),
        (
            "targets: { a: { x: y }, b: {} }, verify: [{ http: { url: \"${target.x}\" } }]".to_owned(),
            "policy.placeholder",
        ),
        ("targets: [Europe]".to_owned(), "policy.name"),
        ("observe: { for: soon }".to_owned(), "policy.period"),
    ];
    for (own, code) in cases {
        let text = format!(
            "environments:\n  dev:\n    direct: true\n  qa: {{ direct: true, {own} }}\nrepositories: {{ r: {{ url: r.git }} }}\napps: {{ web: {{}} }}\n"
        );
        let problems = parse(&text).problems;
        let found = problems.iter().find(|problem| problem.code == code);
        assert!(
            found.is_some_and(|problem| problem.line == 4),
            "{own}: {problems:#?}"
        );
    }
}
