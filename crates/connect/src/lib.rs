//! Clients of other systems.
//!
//! Each client is pure: it builds a [`Request`], and reads what came back into an answer or a
//! [`Trouble`]. What goes over the wire goes through one [`Transport`], which knows which hosts may
//! be asked, never follows a redirect, and never reads or waits without an end.
//!
//! | file | what it knows |
//! |---|---|
//! | `transport` | requests, replies, and what can go wrong between them |
//! | `guard` | which hosts may be asked, and at which addresses |
//! | `http` | the transport over the network |
//! | `argocd` | telling Argo CD, and when its answer means that a commit runs |
//! | `forge` | pull requests, and the built-in place for them |
//! | `prometheus`, `alertmanager` | questions to monitoring, and how much their answers can be trusted |

pub mod alertmanager;
pub mod argocd;
pub mod forge;
mod guard;
mod http;
pub mod prometheus;
mod transport;

pub use guard::{Guard, GuardError};
pub use http::Http;
pub use transport::{Reply, Request, Transport, Trouble};
