//! What a client is here: a name, and places where its files may be. `table.rs` has them all.

use crate::{reference::Syntax, table::CLIENTS};

/// An operating system, as far as places of files go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Os {
    /// Linux and other Unix systems that follow XDG.
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

impl Os {
    /// The one this runs on.
    pub const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Linux
    };
}

/// A program that starts MCP servers, and its files.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Client {
    /// Short and stable: "claude-desktop".
    pub id: &'static str,
    /// As its maker writes it: "Claude Desktop".
    pub name: &'static str,
    /// Where its files are.
    pub places: &'static [Place],
    pub(crate) syntax: Syntax,
}

/// A place where a client's file may be.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Place {
    /// With `/` between folders. It starts with `~/` (home), with `@NAME/` (a folder that a variable may move), with `/`,
    /// or else in a project. `*` stands for anything within a name and `**` for any folders.
    pub path: &'static str,
    /// On which systems.
    pub os: &'static [Os],
    /// For whom its servers count.
    pub reach: Reach,
    /// Where in the document servers stand.
    pub members: &'static [Member],
}

/// For whom the servers of a place count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reach {
    /// One person.
    User,
    /// Whoever opens the folder.
    Project,
    /// Everybody on the machine.
    Managed,
    /// Whoever has the extension or plug-in.
    Plugin,
}

/// Where in a document servers stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Member {
    /// An object of servers by name, or a list of servers with names. `*` in the path is any member.
    Servers(&'static [&'static str]),
    /// As [`Self::Servers`], only if there is a server in it: other programs have members of that name too.
    Perhaps(&'static [&'static str]),
    /// As [`Self::Servers`]; what `*` stands for is the folder that they count for.
    PerFolder(&'static [&'static str]),
    /// As [`Self::Servers`], or the name of a file of servers beside the document.
    ServersOrFile(&'static [&'static str]),
    /// One server; the document's own `name` names it.
    One(&'static [&'static str]),
}

impl Member {
    /// The names on the way to it.
    pub fn path(&self) -> &'static [&'static str] {
        match self {
            Self::Servers(path)
            | Self::Perhaps(path)
            | Self::PerFolder(path)
            | Self::ServersOrFile(path)
            | Self::One(path) => path,
        }
    }
}

/// Every client that is known.
pub fn clients() -> &'static [Client] {
    CLIENTS
}

/// The client with this id.
pub fn client_by_id(id: &str) -> Option<&'static Client> {
    CLIENTS.iter().find(|client| client.id == id)
}
