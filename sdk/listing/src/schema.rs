//! Walking a JSON Schema that somebody else wrote: every property, wherever it is nested, within bounds.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// Nodes of one schema that are looked at.
const MAX_NODES: usize = 20_000;
/// Properties that are judged.
const MAX_PROPERTIES: usize = 500;
/// Levels of properties within properties.
const MAX_DEPTH: usize = 32;
/// References, alternatives and lists that are followed to see what one value may be.
const MAX_HOPS: usize = 8;
/// Nodes that are looked at for one value: alternatives that refer to alternatives would else multiply.
const MAX_ALTERNATIVES: usize = 256;

/// One property of a schema.
#[derive(Clone, Debug)]
pub struct Property<'s> {
    /// As declared.
    pub name: &'s str,
    /// JSON Pointer into the tool.
    pub pointer: String,
    /// Its own schema.
    pub node: &'s Value,
    /// How free a text the value may be; `None` if it is no text, or one of a fixed few.
    pub text: Option<FreeText<'s>>,
    /// Whether the object that it belongs to must have it.
    pub required: bool,
}

/// What restricts a value that is text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FreeText<'s> {
    /// A regular expression that the value must match.
    pub pattern: Option<&'s str>,
    /// "uri", "password" …
    pub format: Option<&'s str>,
    /// The most characters.
    pub max_length: Option<u64>,
    /// A list of such texts.
    pub list: bool,
}

/// The properties of a schema.
#[derive(Clone, Debug)]
pub struct Properties<'s> {
    /// Those that were walked to.
    pub list: Vec<Property<'s>>,
    /// Whether that is all of them.
    pub whole: bool,
}

/// Every property that the schema of a tool's input declares, at any depth.
pub fn properties(root: &Value) -> Properties<'_> {
    let mut walk = Walk {
        root,
        seen: HashSet::new(),
        found: Properties { list: Vec::new(), whole: true },
        stack: Vec::new(),
    };
    walk.stack.push((root, "/inputSchema".to_owned(), 0));
    while let Some((node, pointer, depth)) = walk.stack.pop() {
        walk.visit(node, &pointer, depth);
    }
    walk.found
}

struct Walk<'s> {
    root: &'s Value,
    /// By address: a node that is referred to from many places, or from within itself, is looked at once.
    seen: HashSet<*const Value>,
    found: Properties<'s>,
    stack: Vec<(&'s Value, String, usize)>,
}

impl<'s> Walk<'s> {
    fn visit(&mut self, node: &'s Value, pointer: &str, depth: usize) {
        let Some(map) = node.as_object() else { return };
        if depth > MAX_DEPTH || self.seen.len() >= MAX_NODES {
            self.found.whole = false;
            return;
        }
        if !self.seen.insert(std::ptr::from_ref(node)) {
            return;
        }
        if let Some((target, at)) = referred(self.root, map) {
            self.stack.push((target, at, depth.saturating_add(1)));
        }
        let required: HashSet<&str> = map
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for (name, child) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let pointer = format!("{pointer}/properties/{}", escape(name));
            if self.found.list.len() >= MAX_PROPERTIES {
                self.found.whole = false;
                return;
            }
            let text = free_text(self.root, child, 0, &mut 0);
            let required = required.contains(name.as_str());
            self.found.list.push(Property { name, pointer: pointer.clone(), node: child, text, required });
            self.stack.push((child, pointer, depth.saturating_add(1)));
        }
        for key in ["items", "additionalProperties"] {
            if let Some(child) = map.get(key) {
                self.stack.push((child, format!("{pointer}/{key}"), depth.saturating_add(1)));
            }
        }
        for key in ["anyOf", "oneOf", "allOf", "prefixItems"] {
            let branches = map.get(key).and_then(Value::as_array).into_iter().flatten();
            for (index, child) in branches.enumerate() {
                self.stack.push((child, format!("{pointer}/{key}/{index}"), depth.saturating_add(1)));
            }
        }
    }
}

/// What a local `$ref` leads to, and where that is. Others are never fetched.
fn referred<'s>(root: &'s Value, map: &Map<String, Value>) -> Option<(&'s Value, String)> {
    let pointer = map.get("$ref")?.as_str()?.strip_prefix('#')?;
    Some((root.pointer(pointer)?, format!("/inputSchema{pointer}")))
}

/// How free a text the value may be; `None` if it is no text, or one of a fixed few.
fn free_text<'s>(root: &'s Value, node: &'s Value, hops: usize, looked: &mut usize) -> Option<FreeText<'s>> {
    *looked = looked.saturating_add(1);
    if *looked > MAX_ALTERNATIVES || hops > MAX_HOPS {
        // What cannot be followed to its end is not taken for restricted.
        return Some(FreeText::default());
    }
    let map = node.as_object()?;
    if map.contains_key("const") || map.contains_key("enum") {
        return None;
    }
    let next = hops.saturating_add(1);
    if let Some((target, _)) = referred(root, map) {
        return free_text(root, target, next, looked);
    }
    let branches = |key| map.get(key).and_then(Value::as_array).into_iter().flatten().take(MAX_ALTERNATIVES);
    // What one member of `allOf` fixes is fixed.
    if branches("allOf").any(|branch| branch.get("const").is_some() || branch.get("enum").is_some()) {
        return None;
    }
    let alternatives = ["anyOf", "oneOf"]
        .into_iter()
        .flat_map(branches)
        .filter_map(|branch| free_text(root, branch, next, looked));
    if let Some(freest) = alternatives.min_by_key(|text| (text.pattern.is_some(), text.list)) {
        return Some(freest);
    }
    let is = |what: &str| match map.get("type") {
        Some(Value::String(one)) => one == what,
        Some(Value::Array(many)) => many.iter().any(|one| one == what),
        _ => false,
    };
    if is("array") {
        let items = map.get("items")?;
        return free_text(root, items, next, looked).map(|text| FreeText { list: true, ..text });
    }
    let structured = ["properties", "additionalProperties", "items", "anyOf", "oneOf"];
    let untyped = !map.contains_key("type") && !structured.iter().any(|key| map.contains_key(*key));
    if !is("string") && !untyped {
        return None;
    }
    let str_of = |key: &str| {
        let own = map.get(key).and_then(Value::as_str);
        own.or_else(|| branches("allOf").find_map(|branch| branch.get(key)?.as_str()))
    };
    Some(FreeText {
        pattern: str_of("pattern"),
        format: str_of("format"),
        max_length: map.get("maxLength").and_then(Value::as_u64),
        list: false,
    })
}

/// A name as a token of a JSON Pointer (RFC 6901).
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pointers(schema: &Value) -> Vec<String> {
        let mut list: Vec<String> = properties(schema).list.into_iter().map(|p| p.pointer).collect();
        list.sort();
        list
    }

    #[test]
    fn a_property_is_found_wherever_it_is_nested() {
        let schema = json!({
            "properties": {
                "a/b": { "type": "array", "items": { "properties": { "deep": { "type": "string" } } } },
                "r": { "$ref": "#/$defs/Thing" },
            },
            "$defs": { "Thing": { "anyOf": [{ "properties": { "inner": { "type": "string" } } }] } },
        });
        assert_eq!(
            pointers(&schema),
            [
                "/inputSchema/$defs/Thing/anyOf/0/properties/inner",
                "/inputSchema/properties/a~1b",
                "/inputSchema/properties/a~1b/items/properties/deep",
                "/inputSchema/properties/r",
            ]
        );
    }

    #[test]
    fn a_schema_that_refers_to_itself_is_walked_once() {
        let schema = json!({ "$defs": { "N": { "properties": { "n": { "$ref": "#/$defs/N" }, "m": { "$ref": "#" } } } },
            "properties": { "start": { "$ref": "#/$defs/N" } } });
        let found = properties(&schema);
        assert_eq!(found.list.len(), 3);
        assert!(found.whole);
    }

    #[test]
    fn a_schema_too_large_to_walk_is_not_taken_for_walked() {
        let many: Map<String, Value> =
            (0..5_000).map(|n| (format!("p{n}"), json!({ "type": "string" }))).collect();
        assert!(!properties(&json!({ "properties": many })).whole);
        let mut deep = json!({});
        for _ in 0..60 {
            deep = json!({ "properties": { "d": deep } });
        }
        assert!(!properties(&deep).whole);
    }

    #[test]
    fn a_value_of_a_fixed_few_is_not_free() {
        let free = |schema: Value| free_text(&schema, &schema, 0, &mut 0).is_some();
        assert!(free(json!({ "type": "string" })));
        assert!(free(json!({ "type": ["string", "null"] })));
        assert!(free(json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] })));
        assert!(free(json!({ "type": "array", "items": { "type": "string" } })));
        assert!(free(json!({ "description": "no type at all" })));
        assert!(!free(json!({ "type": "string", "enum": ["a", "b"] })));
        assert!(!free(json!({ "type": "string", "allOf": [{ "enum": ["a"] }] })));
        assert!(!free(json!({ "const": "x" })));
        assert!(!free(json!({ "type": "integer" })));
        assert!(!free(json!({ "type": "object", "properties": {} })));
    }
}
