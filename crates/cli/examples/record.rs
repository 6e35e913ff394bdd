//! Records the demo as a moving picture: runs it, and writes what the terminal would show as an SVG.
//!
//! `cargo run --release -p gradus-cli --example record -- target/release/gradus docs/demo.svg`
#![allow(clippy::unwrap_used, reason = "a program that is run by hand")]

use std::fmt::Write as _;
use std::io::Read as _;
use std::process::Command;

const ROWS: usize = 30;
const LINE: usize = 19;
const WIDTH: usize = 980;
const COLUMNS: usize = 112;
/// How long a line stays alone, and a line that says what happens next, in seconds.
const PACE: f64 = 0.09;
const PAUSE: f64 = 1.4;

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// One line of the terminal as pieces of one style each.
fn pieces(line: &str) -> String {
    let mut out = String::new();
    for piece in line.split("\x1b[") {
        let (class, text) = match piece.split_once('m') {
            Some(("1", text)) => ("b", text),
            Some(("2", text)) => ("d", text),
            Some(("31", text)) => ("r", text),
            Some(("32", text)) => ("g", text),
            Some(("33", text)) => ("y", text),
            Some(("0", text)) => ("", text),
            _ => ("", piece),
        };
        if !text.is_empty() {
            write!(out, "<tspan class=\"{class}\">{}</tspan>", escape(text)).unwrap();
        }
    }
    out
}

/// Long lines end where the picture does.
fn cut(line: &str) -> String {
    let (mut seen, mut inside, mut out) = (0, false, String::new());
    for letter in line.chars() {
        inside |= letter == '\x1b';
        if inside {
            inside = letter != 'm';
            out.push(letter);
        } else if seen < COLUMNS {
            seen += 1;
            out.push(letter);
        }
    }
    out
}

/// When each line appears, and when the last one has.
fn moments(lines: &[String]) -> (Vec<f64>, f64) {
    let mut now = 0.4;
    let each = lines.iter().map(|line| {
        let begun = now;
        let story = line.starts_with("\x1b[1m") && !line.contains('@');
        now += if story { PAUSE } else { PACE };
        begun
    });
    let each = each.collect();
    (each, now)
}

fn picture(lines: &[String]) -> String {
    let (moments, end) = moments(lines);
    let whole = end + 6.0;
    let (mut rules, mut body) = (String::new(), String::new());
    let mut scroll = String::from("0% { transform: translateY(0) } ");
    for (at, (line, moment)) in lines.iter().zip(&moments).enumerate() {
        let percent = moment / whole * 100.0;
        let shown = percent + 0.01;
        let y = (at + 1) * LINE;
        writeln!(
            rules,
            "@keyframes l{at} {{ 0%, {percent:.2}% {{ opacity: 0 }} {shown:.2}%, 100% {{ opacity: 1 }} }}"
        )
        .unwrap();
        let line = pieces(line);
        writeln!(
            body,
            "<text y=\"{y}\" style=\"animation-name:l{at}\">{line}</text>"
        )
        .unwrap();
        if at + 1 > ROWS {
            let up = (at + 1 - ROWS) * LINE;
            write!(scroll, "{percent:.2}% {{ transform: translateY(-{up}px) }} ").unwrap();
        }
    }
    let last = lines.len().saturating_sub(ROWS) * LINE;
    write!(scroll, "100% {{ transform: translateY(-{last}px) }}").unwrap();
    let (height, view, inner) = (ROWS * LINE + 58, ROWS * LINE + 8, WIDTH - 40);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14">
<title>gradus demo: a release from development to production</title>
<style>
text {{ fill: #d7dae0; white-space: pre; animation-duration: {whole:.1}s; animation-timing-function: step-end; animation-iteration-count: infinite }}
.b {{ fill: #fff; font-weight: bold }} .d {{ fill: #8b929e }} .r {{ fill: #ff7b72 }} .g {{ fill: #56d364 }} .y {{ fill: #e3b341 }}
#screen {{ animation: scroll {whole:.1}s step-end infinite }}
@keyframes scroll {{ {scroll} }}
{rules}@media (prefers-reduced-motion: reduce) {{ text {{ animation: none }} #screen {{ animation: none; transform: translateY(-{last}px) }} }}
</style>
<rect width="{WIDTH}" height="{height}" rx="10" fill="#16181d"/>
<circle cx="22" cy="20" r="6" fill="#ff5f57"/><circle cx="42" cy="20" r="6" fill="#febc2e"/><circle cx="62" cy="20" r="6" fill="#28c840"/>
<svg x="20" y="40" width="{inner}" height="{view}"><g id="screen">
{body}</g></svg>
</svg>
"##
    )
}

fn main() {
    let mut args = std::env::args().skip(1);
    let (gradus, file) = (args.next().unwrap(), args.next().unwrap());
    let mut demo = Command::new(gradus);
    // Both streams, in the order in which a terminal would show them.
    let (mut shown, screen) = std::io::pipe().unwrap();
    demo.arg("demo")
        .env("CLICOLOR_FORCE", "1")
        .env_remove("NO_COLOR")
        .env("GIT_CONFIG_GLOBAL", "/dev/null");
    demo.stdout(screen.try_clone().unwrap()).stderr(screen);
    let mut running = demo.spawn().unwrap();
    drop(demo);
    let mut text = String::new();
    shown.read_to_string(&mut text).unwrap();
    assert!(running.wait().unwrap().success(), "the demo failed");
    let lines: Vec<String> = text.lines().skip(1).map(cut).collect();
    std::fs::write(file, picture(&lines)).unwrap();
}
