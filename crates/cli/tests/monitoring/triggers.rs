//! What is asked after a delivery, against the same real servers: alerts, objectives and budgets during the
//! window and after it.

use super::{alertmanager, gradus, http, prometheus};
use std::path::Path;
use std::time::{Duration, Instant};

const POLICY: &str = r#"
environments:
  canary:
    direct: true
    on_failure: rollback
    deliver: [{ write: { repository: deploy, file: "${app}.yaml" } }]
    verify:
      - alerts: { critical: 0 }
      - slo: { availability: 99.9%, window: 1h }
      - error_budget: { consumed_below: 90%, window: 1d }
      - metric:
          query: 'sum(rate(http_requests_total{app="${app}",env="${environment}"}[5m]))'
          pass_when: "> 0"
          no_less_than_before: 50%
          every: 100ms
    observe: { every: 1s, afterwards: 1h }
repositories: { deploy: { url: deploy.git } }
metrics:
  prometheus: http://127.0.0.1:PROMETHEUS
  alertmanager: http://127.0.0.1:ALERTMANAGER
  settled: 1s
  objective: 99.9%
  requests: 'http_requests_total{app="${app}",env="${environment}"}'
  failed: 'http_requests_total{app="${app}",env="${environment}",code=~"5.."}'
  alerts: ['env="${environment}"', 'version="${release.version}"']
apps: { good: {}, bad: {}, gone: {} }
"#;

fn fire(port: u16, name: &str, severity: &str, version: &str) {
    let labels =
        format!(r#""alertname":"{name}","severity":"{severity}","env":"canary","version":"{version}""#);
    let body = format!(
        r#"[{{"labels":{{{labels}}},"startsAt":"2000-01-01T00:00:00Z","endsAt":"2099-01-01T00:00:00Z"}}]"#
    );
    let (status, text) = http(port, "POST", "/api/v2/alerts", &body).unwrap();
    assert_eq!(status, 200, "{text}");
}

/// Lets a worker work until something is so.
fn until(dir: &Path, words: &str, wanted: &str) -> String {
    let begun = Instant::now();
    loop {
        gradus(dir, "worker --for 1s");
        let (_, said) = gradus(dir, words);
        if said.contains(wanted) {
            return said;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "never {wanted:?} in\n{said}"
        );
    }
}

fn release(dir: &Path, release: &str, digit: &str) {
    let digest = digit.repeat(64);
    let app = release.split('@').next().unwrap();
    let (exit, said) = gradus(
        dir,
        &format!("release add {release} --artifact x/{app}@sha256:{digest}"),
    );
    assert_eq!(exit, 0, "{said}");
}

#[test]
fn what_fires_after_the_window_takes_the_release_back() {
    let dir = tempfile::tempdir().unwrap();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let prometheus = prometheus(dir.path(), i64::try_from(now.as_secs()).unwrap());
    let alertmanager = alertmanager(dir.path());
    fire(alertmanager.port, "Watchdog", "none", "all");
    let work = dir.path().join("work");
    std::fs::create_dir(&work).unwrap();
    let policy = POLICY
        .replace("PROMETHEUS", &prometheus.port.to_string())
        .replace("ALERTMANAGER", &alertmanager.port.to_string());
    std::fs::write(work.join("gradus.yaml"), policy).unwrap();
    let made = std::process::Command::new("git")
        .args(["init", "-q", "--bare", "-b", "main"])
        .arg(work.join("deploy.git"))
        .status();
    assert!(made.unwrap().success());
    std::thread::sleep(Duration::from_millis(1100));
    for (version, digit) in [
        ("good@1.0.0", "a"),
        ("good@1.1.0", "b"),
        ("bad@1.0.0", "c"),
        ("gone@1.0.0", "d"),
    ] {
        release(&work, version, digit);
    }
    // In the window: what meets its objectives stays; what does not, and what nobody can tell of, needs a human.
    for good in ["good@1.0.0", "good@1.1.0"] {
        let (exit, said) = gradus(&work, &format!("promote {good} --to canary"));
        assert!(exit == 0 && said.contains("succeeded"), "{said}");
    }
    let (exit, said) = gradus(&work, "promote bad@1.0.0 --to canary");
    assert!(exit == 1 && said.contains("slo availability: 98%"), "{said}");
    let (exit, said) = gradus(&work, "promote gone@1.0.0 --to canary");
    assert!(exit == 1 && said.contains("no series"), "{said}");
    // After it: nothing happens as long as nothing fires.
    gradus(&work, "worker --for 2s");
    let (_, said) = gradus(&work, "status");
    assert!(said.contains("1.1.0        healthy"), "{said}");
    fire(alertmanager.port, "Down", "critical", "1.1.0");
    let said = until(&work, "history good", "rollback requested");
    assert!(said.contains("health lost good-2: alerts critical, 1"), "{said}");
    let said = until(&work, "promotion ls --app good", "succeeded    by gradus");
    assert!(said.contains("good-3"), "{said}");
    let (_, said) = gradus(&work, "status");
    assert!(said.contains("1.0.0        healthy"), "{said}");
    // The alert is about the other one: what came back stays.
    gradus(&work, "worker --for 2s");
    let (_, said) = gradus(&work, "promotion ls --app good");
    assert!(!said.contains("good-4"), "{said}");
    // With nobody to ask, nothing is known, and nothing is taken back.
    drop(prometheus);
    drop(alertmanager);
    gradus(&work, "worker --for 2s");
    let (_, said) = gradus(&work, "status");
    assert!(said.contains("1.0.0        healthy"), "{said}");
    assert_eq!(gradus(&work, "audit checkpoint").0, 0);
    let (exit, said) = gradus(&work, "audit verify");
    assert_eq!(exit, 0, "{said}");
}
