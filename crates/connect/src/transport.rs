//! Requests, replies, and what can go wrong between them.

use gradus_model::Why;
use std::time::Duration;

/// A request to another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST` or `DELETE`.
    pub method: &'static str,
    /// The whole address.
    pub url: String,
    /// Headers beside those that every request has.
    pub headers: Vec<(String, String)>,
    /// The body of a `POST`.
    pub body: Option<String>,
    /// How long the whole exchange may take.
    pub timeout: Duration,
    /// How many bytes of the answer are read.
    pub limit: u64,
}

impl Request {
    /// A `GET` with the usual limits.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: "GET",
            url: url.into(),
            headers: Vec::new(),
            body: None,
            timeout: Duration::from_secs(10),
            limit: 4 * 1024 * 1024,
        }
    }

    /// A `POST` of a form or document with the usual limits.
    pub fn post(url: impl Into<String>, content_type: &str, body: String) -> Self {
        Self {
            method: "POST",
            headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
            body: Some(body),
            ..Self::get(url)
        }
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The media type, without its parameters.
    pub content_type: String,
    /// The body.
    pub body: String,
}

impl Reply {
    /// The body, if it is JSON and says so.
    pub(crate) fn json(&self) -> Result<serde_json::Value, Trouble> {
        if self.content_type != "application/json" {
            let found = if self.content_type.is_empty() {
                "nothing"
            } else {
                &self.content_type
            };
            return Err(Trouble::error(format!(
                "the answer should be JSON and is {found}"
            )));
        }
        serde_json::from_str(&self.body)
            .map_err(|error| Trouble::error(format!("the answer cannot be read: {error}")))
    }

    /// The beginning of the body, for people.
    pub(crate) fn beginning(&self) -> String {
        let line = self
            .body
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        line.chars().take(200).collect()
    }
}

/// Why there is no answer to rely on. None of them is ever a pass, and none is a failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Trouble {
    /// Whether there was nothing, nothing clear, or something broken.
    pub why: Why,
    /// In words.
    pub text: String,
}

impl Trouble {
    /// Nothing was there to measure.
    pub fn no_data(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            why: Why::NoData,
            text,
        }
    }

    /// Something was there, and it does not decide the question.
    pub fn inconclusive(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            why: Why::Inconclusive,
            text,
        }
    }

    /// The system could not be asked, or answered something else.
    pub fn error(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            why: Why::Error,
            text,
        }
    }
}

/// A way to other systems.
pub trait Transport: Send + Sync {
    /// Sends a request and brings back what came.
    fn send(&self, request: &Request) -> Result<Reply, Trouble>;
}
