//! Puts in what a server's entry refers to, so that it can be started as its client would start it.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use thiserror::Error;

use crate::{
    ConfigError, Launch, Scope, Secret, ServerEntry, client_by_id, config, dotenv, file,
    reference::{Piece, Syntax, Wanted, pieces},
};

/// How deep a default may refer to variables that have defaults.
const MAX_DEFAULTS: usize = 4;

/// Answers a question by its name.
pub type Ask<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Where references are looked up.
#[derive(Default)]
pub struct Lookup<'a> {
    /// Environment variables.
    pub variables: Option<Ask<'a>>,
    /// Answers to the questions of `${input:id}`.
    pub inputs: Option<Ask<'a>>,
    /// What `~` and `${userHome}` stand for; the home of the entry's own file if that is known.
    pub home: Option<PathBuf>,
    /// What `${workspaceFolder}` stands for; the entry's own project if it has one.
    pub workspace: Option<PathBuf>,
}

impl fmt::Debug for Lookup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookup")
            .field("home", &self.home)
            .field("workspace", &self.workspace)
            .finish_non_exhaustive()
    }
}

/// Why a reference stands for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lacking {
    /// The environment has no such variable.
    Variable,
    /// The client asks the person for it.
    Input,
    /// The client keeps it in its own store of secrets or settings.
    Store,
    /// It is not known which folder is meant.
    Folder,
    /// The file it names could not be read.
    File,
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Variable => "no such variable is set",
            Self::Input => "the client asks the person for it",
            Self::Store => "only the client knows it",
            Self::Folder => "it is not known which folder is meant",
            Self::File => "the file cannot be read",
        })
    }
}

/// One reference that stands for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unresolved {
    /// Where it stands: "variable `TOKEN`", "argument 2", "header `Authorization`", "URL" …
    pub place: String,
    /// The reference as written, without a default.
    pub reference: String,
    /// Why.
    pub why: Lacking,
}

/// An entry that cannot be started yet.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("server `{server}` refers to what is not known here: {}", list(.unresolved))]
#[non_exhaustive]
pub struct ResolveError {
    /// The server.
    pub server: String,
    /// Every reference that stands for nothing.
    pub unresolved: Vec<Unresolved>,
}

impl ResolveError {
    /// A stable code for reports.
    pub fn code(&self) -> &'static str {
        "unresolved"
    }

    /// What to do next.
    pub fn advice(&self) -> String {
        let variables: Vec<&str> = self
            .unresolved
            .iter()
            .filter(|unresolved| unresolved.why == Lacking::Variable)
            .map(|unresolved| unresolved.reference.as_str())
            .collect();
        if variables.is_empty() {
            "start the server's command yourself after `--`, with these values put in".to_owned()
        } else {
            format!("set {} and run again", variables.join(", "))
        }
    }
}

fn list(unresolved: &[Unresolved]) -> String {
    let shown: Vec<String> =
        unresolved.iter().map(|one| format!("{} needs {} ({})", one.place, one.reference, one.why)).collect();
    shown.join("; ")
}

impl ServerEntry {
    /// What is to be started or reached, with every reference put in. Relative paths stay as they are: they start at
    /// [`Launch::Command`]'s `cwd`, or where the client would have been started.
    pub fn resolve(&self, lookup: &Lookup<'_>) -> Result<Launch, ResolveError> {
        let mut resolver = Resolver {
            lookup,
            syntax: client_by_id(self.client).map_or(Syntax::default(), |client| client.syntax),
            home: lookup.home.clone().or_else(|| self.home.clone()).or_else(std::env::home_dir),
            workspace: self.scope.project().map(Path::to_owned).or_else(|| lookup.workspace.clone()),
            here: config::own_folder(&self.file).map(Path::to_owned),
            is_plugin: self.scope == Scope::Plugin,
            unresolved: Vec::new(),
        };
        let launch = match &self.launch {
            Launch::Command { command, args, env, cwd } => {
                let mut variables = resolver.env_file(self);
                for (name, value) in env {
                    let place = format!("variable `{name}`");
                    variables.insert(name.clone(), resolver.text(&place, value.expose()).into());
                }
                Launch::Command {
                    command: resolver.path("command", command.expose()).into(),
                    args: args
                        .iter()
                        .enumerate()
                        .map(|(index, arg)| {
                            resolver
                                .path(&format!("argument {}", index.saturating_add(1)), arg.expose())
                                .into()
                        })
                        .collect(),
                    env: variables,
                    cwd: cwd.as_ref().map(|cwd| resolver.path("working folder", cwd)),
                }
            }
            Launch::Remote { url, transport, headers } => Launch::Remote {
                url: resolver.text("URL", url.expose()).into(),
                transport: *transport,
                headers: headers
                    .iter()
                    .map(|(name, value)| {
                        (name.clone(), resolver.text(&format!("header `{name}`"), value.expose()).into())
                    })
                    .collect(),
            },
        };
        if resolver.unresolved.is_empty() {
            Ok(launch)
        } else {
            Err(ResolveError { server: self.name.clone(), unresolved: resolver.unresolved })
        }
    }
}

struct Resolver<'a> {
    lookup: &'a Lookup<'a>,
    syntax: Syntax,
    home: Option<PathBuf>,
    workspace: Option<PathBuf>,
    /// The folder of the entry's file, which plug-ins and bundles refer to.
    here: Option<PathBuf>,
    is_plugin: bool,
    unresolved: Vec<Unresolved>,
}

impl Resolver<'_> {
    /// A text that may start with `~/`.
    fn path(&mut self, place: &str, text: &str) -> String {
        match (text.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => {
                let path = home.join(rest).to_string_lossy().into_owned();
                self.text(place, &path)
            }
            _ => self.text(place, text),
        }
    }

    fn text(&mut self, place: &str, text: &str) -> String {
        self.expanded(place, text, MAX_DEFAULTS)
    }

    fn expanded(&mut self, place: &str, text: &str, defaults: usize) -> String {
        let mut resolved = String::new();
        for piece in pieces(text, self.syntax) {
            match piece {
                Piece::Text(text) => resolved.push_str(text),
                Piece::Reference { text, wanted } => match self.wanted(place, wanted, defaults) {
                    Ok(value) => resolved.push_str(&value),
                    // Windows leaves it as it is.
                    Err(_) if matches!(wanted, Wanted::Percent(_)) => resolved.push_str(text),
                    Err(why) => {
                        let place = place.to_owned();
                        self.unresolved.push(Unresolved { place, reference: without_default(text), why });
                    }
                },
            }
        }
        resolved
    }

    fn wanted(&mut self, place: &str, wanted: Wanted<'_>, defaults: usize) -> Result<String, Lacking> {
        let folder = |path: &Option<PathBuf>| {
            path.as_ref().map(|path| path.to_string_lossy().into_owned()).ok_or(Lacking::Folder)
        };
        match wanted {
            Wanted::Variable { name, default } => {
                let value = self.variable(name).or_else(|| self.own_folder(name));
                match (value, default) {
                    (Some(value), _) => Ok(value),
                    (None, Some(default)) if defaults > 0 => {
                        Ok(self.expanded(place, default, defaults.saturating_sub(1)))
                    }
                    _ => Err(Lacking::Variable),
                }
            }
            Wanted::Percent(name) => self.variable(name).ok_or(Lacking::Variable),
            Wanted::Input(id) => self.lookup.inputs.and_then(|inputs| inputs(id)).ok_or(Lacking::Input),
            Wanted::Workspace { name_only: false } => folder(&self.workspace),
            Wanted::Workspace { name_only: true } => self
                .workspace
                .as_ref()
                .and_then(|path| path.file_name())
                .map(|name| name.to_string_lossy().into_owned())
                .ok_or(Lacking::Folder),
            Wanted::Home => folder(&self.home),
            Wanted::Here => folder(&self.here),
            Wanted::Separator => Ok(std::path::MAIN_SEPARATOR.to_string()),
            Wanted::File(path) => self.file(path),
            Wanted::Store(_) => Err(Lacking::Store),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.lookup.variables.and_then(|variables| variables(name))
    }

    /// Clients set these for the plug-ins they start.
    fn own_folder(&self, name: &str) -> Option<String> {
        let is_own =
            self.is_plugin && matches!(name, "CLAUDE_PLUGIN_ROOT" | "CURSOR_PLUGIN_ROOT" | "extensionPath");
        is_own.then(|| self.here.as_ref().map(|path| path.to_string_lossy().into_owned())).flatten()
    }

    fn file(&self, path: &str) -> Result<String, Lacking> {
        let path = match (path.strip_prefix("~/"), &self.home, &self.here) {
            (Some(rest), Some(home), _) => home.join(rest),
            (None, _, Some(here)) => here.join(path),
            _ => return Err(Lacking::File),
        };
        file::text(&path).map(|text| text.trim_end().to_owned()).map_err(|_| Lacking::File)
    }

    /// The variables of `envFile`.
    fn env_file(&mut self, entry: &ServerEntry) -> BTreeMap<String, Secret> {
        let Some(written) = &entry.env_file else { return BTreeMap::new() };
        let path = self.path("file of variables", written);
        let base = self.workspace.clone().or_else(|| self.here.clone()).unwrap_or_default();
        let text: Result<String, ConfigError> = file::text(&base.join(path));
        if let Ok(text) = text {
            return dotenv::parse(&text);
        }
        let (place, reference) =
            ("file of variables".to_owned(), format!("`{}`", crate::limits::shown(written)));
        self.unresolved.push(Unresolved { place, reference, why: Lacking::File });
        BTreeMap::new()
    }
}

/// A default may be a credential.
fn without_default(reference: &str) -> String {
    let cut = reference
        .split_once(":-")
        .or_else(|| reference.split_once('-').filter(|(name, _)| !name.contains(':')));
    match cut.filter(|_| reference.starts_with("${")) {
        Some((name, _)) => format!("{}}}", crate::limits::shown(name)),
        None => crate::limits::shown(reference),
    }
}

#[cfg(test)]
mod tests;
