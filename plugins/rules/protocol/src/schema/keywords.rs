//! Keywords whose values are not what JSON Schema says that they are.

use serde_json::{Map, Value};

use super::{Fault, document::Document};
use crate::seen::clipped;

/// Faults that are told of one schema.
const MAX_FAULTS: usize = 20;
/// The types that JSON Schema has.
const TYPES: [&str; 7] = ["null", "boolean", "object", "array", "number", "string", "integer"];

/// What a keyword's value must be.
#[derive(Clone, Copy)]
enum Wanted {
    Text,
    Flag,
    Number,
    Count,
    Schema,
    SchemaOrList,
    Schemas,
    SchemaMap,
    Dependencies,
    Names,
    NamesMap,
    List,
    Types,
    /// A number; in draft 4 a flag.
    Limit,
}

const KEYWORDS: [(&str, Wanted); 41] = [
    ("type", Wanted::Types),
    ("title", Wanted::Text),
    ("description", Wanted::Text),
    ("$comment", Wanted::Text),
    ("$id", Wanted::Text),
    ("$anchor", Wanted::Text),
    ("format", Wanted::Text),
    ("pattern", Wanted::Text),
    ("contentEncoding", Wanted::Text),
    ("contentMediaType", Wanted::Text),
    ("uniqueItems", Wanted::Flag),
    ("deprecated", Wanted::Flag),
    ("readOnly", Wanted::Flag),
    ("writeOnly", Wanted::Flag),
    ("multipleOf", Wanted::Number),
    ("minimum", Wanted::Number),
    ("maximum", Wanted::Number),
    ("exclusiveMinimum", Wanted::Limit),
    ("exclusiveMaximum", Wanted::Limit),
    ("minLength", Wanted::Count),
    ("maxLength", Wanted::Count),
    ("minItems", Wanted::Count),
    ("maxItems", Wanted::Count),
    ("minProperties", Wanted::Count),
    ("maxProperties", Wanted::Count),
    ("required", Wanted::Names),
    ("dependentRequired", Wanted::NamesMap),
    ("enum", Wanted::List),
    ("properties", Wanted::SchemaMap),
    ("patternProperties", Wanted::SchemaMap),
    ("dependentSchemas", Wanted::SchemaMap),
    ("dependencies", Wanted::Dependencies),
    ("$defs", Wanted::SchemaMap),
    ("definitions", Wanted::SchemaMap),
    ("items", Wanted::SchemaOrList),
    ("additionalProperties", Wanted::Schema),
    ("propertyNames", Wanted::Schema),
    ("not", Wanted::Schema),
    ("allOf", Wanted::Schemas),
    ("anyOf", Wanted::Schemas),
    ("oneOf", Wanted::Schemas),
];

pub(super) fn faults(document: &Document<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, members) in document.objects() {
        for (name, value) in members {
            let Some((key, wanted)) = KEYWORDS.iter().find(|(key, _)| key == name).copied() else { continue };
            if let Some(problem) = wanted.problem(value) {
                let what = format!("The schema is not valid: `{key}` {problem}.");
                faults.push(Fault::low(what, clipped(&value.to_string()), document.pointer(at, key)));
            }
        }
        faults.extend(unsatisfiable(members).map(|(key, what)| {
            let shown = members.get(key).map(Value::to_string).unwrap_or_default();
            Fault::low(what, clipped(&shown), document.pointer(at, key))
        }));
        if faults.len() >= MAX_FAULTS {
            break;
        }
    }
    faults.truncate(MAX_FAULTS);
    faults
}

impl Wanted {
    fn problem(self, value: &Value) -> Option<String> {
        let is_schema = |value: &Value| value.is_object() || value.is_boolean();
        let plain = |good: bool, wanted: &str| (!good).then(|| format!("is not {wanted}"));
        match self {
            Self::Text => plain(value.is_string(), "a text"),
            Self::Flag => plain(value.is_boolean(), "true or false"),
            Self::Number => plain(value.is_number(), "a number"),
            Self::Limit => plain(value.is_number() || value.is_boolean(), "a number"),
            Self::Count => plain(is_count(value), "a whole number from 0"),
            Self::Schema => plain(is_schema(value), "a schema"),
            Self::SchemaOrList => {
                let list = value.as_array().is_some_and(|list| list.iter().all(is_schema));
                plain(is_schema(value) || list, "a schema")
            }
            Self::Schemas => {
                let list =
                    value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(is_schema));
                plain(list, "a list of schemas")
            }
            Self::SchemaMap => {
                let map = value.as_object().is_some_and(|map| map.values().all(is_schema));
                plain(map, "an object of schemas")
            }
            Self::Dependencies => {
                let good = |one: &Value| is_schema(one) || one.is_array();
                plain(
                    value.as_object().is_some_and(|map| map.values().all(good)),
                    "an object of schemas or names",
                )
            }
            Self::Names => plain(is_names(value), "a list of names"),
            Self::NamesMap => plain(
                value.as_object().is_some_and(|map| map.values().all(is_names)),
                "an object of lists of names",
            ),
            Self::List => plain(value.is_array(), "a list"),
            Self::Types => types(value),
        }
    }
}

fn is_names(value: &Value) -> bool {
    value.as_array().is_some_and(|list| list.iter().all(Value::is_string))
}

fn is_count(value: &Value) -> bool {
    value.is_u64() || value.as_f64().is_some_and(|number| number >= 0.0 && number.fract() == 0.0)
}

fn types(value: &Value) -> Option<String> {
    let unknown = |name: &str| {
        (!TYPES.contains(&name)).then(|| format!("is {:?}, which is no type of JSON Schema", clipped(name)))
    };
    match value {
        Value::String(name) => unknown(name),
        Value::Array(list) if list.is_empty() => Some("is an empty list".to_owned()),
        Value::Array(list) => list.iter().find_map(|one| match one {
            Value::String(name) => unknown(name),
            _ => Some("holds what is no name of a type".to_owned()),
        }),
        _ => Some("is neither a type nor a list of types".to_owned()),
    }
}

/// Bounds that no value can keep.
fn unsatisfiable(members: &Map<String, Value>) -> Option<(&'static str, String)> {
    const PAIRS: [(&str, &str); 4] = [
        ("minimum", "maximum"),
        ("minLength", "maxLength"),
        ("minItems", "maxItems"),
        ("minProperties", "maxProperties"),
    ];
    PAIRS.into_iter().find_map(|(low, high)| {
        let (least, most) = (members.get(low)?.as_f64()?, members.get(high)?.as_f64()?);
        (least > most)
            .then(|| (low, format!("The schema lets nothing pass: `{low}` is greater than `{high}`.")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(root: &Value) -> Vec<String> {
        faults(&Document::read("/inputSchema", root)).into_iter().map(|fault| fault.what).collect()
    }

    #[test]
    fn what_honest_libraries_write_is_valid() {
        for honest in [
            json!({ "type": ["string", "null"], "enum": ["a", null], "default": null, "nullable": true, "x-order": 1 }),
            json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true, "multipleOf": 0.5 }),
            json!({ "properties": { "type": { "type": "string" }, "required": { "type": "boolean" }, "items": true } }),
            json!({ "additionalProperties": {}, "required": [], "minLength": 1.0, "items": [{}, true] }),
            json!({ "default": { "type": "nonsense", "required": true }, "examples": [{ "type": 1 }], "const": { "enum": 1 } }),
        ] {
            assert_eq!(said(&honest), [] as [String; 0], "{honest}");
        }
    }

    #[test]
    fn what_a_strict_client_refuses_is_told_with_its_place() {
        for invalid in [
            json!({ "type": "str" }),
            json!({ "type": [] }),
            json!({ "properties": { "a": { "type": "string", "required": true } } }),
            json!({ "properties": ["a"] }),
            json!({ "properties": { "a": "string" } }),
            json!({ "anyOf": [] }),
            json!({ "enum": "a" }),
            json!({ "minLength": -1 }),
            json!({ "description": ["a"] }),
            json!({ "minimum": 5, "maximum": 4 }),
        ] {
            assert_eq!(said(&invalid).len(), 1, "{invalid}");
        }
        let root = json!({ "properties": { "a": { "items": { "type": "int" } } } });
        let fault = faults(&Document::read("/inputSchema", &root)).pop().unwrap();
        assert_eq!(fault.pointer, "/inputSchema/properties/a/items/type");
    }
}
