//! Two schemas side by side: each property with what it was.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Nodes of one schema that are walked through, and levels of nesting. What lies behind is compared as a whole.
const MAX_NODES: usize = 10_000;
const MAX_DEPTH: usize = 32;
/// Bytes of a pointer. A longer one, of names that nobody gives, leads to the whole schema.
const MAX_POINTER: usize = 1024;

/// A property where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Found<'v> {
    pub(crate) name: &'v str,
    pub(crate) node: &'v Value,
    pub(crate) required: bool,
}

/// One property of the two schemas.
pub(crate) enum Step<'s, 'v> {
    Both(Found<'v>, Found<'v>, Path<'s, 'v>),
    New(Found<'v>, Path<'s, 'v>),
    /// With all that is in it.
    Gone(&'v str),
}

/// Where a property stands. Written out only if it is told: ten thousand names under one long one would be gigabytes.
#[derive(Clone, Copy)]
pub(crate) struct Path<'s, 'v> {
    arena: &'s [Segment<'v>],
    parent: usize,
    name: &'v str,
}

struct Segment<'v> {
    parent: usize,
    key: &'static str,
    name: Option<&'v str>,
    index: Option<usize>,
}

impl Path<'_, '_> {
    /// JSON Pointer (RFC 6901) into the tool.
    pub(crate) fn pointer(&self) -> String {
        let escape = |name: &str| name.replace('~', "~0").replace('/', "~1");
        let mut parts = vec![format!("/properties/{}", escape(self.name))];
        let (mut at, mut bytes) = (self.parent, self.name.len());
        while let Some(segment) = self.arena.get(at) {
            bytes = bytes.saturating_add(segment.name.map_or(0, str::len)).saturating_add(24);
            if bytes > MAX_POINTER {
                return "/inputSchema".to_owned();
            }
            parts.push(match (segment.name, segment.index) {
                (Some(name), _) => format!("/{}/{}", segment.key, escape(name)),
                (None, Some(index)) => format!("/{}/{index}", segment.key),
                (None, None) => format!("/{}", segment.key),
            });
            if at == 0 {
                break;
            }
            at = segment.parent;
        }
        parts.reverse();
        parts.concat()
    }
}

/// A node before and after, where it stands and how deep.
struct Pair<'v> {
    old: Option<&'v Value>,
    new: &'v Value,
    at: usize,
    depth: usize,
}

struct Walk<'v> {
    arena: Vec<Segment<'v>>,
    stack: Vec<Pair<'v>>,
}

/// Tells of each property of the two. Says whether all that differs was looked at.
pub(crate) fn both<'v>(old: &'v Value, new: &'v Value, mut tell: impl FnMut(Step<'_, 'v>)) -> bool {
    let root = Segment { parent: 0, key: "inputSchema", name: None, index: None };
    let mut walk = Walk { arena: vec![root], stack: vec![Pair { old: Some(old), new, at: 0, depth: 0 }] };
    let (mut whole, mut nodes) = (true, 0_usize);
    while let Some(pair) = walk.stack.pop() {
        nodes = nodes.saturating_add(1);
        if nodes > MAX_NODES || pair.depth > MAX_DEPTH {
            whole &= pair.old == Some(pair.new);
            continue;
        }
        walk.properties(&pair, &mut tell);
        walk.inner(&pair);
    }
    whole
}

impl<'v> Walk<'v> {
    fn properties(&mut self, pair: &Pair<'v>, tell: &mut impl FnMut(Step<'_, 'v>)) {
        let old = member(pair.old, "properties");
        let new = member(Some(pair.new), "properties");
        let (must, has_to) = (required(pair.old), required(Some(pair.new)));
        for (name, node) in new.into_iter().flatten() {
            let was = old.and_then(|old| old.get(name));
            let is = Found { name, node, required: has_to.contains(name.as_str()) };
            let path = Path { arena: &self.arena, parent: pair.at, name };
            tell(match was {
                Some(node) => {
                    Step::Both(Found { name, node, required: must.contains(name.as_str()) }, is, path)
                }
                None => Step::New(is, path),
            });
            self.enter(pair, was, node, ("properties", Some(name), None));
        }
        for (name, _) in
            old.into_iter().flatten().filter(|(name, _)| new.is_none_or(|new| !new.contains_key(*name)))
        {
            tell(Step::Gone(name));
        }
    }

    fn inner(&mut self, pair: &Pair<'v>) {
        for key in ["items", "additionalProperties"] {
            if let Some(node) = pair.new.get(key) {
                self.enter(pair, pair.old.and_then(|old| old.get(key)), node, (key, None, None));
            }
        }
        for key in ["$defs", "definitions"] {
            let old = member(pair.old, key);
            for (name, node) in member(Some(pair.new), key).into_iter().flatten() {
                self.enter(pair, old.and_then(|old| old.get(name)), node, (key, Some(name), None));
            }
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            let old = pair.old.and_then(|old| old.get(key));
            for (index, node) in pair.new.get(key).and_then(Value::as_array).into_iter().flatten().enumerate()
            {
                self.enter(pair, old.and_then(|old| old.get(index)), node, (key, None, Some(index)));
            }
        }
    }

    /// Goes into a node later, if there is something in it.
    fn enter(
        &mut self,
        pair: &Pair<'v>,
        old: Option<&'v Value>,
        new: &'v Value,
        (key, name, index): (&'static str, Option<&'v str>, Option<usize>),
    ) {
        if is_leaf(new) && old.is_none_or(is_leaf) {
            return;
        }
        let at = self.arena.len();
        self.arena.push(Segment { parent: pair.at, key, name, index });
        self.stack.push(Pair { old, new, at, depth: pair.depth.saturating_add(1) });
    }
}

fn member<'v>(node: Option<&'v Value>, key: &str) -> Option<&'v Map<String, Value>> {
    node?.get(key)?.as_object()
}

fn required(node: Option<&Value>) -> BTreeSet<&str> {
    let names = node.and_then(|node| node.get("required")).and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str).collect()
}

fn is_leaf(node: &Value) -> bool {
    const INNER: [&str; 8] =
        ["properties", "items", "additionalProperties", "$defs", "definitions", "anyOf", "oneOf", "allOf"];
    !INNER.iter().any(|key| node.get(*key).is_some_and(|inner| inner.is_object() || inner.is_array()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(old: &Value, new: &Value) -> (Vec<String>, bool) {
        let mut told = Vec::new();
        let whole = both(old, new, |step| {
            told.push(match step {
                Step::Both(was, is, path) => format!("{} {} {}", path.pointer(), was.required, is.required),
                Step::New(_, path) => format!("+{}", path.pointer()),
                Step::Gone(name) => format!("-{name}"),
            });
        });
        told.sort();
        (told, whole)
    }

    #[test]
    fn properties_are_the_same_by_where_they_stand() {
        let old =
            json!({ "required": ["a"], "properties": { "a": {}, "gone": { "properties": { "b": {} } } } });
        let new = json!({
            "properties": { "a": { "anyOf": [{ "properties": { "b/c": {} } }] } },
            "$defs": { "d": { "items": { "properties": { "e": {} } } } },
        });
        let expected = [
            "+/inputSchema/$defs/d/items/properties/e",
            "+/inputSchema/properties/a/anyOf/0/properties/b~1c",
            "-gone",
            "/inputSchema/properties/a true false",
        ];
        assert_eq!(told(&old, &new), (expected.map(str::to_owned).to_vec(), true));
    }

    #[test]
    fn a_pointer_of_long_names_leads_to_the_whole() {
        let name = "n".repeat(2_000);
        let (told, _) = told(&json!({}), &json!({ "properties": { name: {} } }));
        assert_eq!(told, ["+/inputSchema"]);
    }
}
