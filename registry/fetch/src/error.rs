//! Everything that can go wrong on the way to some bytes.

use thiserror::Error;

/// Why something could not be fetched. URLs are shown without passwords and queries: either may be a secret.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchError {
    /// It is not a URL that can be fetched.
    #[error("`{url}` cannot be fetched: {why}")]
    BadUrl {
        /// What was given.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// Plain http, to a host that was not allowed it.
    #[error("`{url}` is plain http: on the way anybody could read and change it")]
    NotHttps {
        /// What was given.
        url: String,
    },
    /// More than was asked for.
    #[error("the answer of `{url}` is too big: at most {limit} bytes are taken{}", size_said(*.announced))]
    TooBig {
        /// What was asked.
        url: String,
        /// The bound in bytes.
        limit: u64,
        /// The size in bytes that the server announced, if it is over the bound. A claim, not a fact.
        announced: Option<u64>,
    },
    /// Compressed, although it was asked not to be.
    #[error("the answer of `{url}` is compressed (`{coding}`), which was not asked for")]
    Compressed {
        /// What was asked.
        url: String,
        /// What the server calls the compression.
        coding: String,
    },
    /// The connection ended within the answer.
    #[error("the answer of `{url}` broke off after {received} bytes: {why}")]
    CutShort {
        /// What was asked.
        url: String,
        /// Bytes until then.
        received: u64,
        /// What the connection said.
        why: String,
    },
    /// Nothing is there (404 or 410).
    #[error("`{url}` does not exist")]
    NotFound {
        /// What was asked.
        url: String,
    },
    /// The server refused.
    #[error("`{url}` answered with HTTP {status}{}", words_said(.said))]
    Status {
        /// What was asked.
        url: String,
        /// The status.
        status: u16,
        /// The beginning of what it said, made harmless for a message. May be empty.
        said: String,
    },
    /// There is no safe connection to the server.
    #[error("no safe connection to `{url}`: {why}")]
    Tls {
        /// What was asked.
        url: String,
        /// What is wrong with its certificate or its TLS.
        why: String,
    },
    /// Its name is unknown.
    #[error("the host of `{url}` cannot be found: {why}")]
    Dns {
        /// What was asked.
        url: String,
        /// What the system said.
        why: String,
    },
    /// There is no connection to the server, or to the proxy before it.
    #[error("cannot connect to `{url}`: {why}")]
    Connect {
        /// What was asked.
        url: String,
        /// What the system said.
        why: String,
    },
    /// It took too long.
    #[error("`{url}` took longer than {limit_ms} ms for {waited_for}")]
    Timeout {
        /// What was asked.
        url: String,
        /// "a connection", "its next bytes" or "the whole answer".
        waited_for: &'static str,
        /// The bound in milliseconds.
        limit_ms: u64,
    },
    /// It led somewhere where we do not go.
    #[error("`{from}` redirects to `{to}`, which is not followed: {why}")]
    Redirect {
        /// Who redirects.
        from: String,
        /// Where to.
        to: String,
        /// Why not.
        why: String,
    },
    /// What it answered is not HTTP as we know it.
    #[error("the answer of `{url}` is malformed: {why}")]
    Malformed {
        /// What was asked.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// There can be no client on this machine.
    #[error("cannot set up a connection: {why}")]
    Setup {
        /// What is missing.
        why: String,
    },
}

impl FetchError {
    /// A short open code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadUrl { .. } => "bad-url",
            Self::NotHttps { .. } => "not-https",
            Self::TooBig { .. } => "too-big",
            Self::Compressed { .. } => "compressed",
            Self::CutShort { .. } => "cut-short",
            Self::NotFound { .. } => "not-found",
            Self::Status { .. } => "http-status",
            Self::Tls { .. } => "tls",
            Self::Dns { .. } => "unknown-host",
            Self::Connect { .. } => "unreachable",
            Self::Timeout { .. } => "timeout",
            Self::Redirect { .. } => "redirect-refused",
            Self::Malformed { .. } => "malformed-answer",
            Self::Setup { .. } => "setup",
        }
    }

    /// What the person at the terminal can do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::BadUrl { .. } | Self::NotFound { .. } => "check the address".into(),
            Self::NotHttps { .. } => "use its https address".into(),
            Self::TooBig { .. } => "check that the address is that of the file itself; if it is, ask whoever serves it".into(),
            Self::Compressed { .. } | Self::Malformed { .. } => {
                "ask whoever serves it, and look for a proxy on the way that changes answers".into()
            }
            Self::CutShort { .. } => "try again; if it stays so, ask whoever serves it".into(),
            Self::Status { status, .. } if *status >= 500 => "the server is at fault; try again later".into(),
            Self::Status { status: 401 | 403, .. } => "it is not open to you; ask whoever serves it".into(),
            Self::Status { .. } => "check the address, and ask whoever serves it".into(),
            Self::Tls { .. } => "check the address and this machine's clock; if your organisation has a certificate authority of its \
                own, install it, or name its file in SSL_CERT_FILE"
                .into(),
            Self::Dns { .. } | Self::Connect { .. } => {
                "check the address, the network, and HTTPS_PROXY and NO_PROXY if you are behind a proxy".into()
            }
            Self::Timeout { .. } => "try again; if it stays so, check the network or ask whoever serves it".into(),
            Self::Redirect { .. } => "use the address that it redirects to, if you trust that".into(),
            Self::Setup { .. } => "check that this machine has certificate authorities installed".into(),
        }
    }
}

fn size_said(announced: Option<u64>) -> String {
    announced.map_or_else(String::new, |size| format!(", and it announces {size}"))
}

fn words_said(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(": {said}") }
}
