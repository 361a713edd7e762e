//! OLPC canonical JSON: the form that TUF metadata is signed in.
//!
//! By hand, because the crates there are would sign something else than other TUF clients verify: `olpc-cjson` normalises
//! Unicode, and RFC 8785 writes numbers over 2⁵³ as floating point.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};

/// The canonical form of a JSON document. A member that stands twice in an object, and a number that is no integer, are errors:
/// what was signed must have one meaning.
pub(crate) fn canonical(json: &str) -> Result<Vec<u8>, serde_json::Error> {
    let value: Value = serde_json::from_str(json)?;
    let mut out = Vec::with_capacity(json.len());
    write(&value, &mut out);
    Ok(out)
}

enum Value {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Text(String),
    List(Vec<Value>),
    // Ordered by bytes of UTF-8, which is the order of code points.
    Object(BTreeMap<String, Value>),
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend(b"null"),
        Value::Bool(value) => out.extend(value.to_string().bytes()),
        Value::Unsigned(value) => out.extend(value.to_string().bytes()),
        Value::Signed(value) => out.extend(value.to_string().bytes()),
        Value::Text(text) => write_text(text, out),
        Value::List(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write(item, out);
            }
            out.push(b']');
        }
        Value::Object(members) => {
            out.push(b'{');
            for (at, (name, item)) in members.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_text(name, out);
                out.push(b':');
                write(item, out);
            }
            out.push(b'}');
        }
    }
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'"');
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Builder)
    }
}

struct Builder;

impl<'de> Visitor<'de> for Builder {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without fractions")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Signed(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = BTreeMap::new();
        while let Some((name, item)) = access.next_entry::<String, Value>()? {
            if members.insert(name, item).is_some() {
                return Err(A::Error::custom("a member stands twice in one object"));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn form(json: &str) -> String {
        String::from_utf8(canonical(json).unwrap()).unwrap()
    }

    #[test]
    fn the_form_is_the_one_other_clients_sign() {
        // What `securesystemslib.formats.encode_canonical` of python-tuf gives.
        assert_eq!(
            form(
                r#" { "b" : [1, -2, 18446744073709551615], "a\n" : "q\"\\\u00e9é", "Z": null, "\ue000": true, "😀": {} } "#
            ),
            "{\"Z\":null,\"a\n\":\"q\\\"\\\\éé\",\"b\":[1,-2,18446744073709551615],\"\u{e000}\":true,\"😀\":{}}"
        );
    }

    #[test]
    fn what_has_no_single_meaning_has_no_form() {
        for json in [
            "1.5",
            "1e3",
            "18446744073709551616",
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            "[",
            "1 2",
            "\"\\ud800\"",
        ] {
            assert!(canonical(json).is_err(), "{json}");
        }
        assert!(canonical(&"[".repeat(100_000)).is_err(), "depth is bounded");
    }

    proptest! {
        #[test]
        fn white_space_and_order_do_not_change_the_form(members in proptest::collection::btree_map(".*", any::<u64>(), 0..8)) {
            let tight: Vec<_> = members.iter().map(|(name, value)| format!("{}:{value}", serde_json::json!(name))).collect();
            let loose: Vec<_> = members.iter().rev().map(|(name, value)| format!(" {} :\n{value} ", serde_json::json!(name))).collect();
            prop_assert_eq!(form(&format!("{{{}}}", tight.join(","))), form(&format!("{{{}}}", loose.join(","))));
        }
    }
}
