//! The texts inside JSON, read as they come: no tree is built, and what needs no unescaping is not copied.

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::field::{Field, Place};

/// Adds every text of `json`, whose place in the item is `pointer`. On an error some may have been added.
pub(crate) fn read<'a>(
    json: &'a str,
    pointer: &str,
    fields: &mut Vec<Field<'a>>,
) -> Result<(), serde_json::Error> {
    let mut pointer = pointer.to_owned();
    let mut parser = serde_json::Deserializer::from_str(json);
    Value { fields, pointer: &mut pointer, place: Place::Prose, properties: false }
        .deserialize(&mut parser)?;
    parser.end()
}

/// Reads one value. The parser's own limit of 128 levels bounds the recursion.
struct Value<'v, 'a> {
    fields: &'v mut Vec<Field<'a>>,
    pointer: &'v mut String,
    place: Place,
    /// Whether the names of its members are of the author's choosing.
    properties: bool,
}

impl<'a> Value<'_, 'a> {
    fn text(self, text: Cow<'a, str>) {
        if !(text.is_empty() || (self.place == Place::Prose && is_word(&text, 8))) {
            let pointer = self.pointer.clone();
            self.fields.push(Field { text, place: self.place, pointer, parameter: false });
        }
    }

    fn key(&mut self, key: Cow<'a, str>) {
        if self.properties || !is_word(&key, 24) {
            self.fields.push(Field {
                text: key,
                place: Place::Key,
                pointer: self.pointer.clone(),
                parameter: self.properties,
            });
        }
    }
}

impl<'a> DeserializeSeed<'a> for Value<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, parser: D) -> Result<(), D::Error> {
        parser.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Value<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<(), E> {
        self.text(Cow::Borrowed(text));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.text(Cow::Owned(text.to_owned()));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<(), A::Error> {
        let here = self.pointer.len();
        for index in 0_usize.. {
            self.pointer.push('/');
            self.pointer.push_str(&index.to_string());
            let (fields, pointer) = (&mut *self.fields, &mut *self.pointer);
            let item = Value { fields, pointer, place: self.place, properties: false };
            let more = items.next_element_seed(item)?;
            self.pointer.truncate(here);
            if more.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut members: A) -> Result<(), A::Error> {
        let here = self.pointer.len();
        while let Some(key) = members.next_key_seed(Key)? {
            self.pointer.push('/');
            for c in key.chars() {
                match c {
                    '~' => self.pointer.push_str("~0"),
                    '/' => self.pointer.push_str("~1"),
                    c => self.pointer.push(c),
                }
            }
            let place = place_of(&key, self.place, self.properties);
            let properties =
                !self.properties && matches!(key.as_ref(), "properties" | "patternProperties" | "$defs");
            self.key(key);
            let (fields, pointer) = (&mut *self.fields, &mut *self.pointer);
            members.next_value_seed(Value { fields, pointer, place, properties })?;
            self.pointer.truncate(here);
        }
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

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Reads the name of a member.
struct Key;

impl<'a> DeserializeSeed<'a> for Key {
    type Value = Cow<'a, str>;

    fn deserialize<D: Deserializer<'a>>(self, parser: D) -> Result<Self::Value, D::Error> {
        parser.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Key {
    type Value = Cow<'a, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// One short plain word ("type", "string"): nothing can hide in it, and a schema is full of them.
fn is_word(text: &str, longest: usize) -> bool {
    text.len() <= longest
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$'))
}

/// What stands under a member with this name. Inside `properties` names are the author's, and say nothing.
fn place_of(key: &str, above: Place, properties: bool) -> Place {
    match key {
        _ if properties => Place::Prose,
        "default" | "enum" | "const" | "example" | "examples" | "pattern" | "format" | "title" => Place::Data,
        "description" | "$comment" => Place::Prose,
        _ => above,
    }
}
