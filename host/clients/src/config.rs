//! One client's file, read.

use std::{
    collections::{HashMap, HashSet},
    env,
    path::{Component, Path, PathBuf},
};

use crate::{
    ConfigError, Format, Scope, ServerEntry,
    client::Member,
    document::{self, Node, Wrong},
    entry, file,
    limits::{self, MAX_ITEMS, MAX_SERVERS},
    recognise::{self, Known},
};

/// What a client's file says.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// An id of [`crate::clients`].
    pub client: &'static str,
    /// The file.
    pub file: PathBuf,
    /// How it is written.
    pub format: Format,
    /// The servers it names, in its order.
    pub servers: Vec<ServerEntry>,
    /// What is odd, or was not taken for a server though it stands among them: to be told, not to be passed over.
    pub problems: Vec<Problem>,
    /// What the client asks the person for before it starts a server.
    pub inputs: Vec<Input>,
    /// Folders of projects that the file names.
    pub projects: Vec<PathBuf>,
    /// Files of servers that the file names instead of servers. [`crate::discover`] reads them too.
    pub includes: Vec<PathBuf>,
}

/// Something about one entry that a person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The entry.
    pub name: String,
    /// Its line in the file.
    pub line: u32,
    /// Whether it is therefore not among the servers.
    pub left_out: bool,
    /// What it is.
    pub what: String,
}

/// A value that a client asks the person for (`${input:id}`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Input {
    /// As references name it.
    pub id: String,
    /// The question.
    pub description: Option<String>,
    /// Whether it is hidden as it is typed.
    pub password: bool,
}

/// Reads the file at this path, whichever client's it is: by its place if it stands in one, else by what it says.
pub fn read(path: &Path) -> Result<Config, ConfigError> {
    let text = file::text(path)?;
    parse(&text, path)
}

/// As [`read`], of a text that was read from `origin`, which is not opened.
pub fn parse(text: &str, origin: &Path) -> Result<Config, ConfigError> {
    let (format, tree) = tree(text, origin)?;
    let home = env::home_dir();
    let known = recognise::by_place(origin, home.as_deref());
    if let Some(known) = known
        && known.place.members.iter().any(|member| !found(&tree, *member).is_empty())
    {
        return build(&tree, origin, format, &known, None);
    }
    let by_content = recognise::by_content(&tree);
    let (client, members) = match (by_content, known) {
        (Some(told), known) => (known.map_or(told.0, |known| known.client.id), told.1),
        // In its place and without servers: an honest file that names none.
        (None, Some(known)) => return build(&tree, origin, format, &known, None),
        (None, None) => {
            return Err(ConfigError::NotAConfig { path: origin.to_owned(), found: contents(&tree) });
        }
    };
    Builder::new(client, origin, format, known.map_or(Scope::Unknown, |known| known.scope(origin)), None)
        .read(&tree, &members)
}

/// Reads a file that was found in a place.
pub(crate) fn read_known(path: &Path, known: &Known, home: &Path) -> Result<Config, ConfigError> {
    let text = file::text(path)?;
    let (format, tree) = tree(&text, path)?;
    build(&tree, path, format, known, Some(home))
}

/// The document in the format that its name promises; one without a telling name may be any.
pub(crate) fn tree(text: &str, origin: &Path) -> Result<(Format, Node), ConfigError> {
    let name = origin.to_string_lossy();
    let format = Format::of(&name);
    match document::parse(text, format) {
        Ok(tree) => Ok((format, tree)),
        Err(wrong) => Err(match wrong {
            Wrong::Malformed { line, why } => {
                ConfigError::Malformed { path: origin.to_owned(), format, line, why }
            }
            Wrong::TooDeep { line } => ConfigError::TooDeep { path: origin.to_owned(), line },
            Wrong::TooManyValues => {
                ConfigError::TooMany { path: origin.to_owned(), what: "values", limit: limits::MAX_VALUES }
            }
        }),
    }
}

fn build(
    tree: &Node,
    origin: &Path,
    format: Format,
    known: &Known,
    home: Option<&Path>,
) -> Result<Config, ConfigError> {
    Builder::new(known.client.id, origin, format, known.scope(origin), home).read(tree, known.place.members)
}

/// Each node at this path, with what `*` stands for on the way.
pub(crate) fn found(tree: &Node, member: Member) -> Vec<(Option<&str>, &Node)> {
    let mut nodes: Vec<(Option<&str>, &Node)> = vec![(None, tree)];
    for step in member.path() {
        nodes = if *step == "*" {
            nodes
                .iter()
                .flat_map(|(_, node)| node.members())
                .map(|(name, node)| (Some(name.as_str()), node))
                .collect()
        } else {
            nodes.iter().filter_map(|(star, node)| Some((*star, node.get(step)?))).collect()
        };
    }
    nodes
}

/// The names at the top of a document, for a message.
fn contents(tree: &Node) -> String {
    if !tree.is_table() {
        return tree.sort().to_owned();
    }
    let names: Vec<String> =
        tree.members().iter().take(8).map(|(name, _)| format!("`{}`", limits::shown(name))).collect();
    if names.is_empty() { "no members".to_owned() } else { names.join(", ") }
}

struct Builder<'a> {
    config: Config,
    scope: Scope,
    home: Option<&'a Path>,
}

impl<'a> Builder<'a> {
    fn new(client: &'static str, file: &Path, format: Format, scope: Scope, home: Option<&'a Path>) -> Self {
        let config = Config {
            client,
            file: file.to_owned(),
            format,
            servers: Vec::new(),
            problems: Vec::new(),
            inputs: Vec::new(),
            projects: Vec::new(),
            includes: Vec::new(),
        };
        Self { config, scope, home }
    }

    fn read(mut self, tree: &Node, members: &[Member]) -> Result<Config, ConfigError> {
        // `mcp.servers` stands within `mcp`, which some versions of a client use itself.
        let mut seen: HashSet<*const Node> = HashSet::new();
        for member in members {
            self.doubled(tree, *member);
            for (star, node) in found(tree, *member) {
                if !seen.insert(std::ptr::from_ref(node)) {
                    continue;
                }
                let scope = match (member, star) {
                    (Member::PerFolder(_), Some(folder)) => Scope::Project { path: folder.into() },
                    _ => self.scope.clone(),
                };
                match member {
                    Member::One(_) => {
                        let name = tree.get("name").and_then(Node::text).unwrap_or_default();
                        self.add(name, node, &scope)?;
                    }
                    Member::Perhaps(_) if !has_server(node) => {}
                    Member::ServersOrFile(_) if node.text().is_some() => self.include(node),
                    Member::ServersOrFile(_) if node.items().iter().any(|item| item.text().is_some()) => {
                        node.items().iter().take(MAX_ITEMS).for_each(|item| self.include(item));
                    }
                    _ => self.servers(member, node, &scope, &seen)?,
                }
            }
        }
        self.approvals(tree);
        self.exclusions(tree);
        self.inputs(tree);
        self.projects(tree);
        Ok(self.config)
    }

    /// Tells of members on the way to the servers that are there twice.
    fn doubled(&mut self, tree: &Node, member: Member) {
        let mut node = Some(tree);
        for step in member.path() {
            let Some(here) = node else { return };
            if here.doubled().contains(step) {
                let line = here.get(step).map_or(here.line, |node| node.line);
                let what = "it is there twice; the last is taken, which not every client does".to_owned();
                let problem = Problem { name: (*step).to_owned(), line, left_out: true, what };
                if !self.config.problems.contains(&problem) {
                    self.config.problems.push(problem);
                }
            }
            node = here.get(step);
        }
    }

    fn servers(
        &mut self,
        member: &Member,
        node: &Node,
        scope: &Scope,
        seen: &HashSet<*const Node>,
    ) -> Result<(), ConfigError> {
        if node.is_list() {
            for (index, item) in node.items().iter().enumerate() {
                let name = item.first(&["name", "id", "title"]).and_then(Node::text);
                let name = name.map_or_else(|| format!("#{}", index.saturating_add(1)), str::to_owned);
                self.add(&name, item, scope)?;
            }
            return Ok(());
        }
        if matches!(node.value, document::Value::Null) {
            return Ok(());
        }
        if !node.is_table() {
            return Err(ConfigError::WrongType {
                path: self.config.file.clone(),
                line: node.line,
                member: member.path().join("."),
                found: node.sort(),
            });
        }
        // Of a name that comes twice the last counts, as for the client.
        let last: HashMap<&str, usize> =
            node.members().iter().enumerate().map(|(index, (name, _))| (name.as_str(), index)).collect();
        for (index, (name, server)) in node.members().iter().enumerate() {
            if last.get(name.as_str()) != Some(&index) {
                self.problem(
                    name,
                    server.line,
                    true,
                    "the name comes again below, and clients take the last".into(),
                );
            } else if !seen.contains(&std::ptr::from_ref(server)) {
                // In a plug-in's file without a wrapper, or in `mcp`, settings stand among the servers.
                let is_setting = !server.is_table() && (member.path().is_empty() || member.path() == ["mcp"]);
                if !is_setting {
                    self.add(name, server, scope)?;
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, name: &str, node: &Node, scope: &Scope) -> Result<(), ConfigError> {
        if self.config.servers.len().saturating_add(self.config.problems.len()) >= MAX_SERVERS {
            return Err(ConfigError::TooMany {
                path: self.config.file.clone(),
                what: "servers",
                limit: MAX_SERVERS,
            });
        }
        match entry::read(node) {
            Ok(entry) => {
                for odd in entry.odd.into_iter().take(MAX_ITEMS) {
                    self.problem(name, node.line, false, odd);
                }
                self.config.servers.push(ServerEntry {
                    name: name.to_owned(),
                    client: self.config.client,
                    file: self.config.file.clone(),
                    line: node.line,
                    scope: scope.clone(),
                    launch: entry.launch,
                    disabled: entry.disabled,
                    auto_approved: entry.auto_approved,
                    env_file: entry.env_file,
                    unknown: entry.unknown,
                    home: self.home.map(Path::to_owned),
                });
            }
            Err(why) => self.problem(name, node.line, true, why),
        }
        Ok(())
    }

    /// A file beside a plug-in's manifest, never one outside of the plug-in.
    fn include(&mut self, node: &Node) {
        let Some(name) = node.text() else { return };
        let path = Path::new(name.strip_prefix("${CLAUDE_PLUGIN_ROOT}/").unwrap_or(name));
        let is_within =
            path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !is_within || name.contains(['\\', ':']) {
            return self.problem(
                name,
                node.line,
                true,
                "it is a file outside of the plug-in's folder".into(),
            );
        }
        let folder = own_folder(&self.config.file).unwrap_or(Path::new(""));
        let parts = path.components().filter(|part| *part != Component::CurDir);
        self.config.includes.push(parts.fold(folder.to_owned(), |at, part| at.join(part)));
    }

    fn problem(&mut self, name: &str, line: u32, left_out: bool, what: String) {
        self.config.problems.push(Problem { name: limits::shown(name), line, left_out, what });
    }

    /// `allowedTools` of an agent of Amazon Q or Kiro: `@server`, `@server/tool`, `*`.
    fn approvals(&mut self, tree: &Node) {
        let allowed: Vec<&str> = tree
            .get("allowedTools")
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .filter_map(Node::text)
            .collect();
        for text in allowed.into_iter().take(MAX_ITEMS) {
            let (name, tool) = match text.strip_prefix('@') {
                Some(rest) => rest.split_once('/').unwrap_or((rest, "*")),
                None if text == "*" => ("*", "*"),
                None => continue,
            };
            for server in &mut self.config.servers {
                let meant = name == "*" || server.name == name;
                if meant && !server.auto_approved.iter().any(|known| known == tool) {
                    server.auto_approved.push(tool.to_owned());
                }
            }
        }
    }

    /// `mcp.allowed` and `mcp.excluded` of Gemini CLI and what came of it.
    fn exclusions(&mut self, tree: &Node) {
        if !matches!(self.config.client, "gemini-cli" | "qwen-code") {
            return;
        }
        let list = |name: &str| tree.get("mcp").and_then(|mcp| mcp.get(name)).filter(|list| list.is_list());
        let names = |list: &Node, name: &str| list.items().iter().any(|item| item.text() == Some(name));
        for server in &mut self.config.servers {
            server.disabled |= list("allowed").is_some_and(|list| !names(list, &server.name))
                || list("excluded").is_some_and(|list| names(list, &server.name));
        }
    }

    fn inputs(&mut self, tree: &Node) {
        let nested = ["mcp", "customizations"].iter().filter_map(|name| tree.get(name)?.get("inputs"));
        for input in tree.get("inputs").into_iter().chain(nested).flat_map(Node::items).take(MAX_ITEMS) {
            if let Some(id) = input.get("id").and_then(Node::text) {
                self.config.inputs.push(Input {
                    id: id.to_owned(),
                    description: input.get("description").and_then(Node::text).map(str::to_owned),
                    password: input.get("password").and_then(Node::truth).unwrap_or(false),
                });
            }
        }
    }

    /// Claude Code and Codex keep a table of the folders they were used in.
    fn projects(&mut self, tree: &Node) {
        if matches!(self.config.client, "claude-code" | "codex") {
            let folders = tree.get("projects").map(Node::members).unwrap_or_default();
            self.config
                .projects
                .extend(folders.iter().take(MAX_SERVERS).map(|(folder, _)| PathBuf::from(folder)));
        }
    }
}

/// The folder that a file speaks of as its own: a plug-in's manifest stands in one below it.
pub(crate) fn own_folder(file: &Path) -> Option<&Path> {
    let folder = file.parent()?;
    let is_manifests =
        folder.file_name().is_some_and(|name| name == ".claude-plugin" || name == ".cursor-plugin");
    if is_manifests { folder.parent() } else { Some(folder) }
}

fn has_server(node: &Node) -> bool {
    node.members().iter().any(|(_, server)| entry::looks_like_server(server))
        || node.items().iter().any(entry::looks_like_server)
}

/// Whether servers stand at this member, judged by what is in it. A list called `servers` is OpenAPI's.
pub(crate) fn has_servers_at(tree: &Node, member: Member) -> bool {
    let may_be_list = member.path() != ["servers"];
    found(tree, member).iter().any(|(_, node)| (may_be_list || node.is_table()) && has_server(node))
}
