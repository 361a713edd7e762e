//! Reads one server as any client writes it.
//!
//! Clients differ in the names of members, not in what they mean, and people copy entries from one client's file to
//! another's: so every spelling is understood everywhere, and what is not understood is kept by name.

mod names;

use std::collections::BTreeMap;

use names::{APPROVED, ARGS, COMMAND, CWD, ENABLED, ENV, ENV_FILE, HEADERS, TRUSTED, TYPE, URLS, is_known};

use crate::{
    Launch, RemoteTransport, Secret,
    document::{Node, Value},
    limits::{self, MAX_ITEMS, MAX_TEXT},
};

/// What an entry says.
pub(crate) struct Entry {
    pub(crate) launch: Launch,
    pub(crate) disabled: bool,
    pub(crate) auto_approved: Vec<String>,
    pub(crate) env_file: Option<String>,
    pub(crate) unknown: Vec<String>,
    /// What is odd about it, in words.
    pub(crate) odd: Vec<String>,
}

/// Whether this could be a server at all: what tells a table of servers from another table of the same name.
pub(crate) fn looks_like_server(node: &Node) -> bool {
    let node = unwrapped(node);
    node.first(COMMAND)
        .is_some_and(|command| command.text().is_some() || command.is_list() || command.is_table())
        || node
            .first(URLS)
            .is_some_and(|url| url.text().is_some_and(|url| url.contains("://") || url.starts_with('$')))
}

/// Reads an entry, or says why it names no server.
pub(crate) fn read(node: &Node) -> Result<Entry, String> {
    if !node.is_table() {
        return Err(format!("it is {}, not an object", node.sort()));
    }
    let node = unwrapped(node);
    let mut odd = Vec::new();
    for name in node.doubled().into_iter().take(MAX_ITEMS) {
        odd.push(format!(
            "`{}` is there twice; the last is taken, which not every client does",
            limits::shown(name)
        ));
    }
    let launch = launch(node, &mut odd)?;
    if launch.texts().any(|text| text.len() > MAX_TEXT) {
        return Err(format!(
            "one of its values is longer than {} KiB, the most that is taken",
            MAX_TEXT >> 10
        ));
    }
    let disabled = node.get("disabled").and_then(Node::truth).unwrap_or(false)
        || node.first(ENABLED).and_then(Node::truth) == Some(false);
    let env_file = node.first(ENV_FILE).and_then(Node::text).map(str::to_owned);
    Ok(Entry { launch, disabled, auto_approved: approved(node), env_file, unknown: unknown(node), odd })
}

/// Some clients put what is started into a `transport` or `config` object of its own.
fn unwrapped(node: &Node) -> &Node {
    if node.first(COMMAND).or_else(|| node.first(URLS)).is_some() {
        return node;
    }
    ["transport", "config", "command"]
        .iter()
        .filter_map(|name| node.get(name))
        .find(|inner| inner.is_table() && inner.first(COMMAND).or_else(|| inner.first(URLS)).is_some())
        .unwrap_or(node)
}

fn launch(node: &Node, odd: &mut Vec<String>) -> Result<Launch, String> {
    let command = node.first(COMMAND);
    let url = URLS.iter().find_map(|name| Some((*name, node.get(name)?.text()?)));
    let word = node.first(TYPE).and_then(Node::text);
    let named = word.and_then(RemoteTransport::named);
    match (command, url) {
        (Some(command), None) => self::command(command, node, odd),
        (None, Some((name, url))) => Ok(remote(name, url, named, node, odd)),
        (Some(command), Some((name, url))) => {
            if named.is_some() || (word.is_none() && name == "httpUrl") {
                odd.push(
                    "it names a command and a URL; as its type is remote, only the URL is looked at".into(),
                );
                Ok(remote(name, url, named, node, odd))
            } else {
                odd.push("it names a command and a URL; only the command is looked at".into());
                self::command(command, node, odd)
            }
        }
        (None, None) => Err(match node.first(&["source", "type"]).and_then(Node::text) {
            Some("extension") => {
                "it is started by an extension of the client, which the file does not name".into()
            }
            Some(word @ ("builtin" | "platform" | "frontend" | "sdk" | "inline_python")) => {
                format!("it is part of the client (`{word}`)")
            }
            _ => "it names neither a command nor a URL".into(),
        }),
    }
}

fn command(command: &Node, node: &Node, odd: &mut Vec<String>) -> Result<Launch, String> {
    let mut env = BTreeMap::new();
    let (program, mut args) = match &command.value {
        Value::Text(text) => (text.clone(), Vec::new()),
        // OpenCode: the program and its arguments in one list.
        Value::List(_) => {
            let mut words = list(command, "command", odd).into_iter();
            (words.next().ok_or("its command is an empty list")?, words.collect())
        }
        // Zed's older form.
        Value::Table(_) => {
            add_pairs(command, ENV, &mut env, odd);
            let path = command.first(&["path", "command"]).and_then(Node::text);
            (
                path.ok_or("its command is an object without `path`")?.to_owned(),
                command.first(ARGS).map(|args| list(args, "args", odd)).unwrap_or_default(),
            )
        }
        _ => return Err(format!("its command is {}", command.sort())),
    };
    if program.trim().is_empty() {
        return Err("its command is empty".into());
    }
    if let Some(more) = node.first(ARGS) {
        args.extend(list(more, "args", odd));
    }
    add_pairs(node, ENV, &mut env, odd);
    // Codex and goose hand variables of their own on by name.
    for name in ["env_vars", "env_keys"]
        .iter()
        .filter_map(|name| node.get(name))
        .flat_map(Node::items)
        .take(MAX_ITEMS)
    {
        if let Some(name) = name.text().or_else(|| name.get("name")?.text()) {
            env.entry(name.to_owned()).or_insert_with(|| Secret::new(format!("${{{name}}}")));
        }
    }
    let cwd = node.first(CWD).and_then(Node::text).map(str::to_owned);
    let args = args.into_iter().map(Secret::from).collect();
    Ok(Launch::Command { command: program.into(), args, env, cwd })
}

fn remote(
    name: &str,
    url: &str,
    named: Option<RemoteTransport>,
    node: &Node,
    odd: &mut Vec<String>,
) -> Launch {
    let mut headers = BTreeMap::new();
    add_pairs(node, HEADERS, &mut headers, odd);
    for wrapper in ["requestOptions", "requestInit"] {
        if let Some(options) = node.get(wrapper) {
            add_pairs(options, HEADERS, &mut headers, odd);
        }
    }
    for (header, variable) in
        node.get("env_http_headers").map(Node::members).unwrap_or_default().iter().take(MAX_ITEMS)
    {
        if let Some(variable) = variable.text() {
            headers.insert(header.clone(), Secret::new(format!("${{{variable}}}")));
        }
    }
    if let Some(variable) = node.get("bearer_token_env_var").and_then(Node::text) {
        headers.insert("Authorization".into(), Secret::new(format!("Bearer ${{{variable}}}")));
    }
    let transport = match named {
        Some(RemoteTransport::Auto) | None if name == "httpUrl" => RemoteTransport::StreamableHttp,
        None if url.starts_with("ws://") || url.starts_with("wss://") => RemoteTransport::WebSocket,
        other => other.unwrap_or_default(),
    };
    Launch::Remote { url: url.into(), transport, headers }
}

/// Names and values of the first of these members: an object, or a list of `NAME=value` or `{name, value}`.
fn add_pairs(node: &Node, names: &[&str], into: &mut BTreeMap<String, Secret>, odd: &mut Vec<String>) {
    let Some(pairs) = node.first(names) else { return };
    let mut add = |name: &str, value: Option<String>| match value {
        _ if into.len() >= MAX_ITEMS => {}
        Some(value) => {
            into.insert(name.to_owned(), value.into());
        }
        None => odd.push(format!("the value of `{}` is no text", limits::shown(name))),
    };
    for (name, value) in pairs.members() {
        match value.value {
            Value::Null => {}
            _ => add(name, value.scalar()),
        }
    }
    for item in pairs.items() {
        match item.text().and_then(|text| text.split_once('=')) {
            Some((name, value)) => add(name, Some(value.to_owned())),
            None => match item.get("name").and_then(Node::text) {
                Some(name) => add(name, item.get("value").and_then(Node::scalar)),
                None => {
                    if let Some(name) = item.text() {
                        // As `docker run -e NAME`: handed on from outside.
                        add(name, Some(format!("${{{name}}}")));
                    }
                }
            },
        }
    }
    if pairs.members().len().saturating_add(pairs.items().len()) > MAX_ITEMS {
        odd.push(format!("it has more than {MAX_ITEMS} variables or headers; the rest is not looked at"));
    }
}

fn list(node: &Node, what: &str, odd: &mut Vec<String>) -> Vec<String> {
    if let Some(text) = node.text() {
        return vec![text.to_owned()];
    }
    if !node.is_list() {
        odd.push(format!("its `{what}` is {}, not an array", node.sort()));
    }
    if node.items().len() > MAX_ITEMS {
        odd.push(format!("it has more than {MAX_ITEMS} arguments; the rest is not looked at"));
    }
    let mut words = Vec::new();
    for item in node.items().iter().take(MAX_ITEMS) {
        match item.scalar() {
            Some(word) => words.push(word),
            None => odd.push(format!("one of its `{what}` is {}", item.sort())),
        }
    }
    words
}

fn approved(node: &Node) -> Vec<String> {
    let mut tools = Vec::new();
    let mut add = |tool: &str| {
        if tools.len() < MAX_ITEMS && !tools.iter().any(|known| known == tool) {
            tools.push(tool.to_owned());
        }
    };
    for list in APPROVED.iter().filter_map(|name| node.get(name)) {
        match &list.value {
            Value::Bool(true) => add("*"),
            Value::Text(tool) if !tool.is_empty() => add(tool),
            _ => list.items().iter().filter_map(Node::text).for_each(&mut add),
        }
    }
    if TRUSTED.iter().any(|name| node.get(name).and_then(Node::truth) == Some(true)) {
        add("*");
    }
    if node.get("default_tools_approval_mode").and_then(Node::text) == Some("approve") {
        add("*");
    }
    for (tool, settings) in node.get("tools").map(Node::members).unwrap_or_default() {
        let mode = settings.get("approval_mode").and_then(Node::text);
        if mode == Some("approve") || settings.get("alwaysAllow").and_then(Node::truth) == Some(true) {
            add(tool);
        }
    }
    tools
}

fn unknown(node: &Node) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in node.members() {
        if names.len() < MAX_ITEMS && !is_known(name) && !names.contains(name) {
            names.push(limits::shown(name));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, document::parse};

    fn entry(text: &str) -> Result<Entry, String> {
        read(&parse(text, Format::Json).unwrap())
    }

    fn words(launch: &Launch) -> Vec<&str> {
        match launch {
            Launch::Command { command, args, .. } => {
                std::iter::once(command).chain(args).map(Secret::expose).collect()
            }
            Launch::Remote { url, .. } => vec![url.expose()],
        }
    }

    #[test]
    fn a_command_is_read_however_it_is_written() {
        for text in [
            r#"{"command": "npx", "args": ["-y", "s", 1], "env": {"A": 1}}"#,
            r#"{"type": "local", "command": ["npx", "-y", "s", "1"], "environment": {"A": "1"}}"#,
            r#"{"source": "custom", "command": {"path": "npx", "args": ["-y", "s", "1"], "env": {"A": "1"}}}"#,
            r#"{"cmd": "npx", "args": ["-y", "s", "1"], "envs": {"A": "1"}, "type": "stdio"}"#,
            r#"{"transport": {"type": "stdio", "command": "npx", "args": ["-y", "s", "1"], "env": ["A=1"]}}"#,
        ] {
            let entry = entry(text).unwrap();
            assert_eq!(words(&entry.launch), ["npx", "-y", "s", "1"], "{text}");
            assert_eq!(entry.launch.hidden().get("A").unwrap().expose(), "1", "{text}");
            assert!(
                entry.unknown.is_empty() && entry.odd.is_empty(),
                "{text}: {:?} {:?}",
                entry.unknown,
                entry.odd
            );
        }
    }

    #[test]
    fn a_url_is_read_however_it_is_written() {
        use RemoteTransport::{Auto, Sse, StreamableHttp, WebSocket};
        for (text, expected) in [
            (r#"{"url": "https://a/"}"#, Auto),
            (r#"{"httpUrl": "https://a/"}"#, StreamableHttp),
            (r#"{"serverUrl": "https://a/", "type": "sse"}"#, Sse),
            (r#"{"uri": "https://a/", "type": "streamable_http"}"#, StreamableHttp),
            (r#"{"url": "https://a/", "type": "remote"}"#, Auto),
            (r#"{"url": "wss://a/"}"#, WebSocket),
        ] {
            match entry(text).unwrap().launch {
                Launch::Remote { transport, .. } => assert_eq!(transport, expected, "{text}"),
                Launch::Command { .. } => panic!("{text}"),
            }
        }
        let headers = entry(
            r#"{"url": "https://a/", "requestOptions": {"headers": {"X": "1"}}, "env_http_headers": {"Y": "V"},
                "bearer_token_env_var": "T"}"#,
        )
        .unwrap();
        let headers: Vec<_> = headers.launch.hidden().iter().map(|(k, v)| (k.as_str(), v.expose())).collect();
        assert_eq!(headers, [("Authorization", "Bearer ${T}"), ("X", "1"), ("Y", "${V}")]);
    }

    #[test]
    fn what_is_called_without_asking_is_told() {
        for (text, expected) in [
            (r#"{"command": "x", "alwaysAllow": ["a", "b"]}"#, vec!["a", "b"]),
            (r#"{"command": "x", "autoApprove": ["a"], "trust": false}"#, vec!["a"]),
            (r#"{"command": "x", "autoApprove": true}"#, vec!["*"]),
            (r#"{"command": "x", "trust": true}"#, vec!["*"]),
            (r#"{"command": "x", "default_tools_approval_mode": "approve"}"#, vec!["*"]),
            (
                r#"{"command": "x", "tools": {"a": {"approval_mode": "approve"}, "b": {"approval_mode": "prompt"}}}"#,
                vec!["a"],
            ),
            (r#"{"command": "x", "tools": ["*"], "autoApprove": []}"#, vec![]),
        ] {
            assert_eq!(entry(text).unwrap().auto_approved, expected, "{text}");
        }
    }

    #[test]
    fn an_entry_that_is_off_is_known_to_be() {
        for text in [r#"{"command": "x", "disabled": true}"#, r#"{"command": "x", "enabled": false}"#] {
            assert!(entry(text).unwrap().disabled);
        }
        assert!(!entry(r#"{"command": "x", "enabled": true}"#).unwrap().disabled);
    }

    #[test]
    fn what_names_no_server_says_why() {
        for (text, expected) in [
            (r#"{"enabled": true}"#, "neither"),
            (r#"{"source": "extension", "settings": {}}"#, "extension"),
            (r#"{"type": "builtin", "name": "developer"}"#, "part of the client"),
            (r#"{"command": ""}"#, "empty"),
            (r#"{"command": []}"#, "empty"),
            (r#"{"command": 5}"#, "number"),
            (r#""npx""#, "a string"),
            (&format!(r#"{{"command": "x", "env": {{"A": "{}"}}}}"#, "y".repeat(MAX_TEXT + 1)), "128 KiB"),
        ] {
            let why = entry(text).err().unwrap();
            assert!(why.contains(expected), "{text}: {why}");
        }
    }

    #[test]
    fn two_ways_at_once_are_odd_and_strange_members_are_kept_by_name() {
        let both = entry(r#"{"command": "x", "url": "https://a/", "headersHelper": "curl evil"}"#).unwrap();
        assert_eq!(words(&both.launch), ["x"]);
        assert!(both.odd.iter().any(|odd| odd.contains("only the command")));
        assert_eq!(both.unknown, ["headersHelper"]);
        let remote = entry(r#"{"command": "x", "url": "https://a/", "type": "http"}"#).unwrap();
        assert_eq!(words(&remote.launch), ["https://a/"]);
    }
}
