//! Every text that a server shows, and where it stands.

use bartizan_listing::{escape, of_identifier};
use bartizan_sdk::{IntoSubject, prelude::*};
use serde_json::Value;

/// Levels of JSON that are walked. The parser has a bound of its own, which this one does not reach.
const MAX_DEPTH: usize = 128;
/// Bytes of JSON that a tree is made of. A component has little memory; what is longer is looked through as it stands.
pub(crate) const MAX_TREE: usize = 1 << 20;
/// Bytes of one server's texts that are read.
pub(crate) const MAX_BYTES: usize = 6 << 20;

/// One text.
pub(crate) struct Place<'a> {
    pub(crate) subject: Subject,
    pub(crate) pointer: String,
    pub(crate) text: &'a str,
    /// The words of the member's name, where it has one.
    pub(crate) name: Vec<String>,
}

/// Calls `visit` with every text of the server.
pub(crate) fn each(server: &Server, visit: &mut dyn FnMut(&Place<'_>)) {
    let mut walk = Walk { subject: server.subject(), visit };
    walk.text("/instructions", server.instructions.as_deref());
    walk.text("/serverInfo/title", server.title.as_deref());
    walk.json("/serverInfo", Some(&server.server_info));
    walk.json("/capabilities", Some(&server.capabilities));
    for tool in &server.tools {
        walk.subject = tool.subject();
        walk.text("/title", tool.title.as_deref());
        walk.text("/description", tool.description.as_deref());
        walk.json("/inputSchema", Some(&tool.input_schema));
        walk.json("/outputSchema", tool.output_schema.as_deref());
        walk.json("/annotations", tool.annotations.as_deref());
        walk.json("/_meta", tool.meta.as_deref());
        walk.json("", Some(&tool.extra));
    }
    for prompt in &server.prompts {
        walk.subject = prompt.subject();
        walk.text("/title", prompt.title.as_deref());
        walk.text("/description", prompt.description.as_deref());
        walk.json("/arguments", Some(&prompt.arguments));
        walk.json("/_meta", prompt.meta.as_deref());
        walk.json("", Some(&prompt.extra));
    }
    for resource in &server.resources {
        walk.subject = resource.subject();
        walk.text(if resource.is_template { "/uriTemplate" } else { "/uri" }, Some(&resource.uri));
        walk.text("/name", Some(&resource.name));
        walk.text("/title", resource.title.as_deref());
        walk.text("/description", resource.description.as_deref());
        walk.json("/annotations", resource.annotations.as_deref());
        walk.json("/_meta", resource.meta.as_deref());
        walk.json("", Some(&resource.extra));
    }
}

struct Walk<'v> {
    subject: Subject,
    visit: &'v mut dyn FnMut(&Place<'_>),
}

impl Walk<'_> {
    fn text(&mut self, pointer: &str, text: Option<&str>) {
        self.found(pointer, text.unwrap_or_default(), &[]);
    }

    fn found(&mut self, pointer: &str, text: &str, name: &[String]) {
        // Nothing shorter is a secret worth the name.
        if text.len() >= 6 {
            let place = Place {
                subject: self.subject.clone(),
                pointer: pointer.to_owned(),
                text,
                name: name.to_vec(),
            };
            (self.visit)(&place);
        }
    }

    fn json(&mut self, pointer: &str, json: Option<&str>) {
        let Some(json) = json.filter(|json| json.len() > 4) else { return };
        if json.len() > MAX_TREE {
            return self.found(pointer, json, &[]);
        }
        match serde_json::from_str::<Value>(json) {
            Ok(value) => self.value(pointer, &value, &[], 0),
            // Nested deeper than the parser goes. It is looked through as it stands.
            Err(_) => self.found(pointer, json, &[]),
        }
    }

    fn value(&mut self, pointer: &str, value: &Value, name: &[String], depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let next = depth.saturating_add(1);
        match value {
            Value::String(text) => self.found(pointer, text, name),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    if item.is_string() || item.is_object() || item.is_array() {
                        self.value(&format!("{pointer}/{index}"), item, name, next);
                    }
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    // A key can be the secret, too.
                    if key.len() >= 16 {
                        self.found(pointer, key, &[]);
                    }
                    if member.is_string() || member.is_object() || member.is_array() {
                        self.value(&format!("{pointer}/{}", escape(key)), member, &of_identifier(key), next);
                    }
                }
            }
            _ => {}
        }
    }
}
