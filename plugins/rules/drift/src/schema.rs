//! What a tool takes, before and after.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use bartizan_sdk::prelude::*;
use serde_json::{Map, Value};

use crate::{
    change::{Change, Changes, MAX_TEXT},
    power,
    power::Power,
    walk,
    words::{head, of_identifier},
};

/// Bytes and separators of JSON that is read: as values it takes ten times the memory.
const MAX_JSON: usize = 1 << 20;
const MAX_VALUES: usize = 30_000;
/// Parameters of one tool whose names are kept.
const MAX_PARAMETERS: usize = 1_000;
/// Parameters that are gone and named.
const MAX_NAMED: usize = 10;

/// One property.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Property<'v> {
    name: &'v str,
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

/// JSON as a value; `None` if there is too much of it, or it is nested too deep.
pub(crate) fn parse(json: &str) -> Option<Value> {
    let separators = || json.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count();
    if json.is_empty() {
        return Some(Value::Null);
    }
    if json.len() > MAX_JSON || separators() > MAX_VALUES {
        return None;
    }
    serde_json::from_str(json).ok()
}

/// Every string in it. Long names of members hold sentences too; those of ordinary members say nothing that their presence
/// does not.
fn strings_of(root: &Value) -> Vec<&str> {
    let mut strings = Vec::new();
    let mut stack = vec![root];
    while let Some(value) = stack.pop() {
        match value {
            Value::String(text) => strings.push(text.as_str()),
            Value::Array(list) => stack.extend(list.iter().rev()),
            Value::Object(map) => {
                strings.extend(map.keys().filter(|key| key.contains(' ')).map(String::as_str));
                stack.extend(map.values().rev());
            }
            _ => {}
        }
    }
    strings
}

/// Each is a sentence of its own.
fn joined(strings: &[&str]) -> String {
    strings.join("\n\n")
}

/// Every string in it, for reading as one text.
pub(crate) fn strings(root: &Value) -> String {
    joined(&strings_of(root))
}

/// The strings of both, each for reading as one text. Of many it is those that the other does not have: what changed at
/// both ends of a long schema is read, and what stands between is not.
pub(crate) fn strings_of_both(old: &Value, new: &Value) -> (String, String) {
    let (mut old, mut new) = (strings_of(old), strings_of(new));
    let bytes = |strings: &[&str]| strings.iter().map(|text| text.len()).fold(0, usize::saturating_add);
    if bytes(&old).max(bytes(&new)) > MAX_TEXT {
        let (had, has): (HashSet<&str>, HashSet<&str>) =
            (old.iter().copied().collect(), new.iter().copied().collect());
        old.retain(|text| !has.contains(text));
        new.retain(|text| !had.contains(text));
    }
    (joined(&old), joined(&new))
}

/// Names of all parameters that are not nested, in lower case.
pub(crate) fn parameters(schema: &Value) -> BTreeSet<String> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .take(MAX_PARAMETERS)
        .map(|(name, _)| head(name, 64).to_lowercase())
        .collect()
}

/// What differs in the two schemas of a tool, `old` and `new`.
pub(crate) fn compare(before: &Tool, after: &Tool, old: &Value, new: &Value) -> Changes {
    let mut changes = Changes::default();
    let runs = power::of(before).contains(&Power::Run);
    let mut gone = Vec::new();
    let mut count_gone = 0_usize;
    let whole = walk::both(old, new, |step| match step {
        walk::Step::Both(was, is, path) => {
            let was = property(was);
            changes.extend(widened(after, &was, &property(is), path));
        }
        walk::Step::New(is, path) => changes.push(added(after, &property(is), path, runs)),
        walk::Step::Gone(name) => {
            count_gone = count_gone.saturating_add(1);
            if gone.len() < MAX_NAMED {
                gone.push(head(name, 100).to_owned());
            }
        }
    });
    if count_gone > 0 {
        let shows = gone.join(", ");
        changes
            .push(Change::new(after, Severity::Info, "takes fewer parameters").shows(&shows, "/inputSchema"));
    }
    let closed = |schema: &Value| schema.get("additionalProperties") == Some(&Value::Bool(false));
    if closed(old) && !closed(new) {
        changes.push(
            Change::new(after, Severity::Low, "takes parameters that its schema does not name")
                .shows("additionalProperties", "/inputSchema"),
        );
    }
    if !whole {
        changes.push(Change::unread_part(after, "/inputSchema"));
    }
    changes
}

fn added(tool: &Tool, property: &Property<'_>, path: walk::Path<'_, '_>, runs: bool) -> Change {
    let takes = takes(property.name);
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
    Change::new(tool, severity, what)
        .shows(&format!("{}{required}", head(property.name, 200)), &path.pointer())
}

fn widened(tool: &Tool, was: &Property<'_>, is: &Property<'_>, path: walk::Path<'_, '_>) -> Vec<Change> {
    if was == is {
        return Vec::new();
    }
    let mut changes = Vec::new();
    let mighty = matches!(takes(is.name), Takes::Command | Takes::Path | Takes::Place) || sql(is.name);
    let weight = if mighty { Severity::Medium } else { Severity::Low };
    let mut say = |severity, what: &'static str, shows: &str| {
        let shows = format!("{}{shows}", head(is.name, 200));
        changes.push(Change::new(tool, severity, what).shows(&shows, &path.pointer()));
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
        let shows = is.default.as_deref().map(|text| format!(" = {}", head(text, 400)));
        say(severity, what, &shows.unwrap_or_default());
    }
    if !was.required && is.required {
        let severity = if matches!(takes(is.name), Takes::Secret | Takes::Talk) {
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

fn property(found: walk::Found<'_>) -> Property<'_> {
    let walk::Found { name, node, required } = found;
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
        name,
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

    fn changes(before: &str, after: &str) -> Vec<Change> {
        let value = |json| parse(json).unwrap_or_default();
        compare(&tool(before), &tool(after), &value(before), &value(after)).into_list()
    }

    fn worst(before: &str, after: &str) -> Option<Severity> {
        changes(before, after).iter().map(|change| change.severity).max()
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
    fn what_is_nested_too_deep_to_be_walked_through_is_told_if_it_differs() {
        let nested = |inner: &str| {
            (0..40).fold(inner.to_owned(), |json, _| format!(r#"{{"properties":{{"d":{json}}}}}"#))
        };
        let open = r#"{"properties":{"path":{"type":"string"}}}"#;
        assert_eq!(worst(&nested("{}"), &nested(open)), Some(Severity::Medium));
        // What is too deep and is the same is no difference.
        let titled = nested(open).replacen('{', r#"{"title":"t","#, 1);
        assert_eq!(worst(&nested(open), &titled), None);
    }

    #[test]
    fn of_a_long_schema_what_changed_is_read_wherever_it_stands() {
        let long = |first: &str, last: &str| {
            let all: Vec<String> =
                (0..2_000).map(|n| format!(r#""This is parameter number {n} of many.""#)).collect();
            parse(&format!(r#"["{first}",{},"{last}"]"#, all.join(","))).unwrap()
        };
        let (old, new) = (long("a", "b"), long("c", "d"));
        assert_eq!(strings_of_both(&old, &new), ("a\n\nb".to_owned(), "c\n\nd".to_owned()));
    }

    #[test]
    fn too_much_or_too_deep_is_not_read() {
        assert_eq!(parse(&format!("{}{}", "[".repeat(200), "]".repeat(200))), None);
        assert_eq!(parse(&format!("[{}0]", "0,".repeat(MAX_VALUES))), None);
        assert_eq!(parse(""), Some(Value::Null));
    }

    #[test]
    fn hostile_schemas_are_survived() {
        for schema in ["", "null", "[]", "{\"properties\":5}", "{\"properties\":{\"a\":5},\"required\":7}"] {
            changes("{}", schema);
            changes(schema, "{}");
            strings(&parse(schema).unwrap_or_default());
        }
    }
}
