//! Why a server could not be listed at all, and why a part of it was not.

use std::time::Duration;

use bartizan_model::Server;
use serde::{Deserialize, Serialize};

use crate::Record;

/// The server never introduced itself: there is nothing to show, and nothing about it was checked.
///
/// Messages are lower-case fragments that can follow "could not look at the server: ".
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The command is empty.
    #[error("no command was given to start")]
    NoCommand,
    /// There is no such program.
    #[error("no program named `{program}` was found{}", if program.contains('/') { "" } else { " on PATH" })]
    ProgramNotFound {
        /// As it was given.
        program: String,
    },
    /// The directory to start it in is not there.
    #[error("the directory `{directory}` to start the server in does not exist")]
    NoDirectory {
        /// As it was given.
        directory: String,
    },
    /// The operating system would not start it.
    #[error("`{program}` could not be started: {source}")]
    Spawn {
        /// As it was given.
        program: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// It ended, or closed its standard output, before it introduced itself.
    #[error("the server `{target}` {how} before answering `{method}`{}", last_words(stderr))]
    Exited {
        /// The command line.
        target: String,
        /// "exited with status 1", "was killed by signal 9", "closed its standard output".
        how: String,
        /// What it was asked.
        method: &'static str,
        /// The end of what it wrote to stderr. Hostile text.
        stderr: String,
    },
    /// It did not answer in time.
    #[error("the server `{target}` did not answer `{method}` within {} s{}", after.as_secs_f32(), last_words(stderr))]
    Timeout {
        /// The command line or URL.
        target: String,
        /// What it was asked.
        method: &'static str,
        /// The whole time it had.
        after: Duration,
        /// The end of what it wrote to stderr. Hostile text.
        stderr: String,
    },
    /// The user interrupted.
    #[error("interrupted before the server `{target}` answered")]
    Interrupted {
        /// The command line or URL.
        target: String,
    },
    /// What it said is no MCP.
    #[error("what answers at `{target}` does not speak MCP: {why}{}", last_words(stderr))]
    NotMcp {
        /// The command line or URL.
        target: String,
        /// What it said or did instead.
        why: String,
        /// The end of what it wrote to stderr. Hostile text.
        stderr: String,
    },
    /// It refused to introduce itself.
    #[error("the server `{target}` refused `{method}`: {message} (JSON-RPC error {code})")]
    Refused {
        /// The command line or URL.
        target: String,
        /// What it was asked.
        method: &'static str,
        /// The JSON-RPC error code.
        code: i64,
        /// Its message. Hostile text.
        message: String,
    },
    /// HTTP 401 or 403.
    #[error("`{url}` wants other credentials (HTTP {status}); give them as a header{}",
        resource_metadata.as_ref().map(|u| format!("; its authorization is described at {u}")).unwrap_or_default())]
    Unauthorized {
        /// Where.
        url: String,
        /// 401 or 403.
        status: u16,
        /// The `WWW-Authenticate` header, cut to 2,000 characters. Hostile text.
        www_authenticate: Option<String>,
        /// Its `resource_metadata` (RFC 9728). Hostile text; it was not fetched.
        resource_metadata: Option<String>,
    },
    /// The server's certificate could not be verified; nothing was sent to it.
    #[error("the TLS certificate of `{url}` could not be verified, so nothing was sent: {why}")]
    Tls {
        /// Where.
        url: String,
        /// What the verifier said.
        why: String,
        /// What the certificate says of itself, as the detail of a "tls" observation.
        facts: serde_json::Value,
    },
    /// No connection, or it broke.
    #[error("`{url}` could not be reached: {why}")]
    Unreachable {
        /// Where.
        url: String,
        /// What went wrong, with its causes.
        why: String,
    },
    /// It answered with an HTTP status that is no answer.
    #[error("`{url}` answered HTTP {status}{}", if body.is_empty() { String::new() } else { format!(": {body}") })]
    Http {
        /// Where.
        url: String,
        /// The status.
        status: u16,
        /// The start of the body on one line. Hostile text.
        body: String,
    },
    /// A redirect that is not followed.
    #[error("a redirect from `{from}` to `{to}` was not followed: {why}")]
    Redirect {
        /// Where it was asked.
        from: String,
        /// Where it pointed.
        to: String,
        /// Why not.
        why: String,
    },
    /// A URL or header that cannot be used.
    #[error("{why}")]
    BadTarget {
        /// Which, and why.
        why: String,
    },
    /// The HTTP client or the runtime could not be set up.
    #[error("the client could not be set up: {why}")]
    Setup {
        /// Why.
        why: String,
    },
}

impl Error {
    /// A stable code for reports: "timeout", "exited", "unauthorized", "tls", "not-mcp" …
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCommand | Self::BadTarget { .. } => "bad-target",
            Self::ProgramNotFound { .. } => "not-found",
            Self::NoDirectory { .. } => "no-directory",
            Self::Spawn { .. } => "spawn",
            Self::Exited { .. } => "exited",
            Self::Timeout { .. } => "timeout",
            Self::Interrupted { .. } => "interrupted",
            Self::NotMcp { .. } => "not-mcp",
            Self::Refused { .. } => "refused",
            Self::Unauthorized { .. } => "unauthorized",
            Self::Tls { .. } => "tls",
            Self::Unreachable { .. } => "unreachable",
            Self::Http { .. } => "http-status",
            Self::Redirect { .. } => "redirect",
            Self::Setup { .. } => "setup",
        }
    }
}

/// A server that never introduced itself: why, and what was learnt of it all the same (where it redirected to, whose certificate it
/// showed, that it wants credentials, what the probes that need no more found).
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct Unheard {
    /// Why.
    pub error: Error,
    /// What was learnt. It has no items.
    pub record: Record,
}

impl Unheard {
    /// What there is for rules to judge: an address and observations, no items. It must not be taken for a server that lists nothing.
    pub fn server(&self) -> Server {
        crate::record::server(&self.record, Default::default())
    }
}

fn last_words(stderr: &str) -> String {
    let words = stderr.trim();
    if words.is_empty() {
        return String::new();
    }
    let start = words.char_indices().rev().nth(599).map_or(0, |(at, _)| at);
    let words = words.get(start..).unwrap_or(words);
    format!("; its last words on stderr: {}", bartizan_model::printable(words))
}

/// Something that was asked of a server that did introduce itself, and not heard. It was *not checked*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The method: "prompts/list".
    pub what: String,
    /// "timeout", "interrupted", "closed", "too-large", "malformed", "truncated", "http-status" …
    pub code: String,
    /// A sentence for a person. May quote hostile text.
    pub why: String,
}

/// A list that the server answered with a JSON-RPC error. "Method not found" says that there is nothing to list; any other error
/// leaves open what would have been listed. Also an observation ("list-error").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The method: "resources/list".
    pub method: String,
    /// The JSON text of the error.
    pub error: String,
}

/// Why one request was not answered.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The time for it ran out.
    Timeout,
    /// The user interrupted.
    Interrupted,
    /// The server is gone: it exited or closed the stream.
    Closed(String),
    /// The answer was longer than a message may be.
    TooLarge,
    /// There was an answer, and it cannot be read.
    Malformed(String),
    /// The transport failed for a reason that the caller must tell as it is.
    Failed(Box<Error>),
}

impl Stop {
    /// Whether asking anything more of this server is pointless.
    pub(crate) fn is_final(&self) -> bool {
        matches!(self, Self::Closed(_) | Self::Interrupted)
    }

    pub(crate) fn missing(&self, what: &str) -> Missing {
        let (code, why) = match self {
            Self::Timeout => ("timeout", "the server did not answer in time".to_owned()),
            Self::Interrupted => ("interrupted", "interrupted by the user".to_owned()),
            Self::Closed(how) => ("closed", format!("the server {how}")),
            Self::TooLarge => ("too-large", "the answer is longer than a message may be".to_owned()),
            Self::Malformed(why) => ("malformed", format!("the answer cannot be read: {why}")),
            Self::Failed(error) => (error.code(), error.to_string()),
        };
        Missing { what: what.to_owned(), code: code.to_owned(), why }
    }
}
