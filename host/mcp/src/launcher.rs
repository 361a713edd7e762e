//! A program that starts servers for us, such as one that confines them first.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    path::Path,
};

/// Put in front of a server's command when it is started. [`bartizan_model::Transport::command`] stays the server's own.
///
/// The launcher must become the server (by `exec`) or pass its standard streams through, end when they end, and start the rest of
/// its command line as it is. It is ended with the server, and so is everything in its session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Launcher {
    /// The launcher and its arguments. The server's command follows. If there is none, the server is started as if there were no launcher.
    pub prefix: Vec<OsString>,
    /// Environment variables for the launcher. They win over the server's; whether the server gets them is for the launcher to decide.
    pub env: BTreeMap<OsString, OsString>,
}

impl Launcher {
    /// One without variables of its own.
    pub fn new(prefix: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        Self { prefix: prefix.into_iter().map(Into::into).collect(), env: BTreeMap::new() }
    }
}

/// Whether there is such a program, as a launcher would find it. The launcher's "not found" is for nobody to read.
pub(crate) fn is_found(program: &str, path: Option<&OsStr>, cwd: Option<&Path>) -> bool {
    if program.contains(std::path::is_separator) {
        let here = Path::new(".");
        return cwd.unwrap_or(here).join(program).is_file();
    }
    // What PATHEXT would add is not looked for.
    let Some(path) = path.filter(|_| cfg!(unix)) else { return true };
    std::env::split_paths(path).any(|folder| folder.join(program).is_file())
}
