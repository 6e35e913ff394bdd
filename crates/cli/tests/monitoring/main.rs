//! Live gates against a real Prometheus with a month of history, and a real Alertmanager.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

mod triggers;

use serde_json::Value;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server that ends with the test.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// A plain request; the status and the body.
fn http(port: u16, method: &str, path: &str, body: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let head = format!(
        "{method} {path} HTTP/1.0\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let status = text.split(' ').nth(1)?.parse().ok()?;
    Some((
        status,
        text.split("\r\n\r\n").nth(1).unwrap_or_default().to_owned(),
    ))
}

fn start(program: &str, words: &[String], port: u16) -> Server {
    let mut command = Command::new(program);
    command.args(words).stdout(Stdio::null()).stderr(Stdio::null());
    let child = command
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    let server = Server { child, port };
    let begun = Instant::now();
    while http(port, "GET", "/-/ready", "").is_none_or(|(status, _)| status != 200) {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{program} does not get ready"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    server
}

/// How the requests of one app went: how many a minute, and which share failed, by how many minutes
/// ago it was.
struct Traffic {
    app: &'static str,
    rate: f64,
    failing: fn(i64) -> f64,
    /// The share that the canary serves, and which share of that fails.
    canary: fn(i64) -> f64,
    canary_failing: f64,
}

const STEADY: fn(i64) -> f64 = |_| 0.0003;
const TENTH: fn(i64) -> f64 = |_| 0.12;

const TRAFFIC: [Traffic; 7] = [
    Traffic {
        app: "good",
        rate: 600.0,
        failing: STEADY,
        canary: TENTH,
        canary_failing: 0.0003,
    },
    Traffic {
        app: "bad",
        rate: 600.0,
        failing: |_| 0.02,
        canary: |_| 0.05,
        canary_failing: 0.05,
    },
    Traffic {
        app: "few",
        rate: 0.005,
        failing: STEADY,
        canary: TENTH,
        canary_failing: 0.0,
    },
    // Good over the month, and burning since three quarters of an hour.
    Traffic {
        app: "burning",
        rate: 600.0,
        failing: |ago| if ago < 45 { 0.2 } else { 0.0 },
        canary: TENTH,
        canary_failing: 0.0003,
    },
    // Nothing has arrived for twenty minutes.
    Traffic {
        app: "silent",
        rate: 600.0,
        failing: STEADY,
        canary: |ago| if ago < 20 { -1.0 } else { 0.12 },
        canary_failing: 0.0,
    },
    // The canary had its share only for the last twelve hours.
    Traffic {
        app: "young",
        rate: 600.0,
        failing: STEADY,
        canary: |ago| if ago < 720 { 0.12 } else { 0.01 },
        canary_failing: 0.0,
    },
    // A canary that is worse than what runs beside it, though good enough by itself.
    Traffic {
        app: "worse",
        rate: 600.0,
        failing: |_| 0.0009,
        canary: TENTH,
        canary_failing: 0.009,
    },
];

/// A month of counters, in steps of a minute for the last two days and of five before.
fn history(now: i64) -> String {
    let mut out = String::from("# TYPE http_requests counter\n");
    for traffic in &TRAFFIC {
        for env in ["dev", "staging", "canary"] {
            let mut minutes: Vec<i64> = (2880..31 * 1440).step_by(5).collect();
            minutes.splice(0..0, 0..2880);
            minutes.reverse();
            let mut counts = [0.0f64; 4];
            let mut lines = [String::new(), String::new(), String::new(), String::new()];
            let mut before = 31 * 1440;
            for ago in minutes {
                let passed = (before - ago) as f64 * traffic.rate;
                before = ago;
                let share = (traffic.canary)(ago);
                if share < 0.0 {
                    continue;
                }
                let (own, rest) = (passed * share, passed * (1.0 - share));
                let bad_own = own * traffic.canary_failing;
                let bad_rest = (passed * (traffic.failing)(ago) - bad_own).max(0.0).min(rest);
                for (at, more) in [rest - bad_rest, bad_rest, own - bad_own, bad_own]
                    .into_iter()
                    .enumerate()
                {
                    counts[at] += more;
                    let (track, code) =
                        [("stable", 200), ("stable", 500), ("canary", 200), ("canary", 500)][at];
                    let labels = format!(
                        "app=\"{}\",env=\"{env}\",track=\"{track}\",code=\"{code}\"",
                        traffic.app
                    );
                    let time = now - ago * 60;
                    writeln!(lines[at], "http_requests_total{{{labels}}} {} {time}", counts[at]).unwrap();
                }
            }
            out.extend(lines);
        }
    }
    out.push_str("# EOF\n");
    out
}

fn prometheus(dir: &Path, now: i64) -> Server {
    let (data, file) = (dir.join("data"), dir.join("history.txt"));
    std::fs::write(&file, history(now)).unwrap();
    let filled = Command::new("promtool")
        .args([
            "tsdb",
            "create-blocks-from",
            "openmetrics",
            "--max-block-duration=720h",
        ])
        .args([&file, &data])
        .output()
        .unwrap();
    assert!(
        filled.status.success(),
        "{}",
        String::from_utf8_lossy(&filled.stderr)
    );
    std::fs::write(dir.join("prometheus.yml"), "global: { scrape_interval: 1h }\n").unwrap();
    let port = free_port();
    let words = [
        format!("--config.file={}", dir.join("prometheus.yml").display()),
        format!("--storage.tsdb.path={}", data.display()),
        "--storage.tsdb.retention.time=90d".to_owned(),
        format!("--web.listen-address=127.0.0.1:{port}"),
    ];
    start("prometheus", &words, port)
}

fn alertmanager(dir: &Path) -> Server {
    let config = "route: { receiver: none }\nreceivers: [{ name: none }]\n";
    std::fs::write(dir.join("alertmanager.yml"), config).unwrap();
    let port = free_port();
    let words = [
        format!("--config.file={}", dir.join("alertmanager.yml").display()),
        format!("--storage.path={}", dir.join("alerts").display()),
        format!("--web.listen-address=127.0.0.1:{port}"),
        "--cluster.listen-address=".to_owned(),
    ];
    start("prometheus-alertmanager", &words, port)
}

fn fire(port: u16, name: &str, severity: &str, env: &str, until: &str) {
    let body = format!(
        r#"[{{"labels":{{"alertname":"{name}","severity":"{severity}","env":"{env}"}},"startsAt":"2000-01-01T00:00:00Z","endsAt":"{until}"}}]"#
    );
    let (status, text) = http(port, "POST", "/api/v2/alerts", &body).unwrap();
    assert_eq!(status, 200, "{text}");
}

fn gradus(dir: &Path, words: &str) -> (i32, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(["--as", "ana"])
        .args(words.split(' '))
        .current_dir(dir)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    (out.status.code().unwrap(), text)
}

/// The four stages' thresholds with live gates for every app, and where to measure.
fn policy(dir: &Path, prometheus: u16, alertmanager: u16) {
    let (exit, said) = gradus(dir, "init --template four-stage");
    assert_eq!(exit, 0, "{said}");
    let file = dir.join("gradus.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let apps: String = TRAFFIC
        .iter()
        .map(|traffic| traffic.app)
        .chain(["gone"])
        .map(|app| format!("  {app}: {{}}\n"))
        .collect();
    let head = &text[..text.find("\napps:").unwrap()];
    let metrics = format!(
        r#"
metrics:
  prometheus: http://127.0.0.1:{prometheus}
  alertmanager: http://127.0.0.1:{alertmanager}
  settled: 1s
  every: 1s
  objective: 99.9%
  requests: 'http_requests_total{{app="${{app}}",env="${{environment}}"}}'
  failed: 'http_requests_total{{app="${{app}}",env="${{environment}}",code=~"5.."}}'
  canary_requests: 'http_requests_total{{app="${{app}}",env="${{environment}}",track="canary"}}'
  canary_failed: 'http_requests_total{{app="${{app}}",env="${{environment}}",track="canary",code=~"5.."}}'
  alerts: ['env="${{environment}}"']
apps:
{apps}"#
    );
    std::fs::write(&file, format!("{head}{metrics}")).unwrap();
    let (exit, said) = gradus(dir, "check");
    assert_eq!(exit, 0, "{said}");
}

/// The answers of the gates that are measured: `slo availability` and so on.
fn answers(dir: &Path, app: &str, from: &str, to: &str) -> Vec<(String, String, String)> {
    let (_, text) = gradus(
        dir,
        &format!("--json explain {app}@1.0.0 --from {from} --to {to}"),
    );
    let json: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap_or_else(|_| panic!("{text}"));
    let list = json["conditions"].as_array().unwrap_or_else(|| panic!("{text}"));
    let live = ["slo", "error_budget", "alerts", "canary"];
    let gates = list.iter().filter(|condition| {
        let name = condition["name"].as_str().unwrap_or_default();
        live.iter().any(|gate| name.split(' ').next() == Some(gate))
    });
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    gates
        .map(|condition| {
            let answer = &condition["answer"];
            let answer = answer["unknown"]
                .as_str()
                .map_or_else(|| text(answer), |why| format!("unknown {why}"));
            (text(&condition["name"]), answer, text(&condition["observed"]))
        })
        .collect()
}

#[test]
fn every_live_line_of_the_tables_passes_fails_and_is_unknown() {
    let dir = tempfile::tempdir().unwrap();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let prometheus = prometheus(dir.path(), i64::try_from(now.as_secs()).unwrap());
    let alertmanager = alertmanager(dir.path());
    fire(
        alertmanager.port,
        "Watchdog",
        "none",
        "all",
        "2099-01-01T00:00:00Z",
    );
    fire(
        alertmanager.port,
        "Down",
        "critical",
        "canary",
        "2099-01-01T00:00:00Z",
    );
    let work = dir.path().join("work");
    std::fs::create_dir(&work).unwrap();
    policy(&work, prometheus.port, alertmanager.port);
    for app in TRAFFIC.iter().map(|traffic| traffic.app).chain(["gone"]) {
        let digest = "ab".repeat(32);
        let (exit, said) = gradus(
            &work,
            &format!("release add {app}@1.0.0 --artifact x/{app}@sha256:{digest}"),
        );
        assert_eq!(exit, 0, "{said}");
    }
    std::thread::sleep(Duration::from_millis(1100));
    let expect = |app: &str, from: &str, to: &str, wanted: &[(&str, &str, &str)]| {
        let found = answers(&work, app, from, to);
        for (name, answer, words) in wanted {
            let line = found.iter().find(|(known, ..)| known == name);
            let (_, said, observed) =
                line.unwrap_or_else(|| panic!("{app} {from} {to}: no {name} in {found:#?}"));
            assert!(
                said == answer && observed.contains(words),
                "{app} {from} {to} {name}: {said}, {observed}"
            );
        }
    };
    expect(
        "good",
        "dev",
        "staging",
        &[
            ("slo availability", "pass", "99.97"),
            ("slo error_rate", "pass", "0.03"),
            ("error_budget", "pass", "30"),
            ("alerts critical", "pass", "0"),
        ],
    );
    expect(
        "good",
        "canary",
        "production",
        &[
            ("slo availability", "pass", "99.97"),
            ("error_budget", "fail", "30"),
            ("canary traffic", "pass", "12"),
            ("canary success_rate", "pass", "99.97"),
            ("canary duration", "pass", "1d"),
        ],
    );
    expect(
        "bad",
        "dev",
        "staging",
        &[
            ("slo availability", "fail", "98"),
            ("slo error_rate", "fail", "2"),
            ("error_budget", "fail", "2000"),
        ],
    );
    expect(
        "bad",
        "canary",
        "production",
        &[
            ("canary traffic", "fail", "5"),
            ("canary success_rate", "fail", "95"),
            ("canary duration", "fail", "0"),
        ],
    );
    expect(
        "few",
        "dev",
        "staging",
        &[
            ("slo availability", "unknown inconclusive", "only"),
            ("error_budget", "pass", ""),
        ],
    );
    expect(
        "gone",
        "dev",
        "staging",
        &[
            ("slo availability", "unknown no_data", "no series"),
            ("error_budget", "unknown no_data", "no series"),
            ("alerts critical", "pass", "0"),
        ],
    );
    expect(
        "young",
        "canary",
        "production",
        &[("canary duration", "fail", "1")],
    );
    expect(
        "silent",
        "canary",
        "production",
        &[("canary duration", "fail", "0")],
    );
    fire(
        alertmanager.port,
        "Down",
        "critical",
        "dev",
        "2099-01-01T00:00:00Z",
    );
    std::thread::sleep(Duration::from_millis(1100));
    expect("good", "dev", "staging", &[("alerts critical", "fail", "1")]);
    fire(
        alertmanager.port,
        "Down",
        "critical",
        "dev",
        "2001-01-01T00:00:00Z",
    );
    // How fast the budget burns, and what runs beside the canary.
    let file = work.join("gradus.yaml");
    let edit = |old: &str, new: &str| {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(old), "{old}");
        std::fs::write(&file, text.replace(old, new)).unwrap();
    };
    edit("consumed_below: 50%", "consumed_below: 90%, burn: page");
    edit("success_rate: 99%", "success_rate: 99%, compare_to: baseline");
    expect(
        "burning",
        "dev",
        "staging",
        &[("error_budget burn", "fail", "page")],
    );
    expect("good", "dev", "staging", &[("error_budget burn", "pass", "none")]);
    expect(
        "gone",
        "dev",
        "staging",
        &[("error_budget burn", "unknown no_data", "no series")],
    );
    expect(
        "good",
        "canary",
        "production",
        &[("canary baseline", "pass", "99.97")],
    );
    let worse = [
        ("canary success_rate", "pass", "99.1"),
        ("canary baseline", "fail", "99.1"),
    ];
    expect("worse", "canary", "production", &worse);
    let stale = [
        ("slo availability", "unknown inconclusive", "stale"),
        ("error_budget", "unknown inconclusive", "stale"),
    ];
    expect("silent", "dev", "staging", &stale);
    // Without the heartbeat, silence proves nothing; what fires, fires.
    let text = std::fs::read_to_string(work.join("gradus.yaml")).unwrap();
    std::fs::write(
        work.join("gradus.yaml"),
        text.replace("settled: 1s", "settled: 1s\n  heartbeat: Nobody"),
    )
    .unwrap();
    std::thread::sleep(Duration::from_millis(1100));
    expect(
        "good",
        "dev",
        "staging",
        &[("alerts critical", "unknown inconclusive", "heartbeat")],
    );
    // The servers go away: nothing passes, and it is said why.
    drop(prometheus);
    drop(alertmanager);
    std::thread::sleep(Duration::from_millis(1100));
    expect(
        "good",
        "dev",
        "staging",
        &[
            ("slo availability", "unknown error", "cannot be reached"),
            ("error_budget", "unknown error", "cannot be reached"),
            ("alerts critical", "unknown error", "cannot be reached"),
        ],
    );
}

/// The same burning, judged by the rules that are published for it and run by Prometheus' own tool.
#[test]
fn the_published_rules_agree_about_burning() {
    let dir = tempfile::tempdir().unwrap();
    let ratio = |window: &str| {
        let bad = format!("(sum(increase(bad_total[{window}])) or vector(0))");
        format!("({bad} / sum(increase(all_total[{window}])) / 0.001)")
    };
    let both = |long: &str, short: &str, factor: &str| {
        format!("({} > {factor} and {} > {factor})", ratio(long), ratio(short))
    };
    let page = format!("{} or {}", both("1h", "5m", "14.4"), both("6h", "30m", "6"));
    let ticket = format!("{} or {}", both("1d", "2h", "3"), both("3d", "6h", "1"));
    let rules = format!(
        "groups:\n- name: slo\n  rules:\n  - {{ alert: Page, expr: '{page}' }}\n  - {{ alert: Ticket, expr: '{ticket}' }}\n"
    );
    std::fs::write(dir.path().join("rules.yml"), rules).unwrap();
    let test = |failing: &str, alert: &str, fires: bool| {
        let fires = if fires { "[{ exp_labels: {} }]" } else { "[]" };
        format!(
            "- interval: 1m\n  input_series:\n  - {{ series: all_total, values: '0+600x4320' }}\n  \
             - {{ series: bad_total, values: '{failing}' }}\n  alert_rule_test:\n  \
             - {{ eval_time: 72h, alertname: {alert}, exp_alerts: {fires} }}\n"
        )
    };
    // A fifth fails since 45 minutes; three in ten thousand fail always; four in a thousand for a day.
    let (burning, good, slow) = ("0+0x4275 0+120x45", "0+0.18x4320", "0+0x2880 2.4+2.4x1440");
    let tests = [
        test(burning, "Page", true),
        test(good, "Page", false),
        test(good, "Ticket", false),
        test(slow, "Page", false),
        test(slow, "Ticket", true),
    ];
    let tests = format!(
        "rule_files: [rules.yml]\nevaluation_interval: 1h\ntests:\n{}",
        tests.concat()
    );
    std::fs::write(dir.path().join("test.yml"), tests).unwrap();
    let mut promtool = Command::new("promtool");
    let out = promtool
        .args(["test", "rules", "test.yml"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{text}");
}
