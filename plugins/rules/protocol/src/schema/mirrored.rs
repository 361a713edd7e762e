//! Parameters that clients are to copy into HTTP headers (`x-mcp-header`, since revision 2026-07-28).
//!
//! Who writes the schema decides what ends up in a header, and headers are what proxies and servers write into logs.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Fault, document::Document};
use crate::seen::clipped;

const KEY: &str = "x-mcp-header";
/// Ends of names of what should be in no log.
const SECRET: [&str; 9] = [
    "password",
    "passwd",
    "secret",
    "token",
    "apikey",
    "privatekey",
    "accesskey",
    "credential",
    "credentials",
];

pub(super) fn faults(document: &Document<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut names = HashSet::new();
    for (at, members) in document.objects() {
        let Some(value) = members.get(KEY) else { continue };
        let pointer = || document.pointer(at, KEY);
        if let Some(problem) = problem(value, members, &mut names) {
            let what = format!(
                "The schema asks clients to copy a parameter into a header {problem}: they drop the tool."
            );
            faults.push(Fault::low(what, clipped(&value.to_string()), pointer()));
        } else if let Some(name) = document.name(at).filter(|name| is_secret(name)) {
            let what = "The schema asks clients to copy a secret into a header, which proxies and servers write into logs.";
            faults.push(Fault::low(what, clipped(name), pointer()));
        }
    }
    faults
}

/// What clients refuse about it.
fn problem(value: &Value, members: &Map<String, Value>, names: &mut HashSet<String>) -> Option<&'static str> {
    let Some(name) = value.as_str() else { return Some("whose name is not a text") };
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(is_token) {
        return Some("that no HTTP header can be called");
    }
    if matches!(members.get("type").and_then(Value::as_str), Some("object" | "array")) {
        return Some("though it is an object or a list");
    }
    (!names.insert(name.to_ascii_lowercase())).then_some("that another parameter has too")
}

fn is_secret(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    SECRET.iter().any(|end| plain.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn count(properties: &Value) -> usize {
        faults(&Document::read("/inputSchema", &json!({ "properties": properties }))).len()
    }

    #[test]
    fn a_region_may_go_into_a_header_and_a_key_may_not() {
        assert_eq!(count(&json!({ "region": { "type": "string", KEY: "Region" } })), 0);
        assert_eq!(count(&json!({ "api_key": { "type": "string", KEY: "Key" } })), 1);
    }

    #[test]
    fn what_cannot_be_a_header_is_told() {
        for bad in [
            json!({ "a": { KEY: 7 } }),
            json!({ "a": { KEY: "a\r\nX-Evil: 1" } }),
            json!({ "a": { KEY: "" } }),
            json!({ "a": { "type": "object", KEY: "A" } }),
            json!({ "a": { KEY: "Region" }, "b": { KEY: "region" } }),
        ] {
            assert_eq!(count(&bad), 1, "{bad}");
        }
    }
}
