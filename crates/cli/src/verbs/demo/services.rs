//! Four services, each with a minimal agent: it follows the deployment repository and runs what is
//! written there for its environment.

use super::PLACES;
use crate::error::Failed;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// Running services; they stop when this is dropped.
pub(super) struct Services {
    pub(super) ports: Vec<u16>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Drop for Services {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A service that panicked has stopped as well.
            let _ = thread.join();
        }
    }
}

/// Starts a service for each environment, on free ports of this machine.
pub(super) fn start(dir: &Path) -> Result<Services, Failed> {
    let mut services = Services {
        ports: Vec::new(),
        stop: Arc::new(AtomicBool::new(false)),
        threads: Vec::new(),
    };
    for place in PLACES {
        let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| {
            listener.set_nonblocking(true)?;
            Ok((listener.local_addr()?.port(), listener))
        });
        let (port, listener) = listener.map_err(|error| crate::internal("no free port", error))?;
        services.ports.push(port);
        let running = Arc::new(Mutex::new(String::from("nothing")));
        let (stop, shown) = (services.stop.clone(), running.clone());
        services
            .threads
            .push(std::thread::spawn(move || serve(&listener, place, &shown, &stop)));
        let (stop, repository) = (services.stop.clone(), dir.join("deploy.git"));
        services.threads.push(std::thread::spawn(move || {
            follow(&repository, place, &running, &stop);
        }));
    }
    Ok(services)
}

/// The agent: every so often, takes over what the repository says.
fn follow(repository: &PathBuf, place: &str, running: &Mutex<String>, stop: &AtomicBool) {
    let file = format!("main:{place}/web.yaml");
    while !stop.load(Ordering::Relaxed) {
        let shown = Command::new("git")
            .arg("--git-dir")
            .arg(repository)
            .args(["show", &file])
            .output();
        let text = shown
            .ok()
            .filter(|out| out.status.success())
            .map(|out| out.stdout)
            .unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let version = text.lines().find_map(|line| line.strip_prefix("version: "));
        if let (Some(version), Ok(mut running)) = (version, running.lock()) {
            *running = version.trim_matches('"').to_owned();
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The service: answers every request with the version that it runs.
/// The release that works everywhere but where it meets people, and how many of their requests fail.
const BAD: &str = "1.5.0";
const ONE_IN: u64 = 3;

fn serve(listener: &TcpListener, place: &str, running: &Mutex<String>, stop: &AtomicBool) {
    let mut served = 0;
    while !stop.load(Ordering::Relaxed) {
        match listener.accept() {
            Ok((stream, _)) => {
                served += 1;
                let version = running.lock().map(|text| text.clone()).unwrap_or_default();
                let bad = place == "canary" && version == BAD && served % ONE_IN == 0;
                answer(stream, &version, bad);
            }
            Err(_) => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// `/version` always answers; everything else is what people ask for.
fn answer(mut stream: TcpStream, version: &str, bad: bool) {
    let mut request = [0u8; 1024];
    // A client that went away does not need its answer.
    let _ = stream
        .set_nonblocking(false)
        .and_then(|()| stream.set_read_timeout(Some(Duration::from_secs(2))));
    let length = stream.read(&mut request).unwrap_or(0);
    let status = if bad && !request[..length].starts_with(b"GET /version ") {
        "500 Internal Server Error"
    } else {
        "200 OK"
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{version}",
        version.len()
    );
    let _ = stream.write_all(head.as_bytes());
}
