//! The three ways to a server, behind one face: a text goes out, texts come in.

pub(crate) mod auth;
pub(crate) mod body;
pub(crate) mod egress;
pub(crate) mod exchange;
pub(crate) mod facts;
pub(crate) mod http;
pub(crate) mod legacy;
pub(crate) mod sse;
pub(crate) mod stdio;
pub(crate) mod tls;

use bartizan_model::{Observation, Transport, TransportKind};

use crate::error::Stop;

/// Something that came in.
pub(crate) enum Incoming {
    /// A text that may be a message.
    Text {
        text: String,
        /// Whether bytes that are no UTF-8 were replaced.
        lossy: bool,
    },
    /// A text longer than a message may be; it was dropped.
    TooLarge,
}

impl Incoming {
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Text { text, lossy: false },
            Err(error) => {
                Self::Text { text: String::from_utf8_lossy(error.as_bytes()).into_owned(), lossy: true }
            }
        }
    }
}

/// What goes out.
#[derive(Clone, Copy)]
pub(crate) struct Outgoing<'a> {
    /// The message.
    pub(crate) text: &'a str,
    /// The method of a request or notification; `None` for an answer.
    pub(crate) method: Option<&'a str>,
    /// Whether an answer is awaited.
    pub(crate) is_request: bool,
}

/// The revision that messages are sent in, which HTTP tells in headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Revision {
    /// Not agreed on yet.
    #[default]
    Unknown,
    /// Agreed on by handshake.
    Handshake(String),
    /// Told with each request.
    Stateless(String),
}

/// A way to a server.
pub(crate) enum Connection {
    Stdio(Box<stdio::Stdio>),
    Http(Box<http::Http>),
    Sse(Box<legacy::Sse>),
}

impl Connection {
    pub(crate) fn set_revision(&mut self, revision: Revision) {
        match self {
            Self::Stdio(_) => {}
            Self::Http(http) => http.revision = revision,
            Self::Sse(sse) => sse.http.revision = revision,
        }
    }

    pub(crate) async fn send(&mut self, out: Outgoing<'_>) -> Result<(), Stop> {
        match self {
            Self::Stdio(stdio) => stdio.send(out.text).await,
            Self::Http(http) => http.send(out).await,
            Self::Sse(sse) => sse.send(out).await,
        }
    }

    /// The next text. Dropping the future loses nothing that came in.
    pub(crate) async fn receive(&mut self) -> Result<Incoming, Stop> {
        match self {
            Self::Stdio(stdio) => stdio.receive().await,
            Self::Http(http) => http.receive().await,
            Self::Sse(sse) => sse.receive().await,
        }
    }

    /// The HTTP beneath, if there is one.
    pub(crate) fn http(&mut self) -> Option<&mut http::Http> {
        match self {
            Self::Stdio(_) => None,
            Self::Http(http) => Some(http),
            Self::Sse(sse) => Some(&mut sse.http),
        }
    }

    /// Ends the session and whatever was started for it.
    pub(crate) async fn close(&mut self) {
        match self {
            Self::Stdio(stdio) => stdio.close().await,
            Self::Http(http) => http.end_session().await,
            Self::Sse(_) => {}
        }
    }

    /// Whether texts that are no messages are noise (a stray print) and not a broken answer.
    pub(crate) fn has_noise(&self) -> bool {
        matches!(self, Self::Stdio(_))
    }

    pub(crate) fn stderr(&self) -> String {
        match self {
            Self::Stdio(stdio) => stdio.child.stderr(),
            _ => String::new(),
        }
    }

    /// What was learnt about the connection.
    pub(crate) fn observations(&mut self) -> Vec<Observation> {
        match self {
            Self::Stdio(_) => Vec::new(),
            Self::Http(http) => http.observations(),
            Self::Sse(sse) => sse.http.observations(),
        }
    }

    /// How the server was reached, for reports.
    pub(crate) fn transport(&self) -> Transport {
        match self {
            Self::Stdio(stdio) => Transport {
                kind: TransportKind::Stdio,
                address: String::new(),
                command: stdio.command.clone(),
            },
            Self::Http(http) => http.transport(TransportKind::StreamableHttp),
            Self::Sse(sse) => sse.http.transport(TransportKind::Sse),
        }
    }
}
