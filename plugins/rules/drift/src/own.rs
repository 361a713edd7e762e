//! The names that a server may rightly speak of: those of its own things.

use std::{cell::OnceCell, collections::BTreeSet};

use bartizan_sdk::prelude::*;

use crate::words::of_identifier;

/// Tools and prompts whose names are kept. The largest honest server known has 131.
const MAX_TOOLS: usize = 4_000;
/// Names in schemas that are kept, and bytes of any name.
const MAX_NAMES: usize = 20_000;
const MAX_NAME: usize = 64;
/// Bytes of schemas in which names are looked for.
const MAX_SCHEMAS: usize = 1 << 20;

/// Names of a server's things, before and after. Gathered once they are asked for: few texts speak of a name that is not
/// their own.
pub(crate) struct Own<'s> {
    servers: [&'s Server; 2],
    of_tools: OnceCell<BTreeSet<String>>,
    in_schemas: OnceCell<BTreeSet<String>>,
}

impl<'s> Own<'s> {
    pub(crate) fn of(before: &'s Server, after: &'s Server) -> Self {
        Self { servers: [before, after], of_tools: OnceCell::new(), in_schemas: OnceCell::new() }
    }

    /// Whether a name, in lower case, is of a tool or a prompt, a word of such a name, or of anything in a schema.
    pub(crate) fn has(&self, name: &str) -> bool {
        let tools = self.of_tools.get_or_init(|| of_tools(&self.servers));
        // `server_tool` for `tool`: some clients show names so.
        let short = name.match_indices('_').filter_map(|(at, _)| name.get(at.saturating_add(1)..));
        tools.contains(name)
            || short.into_iter().any(|short| tools.contains(short))
            || self.in_schemas.get_or_init(|| in_schemas(&self.servers)).contains(name)
    }
}

fn of_tools(servers: &[&Server]) -> BTreeSet<String> {
    let named = servers.iter().flat_map(|server| {
        let tools = server.tools.iter().map(|tool| tool.name.as_str());
        tools.chain(server.prompts.iter().map(|prompt| prompt.name.as_str()))
    });
    let mut names = BTreeSet::new();
    for name in named.filter(|name| name.len() <= MAX_NAME).take(MAX_TOOLS) {
        names.extend(of_identifier(name));
        names.insert(name.to_lowercase());
    }
    names
}

fn in_schemas(servers: &[&Server]) -> BTreeSet<String> {
    let mut left = MAX_SCHEMAS;
    let mut names = BTreeSet::new();
    for tool in servers.iter().flat_map(|server| &server.tools) {
        let Some(rest) = left.checked_sub(tool.input_schema.len()) else { continue };
        left = rest;
        let pieces = tool.input_schema.split('"').filter(|piece| piece.len() <= MAX_NAME && piece.len() > 2);
        let is_name = |piece: &&str| piece.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        for piece in pieces.filter(is_name) {
            if names.len() >= MAX_NAMES {
                return names;
            }
            names.insert(piece.to_lowercase());
        }
    }
    names
}

/// What a text may speak of: the server's names, and the parameters of the tool that it belongs to.
pub(crate) struct Topic<'a> {
    pub(crate) own: &'a Own<'a>,
    /// In lower case.
    pub(crate) parameters: &'a BTreeSet<String>,
}
