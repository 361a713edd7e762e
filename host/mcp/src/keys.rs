//! Keys that two parsers would read differently: the same key twice in one object, and keys that differ only
//! by case where a case-insensitive parser (Go's standard one) takes them for the same.
//!
//! One pass finds them, at any depth up to serde's bound; a second one, only if there are any, fetches the values.

use std::{collections::HashSet, fmt, hash::BuildHasher};

use bartizan_model::truncate_chars;
use serde::{
    Deserializer,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::json::{Members, Text};

/// Ambiguous keys told of one document; more are only counted.
const MAX_TOLD: usize = 20;
/// Characters of a value that are told.
const MAX_VALUE: usize = 200;

/// Bytes read over to fetch values. Fetching reads each level of nesting again, so without a bound it is quadratic.
const TELL_BUDGET: usize = 64 << 20;

/// What an object is, which decides whether keys that differ by case are ambiguous in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A tool, prompt or resource as it was listed.
    Item,
    /// An object whose members the protocol names.
    Protocol,
    /// A JSON Schema: its keywords.
    Schema,
    /// A map from names that the server's author chose to schemas: `properties` and its like.
    Schemas,
    /// Anything else. Only exact duplicates are ambiguous.
    Free,
}

impl Place {
    fn child(self, key: &str) -> Self {
        match (self, key) {
            (Self::Item, "annotations" | "execution" | "icons" | "arguments") => Self::Protocol,
            (
                Self::Schema,
                "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas",
            ) => Self::Schemas,
            (Self::Item, "inputSchema" | "outputSchema")
            | (Self::Schemas, _)
            | (
                Self::Schema,
                "items"
                | "additionalItems"
                | "additionalProperties"
                | "unevaluatedItems"
                | "unevaluatedProperties"
                | "prefixItems"
                | "contains"
                | "propertyNames"
                | "not"
                | "if"
                | "then"
                | "else"
                | "allOf"
                | "anyOf"
                | "oneOf",
            ) => Self::Schema,
            _ => Self::Free,
        }
    }

    fn minds_case(self) -> bool {
        matches!(self, Self::Item | Self::Protocol | Self::Schema)
    }
}

/// One key that is ambiguous.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ambiguous {
    /// JSON Pointer to the object's member.
    pub(crate) pointer: String,
    /// The keys as they were written, in order: equal for a duplicate, different for a case variant.
    pub(crate) keys: Vec<String>,
    /// The JSON texts of their values, cut.
    pub(crate) values: Vec<String>,
    /// Whether they differ by case.
    pub(crate) case_variant: bool,
}

/// What one pass over a document found.
#[derive(Debug, Default)]
pub(crate) struct Inspection {
    /// The ambiguous keys, at most [`MAX_TOLD`].
    pub(crate) ambiguous: Vec<Ambiguous>,
    /// Why the pass ended early: nested too deep, a number or text that no parser can hold.
    pub(crate) problem: Option<String>,
}

impl Inspection {
    /// Whether every parser reads this document alike.
    pub(crate) fn is_plain(&self) -> bool {
        self.ambiguous.is_empty() && self.problem.is_none()
    }
}

/// Looks at every object of this JSON text.
pub(crate) fn inspect(text: &str, place: Place) -> Inspection {
    let mut pass = Pass { path: Vec::new(), found: Vec::new(), hash: std::hash::RandomState::new() };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut problem =
        Walk { pass: &mut pass, place }.deserialize(&mut deserializer).err().map(|e| e.to_string());
    let mut ambiguous: Vec<Ambiguous> = Vec::new();
    let mut budget = TELL_BUDGET;
    for path in pass.found {
        match tell(text, place, &path, &mut budget) {
            Ok(Some(one)) if !ambiguous.contains(&one) => ambiguous.push(one),
            Ok(_) => {}
            Err(Untold) => {
                problem.get_or_insert_with(|| {
                    "it has ambiguous keys in places too large or too deep to tell".to_owned()
                });
            }
        }
    }
    Inspection { ambiguous, problem }
}

struct Pass {
    /// The index of the member or element at each level.
    path: Vec<usize>,
    found: Vec<Vec<usize>>,
    hash: std::hash::RandomState,
}

struct Walk<'p> {
    pass: &'p mut Pass,
    place: Place,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        // Hashes and not keys: a hostile object of millions of keys costs eight bytes each. `tell` compares the keys themselves.
        let mut seen: HashSet<u64> = HashSet::new();
        let mut index = 0;
        while let Some(Text(key)) = map.next_key()? {
            let same = if self.place.minds_case() { fold(&key) } else { key.clone() };
            self.pass.path.push(index);
            if !seen.insert(self.pass.hash.hash_one(&same)) && self.pass.found.len() < MAX_TOLD {
                self.pass.found.push(self.pass.path.clone());
            }
            let place = self.place.child(&key);
            map.next_value_seed(Walk { pass: &mut *self.pass, place })?;
            self.pass.path.pop();
            index += 1;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.pass.path.push(0);
        while seq.next_element_seed(Walk { pass: &mut *self.pass, place: self.place })?.is_some() {
            if let Some(last) = self.pass.path.last_mut() {
                *last += 1;
            }
        }
        self.pass.path.pop();
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The key as a case-insensitive parser sees it (`ſ` is `s`, the Kelvin sign is `k`).
pub(crate) fn fold(key: &str) -> String {
    if key.is_ascii() {
        return key.to_ascii_lowercase();
    }
    key.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// An ambiguous key is there, but it could not be fetched.
struct Untold;

/// Walks down to the member at `path` and tells of it and of those it is the same as.
fn tell(text: &str, place: Place, path: &[usize], budget: &mut usize) -> Result<Option<Ambiguous>, Untold> {
    let (last, above) = path.split_last().ok_or(Untold)?;
    let mut here = text;
    let mut place = place;
    let mut pointer = String::new();
    for index in above {
        *budget = budget.checked_sub(here.len()).ok_or(Untold)?;
        if here.starts_with('[') {
            let elements: Vec<&RawValue> = serde_json::from_str(here).map_err(|_| Untold)?;
            here = elements.get(*index).ok_or(Untold)?.get();
            pointer.push('/');
            pointer.push_str(&index.to_string());
        } else {
            let members = Members::parse(here).map_err(|_| Untold)?;
            if members.1 > 0 {
                return Err(Untold);
            }
            let (key, value) = members.0.get(*index).ok_or(Untold)?;
            place = place.child(key);
            pointer.push('/');
            pointer.push_str(&escape(&truncate_chars(key, MAX_VALUE)));
            here = value.get();
        }
    }
    *budget = budget.checked_sub(here.len()).ok_or(Untold)?;
    let members = Members::parse(here).map_err(|_| Untold)?;
    if members.1 > 0 {
        return Err(Untold);
    }
    let (key, _) = members.0.get(*last).ok_or(Untold)?;
    let same: Vec<_> = members
        .0
        .iter()
        .filter(|(other, _)| if place.minds_case() { fold(other) == fold(key) } else { other == key })
        .collect();
    if same.len() < 2 {
        return Ok(None);
    }
    let case_variant = same.iter().any(|(other, _)| other != key);
    let keys = same.iter().take(MAX_TOLD).map(|(k, _)| truncate_chars(k, MAX_VALUE)).collect();
    pointer.push('/');
    pointer.push_str(&escape(&truncate_chars(key, MAX_VALUE)));
    Ok(Some(Ambiguous {
        pointer,
        case_variant,
        keys,
        values: same.iter().take(MAX_TOLD).map(|(_, v)| truncate_chars(v.get(), MAX_VALUE)).collect(),
    }))
}

/// A key as a token of a JSON Pointer (RFC 6901).
pub(crate) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(text: &str) -> Vec<(String, bool)> {
        inspect(text, Place::Item).ambiguous.into_iter().map(|a| (a.pointer, a.case_variant)).collect()
    }

    #[test]
    fn a_key_that_comes_twice_is_found_at_any_depth_with_both_values() {
        let found = inspect(r#"{"name":"x","_meta":{"a/b":[0,{"k":1,"k":{"z":2}}]}}"#, Place::Item);
        assert_eq!(
            found.ambiguous,
            [Ambiguous {
                pointer: "/_meta/a~1b/1/k".into(),
                keys: vec!["k".into(), "k".into()],
                values: vec!["1".into(), r#"{"z":2}"#.into()],
                case_variant: false,
            }]
        );
    }

    #[test]
    fn keys_that_differ_by_case_are_found_in_the_item_and_in_schema_keywords() {
        assert_eq!(pointers(r#"{"name":"a","Name":"b"}"#), [("/Name".to_owned(), true)]);
        assert_eq!(
            pointers(r#"{"inputSchema":{"properties":{"p":{"description":"a","DESCRIPTION":"b"}}}}"#),
            [("/inputSchema/properties/p/DESCRIPTION".to_owned(), true)]
        );
        assert_eq!(pointers("{\"task\":1,\"tas\u{212a}\":2}").len(), 1);
    }

    #[test]
    fn honest_names_that_differ_by_case_are_left_alone() {
        for honest in [
            r#"{"inputSchema":{"properties":{"id":{},"ID":{}},"$defs":{"a":{},"A":{}}}}"#,
            r#"{"_meta":{"x":1,"X":2}}"#,
            r#"{"inputSchema":{"default":{"a":1,"A":2},"examples":[{"b":1,"B":1}]}}"#,
        ] {
            assert_eq!(pointers(honest), [], "{honest}");
        }
    }

    #[test]
    fn nesting_beyond_the_bound_is_told_and_not_survived_by_accident() {
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        let found = inspect(&deep, Place::Item);
        assert!(found.problem.unwrap().contains("recursion limit"));
    }

    #[test]
    fn thousands_of_duplicates_are_bounded() {
        let many = format!("{{{}\"a\":0}}", "\"a\":0,".repeat(9_000));
        assert!(inspect(&many, Place::Item).ambiguous.len() <= MAX_TOLD);
    }
}
