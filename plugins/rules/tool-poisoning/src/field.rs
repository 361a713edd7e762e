//! Every text that a server shows, with where it stands.

use std::borrow::Cow;

use bartizan_sdk::types::{Prompt, Resource, Server, Tool};

use crate::json;

/// Which sort of place a text stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// What the item is called.
    Name,
    /// What it is called for people.
    Title,
    /// What it says of itself.
    Description,
    /// A member's name inside JSON.
    Key,
    /// Prose inside JSON: a description, a comment.
    Prose,
    /// Data inside JSON: a default, an enum, an example.
    Data,
}

impl Place {
    /// Whether it stands in the item's own face, rather than inside its JSON.
    pub(crate) fn is_face(self) -> bool {
        matches!(self, Self::Name | Self::Title | Self::Description)
    }
}

/// One text.
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) place: Place,
    /// JSON Pointer into the item.
    pub(crate) pointer: String,
    /// It names a property of a schema: a parameter.
    pub(crate) parameter: bool,
}

/// The texts of one item, in the order a model reads them.
#[derive(Default)]
pub(crate) struct Fields<'a>(pub(crate) Vec<Field<'a>>);

impl<'a> Fields<'a> {
    pub(crate) fn of_tool(tool: &'a Tool) -> Self {
        let mut fields = Self::default();
        fields.face(Place::Name, "/name", Some(&tool.name));
        fields.face(Place::Title, "/title", tool.title.as_deref());
        fields.face(Place::Description, "/description", tool.description.as_deref());
        fields.json("/inputSchema", Some(&tool.input_schema));
        fields.json("/outputSchema", tool.output_schema.as_deref());
        fields.json("/annotations", tool.annotations.as_deref());
        fields.json("/_meta", tool.meta.as_deref());
        fields.json("", Some(&tool.extra));
        fields
    }

    pub(crate) fn of_prompt(prompt: &'a Prompt) -> Self {
        let mut fields = Self::default();
        fields.face(Place::Name, "/name", Some(&prompt.name));
        fields.face(Place::Title, "/title", prompt.title.as_deref());
        fields.face(Place::Description, "/description", prompt.description.as_deref());
        fields.json("/arguments", Some(&prompt.arguments));
        fields.json("/_meta", prompt.meta.as_deref());
        fields.json("", Some(&prompt.extra));
        fields
    }

    pub(crate) fn of_resource(resource: &'a Resource) -> Self {
        let mut fields = Self::default();
        fields.face(
            Place::Name,
            if resource.is_template { "/uriTemplate" } else { "/uri" },
            Some(&resource.uri),
        );
        fields.face(Place::Name, "/name", Some(&resource.name));
        fields.face(Place::Title, "/title", resource.title.as_deref());
        fields.face(Place::Description, "/description", resource.description.as_deref());
        fields.face(Place::Title, "/mimeType", resource.mime_type.as_deref());
        fields.json("/annotations", resource.annotations.as_deref());
        fields.json("/_meta", resource.meta.as_deref());
        fields.json("", Some(&resource.extra));
        fields
    }

    /// What a server says of itself. Pointers lead into the answer to `initialize`.
    pub(crate) fn of_server(server: &'a Server) -> Self {
        let mut fields = Self::default();
        fields.face(Place::Description, "/instructions", server.instructions.as_deref());
        fields.json("/serverInfo", Some(&server.server_info));
        fields.json("/capabilities", Some(&server.capabilities));
        // A host that keeps only the parts still gives them; the same text twice is one signal.
        for (pointer, text) in
            [("/serverInfo/name", Some(&server.name)), ("/serverInfo/title", server.title.as_ref())]
        {
            if text.is_some_and(|text| {
                !fields.0.iter().any(|field| field.pointer == pointer && field.text == *text)
            }) {
                fields.face(Place::Name, pointer, text.map(String::as_str));
            }
        }
        fields
    }

    fn face(&mut self, place: Place, pointer: &str, text: Option<&'a str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.0.push(Field {
                text: Cow::Borrowed(text),
                place,
                pointer: pointer.to_owned(),
                parameter: false,
            });
        }
    }

    fn json(&mut self, pointer: &str, json: Option<&'a str>) {
        let Some(json) = json else { return };
        let before = self.0.len();
        if json::read(json, pointer, &mut self.0).is_err() {
            // Nested too deep for the parser, or broken: it is still text, and a model may still be shown it.
            self.0.truncate(before);
            self.0.push(Field {
                text: Cow::Borrowed(json),
                place: Place::Prose,
                pointer: pointer.to_owned(),
                parameter: false,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_string_of_a_schema_is_seen_with_its_pointer() {
        let tool = Tool {
            input_schema: r#"{"type":"object","properties":{"a/b":{"description":"d e","enum":["x"],"items":{"$comment":"deep down"}}}}"#.into(),
            extra: r#"{"odd":["y z"]}"#.into(),
            ..Tool::named("t")
        };
        let fields = Fields::of_tool(&tool);
        let at = |pointer: &str| {
            fields.0.iter().rfind(|field| field.pointer == pointer).map(|field| field.text.as_ref())
        };
        assert_eq!(at("/inputSchema/properties/a~1b/description"), Some("d e"));
        assert_eq!(at("/inputSchema/properties/a~1b/enum/0"), Some("x"));
        assert_eq!(at("/inputSchema/properties/a~1b/items/$comment"), Some("deep down"));
        assert_eq!(at("/odd/0"), Some("y z"));
        assert!(fields.0.iter().any(|field| field.parameter && field.text == "a/b"));
    }

    #[test]
    fn a_member_that_is_given_twice_is_read_twice() {
        let tool = Tool { extra: r#"{"note":"read this","note":"or that"}"#.into(), ..Tool::named("t") };
        let fields = Fields::of_tool(&tool);
        assert_eq!(fields.0.iter().filter(|field| field.pointer == "/note").count(), 2);
    }

    #[test]
    fn json_that_is_nested_too_deep_is_read_as_text() {
        let deep = format!("{}\"read this\"{}", "[".repeat(500), "]".repeat(500));
        let tool = Tool { input_schema: deep.clone(), ..Tool::named("t") };
        assert!(Fields::of_tool(&tool).0.iter().any(|field| field.text == deep));
    }
}
