//! JSON as clients read it: comments, trailing and missing commas are let pass.

use std::borrow::Cow;

use jsonc_parser::{
    CollectOptions, ParseOptions, ast,
    common::Ranged as _,
    errors::{ParseError, ParseErrorKind},
    parse_to_ast,
};

use super::{Budget, Lines, Node, Value, Wrong};
use crate::limits::{MAX_DEPTH, MAX_VALUES};

/// What VS Code's parser lets pass, and nothing of JSON5.
const LENIENT: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    allow_missing_commas: true,
    allow_loose_object_property_names: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

pub(super) fn parse(text: &str) -> Result<Node, Wrong> {
    let text = checked(text)?;
    let parsed = parse_to_ast(&text, &CollectOptions::default(), &LENIENT).map_err(|error| wrong(&error))?;
    // An empty file says nothing, and clients take it for that.
    let Some(value) = parsed.value else { return Ok(Node { line: 1, value: Value::Table(Vec::new()) }) };
    let mut build = Build { lines: Lines::new(&text), budget: Budget::new() };
    build.value(value, 0)
}

fn wrong(error: &ParseError) -> Wrong {
    let line = u32::try_from(error.line_display()).unwrap_or(u32::MAX);
    match error.kind() {
        ParseErrorKind::NestingDepthExceeded => Wrong::TooDeep { line },
        // Its text repeats a piece of the string.
        ParseErrorKind::String(_) => Wrong::Malformed { line, why: "a string is not valid".to_owned() },
        kind => Wrong::Malformed { line, why: kind.to_string().to_lowercase() },
    }
}

struct Build {
    lines: Lines,
    budget: Budget,
}

impl Build {
    fn value(&mut self, value: ast::Value<'_>, depth: usize) -> Result<Node, Wrong> {
        self.budget.take(1)?;
        let line = self.lines.at(value.range().start);
        if depth > MAX_DEPTH {
            return Err(Wrong::TooDeep { line });
        }
        let inner = depth.saturating_add(1);
        let value = match value {
            ast::Value::NullKeyword(_) => Value::Null,
            ast::Value::BooleanLit(truth) => Value::Bool(truth.value),
            ast::Value::NumberLit(number) => Value::Number(number.value.to_owned()),
            ast::Value::StringLit(text) => Value::Text(text.value.into_owned()),
            ast::Value::Array(array) => {
                let items = array.elements.into_iter().map(|item| self.value(item, inner));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            ast::Value::Object(object) => {
                let members = object.properties.into_iter().map(|property| {
                    let line = self.lines.at(property.range.start);
                    let mut node = self.value(property.value, inner)?;
                    node.line = line;
                    Ok((property.name.into_string(), node))
                });
                Value::Table(members.collect::<Result<_, Wrong>>()?)
            }
        };
        Ok(Node { line, value })
    }
}

/// One pass before the parser's own: too many values are refused before a tree is made of them, and halves of
/// surrogate pairs, which JavaScript reads and writes and Rust's strings cannot hold, become U+FFFD.
fn checked(text: &str) -> Result<Cow<'_, str>, Wrong> {
    let bytes = text.as_bytes();
    let mut halves = Vec::new();
    let mut values = 0_usize;
    let mut at = 0_usize;
    let mut in_word = false;
    while let Some(byte) = bytes.get(at) {
        let was_in_word = std::mem::replace(&mut in_word, false);
        match (byte, bytes.get(at.saturating_add(1))) {
            (b'/', Some(b'/')) => at = skip(bytes, at, b"\n"),
            (b'/', Some(b'*')) => at = skip(bytes, at.saturating_add(2), b"*/"),
            (b'"', _) => {
                values = values.saturating_add(1);
                at = string(bytes, at.saturating_add(1), &mut halves);
            }
            (b'{' | b'[', _) => {
                values = values.saturating_add(1);
                at = at.saturating_add(1);
            }
            (byte, _) => {
                in_word = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'+');
                values = values.saturating_add(usize::from(in_word && !was_in_word));
                at = at.saturating_add(1);
            }
        }
    }
    // Names are counted too: at most as many again.
    if values > MAX_VALUES.saturating_mul(2) {
        return Err(Wrong::TooManyValues);
    }
    if halves.is_empty() {
        return Ok(Cow::Borrowed(text));
    }
    let mut bytes = bytes.to_vec();
    for half in halves {
        if let Some(digits) = bytes.get_mut(half..half.saturating_add(4)) {
            digits.copy_from_slice(b"fffd");
        }
    }
    Ok(String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned))
}

/// Behind the next occurrence of this mark.
fn skip(bytes: &[u8], from: usize, mark: &[u8]) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.windows(mark.len())
        .position(|window| window == mark)
        .map_or(bytes.len(), |at| from.saturating_add(at).saturating_add(mark.len()))
}

/// Behind the string that begins here; notes where the digits of lone surrogates stand.
fn string(bytes: &[u8], from: usize, halves: &mut Vec<usize>) -> usize {
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at.saturating_add(1),
            b'\\' => match surrogate(bytes, at) {
                Some(0xD800..=0xDBFF)
                    if matches!(surrogate(bytes, at.saturating_add(6)), Some(0xDC00..=0xDFFF)) =>
                {
                    at = at.saturating_add(12);
                }
                Some(_) => {
                    halves.push(at.saturating_add(2));
                    at = at.saturating_add(6);
                }
                None => at = at.saturating_add(2),
            },
            _ => at = at.saturating_add(1),
        }
    }
    at
}

/// The surrogate that is escaped here.
fn surrogate(bytes: &[u8], at: usize) -> Option<u16> {
    let escape = bytes.get(at..at.saturating_add(6))?;
    let digits = std::str::from_utf8(escape.strip_prefix(b"\\u")?).ok()?;
    u16::from_str_radix(digits, 16).ok().filter(|unit| (0xD800..=0xDFFF).contains(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_surrogate_pair_does_not_hide_a_file() {
        let tree =
            parse(r#"{"a": "x\ud83dy", "b": "\ud83d\ude00", "c": "\\ud83d", "d": "\udc00\ud800"}"#).unwrap();
        let text = |name| tree.get(name).unwrap().text().unwrap().to_owned();
        assert_eq!(text("a"), "x\u{fffd}y");
        assert_eq!(text("b"), "😀");
        assert_eq!(text("c"), "\\ud83d");
        assert_eq!(text("d"), "\u{fffd}\u{fffd}");
    }

    #[test]
    fn what_editors_let_pass_is_read_and_what_is_no_json_is_refused_by_line() {
        let tree = parse("/* a */ {\"x\": 1 \"y\": [1,2,], // \"z\n}").unwrap();
        assert_eq!(tree.members().len(), 2);
        assert!(parse("").unwrap().members().is_empty());
        for (text, expected) in [("{\n\"a\": \n}", 3), ("{\n'a': 1}", 2), ("{}\n{}", 2), ("{\"a\": \"\n", 1)]
        {
            match parse(text) {
                Err(Wrong::Malformed { line, .. }) => assert_eq!(line, expected, "{text}"),
                other => panic!("{text}: {:?}", other.err()),
            }
        }
    }

    #[test]
    fn a_message_does_not_repeat_the_file() {
        for text in ["{\"a\": \"canary\\q\"}", "{\"a\": canary}", "{\"canary\" 1}", "{\"a\": \"\\ucanary\"}"]
        {
            let wrong = format!("{:?}", parse(text).err().unwrap());
            assert!(!wrong.contains("canary"), "{wrong}");
        }
    }
}
