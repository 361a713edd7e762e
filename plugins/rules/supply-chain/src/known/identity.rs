//! Which package and version a server is, as far as anything says so.

use bartizan_sdk::prelude::*;

use super::osv;
use crate::{
    launch::{Ecosystem, Launch, Pin},
    text::clipped,
};

/// Servers that report their package's own version, by the name they report. Many others report their library's, or
/// one that was forgotten in the source.
const REPORTS_TRUTH: [(&str, Ecosystem, &str, u64); 4] = [
    ("@cyanheads/git-mcp-server", Ecosystem::Npm, "@cyanheads/git-mcp-server", 0),
    ("Figma MCP Server", Ecosystem::Npm, "figma-developer-mcp", 0),
    ("chrome_devtools", Ecosystem::Npm, "chrome-devtools-mcp", 0),
    // Its releases are named by their date; a lower number is the library's.
    ("mcp-git", Ecosystem::PyPi, "mcp-server-git", 2024),
];

/// How the version is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    CommandLine,
    /// No version is known, and all are alike.
    EveryVersion,
    ServerInfo,
}

impl Known {
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::CommandLine | Self::EveryVersion => "command line",
            Self::ServerInfo => "server says of itself",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) ecosystem: Ecosystem,
    pub(crate) name: String,
    pub(crate) version: Option<String>,
    pub(crate) known: Known,
}

impl Identity {
    pub(crate) fn shown(&self) -> String {
        let version =
            self.version.as_deref().map(|version| format!(" {}", clipped(version))).unwrap_or_default();
        format!("{}{version}", clipped(&self.name))
    }
}

/// Every package that the server is started from, each once.
pub(crate) fn all_of(server: &Server, launches: &[Launch]) -> Vec<Identity> {
    let mut all: Vec<Identity> = Vec::new();
    for package in launches.iter().filter(|launch| !launch.around.disabled).flat_map(Launch::packages) {
        if package.ecosystem.osv().is_none() {
            continue;
        }
        let (version, known) = match &package.pin {
            Pin::Exact(version) => (Some(version.clone()), Known::CommandLine),
            Pin::None | Pin::Range(_) | Pin::Installed => (None, Known::EveryVersion),
        };
        let name = osv::normal(package.ecosystem, &package.name);
        let identity = Identity { ecosystem: package.ecosystem, name, version, known };
        if !all.contains(&identity) {
            all.push(identity);
        }
    }
    if let Some(said) = said(server)
        && !all.iter().any(|other| other.name == said.name && other.version.is_some())
    {
        all.retain(|other| other.name != said.name);
        all.push(said);
    }
    all
}

fn said(server: &Server) -> Option<Identity> {
    let (_, ecosystem, package, least) = REPORTS_TRUTH.iter().find(|(name, ..)| *name == server.name)?;
    let major: u64 = server.version.split('.').next()?.parse().ok()?;
    (major >= *least).then(|| Identity {
        ecosystem: *ecosystem,
        name: (*package).to_owned(),
        version: Some(server.version.clone()),
        known: Known::ServerInfo,
    })
}
