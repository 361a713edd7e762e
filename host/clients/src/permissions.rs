//! What Claude Code's settings let it call without asking, and what they switch off.
//!
//! Other clients write this beside each server; Claude Code has files of their own for it.

use std::path::{Path, PathBuf};

use crate::{
    ConfigError, Scope, ServerEntry, config,
    document::Node,
    file,
    limits::{MAX_ITEMS, MAX_SERVERS},
};

/// What one settings file says.
#[derive(Default)]
pub(crate) struct Permissions {
    /// The folder they count for; all if absent.
    folder: Option<PathBuf>,
    /// Names of servers and tools; `*` is every tool.
    allowed: Vec<(String, String)>,
    /// Servers of the project's shared file that are switched off.
    disabled: Vec<String>,
}

/// Reads a settings file. `~/.claude.json` has settings for many folders, the others for the one given.
pub(crate) fn read(path: &Path, folder: Option<&Path>) -> Result<Vec<Permissions>, ConfigError> {
    let text = file::text(path)?;
    let (_, tree) = config::tree(&text, path)?;
    let mut all = vec![of(&tree, folder.map(Path::to_owned))];
    let projects = tree.get("projects").map(Node::members).unwrap_or_default();
    all.extend(projects.iter().take(MAX_SERVERS).map(|(folder, node)| of(node, Some(folder.into()))));
    all.retain(|one| !one.allowed.is_empty() || !one.disabled.is_empty());
    Ok(all)
}

fn of(node: &Node, folder: Option<PathBuf>) -> Permissions {
    let texts = |list: Option<&Node>| -> Vec<String> {
        let items = list.map(Node::items).unwrap_or_default().iter().take(MAX_ITEMS);
        items.filter_map(Node::text).map(str::to_owned).collect()
    };
    let allow = node.get("permissions").and_then(|permissions| permissions.get("allow"));
    let rules = texts(allow).into_iter().chain(texts(node.get("allowedTools")));
    Permissions {
        folder,
        allowed: rules.filter_map(|rule| tool(&rule)).collect(),
        disabled: texts(node.get("disabledMcpjsonServers")),
    }
}

/// `mcp__server__tool`, or `mcp__server` for all of them.
fn tool(rule: &str) -> Option<(String, String)> {
    let rest = rule.strip_prefix("mcp__")?;
    // Arguments in brackets narrow a rule; the tool is called without asking all the same.
    let rest = rest.split_once('(').map_or(rest, |(rest, _)| rest);
    let (server, tool) = rest.split_once("__").unwrap_or((rest, "*"));
    (!server.is_empty())
        .then(|| (server.to_owned(), if tool.is_empty() { "*".to_owned() } else { tool.to_owned() }))
}

impl Permissions {
    /// Notes what these settings say of an entry, if they are for it.
    pub(crate) fn apply(&self, entry: &mut ServerEntry) {
        if entry.client != "claude-code" || !self.counts_for(entry) {
            return;
        }
        let name = normal(&entry.name);
        for (server, tool) in &self.allowed {
            let is_meant = *server == name || server == "*";
            if is_meant && entry.auto_approved.len() < MAX_ITEMS && !entry.auto_approved.contains(tool) {
                entry.auto_approved.push(tool.clone());
            }
        }
        let is_shared = entry.file.file_name().is_some_and(|name| name == ".mcp.json");
        entry.disabled |= is_shared && self.disabled.contains(&entry.name);
    }

    fn counts_for(&self, entry: &ServerEntry) -> bool {
        match (&self.folder, &entry.scope) {
            (Some(folder), Scope::Project { path }) => folder == path,
            (Some(_), Scope::Plugin | Scope::Unknown) => false,
            // What is the person's own is used in every folder.
            _ => true,
        }
    }
}

/// A server's name as rules write it.
fn normal(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_name_a_tool_or_all_of_a_server() {
        let pair = |server: &str, tool: &str| Some((server.to_owned(), tool.to_owned()));
        assert_eq!(tool("mcp__github__get_issue"), pair("github", "get_issue"));
        assert_eq!(tool("mcp__github"), pair("github", "*"));
        assert_eq!(tool("mcp__github__*"), pair("github", "*"));
        assert_eq!(tool("mcp__a__b(c:*)"), pair("a", "b"));
        assert_eq!(tool("Bash(ls:*)"), None);
        assert_eq!(tool("mcp__"), None);
        assert_eq!(normal("claude.ai Notes"), "claude_ai_Notes");
    }
}
