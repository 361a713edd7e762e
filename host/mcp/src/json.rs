//! JSON taken apart without losing a byte: members in order, duplicates included, each value as the text it was.

use std::{collections::HashMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// Members of one object that are kept, but for those that have a meaning.
const MAX_MEMBERS: usize = 10_000;

/// Names that mean something in a message, a result, an item or a snapshot: junk before them must not hide them.
const MEANT: &[&str] = &[
    "id",
    "method",
    "result",
    "error",
    "jsonrpc",
    "code",
    "message",
    "nextCursor",
    "ttlMs",
    "cacheScope",
    "tools",
    "prompts",
    "resources",
    "resourceTemplates",
    "protocolVersion",
    "supportedVersions",
    "capabilities",
    "serverInfo",
    "instructions",
    "_meta",
    "name",
    "title",
    "description",
    "inputSchema",
    "outputSchema",
    "annotations",
    "arguments",
    "uri",
    "uriTemplate",
    "mimeType",
    "initialize",
    "discover",
];

/// The members of an object, in order, duplicates included.
pub(crate) struct Members<'a>(
    pub(crate) Vec<(String, &'a RawValue)>,
    /// How many were left out.
    pub(crate) usize,
);

impl<'a> Members<'a> {
    /// The members of the object that this text is; none if it is something else.
    pub(crate) fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The value of the last member with this name, as JavaScript and Python would choose.
    pub(crate) fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| *value)
    }

    /// As [`Self::get`], without those that are `null`.
    pub(crate) fn get_some(&self, key: &str) -> Option<&'a RawValue> {
        self.get(key).filter(|value| value.get() != "null")
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                let mut left_out: usize = 0;
                while let Some(Text(key)) = map.next_key()? {
                    let max = if MEANT.contains(&key.as_str()) { 2 * MAX_MEMBERS } else { MAX_MEMBERS };
                    if members.len() < max {
                        members.push((key, map.next_value::<&RawValue>()?));
                    } else {
                        map.next_value::<IgnoredAny>()?;
                        left_out = left_out.saturating_add(1);
                    }
                }
                Ok(Members(members, left_out))
            }
        }
        deserializer.deserialize_map(V)
    }
}

/// The elements of an array, at most so many.
pub(crate) struct Elements<'a> {
    pub(crate) items: Vec<&'a RawValue>,
    /// How many there were beyond the bound.
    pub(crate) left_out: usize,
}

impl<'a> Elements<'a> {
    pub(crate) fn parse(text: &'a str, max: usize) -> Result<Self, serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let elements = ElementsSeed(max).deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(elements)
    }
}

struct ElementsSeed(usize);

impl<'de> DeserializeSeed<'de> for ElementsSeed {
    type Value = Elements<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for ElementsSeed {
    type Value = Elements<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while items.len() < self.0 {
            let Some(item) = seq.next_element::<&RawValue>()? else {
                return Ok(Elements { items, left_out: 0 });
            };
            items.push(item);
        }
        let mut left_out = 0;
        while seq.next_element::<IgnoredAny>()?.is_some() {
            left_out += 1;
        }
        Ok(Elements { items, left_out })
    }
}

/// A string; what is not Unicode in it (a lone surrogate) is replaced, where serde would refuse the whole.
pub(crate) struct Text(pub(crate) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl Visitor<'_> for V {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text, E> {
                Ok(Text(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        // serde_json hands lone surrogates through here, and only here.
        deserializer.deserialize_bytes(V)
    }
}

/// The string that this JSON text is.
pub(crate) fn string(text: &str) -> Option<String> {
    // `deserialize_bytes` takes arrays of numbers too.
    text.starts_with('"').then(|| serde_json::from_str::<Text>(text).ok().map(|Text(s)| s)).flatten()
}

/// What sort of value a JSON text is, for messages.
pub(crate) fn type_of(text: &str) -> &'static str {
    match text.as_bytes().first() {
        Some(b'{') => "object",
        Some(b'[') => "array",
        Some(b'"') => "string",
        Some(b't' | b'f') => "boolean",
        Some(b'n') => "null",
        Some(_) => "number",
        None => "nothing",
    }
}

/// An object of these members, each value as the text it was. Names that come twice become one member with an array.
pub(crate) fn object(members: &[(String, &RawValue)]) -> String {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (key, value) in members {
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, values)) => values.push(value.get()),
            None => groups.push((key, vec![value.get()])),
        }
    }
    let members = groups.into_iter().map(|(key, values)| match values.as_slice() {
        [one] => format!("{}:{one}", quote(key)),
        several => format!("{}:[{}]", quote(key), several.join(",")),
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// The text as a JSON string.
pub(crate) fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_order_duplicates_and_the_text_of_their_values() {
        let members = Members::parse(r#"{"b": 1.00, "a":[ 1 ], "b":"x"}"#).unwrap();
        let shown: Vec<_> = members.0.iter().map(|(k, v)| (k.as_str(), v.get())).collect();
        assert_eq!(shown, [("b", "1.00"), ("a", "[ 1 ]"), ("b", "\"x\"")]);
        assert_eq!(members.get("b").unwrap().get(), "\"x\"");
    }

    #[test]
    fn a_lone_surrogate_does_not_hide_a_string_or_a_key() {
        assert_eq!(string(r#""a\ud83d""#).unwrap().chars().next(), Some('a'));
        assert_eq!(Members::parse(r#"{"\ud83d":1}"#).unwrap().0.len(), 1);
        assert_eq!(string("[97]"), None);
    }

    #[test]
    fn depth_does_not_stop_an_object_from_being_taken_apart() {
        let deep = format!(r#"{{"name":"x","a":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(Members::parse(&deep).unwrap().get("name").unwrap().get(), "\"x\"");
    }

    #[test]
    fn too_many_members_or_elements_are_bounded() {
        let many = format!("{{{}\"a\":0}}", "\"a\":0,".repeat(MAX_MEMBERS));
        let members = Members::parse(&many).unwrap();
        assert_eq!((members.0.len(), members.1), (MAX_MEMBERS, 1));
        let hidden = format!("{{{}\"name\":\"x\"}}", "\"a\":0,".repeat(MAX_MEMBERS));
        assert_eq!(Members::parse(&hidden).unwrap().get("name").unwrap().get(), "\"x\"");
        let elements = Elements::parse("[1,2,3,4]", 3).unwrap();
        assert_eq!((elements.items.len(), elements.left_out), (3, 1));
    }

    #[test]
    fn an_object_of_members_is_json_again() {
        let members = Members::parse(r#"{"b":1,"a\"":2,"b":3}"#).unwrap();
        assert_eq!(object(&members.0), r#"{"b":[1,3],"a\"":2}"#);
    }
}
