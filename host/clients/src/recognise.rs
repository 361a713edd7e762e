//! Whose file it is: by where it stands, then by what it says; and what is no client's file at all.

use std::path::{Path, PathBuf};

use crate::{
    ConfigError, Os, Scope,
    client::{Client, Member, Place, Reach, clients},
    config::{found, has_servers_at, tree},
    document::Node,
    file, places,
    table::BY_CONTENT,
};

/// What a file is, to tell a client's from the others that a scan can be pointed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A client's file: [`crate::read`] gives its servers.
    ClientConfig,
    /// A list of servers for `multi-scan`: [`crate::read_list`] reads it.
    ServerList,
    /// A saved listing: tools, prompts or resources of one server.
    Listing,
    /// None of these, or not readable as what its name promises.
    Other,
}

/// What the file at this path is. One that cannot be read is an error, for no kind can be told then.
pub fn kind_of(path: &Path) -> Result<Kind, ConfigError> {
    let text = file::text(path)?;
    Ok(kind(&text, path))
}

/// As [`kind_of`], of a text that was read from `origin`.
pub fn kind(text: &str, origin: &Path) -> Kind {
    let Ok((_, tree)) = tree(text, origin) else {
        // Named as a client's and broken: the reader says what is wrong.
        return if by_place(origin, None).is_some() { Kind::ClientConfig } else { Kind::Other };
    };
    // Nothing is started on the word of a file that could as well be a listing.
    if is_listing(&tree) {
        return Kind::Listing;
    }
    if is_server_list(&tree, origin) {
        return Kind::ServerList;
    }
    if by_place(origin, None).is_some() || by_content(&tree).is_some() {
        return Kind::ClientConfig;
    }
    Kind::Other
}

/// Whether this is a client's file, and not a saved listing or a list for `multi-scan`.
pub fn is_client_config(text: &str, origin: &Path) -> bool {
    kind(text, origin) == Kind::ClientConfig
}

/// A snapshot, a result, a response around one, or a bare list of tools. An agent's file has `tools` too: of names.
fn is_listing(tree: &Node) -> bool {
    let holds_items = |node: &Node| {
        ["tools", "prompts", "resources", "resourceTemplates"].iter().filter_map(|name| node.get(name)).any(
            |list| {
                list.items().iter().any(|item| {
                    item.get("inputSchema").is_some()
                        || item.get("uri").is_some()
                        || item.get("uriTemplate").is_some()
                        || (item.get("name").is_some() && !crate::entry::looks_like_server(item))
                })
            },
        )
    };
    let bare = tree.items().iter().any(|item| item.get("inputSchema").is_some());
    let of_result = |name: &str| matches!(name, "tools" | "prompts" | "resources" | "nextCursor" | "_meta");
    let empty_result = |node: &Node| {
        node.get("tools").is_some_and(Node::is_list) && node.members().iter().all(|(name, _)| of_result(name))
    };
    let response = tree.get("result").filter(|_| tree.get("jsonrpc").is_some());
    bare || holds_items(tree)
        || tree.get("result").is_some_and(holds_items)
        || response.is_some()
        || empty_result(tree)
        || tree.get("initialize").is_some_and(Node::is_table)
}

/// `[[servers]]` in TOML, with or without `[options]`.
fn is_server_list(tree: &Node, origin: &Path) -> bool {
    let toml = crate::Format::of(&origin.to_string_lossy()) == crate::Format::Toml;
    toml && tree.get("servers").is_some_and(Node::is_list)
}

/// A client's place that a path is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) client: &'static Client,
    pub(crate) place: &'static Place,
    /// How many of the path's last parts are the place's own.
    parts: usize,
}

impl Known {
    pub(crate) fn new(client: &'static Client, place: &'static Place) -> Self {
        Self { client, place, parts: suffix(place).len() }
    }

    /// For whom servers in the file at this path count.
    pub(crate) fn scope(&self, path: &Path) -> Scope {
        match self.place.reach {
            Reach::User => Scope::User,
            Reach::Managed => Scope::Managed,
            Reach::Plugin => Scope::Plugin,
            Reach::Project => {
                let folder = path.ancestors().nth(self.parts).unwrap_or(Path::new(""));
                Scope::Project { path: folder.to_owned() }
            }
        }
    }
}

/// The client's place that this path looks like: the one that shares most of it.
pub(crate) fn by_place(path: &Path, home: Option<&Path>) -> Option<Known> {
    let text = path.to_string_lossy();
    let parts: Vec<&str> = text.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
    let mut best: Option<Known> = None;
    for client in clients() {
        for place in client.places {
            let Some(shared) = matched(&suffix(place), &parts) else { continue };
            let known = Known { client, place, parts: shared };
            let better = best.is_none_or(|best| {
                (shared, is_wanted(&known, path, home)) > (best.parts, is_wanted(&best, path, home))
            });
            if better {
                best = Some(known);
            }
        }
    }
    // Names that say nothing by themselves are told by what the file says.
    best.filter(|best| best.parts > 1 || !matches!(best.place.path, "mcp.json"))
}

/// Where a place of a person and one of a project look alike, the home decides.
fn is_wanted(known: &Known, path: &Path, home: Option<&Path>) -> bool {
    let folder = path.ancestors().nth(known.parts);
    let at_home = home.is_some() && folder == home;
    (known.place.reach == Reach::Project) != at_home
}

/// The parts of a place's path that do not depend on the machine.
fn suffix(place: &Place) -> Vec<&'static str> {
    let path = place.path;
    let (folder, rest) = match path.strip_prefix('@').and_then(|path| path.split_once('/')) {
        Some(("codex" | "claude" | "copilot", _)) => {
            let (base, rest) =
                path.strip_prefix('@').and_then(|path| path.split_once('/')).unwrap_or(("", path));
            (places::default_folder(base, Os::Linux), rest)
        }
        Some((_, rest)) => ("", rest),
        None => ("", path.strip_prefix("~/").unwrap_or(path)),
    };
    folder.split('/').chain(rest.split('/')).filter(|part| !part.is_empty()).collect()
}

/// How many parts of a path a pattern takes, if the path ends in it.
fn matched(pattern: &[&str], parts: &[&str]) -> Option<usize> {
    let Some((last, before)) = pattern.split_last() else { return Some(0) };
    if *last == "**" {
        return (0..=parts.len().min(16)).find_map(|skipped| {
            let rest = parts.get(..parts.len().saturating_sub(skipped))?;
            matched(before, rest).map(|taken| taken.saturating_add(skipped))
        });
    }
    let (part, rest) = parts.split_last()?;
    if !name_matches(last, part) {
        return None;
    }
    matched(before, rest).map(|taken| taken.saturating_add(1))
}

/// Whether a name is what a pattern with at most one `*` says.
pub(crate) fn name_matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => {
            name.len() >= start.len().saturating_add(end.len())
                && name.starts_with(start)
                && name.ends_with(end)
        }
        None => pattern == name,
    }
}

/// The client that writes its servers as this document does, and where they stand in it.
pub(crate) fn by_content(tree: &Node) -> Option<(&'static str, Vec<Member>)> {
    let mut told: Option<&'static str> = None;
    let mut members = Vec::new();
    for (client, member) in BY_CONTENT {
        let is_there = match member {
            Member::Servers(_) => {
                found(tree, *member).iter().any(|(_, node)| node.is_table() || node.is_list())
            }
            _ => has_servers_at(tree, *member),
        };
        if is_there {
            // A table of folders beside the servers is Claude Code's, whatever the rest is called.
            if told.is_none() || matches!(member, Member::PerFolder(_)) {
                told = Some(client);
            }
            members.push(*member);
        }
    }
    told.map(|client| (client, members))
}

/// The path as a pattern shows it, for the list of places looked at.
pub(crate) fn shown(start: &Path, rest: &str) -> PathBuf {
    rest.split('/').fold(start.to_owned(), |path, part| path.join(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client_at(path: &str) -> Option<&'static str> {
        by_place(Path::new(path), Some(Path::new("/home/a"))).map(|known| known.client.id)
    }

    #[test]
    fn a_place_is_known_on_any_system() {
        for (path, client) in [
            ("/home/a/.cursor/mcp.json", "cursor"),
            ("C:\\Users\\a\\AppData\\Roaming\\Claude\\claude_desktop_config.json", "claude-desktop"),
            ("/Users/a/Library/Application Support/Code/User/profiles/x/mcp.json", "vscode"),
            ("/home/a/.codex/config.toml", "codex"),
            ("/work/x/.mcp.json", "claude-code"),
            ("/work/x/.warp/.mcp.json", "warp"),
            ("/home/a/.claude/plugins/cache/m/p/1.0/.mcp.json", "claude-code"),
            ("C:\\x\\.roo\\mcp.json", "roo"),
            (
                "/home/a/.config/Cursor/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
                "cline",
            ),
            ("opencode.jsonc", "opencode"),
            ("/x/.continue/mcpServers/a.yaml", "continue"),
        ] {
            assert_eq!(client_at(path), Some(client), "{path}");
        }
        for path in
            ["/x/mcp.json", "/x/settings.json", "/x/config.toml", "/x/package.json", "/x/server.json", ""]
        {
            assert_eq!(client_at(path), None, "{path}");
        }
    }

    #[test]
    fn the_home_decides_whether_a_file_is_a_persons_or_a_projects() {
        let home = Path::new("/home/a");
        let scope = |path: &str| {
            let path = Path::new(path);
            by_place(path, Some(home)).unwrap().scope(path)
        };
        assert_eq!(scope("/home/a/.cursor/mcp.json"), Scope::User);
        assert_eq!(scope("/home/a/w/.cursor/mcp.json"), Scope::Project { path: "/home/a/w".into() });
        assert_eq!(scope("/home/a/w/.kiro/settings/mcp.json"), Scope::Project { path: "/home/a/w".into() });
    }

    #[test]
    fn a_listing_is_never_taken_for_a_clients_file() {
        for text in [
            r#"{"tools": [{"name": "a", "inputSchema": {}}]}"#,
            r#"{"jsonrpc": "2.0", "id": 1, "result": {"tools": []}}"#,
            r#"{"result": {"tools": [{"name": "a"}]}}"#,
            r#"{"tools": []}"#,
            r#"[{"name": "a", "inputSchema": {}}]"#,
            r#"{"initialize": {"serverInfo": {}}, "tools": [], "prompts": [], "resources": []}"#,
            r#"{"mcpServers": {"x": {"command": "y"}}, "tools": [{"name": "a", "description": "b"}]}"#,
        ] {
            assert_eq!(kind(text, Path::new("server.json")), Kind::Listing, "{text}");
        }
    }

    #[test]
    fn a_clients_file_is_known_by_what_it_says() {
        for (text, name, expected) in [
            (r#"{"mcpServers": {}}"#, "x.json", Kind::ClientConfig),
            (
                r#"{"mcpServers": {"a": {"command": "b"}}, "tools": ["*"], "prompt": "x"}"#,
                "x.json",
                Kind::ClientConfig,
            ),
            (r#"{"servers": {"a": {"url": "https://b/"}}}"#, "x.json", Kind::ClientConfig),
            (r#"{"servers": {"a": {"port": 1}}}"#, "x.json", Kind::Other),
            (
                r#"{"servers": [{"url": "https://api.example/"}], "openapi": "3.1.0", "paths": {}}"#,
                "openapi.json",
                Kind::Other,
            ),
            (r#"{"extensions": {"a": {"id": "b"}}}"#, "x.json", Kind::Other),
            ("[mcp_servers.a]\ncommand = 'b'\n", "x.toml", Kind::ClientConfig),
            ("[[servers]]\nname = 'a'\ncommand = 'b'\n", "servers.toml", Kind::ServerList),
            ("mcpServers:\n  - name: a\n    command: b\n", "x.yaml", Kind::ClientConfig),
            ("[package]\nname = 'a'\n", "Cargo.toml", Kind::Other),
            (r#"{"name": "x", "scripts": {}}"#, "package.json", Kind::Other),
            ("{", ".mcp.json", Kind::ClientConfig),
            ("{", "x.json", Kind::Other),
        ] {
            assert_eq!(kind(text, Path::new(name)), expected, "{name}: {text}");
        }
    }
}
