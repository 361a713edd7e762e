//! White space, and nothing else: every number keeps the digits it came with and every member its place.
//!
//! A parse into values and back would round numbers and drop what repeats; this moves the tokens as they stand.
//! The one change inside a string is that control and invisible characters are written as `\u` escapes, which is the
//! same string to a parser and cannot move a terminal's cursor.

use std::fmt::Write as _;

use bartizan_sdk::report::is_hidden;
use serde::de::IgnoredAny;

/// Beyond this depth lines are indented no further, so that deep nesting cannot make the output quadratic.
const DEEPEST_INDENT: usize = 64;

/// The document with two spaces of indentation and a newline at its end.
///
/// The same document gives the same bytes, and so does the result when it is laid out again.
pub fn pretty(json: &str) -> Result<String, serde_json::Error> {
    // Once this has passed, the scan below only has to tell strings from the rest.
    serde_json::from_str::<IgnoredAny>(json)?;
    let mut layout = Layout { out: String::with_capacity(json.len().saturating_mul(2)), depth: 0 };
    let mut chars = json.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => layout.string(&mut chars),
            '{' | '[' => {
                while chars.next_if(char::is_ascii_whitespace).is_some() {}
                layout.out.push(c);
                match chars.next_if(|c| matches!(c, '}' | ']')) {
                    Some(end) => layout.out.push(end),
                    None => layout.open(),
                }
            }
            '}' | ']' => layout.close(c),
            ',' => {
                layout.out.push(',');
                layout.line();
            }
            ':' => layout.out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => layout.out.push(c),
        }
    }
    layout.out.push('\n');
    Ok(layout.out)
}

struct Layout {
    out: String,
    depth: usize,
}

impl Layout {
    fn open(&mut self) {
        self.depth = self.depth.saturating_add(1);
        self.line();
    }

    fn close(&mut self, c: char) {
        self.depth = self.depth.saturating_sub(1);
        self.line();
        self.out.push(c);
    }

    fn line(&mut self) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n("  ", self.depth.min(DEEPEST_INDENT)));
    }

    /// Copies a string up to its closing quote; the opening one has been read.
    fn string(&mut self, chars: &mut impl Iterator<Item = char>) {
        self.out.push('"');
        while let Some(c) = chars.next() {
            match c {
                '"' => break,
                '\\' => {
                    self.out.push('\\');
                    self.out.extend(chars.next());
                }
                c if is_hidden(c) => {
                    let mut units = [0_u16; 2];
                    for unit in c.encode_utf16(&mut units) {
                        // Writing to a string cannot fail.
                        let _ = write!(self.out, "\\u{unit:04x}");
                    }
                }
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_laid_out_for_reading() {
        let report = r#"{"a":[1,{"b":null}], "empty" : [ ],"none":{},"text":"x, {y}: \"z\" \\"}"#;
        let expected = r#"{
  "a": [
    1,
    {
      "b": null
    }
  ],
  "empty": [],
  "none": {},
  "text": "x, {y}: \"z\" \\"
}
"#;
        assert_eq!(pretty(report).unwrap(), expected);
    }

    #[test]
    fn laying_out_twice_changes_nothing() {
        let once = pretty(r#"{"a":[[],[{}],"ä\u202e\n"],"b":{"c":-0.10e+2}}"#).unwrap();
        assert_eq!(pretty(&once).unwrap(), once);
    }

    #[test]
    fn numbers_and_repeated_members_stay_as_they_came() {
        let report = r#"{"n":1234567890123456789012345678901234567890.10,"n":1.0}"#;
        let out = pretty(report).unwrap();
        assert!(out.contains("1234567890123456789012345678901234567890.10"), "{out}");
        assert_eq!(out.matches("\"n\"").count(), 2);
    }

    #[test]
    fn the_result_is_the_same_document() {
        let report = "{\"text\":\"\u{202e}\u{e0041}\u{9b}é\\u0007\",\"list\":[true,false,null]}";
        let out = pretty(report).unwrap();
        let before: serde_json::Value = serde_json::from_str(report).unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&out).unwrap(), before);
        assert!(!out.chars().any(|c| c != '\n' && is_hidden(c)), "{out:?}");
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in ["", "{", "{\"a\":}", "[1,]", "nul", "\"a\nb\"", "{} {}"] {
            assert!(pretty(text).is_err(), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_laid_out_in_space_that_grows_with_its_length() {
        let depth = 50_000;
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let out = pretty(&deep).unwrap();
        assert!(out.len() < deep.len() * (2 * DEEPEST_INDENT + 3), "{}", out.len());
    }
}
