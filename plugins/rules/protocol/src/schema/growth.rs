//! Schemas that are small as sent and without end, or enormous, once their references are followed.

use super::{Fault, document::Document};

/// Places of a schema with every reference replaced by what it refers to. Real ones with many shared definitions stay
/// far below; what is made to grow doubles with every line.
const MAX_EXPANDED: u64 = 1_000_000;

pub(super) fn faults(document: &Document<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(at) = endless(document) {
        faults.push(Fault::medium(
            "The schema refers to itself for one and the same value: who follows the references never comes to an end.",
            "a cycle of references",
            document.pointer(at, ""),
        ));
    }
    let expanded = expanded(document);
    if expanded > MAX_EXPANDED {
        let times =
            if expanded == u64::MAX { "more than can be counted".to_owned() } else { expanded.to_string() };
        faults.push(Fault::medium(
            "The schema grows beyond all bounds when its references are replaced by what they refer to, as some \
             clients do.",
            format!("{} places as sent, {times} when followed", document.places.len()),
            document.pointer(0, ""),
        ));
    }
    faults
}

/// How far a depth-first walk has come with a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    No,
    Open,
    Done,
}

/// A place in a cycle that no part of a value is consumed in.
fn endless(document: &Document<'_>) -> Option<usize> {
    let mut seen = vec![Seen::No; document.places.len()];
    for start in 0..document.places.len() {
        if seen.get(start) != Some(&Seen::No) {
            continue;
        }
        let mut stack = vec![(start, 0_usize)];
        while let Some((at, edge)) = stack.pop() {
            if edge == 0 {
                set(&mut seen, at, Seen::Open);
            }
            let Some(next) = document.places.get(at).and_then(|place| place.same.get(edge)).copied() else {
                set(&mut seen, at, Seen::Done);
                continue;
            };
            stack.push((at, edge.saturating_add(1)));
            match seen.get(next) {
                Some(Seen::Open) => return Some(next),
                Some(Seen::No) => stack.push((next, 0)),
                _ => {}
            }
        }
    }
    None
}

fn set(seen: &mut [Seen], at: usize, state: Seen) {
    if let Some(slot) = seen.get_mut(at) {
        *slot = state;
    }
}

/// Places of the schema if every reference were replaced; where it refers to itself, it is followed once.
fn expanded(document: &Document<'_>) -> u64 {
    let count = document.places.len();
    let mut seen = vec![Seen::No; count];
    let mut size = vec![1_u64; count];
    let mut stack = vec![(0_usize, 0_usize)];
    while let Some((at, edge)) = stack.pop() {
        if edge == 0 {
            set(&mut seen, at, Seen::Open);
        }
        let Some(place) = document.places.get(at) else { continue };
        let next = place.same.get(edge).or_else(|| place.parts.get(edge.saturating_sub(place.same.len())));
        let Some(&next) = next.filter(|_| edge < place.same.len().saturating_add(place.parts.len())) else {
            set(&mut seen, at, Seen::Done);
            continue;
        };
        match seen.get(next) {
            // Come back to this edge when the size is known.
            Some(Seen::No) => {
                stack.push((at, edge));
                stack.push((next, 0));
                // Edge 0 of `at` would open it again, which changes nothing.
                continue;
            }
            Some(Seen::Done) => {
                let more = size.get(next).copied().unwrap_or(1);
                if let Some(slot) = size.get_mut(at) {
                    *slot = slot.saturating_add(more);
                }
            }
            // Itself: counted as a reference that is left in place.
            _ => {}
        }
        stack.push((at, edge.saturating_add(1)));
    }
    size.first().copied().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, Value, json};

    fn said(root: &Value) -> Vec<String> {
        faults(&Document::read("/inputSchema", root)).into_iter().map(|fault| fault.what).collect()
    }

    /// Definitions of which each refers to the next `width` times.
    fn doubling(levels: usize, width: usize) -> Value {
        let mut definitions: Map<String, Value> = (0..levels)
            .map(|level| {
                let next = json!({ "$ref": format!("#/$defs/d{}", level + 1) });
                let properties: Map<String, Value> =
                    (0..width).map(|n| (format!("p{n}"), next.clone())).collect();
                (format!("d{level}"), json!({ "type": "object", "properties": properties }))
            })
            .collect();
        definitions.insert(format!("d{levels}"), json!({ "type": "string" }));
        json!({ "type": "object", "$defs": definitions, "properties": { "start": { "$ref": "#/$defs/d0" } } })
    }

    #[test]
    fn a_few_lines_that_grow_beyond_all_bounds_are_found_without_growing() {
        assert_eq!(said(&doubling(3, 3)), [] as [String; 0]);
        assert_eq!(said(&doubling(30, 2)).len(), 1);
        assert_eq!(said(&doubling(100, 10)).len(), 1);
    }

    #[test]
    fn a_tree_refers_to_itself_and_comes_to_an_end() {
        let tree = json!({ "type": "object", "properties": { "children": { "type": "array", "items": { "$ref": "#" } } } });
        assert_eq!(said(&tree), [] as [String; 0]);
        let or_null = json!({ "$defs": { "n": { "properties": { "next": { "anyOf": [{ "$ref": "#/$defs/n" }, { "type": "null" }] } } } },
            "properties": { "n": { "$ref": "#/$defs/n" } } });
        assert_eq!(said(&or_null), [] as [String; 0]);
    }

    #[test]
    fn a_reference_to_itself_for_the_same_value_never_ends() {
        for endless in [
            json!({ "properties": { "a": { "$ref": "#/properties/a" } } }),
            json!({ "$defs": { "a": { "$ref": "#/$defs/b" }, "b": { "allOf": [{ "$ref": "#/$defs/a" }] } } }),
            json!({ "anyOf": [{ "$ref": "#" }, { "type": "object" }] }),
        ] {
            assert_eq!(said(&endless).len(), 1, "{endless}");
        }
    }
}
