//! The transport over the network.

use crate::guard::Guard;
use crate::transport::{Reply, Request, Transport, Trouble};
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, config::Config};

/// Asks over HTTP and HTTPS. Redirects are not followed: they could lead past the guard.
#[derive(Debug)]
pub struct Http {
    agent: Agent,
    guard: Guard,
}

/// Resolves names, and lets only such addresses through as the guard does.
#[derive(Debug)]
struct Guarded {
    guard: Guard,
    inner: DefaultResolver,
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let host = uri.host().unwrap_or_default();
        for address in &found {
            // The connection goes to one of these, so what is checked here is what is asked.
            self.guard
                .check_address(host, address.ip())
                .map_err(|refused| ureq::Error::Other(Box::new(refused)))?;
        }
        Ok(found)
    }
}

impl Http {
    /// A transport behind a guard.
    pub fn new(guard: Guard) -> Self {
        let config = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent(concat!("gradus/", env!("CARGO_PKG_VERSION")))
            .proxy(None)
            .build();
        let resolver = Guarded {
            guard: guard.clone(),
            inner: DefaultResolver::default(),
        };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        Self { agent, guard }
    }
}

impl Transport for Http {
    fn send(&self, request: &Request) -> Result<Reply, Trouble> {
        let host = self
            .guard
            .check(&request.url)
            .map_err(|refused| Trouble::error(refused.to_string()))?;
        let failed = |error: ureq::Error| Trouble::error(format!("{host}: {}", words(&error)));
        let mut building = ureq::http::Request::builder()
            .method(request.method)
            .uri(&request.url);
        for (name, value) in &request.headers {
            building = building.header(name, value);
        }
        let body = request.body.clone().unwrap_or_default();
        let message = building
            .body(body)
            .map_err(|error| Trouble::error(format!("{host}: the request cannot be made: {error}")))?;
        let message = self
            .agent
            .configure_request(message)
            .timeout_global(Some(request.timeout))
            .build();
        let mut answer = self.agent.run(message).map_err(failed)?;
        let status = answer.status().as_u16();
        if (300..400).contains(&status) {
            return Err(Trouble::error(format!(
                "{host} redirects ({status}), which is not followed"
            )));
        }
        let content_type = answer
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.split(';').next())
            .map(|text| text.trim().to_ascii_lowercase())
            .unwrap_or_default();
        let body = answer
            .body_mut()
            .with_config()
            .limit(request.limit)
            .lossy_utf8(true)
            .read_to_string()
            .map_err(failed)?;
        Ok(Reply {
            status,
            content_type,
            body,
        })
    }
}

fn words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "it did not answer in time".to_owned(),
        ureq::Error::BodyExceedsLimit(limit) => format!("its answer is larger than {limit} bytes"),
        ureq::Error::Io(error) => format!("it cannot be reached: {error}"),
        other => other.to_string(),
    }
}
