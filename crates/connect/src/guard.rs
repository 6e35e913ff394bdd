//! Which hosts may be asked, and at which addresses.
//!
//! A policy is text that somebody proposes; what this machine may reach is for whoever runs it to
//! say. A name that is allowed must not lead to the machine itself or to the addresses under which
//! clouds hand out credentials, whatever its owner lets it resolve to.

use std::net::IpAddr;

/// The hosts that may be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guard {
    hosts: Vec<String>,
}

/// Why a host is not asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say what the fields are")]
pub enum GuardError {
    #[error("{0} is no address: write http://HOST or https://HOST")]
    Address(String),
    #[error("the server's settings do not list the host {0}")]
    Host(String),
    #[error("{host} leads to {address}, which must never be asked under a name")]
    Inside { host: String, address: IpAddr },
}

impl Guard {
    /// A guard that lets these hosts through: names, addresses, or `*.example.com`.
    pub fn new(hosts: impl IntoIterator<Item = String>) -> Self {
        let hosts = hosts.into_iter().map(|host| host.to_ascii_lowercase()).collect();
        Self { hosts }
    }

    /// The host of an address, if it may be asked. This machine may always ask itself, by number
    /// or as `localhost`.
    pub fn check(&self, url: &str) -> Result<String, GuardError> {
        let host = host(url).ok_or_else(|| GuardError::Address(shown(url)))?;
        let listed = self.hosts.iter().any(|known| match known.strip_prefix("*.") {
            Some(domain) => host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')),
            None => *known == host,
        });
        if listed || itself(&host) {
            return Ok(host);
        }
        Err(GuardError::Host(host))
    }

    /// Whether a host may be asked at the address that its name has led to.
    pub fn check_address(&self, host: &str, address: IpAddr) -> Result<(), GuardError> {
        let address = address.to_canonical();
        let by_number = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
        let own = itself(host);
        let inside = match address {
            IpAddr::V4(v4) => {
                v4.is_link_local() || v4.is_unspecified() || v4.is_broadcast() || v4.is_multicast()
            }
            IpAddr::V6(v6) => v6.is_unicast_link_local() || v6.is_unspecified() || v6.is_multicast(),
        };
        let metadata = matches!(address, IpAddr::V6(v6) if v6.segments()[..4] == [0xfd00, 0x0ec2, 0, 0]);
        let refused = inside || metadata || (address.is_loopback() && !own && !by_number);
        if refused {
            let host = host.to_owned();
            return Err(GuardError::Inside { host, address });
        }
        Ok(())
    }
}

/// An address as it may be shown: without what stands before an @, which may be a secret.
fn shown(url: &str) -> String {
    match url.rsplit_once('@') {
        Some((_, rest)) => format!("…@{rest}"),
        None => url.chars().take(200).collect(),
    }
}

/// This machine, by a name or number that can mean nothing else.
fn itself(host: &str) -> bool {
    let number = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || number.is_ok_and(|address| address.is_loopback())
}

/// The host in an address of the web, in lower case. Addresses with a user in them have none: what
/// stands there is a secret, or a trick.
fn host(url: &str) -> Option<String> {
    let rest = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    if authority.contains('@') || authority.contains('\\') {
        return None;
    }
    let host = match authority.strip_prefix('[') {
        Some(v6) => format!("[{}]", v6.split(']').next()?),
        None => authority.split(':').next()?.to_owned(),
    };
    let plain = host
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-._[]:".contains(c));
    (plain && !host.is_empty()).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn only_listed_hosts_are_asked() {
        let guard = Guard::new(["prom.example".to_owned(), "*.svc.example".to_owned()]);
        for (url, allowed) in [
            ("http://prom.example:9090/api", true),
            ("https://PROM.example", true),
            ("http://a.svc.example/", true),
            ("http://svc.example/", false),
            ("http://evilsvc.example/", false),
            ("http://other.example/", false),
            ("http://prom.example@evil.example/", false),
            ("http://evil.example\\@prom.example/", false),
            ("http://127.0.0.1:9090", true),
            ("http://localhost", true),
            ("http://[::1]:80/", true),
            ("http://169.254.169.254/latest/meta-data", false),
            ("http://2130706433/", false),
            ("http://0x7f.1/", false),
            ("file:///etc/passwd", false),
            ("http://", false),
            ("gopher://prom.example", false),
        ] {
            assert_eq!(guard.check(url).is_ok(), allowed, "{url}");
        }
    }

    #[test]
    fn a_name_does_not_lead_inside() {
        let guard = Guard::new(["prom.example".to_owned(), "169.254.169.254".to_owned()]);
        let check = |host: &str, address: &str| guard.check_address(host, address.parse().unwrap()).is_ok();
        assert!(
            check("prom.example", "10.0.0.7"),
            "monitoring is often on the inside"
        );
        assert!(!check("prom.example", "127.0.0.1"));
        assert!(!check("prom.example", "::ffff:127.0.0.1"));
        assert!(!check("prom.example", "169.254.169.254"));
        assert!(
            !check("169.254.169.254", "169.254.169.254"),
            "not even when it is listed"
        );
        assert!(!check("prom.example", "fd00:ec2::254"));
        assert!(!check("prom.example", "0.0.0.0"));
        assert!(check("localhost", "127.0.0.1") && check("127.0.0.1", "127.0.0.1"));
    }
}
