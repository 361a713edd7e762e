//! What a server presented, decoded as far as it could be, with everything it sent kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Digest;

/// One server as it presented itself. Everything in it is hostile input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Server {
    /// `serverInfo.name`; for a bare list of tools, the file's stem. May be empty.
    pub name: String,
    /// `serverInfo.title`.
    pub title: Option<String>,
    /// `serverInfo.version`; empty if it never said.
    pub version: String,
    /// The protocol revision that was agreed on; empty if the server never said.
    pub protocol_version: String,
    /// How it was reached.
    pub transport: Transport,
    /// `instructions` of the initialize or discover result.
    pub instructions: Option<String>,
    /// JSON text of the capabilities object.
    pub capabilities: String,
    /// JSON text of `serverInfo`, whole.
    pub server_info: String,
    /// In the order they were listed.
    pub tools: Vec<Tool>,
    /// In the order they were listed.
    pub prompts: Vec<Prompt>,
    /// Resources, then resource templates, each in the order they were listed.
    pub resources: Vec<Resource>,
    /// What was learnt by looking.
    pub observations: Vec<Observation>,
    /// SHA-256 over the canonical JSON (RFC 8785) of everything it presented.
    pub digest: Option<Digest>,
}

impl Server {
    /// A digest of all that a component is handed of this server, and of where its parts stand: the same digest, the same
    /// answer. Unlike [`Self::digest`] it sees how the server was reached and what was observed.
    pub fn content_digest(&self) -> Digest {
        let mut parts: Vec<&str> = Vec::with_capacity(64);
        let mut places: Vec<String> = Vec::new();
        let mut list = |count: usize| places.push(count.to_string());
        let Self {
            name,
            title,
            version,
            protocol_version,
            transport,
            instructions,
            capabilities,
            server_info,
            tools,
            prompts,
            resources,
            observations,
            digest: _,
        } = self;
        parts.extend([name, version, protocol_version, capabilities, server_info].map(String::as_str));
        optional(&mut parts, &[title, instructions]);
        parts.extend([transport.kind.as_str(), transport.address.as_str()]);
        parts.extend(transport.command.iter().map(String::as_str));
        [transport.command.len(), tools.len(), prompts.len(), resources.len(), observations.len()]
            .into_iter()
            .for_each(&mut list);
        let mut positions: Vec<Option<Position>> = Vec::new();
        for tool in tools {
            let Tool {
                name,
                title,
                description,
                input_schema,
                output_schema,
                annotations,
                meta,
                extra,
                raw: _,
                position,
            } = tool;
            parts.extend([name, input_schema, extra].map(String::as_str));
            optional(&mut parts, &[title, description, output_schema, annotations, meta]);
            positions.push(*position);
        }
        for prompt in prompts {
            let Prompt { name, title, description, arguments, meta, extra, raw: _, position } = prompt;
            parts.extend([name, arguments, extra].map(String::as_str));
            optional(&mut parts, &[title, description, meta]);
            positions.push(*position);
        }
        for resource in resources {
            let Resource {
                uri,
                is_template,
                name,
                title,
                description,
                mime_type,
                annotations,
                meta,
                extra,
                raw: _,
                position,
            } = resource;
            parts.extend([uri, name, extra].map(String::as_str));
            parts.push(if *is_template { "template" } else { "resource" });
            optional(&mut parts, &[title, description, mime_type, annotations, meta]);
            positions.push(*position);
        }
        for Observation { kind, about, detail } in observations {
            parts.extend([kind.as_str(), about.as_str()]);
            places.push(detail.to_string());
        }
        places.extend(positions.into_iter().map(|position| {
            position.map(|Position { line, column }| format!("{line}:{column}")).unwrap_or_default()
        }));
        Digest::of_each(parts.into_iter().chain(places.iter().map(String::as_str)).map(str::as_bytes))
    }
}

/// Absent and empty are two things.
fn optional<'a>(parts: &mut Vec<&'a str>, texts: &[&'a Option<String>]) {
    for text in texts {
        match text {
            Some(text) => parts.extend(["+", text.as_str()]),
            None => parts.push("-"),
        }
    }
}

/// How a server was reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Transport {
    /// Which transport of the protocol, or a file.
    pub kind: TransportKind,
    /// URL for HTTP transports, path for a file, empty for stdio.
    #[serde(default)]
    pub address: String,
    /// Program and arguments for stdio; empty otherwise.
    #[serde(default)]
    pub command: Vec<String>,
}

/// The transports of the protocol, and a saved listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TransportKind {
    /// A child process, one JSON document a line.
    Stdio,
    /// One endpoint, POST (2025-03-26 and later).
    StreamableHttp,
    /// The two-endpoint HTTP+SSE transport of 2024-11-05.
    Sse,
    /// Nothing was reached: a saved listing was read, and it does not say how it was made.
    #[default]
    File,
}

impl TransportKind {
    /// The code used in the contract and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stdio => "stdio",
            Self::StreamableHttp => "streamable-http",
            Self::Sse => "sse",
            Self::File => "file",
        }
    }
}

/// Where an item starts in the file it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 0, in UTF-8 bytes, as LSP's utf-8 encoding counts.
    pub column: u32,
}

/// A tool. Members that are JSON are kept as the text the server sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tool {
    /// Empty if it had none or it was not a string (then it is in `extra`).
    pub name: String,
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// JSON text of `inputSchema`; "null" if there was none.
    pub input_schema: String,
    /// JSON text of `outputSchema`.
    pub output_schema: Option<String>,
    /// JSON text of `annotations`.
    pub annotations: Option<String>,
    /// JSON text of `_meta`.
    pub meta: Option<String>,
    /// JSON object of every other member, and of those above that were not of the type they must be.
    pub extra: String,
    /// The item's JSON text as sent.
    pub raw: String,
    /// Where it stands, if it was read from a file.
    pub position: Option<Position>,
}

/// A prompt. Members that are JSON are kept as the text the server sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// Empty if it had none or it was not a string (then it is in `extra`).
    pub name: String,
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// JSON text of `arguments`; "[]" if there was none.
    pub arguments: String,
    /// JSON text of `_meta`.
    pub meta: Option<String>,
    /// As [`Tool::extra`].
    pub extra: String,
    /// The item's JSON text as sent.
    pub raw: String,
    /// Where it stands, if it was read from a file.
    pub position: Option<Position>,
}

/// A resource or a resource template. Members that are JSON are kept as the text the server sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resource {
    /// The URI, or the URI template (RFC 6570). Empty if it had none.
    pub uri: String,
    /// Whether it came from `resources/templates/list`.
    pub is_template: bool,
    /// `name`; may be empty.
    pub name: String,
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `mimeType`.
    pub mime_type: Option<String>,
    /// JSON text of `annotations`.
    pub annotations: Option<String>,
    /// JSON text of `_meta`.
    pub meta: Option<String>,
    /// As [`Tool::extra`].
    pub extra: String,
    /// The item's JSON text as sent.
    pub raw: String,
    /// Where it stands, if it was read from a file.
    pub position: Option<Position>,
}

/// Something learnt by looking, which no member of the protocol says. `docs/observations.md` lists the kinds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Observation {
    /// An open code: "duplicate-key", "stdout-noise", "redirect" …
    pub kind: String,
    /// A method, an item's name, a URL. May be empty.
    pub about: String,
    /// The particulars.
    pub detail: serde_json::Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(name: &str, description: Option<&str>) -> Tool {
        Tool { name: name.into(), description: description.map(str::to_owned), ..Tool::default() }
    }

    #[test]
    fn everything_a_component_is_handed_counts_in_the_content_digest() {
        let base = Server { name: "s".into(), tools: vec![tool("t", Some("x"))], ..Server::default() };
        let transport = Transport { address: "/other.json".into(), ..Transport::default() };
        let moved = Some(Position { line: 7, column: 0 });
        let seen = Observation { kind: "tls".into(), about: String::new(), detail: serde_json::json!({}) };
        let others = [
            Server { name: "r".into(), ..base.clone() },
            Server { instructions: Some(String::new()), ..base.clone() },
            Server { transport, ..base.clone() },
            Server { tools: vec![tool("t", None)], ..base.clone() },
            Server { tools: vec![tool("t", Some(""))], ..base.clone() },
            Server { tools: vec![Tool { position: moved, ..tool("t", Some("x")) }], ..base.clone() },
            Server { observations: vec![seen], ..base.clone() },
        ];
        let mut digests: Vec<Digest> = others.iter().map(Server::content_digest).collect();
        digests.push(base.content_digest());
        digests.sort();
        digests.dedup();
        assert_eq!(digests.len(), others.len() + 1);
    }

    #[test]
    fn the_content_digest_does_not_see_what_no_component_sees() {
        let base = Server { tools: vec![tool("t", None)], ..Server::default() };
        let raw = Tool { raw: "{ }".into(), ..tool("t", None) };
        assert_eq!(base.content_digest(), Server { tools: vec![raw], ..base.clone() }.content_digest());
    }
}
