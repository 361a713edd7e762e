//! Which server, and how patient to be with it.

use std::{collections::BTreeMap, fmt, path::PathBuf, sync::Arc, time::Duration};

use bartizan_model::{Transport, TransportKind};
use reqwest::Url;
use tokio_util::sync::CancellationToken;

use crate::{Launcher, Limits, Probes};

/// A server to reach.
#[derive(Clone)]
pub enum Target {
    /// A program to start.
    Stdio {
        /// The program and its arguments.
        command: Vec<String>,
        /// Environment variables it gets beyond the minimal set that `lib.rs` documents.
        env: BTreeMap<String, String>,
        /// Where to start it; here if absent.
        cwd: Option<PathBuf>,
    },
    /// A URL.
    Http {
        /// The endpoint.
        url: Url,
        /// Headers to send, credentials among them. They go to the URL's own origin and nowhere else.
        headers: Vec<(String, String)>,
        /// Which of the two HTTP transports.
        transport: HttpTransport,
    },
}

impl Target {
    /// How it is reached, as reports show it, before it is.
    pub fn transport(&self) -> Transport {
        match self {
            Self::Stdio { command, .. } => {
                Transport { kind: TransportKind::Stdio, address: String::new(), command: command.clone() }
            }
            Self::Http { url, transport, .. } => {
                let is_sse = *transport == HttpTransport::Sse;
                let kind = if is_sse { TransportKind::Sse } else { TransportKind::StreamableHttp };
                Transport { kind, address: shown(url), command: Vec::new() }
            }
        }
    }
}

impl fmt::Display for Target {
    /// The command line or the URL, without a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdio { command, .. } => f.write_str(&command.join(" ")),
            Self::Http { url, .. } => f.write_str(&shown(url)),
        }
    }
}

/// As [`fmt::Display`]: neither the environment's nor the headers' values are shown.
impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({self})")
    }
}

/// The URL without user name and password.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // These fail only where a URL cannot have them, and then it has none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

/// Which of the two HTTP transports a server speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HttpTransport {
    /// Streamable HTTP, and HTTP+SSE if that is refused with a client error.
    #[default]
    Auto,
    /// One endpoint, POST (2025-03-26 and later).
    Streamable,
    /// Two endpoints (2024-11-05).
    Sse,
}

/// Which of the protocol's two eras to speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Era {
    /// Find out. Over HTTP, where a request that is not understood costs nothing, `server/discover` is asked first,
    /// as the specification says. Over stdio `initialize` is sent first, and `server/discover` when that is refused:
    /// servers older than 2026-07-28 may end when their first message is anything else.
    #[default]
    Auto,
    /// `initialize`, up to 2025-11-25.
    Handshake,
    /// No handshake: 2026-07-28.
    Stateless,
}

/// Told what is being done: "starting", "initialize", "tools/list", "probe foreign-origin" …
pub type Progress = Arc<dyn Fn(&str) + Send + Sync>;

/// How patient to be.
#[derive(Clone)]
pub struct Options {
    /// From start to finished listing; probes come after it, within [`Probes::timeout`]. What was heard until then is returned. 60 s: the slowest real server known
    /// needs 46 s, nearly all of it to be downloaded and started.
    pub timeout: Duration,
    /// How much the server may say.
    pub limits: Limits,
    /// Which era to speak.
    pub era: Era,
    /// Cancel it to stop early; what was heard until then is returned.
    pub cancel: CancellationToken,
    /// Told of each stage.
    pub progress: Option<Progress>,
    /// What starts a stdio server; nothing does but us if absent.
    pub launcher: Option<Launcher>,
    /// What to try beyond listing. Nothing, if it is not asked for.
    pub probe: Probes,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: Duration::from_mins(1),
            limits: Limits::default(),
            era: Era::Auto,
            cancel: CancellationToken::new(),
            progress: None,
            launcher: None,
            probe: Probes::none(),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("timeout", &self.timeout)
            .field("limits", &self.limits)
            .field("era", &self.era)
            .field("launcher", &self.launcher)
            .field("probe", &self.probe)
            .finish_non_exhaustive()
    }
}
