//! How much a server may say before we stop listening.

use std::time::Duration;

/// Bounds on what one server can make us read, keep and wait for. Whatever is cut by one of them is reported
/// as not checked; none of them is reached by the largest real server known (210 KB in all, 131 tools).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one message: a line of stdio, a body or an event of HTTP. Longer ones are read and dropped. 16 MiB.
    pub message_bytes: usize,
    /// Bytes of items kept, over all lists. What is kept is held twice (as sent and decoded), so memory
    /// stays under about three times this. 32 MiB.
    pub total_bytes: usize,
    /// Items kept of one list. 10,000.
    pub items_per_list: usize,
    /// Pages followed in one list. 1,000.
    pub pages_per_list: usize,
    /// HTTP redirects followed for one request. 5.
    pub redirects: usize,
    /// Lines of noise on stdout kept, each at most 1 KiB. 100.
    pub noise_lines: usize,
    /// Requests and notifications from the server kept, each at most 4 KiB. 100.
    pub server_messages: usize,
    /// Requests from the server that are answered; it asks without end otherwise. 1,000.
    pub answered_requests: usize,
    /// The last bytes of stderr kept. 64 KiB.
    pub stderr_bytes: usize,
    /// How long a server has to leave after it was told to, before it is killed. 1 s.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: 16 << 20,
            total_bytes: 32 << 20,
            items_per_list: 10_000,
            pages_per_list: 1_000,
            redirects: 5,
            noise_lines: 100,
            server_messages: 100,
            answered_requests: 1_000,
            stderr_bytes: 64 << 10,
            grace: Duration::from_secs(1),
        }
    }
}
