//! What a client may do and how long it waits.

use std::time::Duration;

/// How long a server may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until there is a connection, its TLS included.
    pub connect: Duration,
    /// Between two pieces of an answer. Until its first, the time to connect is added.
    pub idle: Duration,
    /// For a request as a whole with its redirects, and for all requests of one pull or push: what ends a server that never
    /// stops dripping.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            // 32 MiB within it is 0.5 Mbit/s.
            total: Duration::from_mins(10),
        }
    }
}

/// How a [`crate::Client`] is set up. What is not said here is the environment's: proxies (`HTTPS_PROXY`, `HTTP_PROXY`,
/// `NO_PROXY`) and the system's certificate authorities (on Linux also `SSL_CERT_FILE` and `SSL_CERT_DIR`).
#[derive(Clone, Debug)]
pub struct Options {
    /// What it says it is.
    pub user_agent: String,
    /// How long a server may take.
    pub timeouts: Timeouts,
    /// Hosts, each "name" or "name:port", that may be asked over plain http. This machine always may. A login is not sent to
    /// them.
    pub http_hosts: Vec<String>,
    /// How many redirects are followed.
    pub redirects: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            user_agent: concat!("bartizan/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeouts: Timeouts::default(),
            http_hosts: Vec::new(),
            redirects: 5,
        }
    }
}
