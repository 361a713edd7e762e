//! What was heard of a server, before it is decoded. A live listing and a saved one both become a [`Record`],
//! and there is one way from it to a [`Server`]: so a saved listing reads back as the same server.

use std::collections::BTreeMap;

use bartizan_model::{Digest, Observation, Server, Transport, canonical_json};
use serde_json::{Value, json};

use crate::{
    item::{self, Kind, RawItem, Told, ambiguous_key},
    json::{Members, string},
    keys::{Place, inspect},
};

/// Texts longer than this are digested as sent and not in canonical form, which would need many times their size in memory.
const MAX_CANONICAL: usize = 1 << 20;

/// Everything a snapshot holds, but for the items, which the [`Server`] holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The method that the server introduced itself in answer to ("initialize" or "server/discover"), and
    /// the JSON text of that answer's result.
    pub hello: Option<(String, String)>,
    /// The revision that was agreed on.
    pub protocol_version: String,
    /// How the server was reached.
    pub transport: Transport,
    /// What it is called if it does not say itself.
    pub name: String,
    /// The lists that were answered, if only with an empty array.
    pub listed: Vec<String>,
    /// The JSON-RPC error that a method was answered with, by method.
    pub errors: BTreeMap<String, String>,
    /// JSON texts of the requests and notifications the server sent.
    pub from_server: Vec<String>,
    /// Lines on stdout that are no JSON-RPC.
    pub stdout_noise: Vec<String>,
    /// What was learnt by looking that does not follow from the rest.
    pub observations: Vec<Observation>,
    /// What was asked for and not heard.
    pub missing: Vec<crate::Missing>,
    /// Members of a snapshot that we do not know, with the JSON text of their values.
    pub extra: Vec<(String, String)>,
}

/// The items of each list, in the order of [`Kind::ALL`].
pub(crate) type Items = [Vec<RawItem>; 4];

/// The server that this record and these items describe.
pub(crate) fn server(record: &Record, items: Items) -> Server {
    let digest = digest(record, &items);
    let mut server = Server {
        name: record.name.clone(),
        protocol_version: record.protocol_version.clone(),
        transport: record.transport.clone(),
        capabilities: "{}".into(),
        server_info: "{}".into(),
        observations: record.observations.clone(),
        digest: Some(digest),
        ..Server::default()
    };
    let mut told = Told::default();
    if let Some((method, result)) = &record.hello {
        hello(&mut server, method, result, &mut told);
    }
    let [tools, prompts, resources, templates] = items;
    server.tools = tools.into_iter().enumerate().map(|(i, raw)| item::tool(raw, i, &mut told)).collect();
    server.prompts =
        prompts.into_iter().enumerate().map(|(i, raw)| item::prompt(raw, i, &mut told)).collect();
    for (kind, list) in [(Kind::Resource, resources), (Kind::Template, templates)] {
        let list = list.into_iter().enumerate().map(|(i, raw)| item::resource(raw, kind, i, &mut told));
        server.resources.extend(list);
    }
    if told.left_out > 0 {
        told.list.push(observation(
            "malformed-item",
            "",
            json!({ "problem": "more", "left_out": told.left_out }),
        ));
    }
    server.observations.extend(told.list);
    conversation(&mut server, record);
    server
}

fn observation(kind: &str, about: &str, detail: Value) -> Observation {
    Observation { kind: kind.into(), about: about.into(), detail }
}

/// What the server said about itself.
fn hello(server: &mut Server, method: &str, result: &str, told: &mut Told) {
    let inspection = inspect(result, Place::Protocol);
    for one in inspection.ambiguous {
        told.push(ambiguous_key(method, "server", None, one));
    }
    if let Some(why) = inspection.problem {
        told.push(observation("malformed-hello", method, json!({ "why": why })));
    }
    let members = match Members::parse(result) {
        Ok(members) => members,
        Err(error) => {
            told.push(observation("malformed-hello", method, json!({ "why": error.to_string() })));
            return;
        }
    };
    if let Some(text) = members.get_some("capabilities") {
        text.get().clone_into(&mut server.capabilities);
    }
    if let Some(value) = members.get_some("instructions") {
        server.instructions = string(value.get());
        if server.instructions.is_none() {
            told.push(observation(
                "malformed-hello",
                method,
                json!({ "why": "`instructions` is not a string" }),
            ));
        }
    }
    // 2026-07-28 moved it into `_meta`.
    let info = members.get_some("serverInfo").or_else(|| {
        let meta = Members::parse(members.get_some("_meta")?.get()).ok()?;
        meta.get_some("io.modelcontextprotocol/serverInfo")
    });
    let Some(info) = info else {
        if method == "initialize" {
            told.push(observation("malformed-hello", method, json!({ "why": "`serverInfo` is missing" })));
        }
        return;
    };
    info.get().clone_into(&mut server.server_info);
    let Ok(info) = Members::parse(info.get()) else {
        told.push(observation("malformed-hello", method, json!({ "why": "`serverInfo` is not an object" })));
        return;
    };
    let text = |key: &str| info.get(key).and_then(|value| string(value.get()));
    if let Some(name) = text("name").filter(|name| !name.is_empty()) {
        server.name = name;
    }
    server.version = text("version").unwrap_or_default();
    server.title = text("title");
}

/// What follows from the errors, the noise and the server's own messages.
fn conversation(server: &mut Server, record: &Record) {
    for (method, error) in &record.errors {
        let members = Members::parse(error).ok();
        let member =
            |key: &str| members.as_ref().and_then(|m| m.get(key)).map(serde_json::value::RawValue::get);
        let code = member("code").and_then(|text| serde_json::from_str::<i64>(text).ok());
        let message = member("message").and_then(string);
        let detail =
            json!({ "code": code, "message": message.map(|m| bartizan_model::truncate_chars(&m, 500)) });
        server.observations.push(observation("list-error", method, detail));
    }
    if !record.stdout_noise.is_empty() {
        let detail = json!({ "lines": record.stdout_noise.len(), "first": record.stdout_noise.first() });
        server.observations.push(observation("stdout-noise", "", detail));
    }
    let mut heard: BTreeMap<(bool, String), (usize, &str)> = BTreeMap::new();
    for text in &record.from_server {
        let Ok(members) = Members::parse(text) else { continue };
        let method = members.get("method").and_then(|value| string(value.get())).unwrap_or_default();
        heard.entry((members.get("id").is_some(), method)).or_insert((0, text)).0 += 1;
    }
    for ((is_request, method), (count, first)) in heard {
        let kind = if is_request { "server-request" } else { "notification" };
        let first = bartizan_model::truncate_chars(first, 1_000);
        server.observations.push(observation(kind, &method, json!({ "count": count, "first": first })));
    }
}

/// Over what the server said about itself and every item, not over how it was reached or what was observed.
fn digest(record: &Record, items: &Items) -> Digest {
    let mut parts: Vec<String> = vec!["bartizan-server-1".into(), record.protocol_version.clone()];
    parts.push(record.hello.as_ref().map(|(_, result)| hello_form(result)).unwrap_or_default());
    for list in items {
        parts.push(list.len().to_string());
        // A digest of each, so that the canonical forms of a large listing are not all held at once.
        parts.extend(list.iter().map(|item| Digest::of(canonical(&item.text).as_bytes()).to_string()));
    }
    Digest::of_parts(&parts.iter().map(String::as_bytes).collect::<Vec<_>>())
}

/// The introduction without what may change from one call to the next: `_meta` (but for `serverInfo`) and cache hints.
fn hello_form(result: &str) -> String {
    match serde_json::from_str::<Value>(result) {
        Ok(Value::Object(mut object)) if inspect(result, Place::Protocol).is_plain() => {
            let meta = object.remove("_meta");
            object.remove("ttlMs");
            object.remove("cacheScope");
            if let Some(info) = meta.as_ref().and_then(|meta| meta.get("io.modelcontextprotocol/serverInfo"))
            {
                object.insert("_meta".into(), json!({ "io.modelcontextprotocol/serverInfo": info }));
            }
            canonical_json(&Value::Object(object))
        }
        _ => result.to_owned(),
    }
}

/// RFC 8785 form where every parser agrees on the value; else the text as sent, so that two texts which some
/// parser tells apart never share a digest.
pub(crate) fn canonical(text: &str) -> String {
    if text.len() <= MAX_CANONICAL
        && inspect(text, Place::Item).is_plain()
        && let Ok(value) = serde_json::from_str::<Value>(text)
    {
        return canonical_json(&value);
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tools: &[&str]) -> Server {
        let raw = |text: &&str| RawItem { text: (*text).to_owned(), position: None };
        let record = Record {
            hello: Some(("initialize".into(), r#"{"serverInfo":{"name":"s"}}"#.into())),
            ..Record::default()
        };
        server(&record, [tools.iter().map(raw).collect(), vec![], vec![], vec![]])
    }

    #[test]
    fn the_digest_sees_content_and_not_spelling() {
        let a = of(&[r#"{"name":"a","inputSchema":{"type":"object","x":1.0}}"#]);
        assert_eq!(a.digest, of(&[r#"{"inputSchema":{"x":1, "type":"object"},"name":"\u0061"}"#]).digest);
        assert_ne!(a.digest, of(&[r#"{"name":"a","inputSchema":{"type":"object","x":2}}"#]).digest);
    }

    #[test]
    fn a_duplicate_key_changes_the_digest_whichever_value_wins() {
        let plain = of(&[r#"{"name":"a","inputSchema":{}}"#]);
        let doubled = of(&[r#"{"name":"b","name":"a","inputSchema":{}}"#]);
        assert_ne!(plain.digest, doubled.digest);
    }

    #[test]
    fn one_malformed_tool_hides_no_other() {
        let server = of(&[
            r#"{"name":"a","inputSchema":{}}"#,
            "7",
            r#"{"name":3}"#,
            r#"{"name":"b","inputSchema":{}}"#,
        ]);
        assert_eq!(server.tools.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["a", "", "", "b"]);
        assert!(server.observations.iter().any(|o| o.kind == "malformed-item"));
    }

    #[test]
    fn observations_stay_bounded_however_many_items_are_malformed() {
        assert!(of(&vec!["7"; 5_000]).observations.len() <= Told::MAX + 1);
    }
}
