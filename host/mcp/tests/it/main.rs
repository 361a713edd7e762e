//! Live servers, honest and hostile, over every transport; and files.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of it is tests, and helpers outside of `#[test]` are not known to be"
)]

mod children;
mod files;
mod hostile;
mod http;
mod launched;
mod many;
mod passive;
mod probes_http;
mod probes_stdio;
mod real;
mod support;
