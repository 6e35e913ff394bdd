//! The transport against a server that misbehaves in every way it can.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may stop at the first surprise"
)]

use gradus_connect::{Guard, Http, Request, Transport as _};
use gradus_model::Why;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

/// A server that answers one request with these bytes, and keeps the line open for a while.
fn server(answer: &'static [u8], open: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}/", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0u8; 4096];
        let _ = stream.read(&mut request);
        let _ = stream.write_all(answer);
        std::thread::sleep(open);
    });
    url
}

#[test]
fn every_way_of_not_answering_has_its_words() {
    let now = Duration::ZERO;
    let huge: &'static [u8] = Box::leak(
        [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &[b'x'; 100_000]]
            .concat()
            .into_boxed_slice(),
    );
    for (answer, open, words) in [
        (
            b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
                .as_slice(),
            now,
            "redirects (302)",
        ),
        (b"".as_slice(), now, "127.0.0.1"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort".as_slice(),
            now,
            "127.0.0.1",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".as_slice(),
            Duration::from_secs(3),
            "did not answer in time",
        ),
        (huge, now, "larger than"),
        (b"SSH-2.0-OpenSSH\r\n".as_slice(), now, "127.0.0.1"),
    ] {
        let url = server(answer, open);
        let mut request = Request::get(url);
        request.timeout = Duration::from_millis(700);
        request.limit = 10_000;
        let trouble = Http::new(Guard::default()).send(&request).unwrap_err();
        assert_eq!(trouble.why, Why::Error);
        assert!(trouble.text.contains(words), "{words}: {trouble}");
    }
}

#[test]
fn the_type_and_the_body_come_back() {
    let url = server(
        b"HTTP/1.1 503 No\r\nContent-Type: Application/JSON; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}",
        Duration::ZERO,
    );
    let reply = Http::new(Guard::default()).send(&Request::get(url)).unwrap();
    assert_eq!(
        (reply.status, reply.content_type.as_str(), reply.body.as_str()),
        (503, "application/json", "{}")
    );
}

#[test]
fn unlisted_hosts_and_names_that_lead_inside_are_not_asked() {
    let http = Http::new(Guard::new(["localtest.invalid".to_owned()]));
    let refused = http.send(&Request::get("http://example.com/")).unwrap_err();
    assert!(
        refused.text.contains("do not list the host example.com"),
        "{refused}"
    );
    let refused = http
        .send(&Request::get("http://u:secret@127.0.0.1/"))
        .unwrap_err();
    assert!(
        refused.text.contains("is no address") && !refused.text.contains("secret"),
        "{refused}"
    );
    let unknown = http.send(&Request::get("http://localtest.invalid/")).unwrap_err();
    assert_eq!(unknown.why, Why::Error);
}
