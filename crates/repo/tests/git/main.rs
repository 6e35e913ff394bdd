//! Real git, over every way there is to a server.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    reason = "tests may stop at the first surprise, and share their servers with the figures"
)]

mod attacks;
mod fence;
mod history;
mod http;
mod marker;
mod refusals;
mod servers;
mod transports;
