//! A thing to look at, and looking at it.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use bartizan_clients::{Launch, ServerEntry};
use bartizan_mcp::{Listing, Options, Target, snapshot};
use bartizan_model::{Notice, Observation, Server, Transport, TransportKind};

use super::confine::{Confined, Confinement};
use crate::bounded;

/// A longer file is read by whoever can say why it is not taken.
const MAX_SAVED: u64 = 64 << 20;

/// What is shorter is no credential, and taking it out of a text would make holes everywhere.
const SHORTEST_CREDENTIAL: usize = 6;

/// A thing to look at.
#[derive(Debug)]
pub(crate) struct Source {
    /// What it is called in a configuration.
    pub(crate) name: Option<String>,
    /// Where it is.
    pub(crate) kind: Kind,
    /// The entry of a configuration that it came from. Its credentials must not be shown.
    pub(crate) entry: Option<ServerEntry>,
    /// What configurations say of it: of each that names it.
    pub(crate) launches: Vec<Observation>,
}

/// Where a thing to look at is.
#[derive(Debug)]
pub(crate) enum Kind {
    /// A saved listing; nothing is started.
    File(PathBuf),
    /// A server.
    Live(Target),
    /// A server that is not to be started: how it is configured is all there is.
    Configured,
    /// A server that cannot be: the configuration refers to what is not known here.
    Unresolved { code: &'static str, why: String },
}

/// What came of looking.
pub(crate) enum Looked {
    /// It presented something.
    Heard(Box<Listing>),
    /// It did not.
    Silent(Silent),
    /// It was not asked.
    NotStarted(Box<Server>),
}

/// A server that gave no listing.
pub(crate) struct Silent {
    pub(crate) code: &'static str,
    pub(crate) why: String,
    pub(crate) transport: Transport,
    pub(crate) observations: Vec<Observation>,
    /// It is the command line that is wrong, and not the server.
    pub(crate) is_usage: bool,
}

impl Source {
    /// A saved listing.
    pub(crate) fn file(path: PathBuf) -> Self {
        Self { name: None, kind: Kind::File(path), entry: None, launches: Vec::new() }
    }

    /// A server that the user named.
    pub(crate) fn live(name: Option<String>, target: Target) -> Self {
        Self { name, kind: Kind::Live(target), entry: None, launches: Vec::new() }
    }

    /// How the user called it, without credentials.
    pub(crate) fn target(&self) -> String {
        match (&self.entry, &self.kind) {
            (Some(entry), _) => entry.launch.shown(),
            (None, Kind::File(path)) => path.display().to_string(),
            (None, Kind::Live(target)) => target.to_string(),
            (None, Kind::Configured | Kind::Unresolved { .. }) => self.name.clone().unwrap_or_default(),
        }
    }

    /// The bytes of a saved listing, unless it is too long to be one.
    pub(crate) fn saved(&self) -> Option<Vec<u8>> {
        let Kind::File(path) = &self.kind else { return None };
        bounded::read(path, MAX_SAVED).ok()
    }

    /// For lists and progress: its name, or else how it is reached.
    pub(crate) fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.target())
    }

    /// Reads or reaches it; `saved` are its bytes if they were read already. What the sandbox could not enforce is told in the notices.
    pub(crate) fn look(
        &self,
        options: &Options,
        confinement: &Confinement,
        saved: Option<&[u8]>,
    ) -> (Looked, Vec<Notice>, Duration) {
        let start = Instant::now();
        let mut notices = Vec::new();
        let looked = match &self.kind {
            Kind::File(path) => {
                match saved.map_or_else(|| snapshot::read(path), |bytes| snapshot::parse(bytes, path)) {
                    Ok(listing) => Looked::Heard(Box::new(listing)),
                    Err(error) => Looked::Silent(Silent {
                        code: error.code(),
                        why: error.to_string(),
                        transport: Transport { address: path.display().to_string(), ..Transport::default() },
                        observations: Vec::new(),
                        is_usage: true,
                    }),
                }
            }
            Kind::Live(target) => self.reach(target, options, confinement, &mut notices),
            Kind::Configured => Looked::NotStarted(Box::new(self.configured())),
            Kind::Unresolved { code, why } => Looked::Silent(Silent {
                code,
                why: why.clone(),
                transport: self.transport(),
                observations: self.launches.clone(),
                is_usage: false,
            }),
        };
        (looked, notices, start.elapsed())
    }

    fn reach(
        &self,
        target: &Target,
        options: &Options,
        confinement: &Confinement,
        notices: &mut Vec<Notice>,
    ) -> Looked {
        let confined = match confinement.confine(target, &self.label()) {
            Ok(confined) => confined,
            Err((code, why)) => {
                return Looked::Silent(Silent {
                    code,
                    why,
                    transport: self.transport(),
                    observations: self.launches.clone(),
                    is_usage: false,
                });
            }
        };
        let mut options = options.clone();
        options.launcher = confined.as_ref().and_then(Confined::launcher);
        let outcome = bartizan_mcp::look_blocking(target, &options);
        let enforced = confined.as_ref().map(|confined| confined.report(&self.label()));
        let (seen, told, refused) = enforced.map_or((None, Vec::new(), None), |report| report);
        notices.extend(told);
        match outcome {
            Ok(mut listing) => {
                let told: Vec<Observation> = self.launches.iter().cloned().chain(seen).collect();
                if self.entry.is_some() {
                    let kind = listing.server.transport.kind;
                    listing.server.transport = Transport { kind, ..self.transport() };
                    listing.record.transport = listing.server.transport.clone();
                }
                // A snapshot keeps them, so that a scan of the file sees what a scan of the server saw.
                listing.record.observations.extend(told.iter().cloned());
                listing.server.observations.extend(told);
                Looked::Heard(Box::new(listing))
            }
            Err(unheard) => {
                let heard = unheard.server().observations;
                let error = unheard.error;
                let mut why = match refused {
                    Some(refused) => format!("the sandbox did not let it start: {refused}"),
                    None => self.without_secrets(&error.to_string(), target),
                };
                if confined.as_ref().is_some_and(Confined::is_without_network) {
                    why.push_str(" (it was started without a network; --allow-network gives it one)");
                }
                let observations = self.launches.iter().cloned().chain(seen).chain(heard).collect();
                Looked::Silent(Silent {
                    code: error.code(),
                    why,
                    transport: self.transport(),
                    observations,
                    is_usage: false,
                })
            }
        }
    }

    /// The server as far as its configuration tells.
    fn configured(&self) -> Server {
        Server {
            name: self.label(),
            transport: self.transport(),
            capabilities: "{}".to_owned(),
            server_info: "{}".to_owned(),
            observations: self.launches.clone(),
            ..Server::default()
        }
    }

    /// How it is reached, without credentials.
    fn transport(&self) -> Transport {
        let Some(entry) = &self.entry else {
            return match &self.kind {
                Kind::Live(target) => target.transport(),
                _ => Transport::default(),
            };
        };
        match &entry.launch {
            Launch::Command { .. } => Transport {
                kind: TransportKind::Stdio,
                address: String::new(),
                command: entry.launch.shown_command(),
            },
            _ => Transport {
                kind: TransportKind::StreamableHttp,
                address: entry.launch.shown(),
                command: Vec::new(),
            },
        }
    }

    /// An error's text with nothing in it that only the configuration knows: it quotes the command line, and what the server
    /// wrote before it ended may quote its environment.
    fn without_secrets(&self, text: &str, target: &Target) -> String {
        if self.entry.is_none() {
            return text.to_owned();
        }
        let mut text = text.replace(&target.to_string(), &self.target());
        let hidden: Vec<&String> = match target {
            Target::Stdio { env, .. } => env.values().collect(),
            Target::Http { headers, .. } => headers.iter().map(|(_, value)| value).collect(),
        };
        for value in hidden.into_iter().filter(|value| value.len() >= SHORTEST_CREDENTIAL) {
            text = text.replace(value.as_str(), "***");
        }
        text
    }
}
