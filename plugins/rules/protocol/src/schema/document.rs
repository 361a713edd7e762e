//! One schema, read within bounds: every place in it where a schema stands, and how those hang together.

use std::collections::HashMap;

use serde_json::Value;

/// Bytes and values of one schema that are read. Real ones stay far below; a parsed value takes some hundred bytes.
const MAX_BYTES: usize = 512 << 10;
const MAX_VALUES: usize = 20_000;
/// Levels of nesting, which parsers bound too.
const MAX_DEPTH: usize = 100;
/// The longest pointer that is told.
const MAX_POINTER: usize = 1_000;

/// What stands under a keyword.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    One,
    List,
    /// Schemas by names that the author chose.
    Map,
}

/// Keywords under which schemas stand.
const KEYWORDS: [(&str, Sort); 23] = [
    ("properties", Sort::Map),
    ("items", Sort::One),
    ("anyOf", Sort::List),
    ("oneOf", Sort::List),
    ("allOf", Sort::List),
    ("additionalProperties", Sort::One),
    ("$defs", Sort::Map),
    ("definitions", Sort::Map),
    ("patternProperties", Sort::Map),
    ("prefixItems", Sort::List),
    ("additionalItems", Sort::One),
    ("unevaluatedProperties", Sort::One),
    ("unevaluatedItems", Sort::One),
    ("contains", Sort::One),
    ("propertyNames", Sort::One),
    ("not", Sort::One),
    ("if", Sort::One),
    ("then", Sort::One),
    ("else", Sort::One),
    ("contentSchema", Sort::One),
    ("extends", Sort::One),
    ("dependentSchemas", Sort::Map),
    ("dependencies", Sort::Map),
];

/// What a text is made of, counted without parsing it: what is too large is not even read.
pub(super) struct Shape {
    pub(super) bytes: usize,
    pub(super) values: usize,
    depth: usize,
}

impl Shape {
    pub(super) fn of(text: &str) -> Self {
        let mut shape = Self { bytes: text.len(), values: 1, depth: 0 };
        let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
        for byte in text.bytes() {
            if in_string {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' => escaped = true,
                    b'"' => in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => in_string = true,
                b'{' | b'[' => {
                    depth = depth.saturating_add(1);
                    shape.depth = shape.depth.max(depth);
                    shape.values = shape.values.saturating_add(1);
                }
                b'}' | b']' => depth = depth.saturating_sub(1),
                b',' => shape.values = shape.values.saturating_add(1),
                _ => {}
            }
        }
        shape
    }

    /// Why it is not read.
    pub(super) fn problem(&self) -> Option<String> {
        let what = if self.depth > MAX_DEPTH {
            format!("The schema is nested {} deep", self.depth)
        } else if self.bytes > MAX_BYTES {
            format!("The schema has {} bytes", self.bytes)
        } else if self.values > MAX_VALUES {
            format!("The schema has about {} values", self.values)
        } else {
            return None;
        };
        Some(format!("{what}: it was not judged, and clients that read it whole may fail on it."))
    }
}

/// How one comes from a place to the next.
#[derive(Clone, Copy)]
enum Step<'s> {
    Root,
    Key(&'static str),
    Named(&'static str, &'s str),
    Index(&'static str, usize),
    /// Where a `$ref` leads, if that is nowhere a schema would stand.
    Pointer(&'s str),
}

/// One schema in the document.
pub(super) struct Place<'s> {
    pub(super) value: &'s Value,
    parent: usize,
    step: Step<'s>,
    /// Places that the same value must fit: a cycle of these never ends.
    pub(super) same: Vec<usize>,
    /// Places that parts of the value must fit.
    pub(super) parts: Vec<usize>,
    /// References whose targets are not in the document.
    pub(super) unresolved: Vec<&'s str>,
}

/// A schema with all places in it, the root first.
pub(super) struct Document<'s> {
    pub(super) member: &'static str,
    pub(super) root: &'s Value,
    pub(super) places: Vec<Place<'s>>,
}

impl<'s> Document<'s> {
    pub(super) fn read(member: &'static str, root: &'s Value) -> Self {
        let mut reader =
            Reader { document: Self { member, root, places: Vec::new() }, index: HashMap::new() };
        reader.place(root, 0, Step::Root);
        let mut next = 0;
        while next < reader.document.places.len() && next < MAX_VALUES {
            reader.visit(next);
            next = next.saturating_add(1);
        }
        reader.document
    }

    /// Every place with its members.
    pub(super) fn objects(&self) -> impl Iterator<Item = (usize, &'s serde_json::Map<String, Value>)> {
        self.places.iter().enumerate().filter_map(|(at, place)| Some((at, place.value.as_object()?)))
    }

    /// The name that the author gave what stands here, if it is a property.
    pub(super) fn name(&self, at: usize) -> Option<&'s str> {
        match self.places.get(at)?.step {
            Step::Named("properties", name) => Some(name),
            _ => None,
        }
    }

    /// JSON Pointer to a place in the tool, or to the schema as a whole if that would be too long.
    pub(super) fn pointer(&self, at: usize, key: &str) -> String {
        let mut steps = Vec::new();
        let mut here = at;
        while let Some(place) = self.places.get(here) {
            match place.step {
                Step::Root => break,
                Step::Key(key) => steps.push(key.to_owned()),
                Step::Named(key, name) => steps.push(format!("{key}/{}", escape(name))),
                Step::Index(key, index) => steps.push(format!("{key}/{index}")),
                Step::Pointer(pointer) => {
                    steps.push(pointer.trim_start_matches('/').to_owned());
                    break;
                }
            }
            if steps.len() > MAX_DEPTH {
                return self.member.to_owned();
            }
            here = place.parent;
        }
        let mut pointer = self.member.to_owned();
        for step in steps.iter().rev() {
            pointer.push('/');
            pointer.push_str(step);
        }
        if !key.is_empty() {
            pointer.push('/');
            pointer.push_str(&escape(key));
        }
        if pointer.len() > MAX_POINTER { self.member.to_owned() } else { pointer }
    }
}

struct Reader<'s> {
    document: Document<'s>,
    /// By address: what is referred to from many places is one place.
    index: HashMap<*const Value, usize>,
}

impl<'s> Reader<'s> {
    fn place(&mut self, value: &'s Value, parent: usize, step: Step<'s>) -> usize {
        let at = std::ptr::from_ref(value);
        if let Some(known) = self.index.get(&at) {
            return *known;
        }
        let index = self.document.places.len();
        self.index.insert(at, index);
        let (same, parts, unresolved) = (Vec::new(), Vec::new(), Vec::new());
        self.document.places.push(Place { value, parent, step, same, parts, unresolved });
        index
    }

    fn visit(&mut self, at: usize) {
        let Some(value) = self.document.places.get(at).map(|place| place.value) else { return };
        let Some(members) = value.as_object() else { return };
        let (mut same, mut parts, mut unresolved) = (Vec::new(), Vec::new(), Vec::new());
        for (name, child) in members {
            let Some((key, sort)) = KEYWORDS.iter().find(|(key, _)| key == name).copied() else { continue };
            let next = match (sort, child) {
                (Sort::Map, Value::Object(map)) => {
                    let map = map.iter().filter(|(_, child)| key != "dependencies" || !child.is_array());
                    map.map(|(name, child)| (Step::Named(key, name), child)).collect()
                }
                (Sort::One, Value::Object(_) | Value::Bool(_)) => vec![(Step::Key(key), child)],
                (Sort::List | Sort::One, Value::Array(list)) if key == "items" || sort == Sort::List => {
                    list.iter().enumerate().map(|(at, child)| (Step::Index(key, at), child)).collect()
                }
                _ => Vec::new(),
            };
            for (step, child) in next {
                let index = self.place(child, at, step);
                match key {
                    // Definitions apply only where they are referred to.
                    "$defs" | "definitions" => {}
                    _ if is_in_place(key) => same.push(index),
                    _ => parts.push(index),
                }
            }
        }
        for key in ["$ref", "$dynamicRef", "$recursiveRef"] {
            let Some(reference) = members.get(key).and_then(Value::as_str) else { continue };
            match self.target(reference) {
                Some((target, pointer)) => same.push(self.place(target, at, Step::Pointer(pointer))),
                None => unresolved.push(reference),
            }
        }
        if let Some(place) = self.document.places.get_mut(at) {
            place.same = same;
            place.parts = parts;
            place.unresolved = unresolved;
        }
    }

    /// What a reference within the document leads to. Others are never followed.
    fn target(&self, reference: &'s str) -> Option<(&'s Value, &'s str)> {
        let fragment = reference.strip_prefix('#')?;
        if fragment.is_empty() {
            return Some((self.document.root, fragment));
        }
        if let Some(found) = self.document.root.pointer(fragment) {
            return Some((found, fragment));
        }
        // Percent-encoded, as RFC 6901 has it for fragments.
        Some((self.document.root.pointer(&decoded(fragment)?)?, fragment))
    }
}

/// Keywords whose schemas judge the same value again.
fn is_in_place(key: &str) -> bool {
    matches!(
        key,
        "not"
            | "if"
            | "then"
            | "else"
            | "allOf"
            | "anyOf"
            | "oneOf"
            | "dependentSchemas"
            | "dependencies"
            | "extends"
    )
}

/// Without `%xx`; `None` if there is none, or it makes no text.
fn decoded(fragment: &str) -> Option<String> {
    if !fragment.contains('%') {
        return None;
    }
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(u8::try_from(high.checked_mul(16)?.checked_add(low)?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// A name as a token of a JSON Pointer (RFC 6901).
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_text_is_measured_without_being_parsed() {
        assert!(Shape::of(&"[".repeat(200)).problem().unwrap().contains("200 deep"));
        assert!(Shape::of(&format!("[{}0]", "0,".repeat(50_000))).problem().unwrap().contains("values"));
        assert!(Shape::of(&format!("\"{}\"", "[,\\\"".repeat(1_000))).problem().is_none());
    }

    #[test]
    fn a_place_is_told_by_its_pointer() {
        let root = json!({ "properties": { "a/b": { "anyOf": [{}, { "$ref": "#/x~1y/z" }] } }, "x/y": { "z": { "items": {} } } });
        let document = Document::read("/inputSchema", &root);
        let all: Vec<String> = (0..document.places.len()).map(|at| document.pointer(at, "")).collect();
        assert_eq!(
            all,
            [
                "/inputSchema",
                "/inputSchema/properties/a~1b",
                "/inputSchema/properties/a~1b/anyOf/0",
                "/inputSchema/properties/a~1b/anyOf/1",
                "/inputSchema/x~1y/z",
                "/inputSchema/x~1y/z/items",
            ]
        );
    }

    #[test]
    fn a_fragment_may_be_percent_encoded() {
        let root = json!({ "$defs": { "a b": {} }, "$ref": "#/$defs/a%20b" });
        assert!(Document::read("", &root).places.first().unwrap().unresolved.is_empty());
        let root = json!({ "$ref": "#/$defs/%zz" });
        assert_eq!(Document::read("", &root).places.first().unwrap().unresolved, ["#/$defs/%zz"]);
    }
}
