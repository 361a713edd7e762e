//! Snapshots as vectors hold them.

use serde_json::{Map, Value};

use crate::types::{Observation, Prompt, Resource, Server, Tool, Transport};

/// The server that a snapshot, or a part of one, describes.
///
/// Lenient as the host is: a member of the wrong type goes to `extra`, an absent list is empty. Unlike the host's
/// reader it works on parsed JSON, so white space and doubled keys inside schemas are gone.
pub fn server_from_value(snapshot: &Value) -> Server {
    let initialize = snapshot.get("initialize").cloned().unwrap_or_default();
    let info = initialize
        .get("serverInfo")
        .or_else(|| snapshot.get("serverInfo"))
        .cloned()
        .unwrap_or_else(json_object);
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let resources = items(snapshot, "resources").map(|item| resource(item, false));
    let templates = items(snapshot, "resourceTemplates").map(|item| resource(item, true));
    Server {
        name: text(&info, "name").or_else(|| text(snapshot, "name")).unwrap_or_default(),
        title: text(&info, "title"),
        version: text(&info, "version").or_else(|| text(snapshot, "version")).unwrap_or_default(),
        protocol_version: text(&initialize, "protocolVersion").unwrap_or_default(),
        transport: transport(snapshot),
        instructions: text(&initialize, "instructions").or_else(|| text(snapshot, "instructions")),
        capabilities: initialize.get("capabilities").cloned().unwrap_or_else(json_object).to_string(),
        server_info: info.to_string(),
        tools: items(snapshot, "tools").map(tool).collect(),
        prompts: items(snapshot, "prompts").map(prompt).collect(),
        resources: resources.chain(templates).collect(),
        observations: items(snapshot, "observations").map(|item| observation(&item)).collect(),
    }
}

fn json_object() -> Value {
    Value::Object(Map::new())
}

fn items<'a>(snapshot: &'a Value, key: &str) -> impl Iterator<Item = Map<String, Value>> + use<'a> {
    let list = snapshot.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|item| item.as_object().cloned())
}

fn transport(snapshot: &Value) -> Transport {
    let strings = |value: Option<&Value>| -> Vec<String> {
        let list = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    match snapshot.get("transport") {
        Some(Value::String(kind)) => Transport {
            kind: kind.clone(),
            address: snapshot.get("address").and_then(Value::as_str).unwrap_or_default().to_owned(),
            command: strings(snapshot.get("command")),
        },
        _ => Transport { kind: "file".into(), address: String::new(), command: Vec::new() },
    }
}

/// Takes a member out if it is a string; leaves it for `extra` if it is something else.
fn take_text(item: &mut Map<String, Value>, key: &str) -> Option<String> {
    if !item.get(key)?.is_string() {
        return None;
    }
    match item.shift_remove(key) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

fn take_json(item: &mut Map<String, Value>, key: &str) -> Option<String> {
    item.shift_remove(key).map(|value| value.to_string())
}

fn tool(mut item: Map<String, Value>) -> Tool {
    Tool {
        name: take_text(&mut item, "name").unwrap_or_default(),
        title: take_text(&mut item, "title"),
        description: take_text(&mut item, "description"),
        input_schema: take_json(&mut item, "inputSchema").unwrap_or_else(|| "null".into()),
        output_schema: take_json(&mut item, "outputSchema"),
        annotations: take_json(&mut item, "annotations"),
        meta: take_json(&mut item, "_meta"),
        extra: Value::Object(item).to_string(),
    }
}

fn prompt(mut item: Map<String, Value>) -> Prompt {
    let arguments = match item.get("arguments") {
        Some(Value::Array(_)) => take_json(&mut item, "arguments"),
        _ => None,
    };
    Prompt {
        name: take_text(&mut item, "name").unwrap_or_default(),
        title: take_text(&mut item, "title"),
        description: take_text(&mut item, "description"),
        arguments: arguments.unwrap_or_else(|| "[]".into()),
        meta: take_json(&mut item, "_meta"),
        extra: Value::Object(item).to_string(),
    }
}

fn resource(mut item: Map<String, Value>, is_template: bool) -> Resource {
    Resource {
        uri: take_text(&mut item, if is_template { "uriTemplate" } else { "uri" }).unwrap_or_default(),
        is_template,
        name: take_text(&mut item, "name").unwrap_or_default(),
        title: take_text(&mut item, "title"),
        description: take_text(&mut item, "description"),
        mime_type: take_text(&mut item, "mimeType"),
        annotations: take_json(&mut item, "annotations"),
        meta: take_json(&mut item, "_meta"),
        extra: Value::Object(item).to_string(),
    }
}

fn observation(item: &Map<String, Value>) -> Observation {
    let text = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    Observation {
        kind: text("kind"),
        about: text("about"),
        detail: item.get("detail").cloned().unwrap_or_default().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_of_the_wrong_type_is_kept_in_extra() {
        let server =
            server_from_value(&serde_json::json!({"tools": [{"name": "t", "description": ["not", "text"]}]}));
        assert_eq!(server.tools[0].description, None);
        assert_eq!(server.tools[0].extra, r#"{"description":["not","text"]}"#);
    }
}
