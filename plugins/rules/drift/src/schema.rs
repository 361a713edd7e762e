//! What a tool takes, before and after.

use std::collections::BTreeMap;

use bartizan_sdk::prelude::*;
use serde_json::{Map, Value};

use crate::{change::Change, power, power::Power, words::of_identifier};

/// Nodes of one schema that are looked at.
const MAX_NODES: usize = 10_000;
/// Levels of nesting.
const MAX_DEPTH: usize = 32;
/// Bytes of all the strings of a schema that are read as one text.
const MAX_STRINGS: usize = 64 * 1024;

/// One property.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Property {
    name: String,
    required: bool,
    /// Text that nothing restricts.
    free: bool,
    /// Only values of a list.
    listed: bool,
    /// A pattern, a format or a length that restricts text, as JSON.
    bounds: BTreeMap<&'static str, String>,
    default: Option<String>,
}

/// What a property is for, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Secret,
    Talk,
    Place,
    Command,
    Path,
    Other,
}

pub(crate) fn parse(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

/// Every string in it, names of members too, for reading as one text.
pub(crate) fn strings(root: &Value) -> String {
    let mut out = String::new();
    let mut stack = vec![(root, 0_usize)];
    let mut nodes = 0_usize;
    while let Some((value, depth)) = stack.pop() {
        nodes = nodes.saturating_add(1);
        if nodes > MAX_NODES || out.len() > MAX_STRINGS {
            break;
        }
        match value {
            Value::String(text) => {
                out.push_str(text);
                out.push('\n');
            }
            Value::Array(list) if depth < MAX_DEPTH => {
                stack.extend(list.iter().rev().map(|value| (value, depth.saturating_add(1))));
            }
            Value::Object(map) if depth < MAX_DEPTH => {
                for (key, value) in map.iter().rev() {
                    stack.push((value, depth.saturating_add(1)));
                    // Long names can hold sentences. Those of ordinary members say nothing that their presence does not.
                    if key.contains(' ') {
                        out.push_str(key);
                        out.push('\n');
                    }
                }
            }
            _ => {}
        }
    }
    out
}

pub(crate) fn compare(before: &Tool, after: &Tool) -> Vec<Change> {
    if before.input_schema == after.input_schema {
        return Vec::new();
    }
    let (old, new) = (parse(&before.input_schema), parse(&after.input_schema));
    let (had, has) = (properties(&old), properties(&new));
    let runs = power::of(before).contains(&Power::Run);
    let mut changes = Vec::new();
    for (pointer, property) in &has {
        match had.get(pointer) {
            None => changes.push(added(after, property, pointer, runs)),
            Some(was) => changes.extend(widened(after, was, property, pointer)),
        }
    }
    let gone: Vec<&str> = had
        .iter()
        .filter(|(pointer, _)| !has.contains_key(*pointer))
        .map(|(_, property)| property.name.as_str())
        .collect();
    if !gone.is_empty() {
        changes.push(
            Change::new(after, Severity::Info, "takes fewer parameters")
                .shows(&gone.join(", "), "/inputSchema"),
        );
    }
    let closed = |schema: &Value| schema.get("additionalProperties") == Some(&Value::Bool(false));
    if closed(&old) && !closed(&new) {
        changes.push(
            Change::new(after, Severity::Low, "takes parameters that its schema does not name")
                .shows("additionalProperties", "/inputSchema"),
        );
    }
    changes
}

fn added(tool: &Tool, property: &Property, pointer: &str, runs: bool) -> Change {
    let takes = takes(&property.name);
    let text = property.free || !property.bounds.is_empty();
    let must = if property.required { Severity::High } else { Severity::Medium };
    let (severity, what) = match takes {
        Takes::Secret if text => (must, "takes a secret, which it did not"),
        Takes::Talk if text => (must, "takes what was said in the conversation, which it did not"),
        Takes::Place if text => {
            (Severity::Medium, "takes an address to call or to send to, which it did not")
        }
        Takes::Command if property.free && !runs => {
            (Severity::Medium, "takes a command or code, which it did not")
        }
        Takes::Path if property.free => (Severity::Low, "takes a path, which it did not"),
        _ if property.free && property.required => (Severity::Low, "wants one more text"),
        _ => (Severity::Info, "takes one more parameter"),
    };
    let required = if property.required { " (required)" } else { "" };
    Change::new(tool, severity, what).shows(&format!("{}{required}", property.name), pointer)
}

fn widened(tool: &Tool, was: &Property, is: &Property, pointer: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    let mighty = matches!(takes(&is.name), Takes::Command | Takes::Path | Takes::Place) || sql(&is.name);
    let weight = if mighty { Severity::Medium } else { Severity::Low };
    let mut say = |severity, what: &str, shows: &str| {
        changes.push(Change::new(tool, severity, what).shows(&format!("{}{shows}", is.name), pointer));
    };
    if was.listed && is.free {
        say(weight, "takes any text where it took one of a list", "");
    } else if let Some((key, _)) = was.bounds.iter().find(|(key, _)| !is.bounds.contains_key(*key)) {
        if is.free || is.bounds.is_empty() {
            say(weight, "takes text that is restricted less", &format!(": {key}"));
        }
    } else if !was.free && !was.listed && was.bounds.is_empty() && is.free {
        say(weight, "takes any text where it took something else", "");
    }
    if was.default != is.default {
        let place = is
            .default
            .as_deref()
            .is_some_and(|text| text.contains("://") || (text.contains('@') && text.contains('.')));
        let (severity, what) = if place {
            (Severity::Medium, "sends to another address by default")
        } else {
            (Severity::Info, "has another default")
        };
        say(severity, what, &is.default.as_deref().map(|text| format!(" = {text}")).unwrap_or_default());
    }
    if !was.required && is.required {
        let severity = if matches!(takes(&is.name), Takes::Secret | Takes::Talk) {
            Severity::Medium
        } else {
            Severity::Info
        };
        say(severity, "wants a parameter that it did not insist on", "");
    }
    changes
}

fn sql(name: &str) -> bool {
    of_identifier(name).iter().any(|word| matches!(word.as_str(), "sql" | "query" | "table" | "statement"))
}

fn takes(name: &str) -> Takes {
    let words = of_identifier(name);
    let has = |any: &[&str]| words.iter().any(|word| any.contains(&word.as_str()));
    let joined = words.join("_");
    let is = |any: &[&str]| any.iter().any(|part| joined.contains(part));
    // Tokens of a model, keys of a map and pages of a list are no secrets.
    let counted = has(&["max", "min", "page", "next", "count", "limit", "budget"]);
    if !counted
        && (has(&[
            "password",
            "passwd",
            "passphrase",
            "secret",
            "credential",
            "credentials",
            "token",
            "cookie",
            "cookies",
            "apikey",
            "pin",
            "otp",
        ]) || is(&["api_key", "private_key", "ssh_key", "access_key", "auth_key"]))
    {
        Takes::Secret
    } else if has(&["conversation", "transcript", "sidenote", "chat", "reasoning", "thoughts"])
        || is(&[
            "user_message",
            "previous_message",
            "system_prompt",
            "chat_history",
            "message_history",
            "full_context",
            "user_prompt",
            "environment_variables",
        ])
    {
        Takes::Talk
    } else if has(&[
        "url",
        "uri",
        "webhook",
        "callback",
        "endpoint",
        "host",
        "bcc",
        "cc",
        "recipient",
        "recipients",
        "proxy",
    ]) {
        Takes::Place
    } else if has(&["command", "cmd", "shell", "script", "code", "exec", "expression", "eval"]) {
        Takes::Command
    } else if has(&["path", "file", "filename", "filepath", "directory", "dir", "folder"]) {
        Takes::Path
    } else {
        Takes::Other
    }
}

/// Every property, wherever it is nested, by its pointer into the tool.
fn properties(root: &Value) -> BTreeMap<String, Property> {
    let mut found = BTreeMap::new();
    let mut stack = vec![(root, "/inputSchema".to_owned(), 0_usize)];
    let mut nodes = 0_usize;
    while let Some((node, pointer, depth)) = stack.pop() {
        nodes = nodes.saturating_add(1);
        let Some(map) = node.as_object() else { continue };
        if nodes > MAX_NODES || depth > MAX_DEPTH {
            continue;
        }
        let required: Vec<&str> = map
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for (name, child) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let at = format!("{pointer}/properties/{}", name.replace('~', "~0").replace('/', "~1"));
            found.insert(at.clone(), property(name, child, required.contains(&name.as_str())));
            stack.push((child, at, depth.saturating_add(1)));
        }
        for (key, child) in map {
            match (key.as_str(), child) {
                ("items" | "additionalProperties" | "$defs" | "definitions", Value::Object(inner)) => {
                    stack.push((child, format!("{pointer}/{key}"), depth.saturating_add(1)));
                    if key.starts_with('$') || key == "definitions" {
                        let inner = inner.iter().map(|(name, node)| {
                            (node, format!("{pointer}/{key}/{name}"), depth.saturating_add(1))
                        });
                        stack.extend(inner);
                    }
                }
                ("anyOf" | "oneOf" | "allOf", Value::Array(list)) => {
                    let list = list.iter().enumerate();
                    stack.extend(list.map(|(index, node)| {
                        (node, format!("{pointer}/{key}/{index}"), depth.saturating_add(1))
                    }));
                }
                _ => {}
            }
        }
    }
    found
}

fn property(name: &str, node: &Value, required: bool) -> Property {
    let empty = Map::new();
    let map = node.as_object().unwrap_or(&empty);
    let branches =
        || ["anyOf", "oneOf"].into_iter().filter_map(|key| map.get(key)?.as_array()).flatten().take(64);
    let listed = map.contains_key("enum") || map.contains_key("const");
    let is_text = |node: &Value| match node.get("type") {
        Some(Value::String(kind)) => kind == "string",
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "string"),
        Some(_) => false,
        None => !["properties", "items", "anyOf", "oneOf", "$ref", "enum", "const"]
            .iter()
            .any(|key| node.get(*key).is_some()),
    };
    let list_of_text = map.get("items").is_some_and(|items| is_text(items) && items.get("enum").is_none());
    let text = is_text(node)
        || list_of_text
        || branches().any(|branch| is_text(branch) && branch.get("enum").is_none());
    let bounds: BTreeMap<&'static str, String> = ["pattern", "format", "maxLength"]
        .into_iter()
        .filter_map(|key| {
            let own = map.get(key).or_else(|| branches().find_map(|branch| branch.get(key)));
            Some((key, own?.to_string()))
        })
        .collect();
    Property {
        name: name.to_owned(),
        required,
        free: text && !listed && bounds.is_empty(),
        listed,
        bounds,
        default: map
            .get("default")
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(schema: &str) -> Tool {
        Tool { input_schema: schema.into(), ..Tool::named("t") }
    }

    fn worst(before: &str, after: &str) -> Option<Severity> {
        compare(&tool(before), &tool(after)).iter().map(|change| change.severity).max()
    }

    #[test]
    fn a_parameter_weighs_what_it_takes() {
        let before = r#"{"type":"object","properties":{"a":{"type":"string"}}}"#;
        let with = |name: &str, node: &str, required: &str| {
            format!(
                r#"{{"type":"object","required":[{required}],"properties":{{"a":{{"type":"string"}},"{name}":{node}}}}}"#
            )
        };
        let text = r#"{"type":"string"}"#;
        assert_eq!(worst(before, &with("limit", r#"{"type":"integer"}"#, "")), Some(Severity::Info));
        assert_eq!(worst(before, &with("max_tokens", text, "")), Some(Severity::Info));
        assert_eq!(worst(before, &with("unit", text, "\"unit\"")), Some(Severity::Low));
        assert_eq!(worst(before, &with("api_key", text, "")), Some(Severity::Medium));
        assert_eq!(worst(before, &with("password", text, "\"password\"")), Some(Severity::High));
        assert_eq!(worst(before, &with("conversation_history", text, "")), Some(Severity::Medium));
        assert_eq!(worst(before, &with("callback_url", text, "")), Some(Severity::Medium));
        assert_eq!(worst(before, &with("command", text, "")), Some(Severity::Medium));
    }

    #[test]
    fn what_was_restricted_and_is_not_is_told() {
        let schema =
            |node: &str| format!(r#"{{"properties":{{"path":{node},"unit":{{"enum":["c","f"]}}}}}}"#);
        let pattern = schema(r#"{"type":"string","pattern":"^/srv/"}"#);
        assert_eq!(worst(&pattern, &schema(r#"{"type":"string"}"#)), Some(Severity::Medium));
        assert_eq!(
            worst(&schema(r#"{"enum":["a"]}"#), &schema(r#"{"type":"string"}"#)),
            Some(Severity::Medium)
        );
        assert_eq!(worst(&schema(r#"{"enum":["a"]}"#), &schema(r#"{"enum":["a","b"]}"#)), None);
        assert_eq!(worst(&schema(r#"{"type":"string"}"#), &pattern), None);
    }

    #[test]
    fn a_schema_in_another_order_is_the_same() {
        let a = r#"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["a","b"]}"#;
        let b = r#"{"required":["b","a"],"properties":{"b":{"type":"string"},"a":{"type":"string"}},"type":"object"}"#;
        assert_eq!(worst(a, b), None);
    }

    #[test]
    fn hostile_schemas_are_survived() {
        let mut deep = "{}".to_owned();
        for _ in 0..120 {
            deep = format!(r#"{{"properties":{{"d":{deep}}}}}"#);
        }
        let wide: Vec<String> = (0..20_000).map(|n| format!(r#""p{n}":{{}}"#)).collect();
        let wide = format!(r#"{{"properties":{{{}}}}}"#, wide.join(","));
        for schema in ["", "null", "[]", "{\"properties\":5}", deep.as_str(), wide.as_str()] {
            compare(&tool("{}"), &tool(schema));
            strings(&parse(schema));
        }
    }
}
