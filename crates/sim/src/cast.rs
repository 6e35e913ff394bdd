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
  staging: { STAGING, DELIVER }
  prod: { protected: true, queue: in_order, approvals_expire: 300s, access: { break_glass: [ops] }, PROD }
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

/// A place that is watched while it is new, and for a while after that.
const WATCHED: &str = "observe: { for: 10s, every: 3s, failures: 1, afterwards: 120s }";

/// A place with three clusters, one of which may fail.
const WAVES: &str = r#"targets: [one, two, three], strategy: { waves: { order: [[one], [two, three]], hold: 5s, failures: 1 } },
    deliver: [{ write: { repository: deploy, file: "prod-${target}.yaml" } }], verify: [{ http: { url: "http://${target}" } }]"#;

/// A place where the traffic is shifted, and a human says when.
const CANARY: &str = r#"strategy: { canary: { steps: [{ weight: 10, hold: 5s, pause: true }, { weight: 50 }],
    shift: [{ write: { repository: deploy, file: "share-${weight}.yaml" } }], finish: [{ write: { repository: deploy, file: done.yaml } }] } },
    deliver: [{ write: { repository: deploy, file: prod.yaml } }], verify: [{ http: { url: "http://x" } }]"#;

/// The usual policy; one that asks for more; one in which somebody has left a team; two in which
/// production is reached phase by phase, and staging is watched; one that waits while production has drifted.
pub(crate) fn policies() -> Vec<Policy> {
    let made = |ops: &str, count: &str, staging: &str, prod: &str| {
        let text = POLICY
            .replace("STAGING", staging)
            .replace("PROD", prod)
            .replace("DELIVER", DELIVER)
            .replace("OPS", ops)
            .replace("COUNT", count);
        let reading = gradus_policy::read("gradus.yaml", &text, &|_| Err(String::new()));
        assert!(reading.problems.is_empty(), "{:?}", reading.problems);
        reading.policy.unwrap()
    };
    let forward = "on_failure: roll_forward";
    vec![
        made("[olga, omar]", "1", forward, "DELIVER"),
        made("[olga, omar]", "2", forward, "DELIVER"),
        made("[omar]", "1", forward, "DELIVER"),
        made("[olga, omar]", "1", WATCHED, WAVES),
        made("[olga, omar]", "1", WATCHED, CANARY),
        made("[olga, omar]", "1", forward, "drift: block, DELIVER"),
    ]
}
