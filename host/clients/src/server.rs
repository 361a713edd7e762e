//! A server as a client's file names it.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use crate::{Secret, redact};

/// One server of one file: what a client would start or connect to.
///
/// Neither `Debug` nor `Serialize` shows a credential; [`Launch`] says how to get at what is needed to start it.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ServerEntry {
    /// The name the file gives it.
    pub name: String,
    /// Which client's file it is: an id of [`crate::clients`], "generic" or "servers.toml".
    pub client: &'static str,
    /// The file.
    pub file: PathBuf,
    /// The line of its name in the file, from 1.
    pub line: u32,
    /// For whom it counts.
    pub scope: Scope,
    /// What is started or reached.
    pub launch: Launch,
    /// Whether the file says that it is not to be used.
    pub disabled: bool,
    /// Tools that the client calls without asking, at least in one folder; `*` means all of them.
    pub auto_approved: Vec<String>,
    /// A file of further variables (`envFile`), as written.
    pub env_file: Option<String>,
    /// Members of the entry that are not understood, by name.
    pub unknown: Vec<String>,
    /// The folder that `~` stands for in this file, if it is not that of whoever runs this.
    #[serde(skip)]
    pub(crate) home: Option<PathBuf>,
}

/// For whom a server counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Scope {
    /// One person, everywhere.
    User,
    /// One folder; whoever may change the file chooses what runs there.
    Project {
        /// The folder.
        path: PathBuf,
    },
    /// Everybody on the machine, by its administrator's hand.
    Managed,
    /// Brought along by an extension or a plug-in of the client.
    Plugin,
    /// A file that was named and that stands in no client's place.
    Unknown,
}

impl Scope {
    /// The code used in facts: "user", "project", "managed", "plugin", "unknown".
    pub fn code(&self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Project { .. } => "project",
            Self::Managed => "managed",
            Self::Plugin => "plugin",
            Self::Unknown => "unknown",
        }
    }

    /// The folder, if it counts for one.
    pub fn project(&self) -> Option<&Path> {
        match self {
            Self::Project { path } => Some(path),
            _ => None,
        }
    }
}

/// What is started or reached. Every text in it may carry a credential: [`Launch::shown`] is for people,
/// [`Secret::expose`] for use.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Launch {
    /// A program to start.
    Command {
        /// The program; some files write a whole command line here.
        command: Secret,
        /// Its arguments.
        args: Vec<Secret>,
        /// Variables it gets beyond those it inherits.
        env: BTreeMap<String, Secret>,
        /// Where it is started.
        cwd: Option<String>,
    },
    /// A URL to connect to.
    Remote {
        /// The URL.
        url: Secret,
        /// How.
        transport: RemoteTransport,
        /// Headers to send.
        headers: BTreeMap<String, Secret>,
    },
}

/// How a URL is spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RemoteTransport {
    /// The file does not say: streamable HTTP first, HTTP+SSE if that is refused.
    #[default]
    Auto,
    /// Streamable HTTP.
    StreamableHttp,
    /// HTTP+SSE of 2024-11-05.
    Sse,
    /// WebSocket, which no version of the protocol knows and some clients offer.
    WebSocket,
}

impl RemoteTransport {
    /// The code used in facts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::StreamableHttp => "streamable-http",
            Self::Sse => "sse",
            Self::WebSocket => "websocket",
        }
    }

    /// What a file's word for it means; `None` for a word that is not known.
    pub(crate) fn named(word: &str) -> Option<Self> {
        let word: String =
            word.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        match word.as_str() {
            "http" | "https" | "streamablehttp" | "httpstream" | "httpstreamable" | "streamable" => {
                Some(Self::StreamableHttp)
            }
            "sse" | "httpsse" => Some(Self::Sse),
            "ws" | "wss" | "websocket" => Some(Self::WebSocket),
            "remote" | "auto" | "url" => Some(Self::Auto),
            _ => None,
        }
    }
}

impl Launch {
    /// The command line or the URL with every credential replaced by `***`. Variables' and headers' values are left out.
    pub fn shown(&self) -> String {
        match self {
            Self::Command { .. } => self.shown_command().join(" "),
            Self::Remote { url, .. } => redact::url(url.expose()),
        }
    }

    /// The program and its arguments, each as in [`Self::shown`]; nothing for a URL.
    pub fn shown_command(&self) -> Vec<String> {
        match self {
            Self::Command { command, args, .. } => {
                let words = std::iter::once(command).chain(args).map(Secret::expose);
                redact::command_line(words)
            }
            Self::Remote { .. } => Vec::new(),
        }
    }

    /// Every text that may carry a credential.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &Secret> {
        let (first, more, pairs) = match self {
            Self::Command { command, args, env, .. } => (command, args.as_slice(), env),
            Self::Remote { url, headers, .. } => (url, [].as_slice(), headers),
        };
        std::iter::once(first).chain(more).chain(pairs.values())
    }

    /// The variables or headers, by name.
    pub fn hidden(&self) -> &BTreeMap<String, Secret> {
        match self {
            Self::Command { env, .. } => env,
            Self::Remote { headers, .. } => headers,
        }
    }
}

impl fmt::Display for Launch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl fmt::Debug for Launch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.hidden().keys().collect();
        write!(f, "Launch({self}, {names:?})")
    }
}

impl Serialize for Launch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Command { env, cwd, .. } => {
                let words = self.shown_command();
                let mut fields = serializer.serialize_struct("Command", 4)?;
                fields.serialize_field("command", words.first().map_or("", String::as_str))?;
                fields.serialize_field("args", words.get(1..).unwrap_or_default())?;
                fields.serialize_field("env", env)?;
                fields.serialize_field("cwd", cwd)?;
                fields.end()
            }
            Self::Remote { transport, headers, .. } => {
                let mut fields = serializer.serialize_struct("Remote", 3)?;
                fields.serialize_field("url", &self.shown())?;
                fields.serialize_field("transport", transport)?;
                fields.serialize_field("headers", headers)?;
                fields.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_launch_is_shown_without_its_credentials() {
        let launch = Launch::Command {
            command: "npx".into(),
            args: vec!["-y".into(), "server".into(), "--api-key".into(), "canary".into()],
            env: [("TOKEN".to_owned(), "canary".into())].into(),
            cwd: None,
        };
        let shown = format!("{launch} {launch:?} {}", serde_json::to_string(&launch).unwrap());
        assert!(!shown.contains("canary"), "{shown}");
        assert_eq!(launch.shown(), "npx -y server --api-key ***");
    }

    #[test]
    fn the_words_of_many_clients_for_a_transport_are_known() {
        assert_eq!(RemoteTransport::named("streamable_http"), Some(RemoteTransport::StreamableHttp));
        assert_eq!(RemoteTransport::named("streamableHttp"), Some(RemoteTransport::StreamableHttp));
        assert_eq!(RemoteTransport::named("SSE"), Some(RemoteTransport::Sse));
        assert_eq!(RemoteTransport::named("carrier-pigeon"), None);
    }
}
