//! `servers.toml`: the servers that are scanned together, and how.
//!
//! The file is a person's own, so it is read strictly: a key that is not known is an error that names the nearest.

mod read;

use std::{io, path::PathBuf, time::Duration};

use thiserror::Error;

use crate::{ConfigError, ServerEntry};

pub use read::{parse_list, read_list};

/// A list of servers to scan together.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ServerList {
    /// The file.
    pub file: PathBuf,
    /// How to go about it.
    pub options: ListOptions,
    /// What to scan, in the file's order.
    pub servers: Vec<Listed>,
}

/// `[options]`: what the file says, so that flags can win over it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListOptions {
    /// Several at once.
    pub parallel: Option<bool>,
    /// How many at once.
    pub concurrency: Option<usize>,
    /// Whether to stop at the first that has findings over the threshold or cannot be scanned.
    pub fail_fast: Option<bool>,
    /// Whether servers are also judged against one another.
    pub cross_server_checks: Option<bool>,
    /// How long each may take.
    pub timeout_per_server: Option<Duration>,
}

/// One of `[[servers]]`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Listed {
    /// To be started or reached.
    Server(Box<ServerEntry>),
    /// A saved listing to be read.
    Snapshot {
        /// The name the list gives it.
        name: String,
        /// The line of its table, from 1.
        line: u32,
        /// The file, made absolute by the list's own folder.
        path: PathBuf,
    },
}

impl Listed {
    /// The name the list gives it.
    pub fn name(&self) -> &str {
        match self {
            Self::Server(entry) => &entry.name,
            Self::Snapshot { name, .. } => name,
        }
    }
}

/// Why a list was not taken. Nothing of it is.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ListError {
    /// The file could not be read, or is no TOML.
    #[error(transparent)]
    Unreadable(#[from] ConfigError),
    /// A key that is not known.
    #[error("`{}`:{line}: there is no key `{key}` in {place}", path.display())]
    UnknownKey {
        /// Which file.
        path: PathBuf,
        /// From 1.
        line: u32,
        /// The key.
        key: String,
        /// The table: `[options]`, `[[servers]]` or "the list".
        place: &'static str,
        /// The key that is nearest to it.
        nearest: &'static str,
        /// All that there are.
        known: &'static [&'static str],
    },
    /// A value of the wrong type or out of range.
    #[error("`{}`:{line}: `{key}` {why}", path.display())]
    BadValue {
        /// Which file.
        path: PathBuf,
        /// From 1.
        line: u32,
        /// The key.
        key: String,
        /// What is wrong with it.
        why: String,
    },
    /// A server that cannot be meant as it stands.
    #[error("`{}`:{line}: server `{server}` {why}", path.display())]
    BadServer {
        /// Which file.
        path: PathBuf,
        /// From 1.
        line: u32,
        /// Its name, or its number.
        server: String,
        /// What is wrong with it.
        why: String,
    },
    /// There is none.
    #[error("`{}` lists no servers", path.display())]
    Empty {
        /// Which file.
        path: PathBuf,
    },
}

impl ListError {
    /// A stable code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(error) => error.code(),
            Self::UnknownKey { .. } => "unknown-key",
            Self::BadValue { .. } => "bad-value",
            Self::BadServer { .. } => "bad-server",
            Self::Empty { .. } => "empty",
        }
    }

    /// What to do next.
    pub fn advice(&self) -> String {
        match self {
            Self::Unreadable(ConfigError::Unreadable { source, .. })
                if source.kind() == io::ErrorKind::NotFound =>
            {
                "check the path; `--discover` needs no file".to_owned()
            }
            Self::Unreadable(error) => error.advice(),
            Self::UnknownKey { nearest, known, .. } => {
                format!("did you mean `{nearest}`? There is: {}", known.join(", "))
            }
            Self::BadValue { .. } | Self::BadServer { .. } => "correct that line".to_owned(),
            Self::Empty { .. } => {
                "add `[[servers]]` with `name` and one of `command`, `url`, `snapshot`".to_owned()
            }
        }
    }
}
