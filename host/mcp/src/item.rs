//! The JSON text of a tool, prompt or resource, decoded as far as it can be.
//!
//! One malformed item never hides another, and one malformed member never hides the item: what cannot be
//! decoded stays in `extra` and in `raw`, and is told as an observation.

use bartizan_model::{Observation, Position, Prompt, Resource, Tool, truncate_chars};
use serde_json::{json, value::RawValue};

use crate::{
    json::{Members, object, string, type_of},
    keys::{Ambiguous, Place, inspect},
};

/// The lists a server can have, in the order they are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Tool,
    Prompt,
    Resource,
    Template,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Tool, Self::Prompt, Self::Resource, Self::Template];

    /// The method that lists them.
    pub(crate) fn method(self) -> &'static str {
        match self {
            Self::Tool => "tools/list",
            Self::Prompt => "prompts/list",
            Self::Resource => "resources/list",
            Self::Template => "resources/templates/list",
        }
    }

    /// The member of the result, and of a snapshot, that holds them.
    pub(crate) fn member(self) -> &'static str {
        match self {
            Self::Tool => "tools",
            Self::Prompt => "prompts",
            Self::Resource => "resources",
            Self::Template => "resourceTemplates",
        }
    }

    /// The capability a server declares for them.
    pub(crate) fn capability(self) -> &'static str {
        match self {
            Self::Tool => "tools",
            Self::Prompt => "prompts",
            Self::Resource | Self::Template => "resources",
        }
    }

    /// What one of them is called in observations.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Tool => "tool",
            Self::Prompt => "prompt",
            Self::Resource => "resource",
            Self::Template => "resource-template",
        }
    }
}

/// What is wrong with items, bounded: a hostile list has something wrong with each of its items.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) list: Vec<Observation>,
    pub(crate) left_out: usize,
}

impl Told {
    /// Observations kept.
    pub(crate) const MAX: usize = 1_000;
    /// Characters of a name or key that are told.
    pub(crate) const MAX_NAME: usize = 200;

    pub(crate) fn push(&mut self, observation: Observation) {
        if self.list.len() < Self::MAX {
            self.list.push(observation);
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }
}

/// An item's JSON text and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RawItem {
    pub(crate) text: String,
    pub(crate) position: Option<Position>,
}

/// Decodes the `index`th tool of a list, telling of what is wrong with it.
pub(crate) fn tool(item: RawItem, index: usize, told: &mut Told) -> Tool {
    let mut fields = Fields::take(&item.text);
    let name = fields.required_string("name");
    let tool = Tool {
        title: fields.string("title"),
        description: fields.string("description"),
        input_schema: fields.required_json("inputSchema", "object").unwrap_or_else(|| "null".into()),
        output_schema: fields.json("outputSchema", "object"),
        annotations: fields.json("annotations", "object"),
        meta: fields.json("_meta", "object"),
        extra: String::new(),
        raw: String::new(),
        position: item.position,
        name,
    };
    let (extra, problems) = fields.finish();
    tell(Kind::Tool, &tool.name, index, &item.text, problems, told);
    Tool { extra, raw: item.text, ..tool }
}

/// Decodes the `index`th prompt of a list, telling of what is wrong with it.
pub(crate) fn prompt(item: RawItem, index: usize, told: &mut Told) -> Prompt {
    let mut fields = Fields::take(&item.text);
    let name = fields.required_string("name");
    let prompt = Prompt {
        title: fields.string("title"),
        description: fields.string("description"),
        arguments: fields.json("arguments", "array").unwrap_or_else(|| "[]".into()),
        meta: fields.json("_meta", "object"),
        extra: String::new(),
        raw: String::new(),
        position: item.position,
        name,
    };
    let (extra, problems) = fields.finish();
    tell(Kind::Prompt, &prompt.name, index, &item.text, problems, told);
    Prompt { extra, raw: item.text, ..prompt }
}

/// Decodes the `index`th resource or template of a list, telling of what is wrong with it.
pub(crate) fn resource(item: RawItem, kind: Kind, index: usize, told: &mut Told) -> Resource {
    let is_template = kind == Kind::Template;
    let mut fields = Fields::take(&item.text);
    let uri = fields.required_string(if is_template { "uriTemplate" } else { "uri" });
    let resource = Resource {
        is_template,
        name: fields.required_string("name"),
        title: fields.string("title"),
        description: fields.string("description"),
        mime_type: fields.string("mimeType"),
        annotations: fields.json("annotations", "object"),
        meta: fields.json("_meta", "object"),
        extra: String::new(),
        raw: String::new(),
        position: item.position,
        uri,
    };
    let (extra, problems) = fields.finish();
    tell(kind, &resource.uri, index, &item.text, problems, told);
    Resource { extra, raw: item.text, ..resource }
}

/// What is wrong with one item: "no-object", "missing-member" … and a sentence.
struct Problem {
    code: &'static str,
    member: String,
    why: String,
}

/// The members of an item that have not been taken yet.
struct Fields<'a> {
    left: Vec<(String, &'a RawValue)>,
    /// Earlier values of members that came again. They stay visible in `extra`.
    shadowed: Vec<(String, &'a RawValue)>,
    problems: Vec<Problem>,
    is_object: bool,
}

impl<'a> Fields<'a> {
    fn take(text: &'a str) -> Self {
        match Members::parse(text) {
            Ok(Members(left, left_out)) => {
                let mut problems = Vec::new();
                if left_out > 0 {
                    let why = format!("{left_out} of its members were left out");
                    problems.push(Problem { code: "undecodable", member: String::new(), why });
                }
                Self { left, shadowed: Vec::new(), problems, is_object: true }
            }
            Err(error) => {
                let problem = if text.starts_with('{') {
                    Problem { code: "undecodable", member: String::new(), why: error.to_string() }
                } else {
                    let why = format!("it is not an object but: {}", type_of(text));
                    Problem { code: "not-an-object", member: String::new(), why }
                };
                Self { left: Vec::new(), shadowed: Vec::new(), problems: vec![problem], is_object: false }
            }
        }
    }

    /// The last value of this member, if it is of this type; `null` counts as absent, as SDKs write it for "none".
    fn member(&mut self, key: &str, wanted: &'static str, required: bool) -> Option<&'a RawValue> {
        let Some(at) = self.left.iter().rposition(|(name, _)| name == key) else {
            self.miss(key, required);
            return None;
        };
        let value = self.left.get(at).map(|(_, value)| *value)?;
        let found = type_of(value.get());
        if found == wanted {
            self.left.remove(at);
            let (same, left) = std::mem::take(&mut self.left).into_iter().partition(|(name, _)| name == key);
            self.left = left;
            self.shadowed.extend::<Vec<_>>(same);
            return Some(value);
        }
        if found == "null" {
            self.left.remove(at);
            self.miss(key, required);
        } else {
            let why = format!("`{key}` must be {wanted} and is {found}");
            self.problems.push(Problem { code: "wrong-type", member: key.to_owned(), why });
        }
        None
    }

    fn miss(&mut self, key: &str, required: bool) {
        if required && self.is_object {
            let why = format!("`{key}` is missing");
            self.problems.push(Problem { code: "missing-member", member: key.to_owned(), why });
        }
    }

    fn string(&mut self, key: &str) -> Option<String> {
        self.member(key, "string", false).and_then(|value| string(value.get()))
    }

    fn required_string(&mut self, key: &str) -> String {
        self.member(key, "string", true).and_then(|value| string(value.get())).unwrap_or_default()
    }

    fn json(&mut self, key: &str, wanted: &'static str) -> Option<String> {
        self.member(key, wanted, false).map(|value| value.get().to_owned())
    }

    fn required_json(&mut self, key: &str, wanted: &'static str) -> Option<String> {
        self.member(key, wanted, true).map(|value| value.get().to_owned())
    }

    fn finish(mut self) -> (String, Vec<Problem>) {
        self.shadowed.extend(self.left);
        (object(&self.shadowed), self.problems)
    }
}

fn tell(kind: Kind, name: &str, index: usize, text: &str, problems: Vec<Problem>, told: &mut Told) {
    let inspection = inspect(text, Place::Item);
    let name = truncate_chars(name, Told::MAX_NAME);
    let name = name.as_str();
    for Problem { code, member, why } in problems {
        told.push(Observation {
            kind: "malformed-item".into(),
            about: name.to_owned(),
            detail: json!({ "item": kind.noun(), "index": index, "problem": code, "member": member, "why": why }),
        });
    }
    if let Some(why) = inspection.problem {
        told.push(Observation {
            kind: "malformed-item".into(),
            about: name.to_owned(),
            detail: json!({ "item": kind.noun(), "index": index, "problem": "undecodable", "member": "", "why": why }),
        });
    }
    for one in inspection.ambiguous {
        told.push(ambiguous_key(name, kind.noun(), Some(index), one));
    }
}

/// The observation of a key that two parsers would read differently.
pub(crate) fn ambiguous_key(about: &str, item: &str, index: Option<usize>, found: Ambiguous) -> Observation {
    let Ambiguous { pointer, keys, values, case_variant } = found;
    Observation {
        kind: if case_variant { "case-variant-key" } else { "duplicate-key" }.into(),
        about: about.to_owned(),
        detail: json!({ "item": item, "index": index, "pointer": pointer, "keys": keys, "values": values }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str) -> (Tool, Vec<String>) {
        let mut told = Told::default();
        let tool = tool(RawItem { text: text.into(), position: None }, 0, &mut told);
        let codes = told
            .list
            .iter()
            .map(|o| o.detail.get("problem").and_then(|p| p.as_str()).unwrap_or(&o.kind).to_owned())
            .collect();
        (tool, codes)
    }

    #[test]
    fn an_honest_tool_keeps_every_byte_and_is_told_nothing_of() {
        let text = r#"{ "name":"a", "title":null, "inputSchema": {"type" : "object"}, "x-more": 1.0 }"#;
        let (tool, told) = decode(text);
        assert_eq!(told, [""; 0]);
        assert_eq!((tool.name.as_str(), tool.raw.as_str()), ("a", text));
        assert_eq!(
            (tool.input_schema.as_str(), tool.extra.as_str()),
            (r#"{"type" : "object"}"#, r#"{"x-more":1.0}"#)
        );
    }

    #[test]
    fn what_is_no_object_is_still_there() {
        for text in ["null", "7", "\"run\"", "[]"] {
            let (tool, told) = decode(text);
            assert_eq!(
                (tool.name.as_str(), tool.raw.as_str(), told),
                ("", text, vec!["not-an-object".to_owned()])
            );
        }
    }

    #[test]
    fn a_member_of_the_wrong_type_goes_to_extra() {
        let (tool, told) = decode(r#"{"name":"a","description":["x"],"inputSchema":true}"#);
        assert_eq!(told, ["wrong-type", "wrong-type"]);
        assert_eq!((tool.description, tool.input_schema.as_str()), (None, "null"));
        assert_eq!(tool.extra, r#"{"description":["x"],"inputSchema":true}"#);
    }

    #[test]
    fn the_value_that_a_duplicate_shadows_stays_visible() {
        let (tool, told) =
            decode(r#"{"name":"a","description":"poison","description":"nice","inputSchema":{}}"#);
        assert_eq!(told, ["duplicate-key"]);
        assert_eq!(
            (tool.description.as_deref(), tool.extra.as_str()),
            (Some("nice"), r#"{"description":"poison"}"#)
        );
    }

    #[test]
    fn an_item_nested_too_deep_is_told_and_keeps_its_name() {
        let text =
            format!(r#"{{"name":"deep","inputSchema":{{}},"x":{}{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
        let (tool, told) = decode(&text);
        assert_eq!((tool.name.as_str(), told), ("deep", vec!["undecodable".to_owned()]));
    }

    #[test]
    fn junk_before_its_members_does_not_hide_them() {
        let text = format!(
            r#"{{{}"name":"a","inputSchema":{{}},"description":"poison"}}"#,
            "\"\":0,".repeat(20_000)
        );
        let (tool, told) = decode(&text);
        assert_eq!((tool.name.as_str(), tool.description.as_deref()), ("a", Some("poison")));
        assert!(told.contains(&"undecodable".to_owned()));
    }

    #[test]
    fn missing_members_are_told() {
        let (_, told) = decode("{}");
        assert_eq!(told, ["missing-member", "missing-member"]);
    }
}
