//! Everything that can be wrong with a client's file.

use std::{
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use crate::{Format, limits};

/// Why a file gave no servers. No message repeats a value from the file: it could be a credential.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The operating system would not give it.
    #[error("`{}` could not be read: {source}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A folder, a pipe, a device or a socket.
    #[error("`{}` is {what}, not a regular file", path.display())]
    NotAFile {
        /// Which path.
        path: PathBuf,
        /// What is there instead.
        what: &'static str,
    },
    /// Over [`limits::MAX_BYTES`].
    #[error("`{}` is larger than {} MiB, the most that is read", path.display(), limits::MAX_BYTES >> 20)]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
    /// Not text.
    #[error("`{}`:{line} is not UTF-8", path.display())]
    NotText {
        /// Which file.
        path: PathBuf,
        /// From 1.
        line: u32,
    },
    /// Not the format that its name promises.
    #[error("`{}`:{line} is not {format}: {why}", path.display())]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// The format it was read as.
        format: Format,
        /// From 1.
        line: u32,
        /// What the parser stumbled over.
        why: String,
    },
    /// Deeper than [`limits::MAX_DEPTH`].
    #[error("`{}`:{line} is nested more than {} levels deep", path.display(), limits::MAX_DEPTH)]
    TooDeep {
        /// Which file.
        path: PathBuf,
        /// Where that begins, from 1.
        line: u32,
    },
    /// More of something than is taken.
    #[error("`{}` holds more than {limit} {what}", path.display())]
    TooMany {
        /// Which file or folder.
        path: PathBuf,
        /// Of what.
        what: &'static str,
        /// The bound.
        limit: usize,
    },
    /// A member where servers should stand is something else.
    #[error("`{}`:{line}: `{member}` is {found}, not an object of servers", path.display())]
    WrongType {
        /// Which file.
        path: PathBuf,
        /// From 1.
        line: u32,
        /// Which member.
        member: String,
        /// What it is instead.
        found: &'static str,
    },
    /// Well formed, and no client keeps servers so.
    #[error("`{}` holds no servers as a known client keeps them: it has {found}", path.display())]
    NotAConfig {
        /// Which file.
        path: PathBuf,
        /// What stands at its top.
        found: String,
    },
}

impl ConfigError {
    /// Which file or folder it is about.
    pub fn path(&self) -> &Path {
        match self {
            Self::Unreadable { path, .. }
            | Self::NotAFile { path, .. }
            | Self::TooLarge { path }
            | Self::NotText { path, .. }
            | Self::Malformed { path, .. }
            | Self::TooDeep { path, .. }
            | Self::TooMany { path, .. }
            | Self::WrongType { path, .. }
            | Self::NotAConfig { path, .. } => path,
        }
    }

    /// A stable code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::NotAFile { .. } => "not-a-file",
            Self::TooLarge { .. } => "too-large",
            Self::NotText { .. } => "not-utf8",
            Self::Malformed { .. } => "malformed",
            Self::TooDeep { .. } => "too-deep",
            Self::TooMany { .. } => "too-many",
            Self::WrongType { .. } => "wrong-type",
            Self::NotAConfig { .. } => "not-a-config",
        }
    }

    /// What to do next.
    pub fn advice(&self) -> String {
        match self {
            Self::Unreadable { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                "run as the user whose file it is, or give that user's permission to read it".to_owned()
            }
            Self::Unreadable { .. } => "check that the path is right and can be reached".to_owned(),
            Self::NotAFile { .. } => {
                "name the file itself; if a client reads this path, find out who put it there".to_owned()
            }
            Self::TooLarge { .. } | Self::TooMany { .. } => {
                "copy the part that names the servers into a file of its own and scan that".to_owned()
            }
            Self::NotText { .. } => "save the file as UTF-8".to_owned(),
            Self::Malformed { format, .. } => {
                format!("correct that line; the client itself may ignore the whole file until it is {format}")
            }
            Self::TooDeep { .. } => "no client needs such depth: find out what wrote this file".to_owned(),
            Self::WrongType { .. } => "write `{\"name\": {\"command\": …}}` there".to_owned(),
            Self::NotAConfig { .. } => {
                "a client's file has `mcpServers`, `servers`, `context_servers`, `mcp_servers` or `mcp`"
                    .to_owned()
            }
        }
    }
}

/// What a path is, when it is no regular file.
pub(crate) fn sort_of(kind: std::fs::FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return "a named pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_block_device() || kind.is_char_device() {
            return "a device";
        }
    }
    if kind.is_dir() { "a folder" } else { "something else" }
}
