//! Who plays, and where: the people, the environments, and the policies that come into force.

use gradus_model::{AppName, EnvironmentName, Policy};

/// People under all their names, a stranger, and a machine.
pub const PEOPLE: [&str; 8] = ["dora", "olga", "olga@x", "omar", "cleo", "quin", "mallory", "ci"];

/// The environments, in order.
pub const PLACES: [&str; 3] = ["dev", "staging", "prod"];

/// The app.
pub(crate) fn web() -> AppName {
    AppName::new("web").unwrap()
}

/// The environment at a place.
pub(crate) fn environment(place: usize) -> EnvironmentName {
    EnvironmentName::new(PLACES[place % PLACES.len()]).unwrap()
}

const POLICY: &str = r#"
environments:
  dev: { direct: true, DELIVER }
  staging: { on_failure: roll_forward, DELIVER }
  prod: { protected: true, queue: in_order, approvals_expire: 300s, access: { break_glass: [ops] }, DELIVER }
repositories: { deploy: { url: deploy.git } }
people:
  teams: { ops: OPS, qa: [cleo, quin, ci] }
  identities: { olga: [olga@x] }
  machines: [ci]
paths:
  - { from: dev, to: staging, gates: [{ tests: { passed: [unit] } }], auto: true }
  - { from: staging, to: prod, gates: [{ soak: { at_least: 10s } }], approvals: { ops: COUNT, qa: 1 }, wait: 5s }
apps: { web: {} }
"#;

const DELIVER: &str = r#"deliver: [{ write: { repository: deploy, file: "${environment}.yaml" } }], verify: [{ http: { url: "http://x" } }]"#;

/// The usual policy; one that asks for more; one in which somebody has left a team.
pub(crate) fn policies() -> Vec<Policy> {
    let made = |ops: &str, count: &str| {
        let text = POLICY
            .replace("DELIVER", DELIVER)
            .replace("OPS", ops)
            .replace("COUNT", count);
        let reading = gradus_policy::read("gradus.yaml", &text, &|_| Err(String::new()));
        assert!(reading.problems.is_empty(), "{:?}", reading.problems);
        reading.policy.unwrap()
    };
    vec![
        made("[olga, omar]", "1"),
        made("[olga, omar]", "2"),
        made("[omar]", "1"),
    ]
}
