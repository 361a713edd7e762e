//! One tree for three formats: values with the line they stand on.
//!
//! JSON with comments, TOML and YAML differ in how a server is written down and not in what is said, so everything
//! beyond this module reads a [`Node`].

mod json;
mod toml;
mod yaml;

use std::{collections::HashSet, fmt};

use crate::limits::MAX_VALUES;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON; comments and trailing commas are let pass, as the clients do.
    Json,
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
}

impl Format {
    /// As the file's extension says; JSON without one.
    pub fn of(path: &str) -> Self {
        let extension = path.rsplit(['/', '\\', '.']).next().unwrap_or_default();
        if extension.eq_ignore_ascii_case("toml") {
            Self::Toml
        } else if extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml") {
            Self::Yaml
        } else {
            Self::Json
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json => "JSON",
            Self::Toml => "TOML",
            Self::Yaml => "YAML",
        })
    }
}

/// Why a text is no tree.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// Not the format.
    Malformed { line: u32, why: String },
    /// Too deep.
    TooDeep { line: u32 },
    /// Too many values.
    TooManyValues,
}

/// A value and the line it starts on (for a member: the line of its name).
#[derive(Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) line: u32,
    pub(crate) value: Value,
}

/// What stands there. Numbers are kept as their text: nothing here computes.
#[derive(Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Node>),
    /// In the file's order; of a name that comes twice the last counts, as in every client's own reader.
    Table(Vec<(String, Node)>),
}

impl Node {
    /// The member with this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().rev().find(|(key, _)| key == name).map(|(_, node)| node)
    }

    /// The first of these members that is there and not null.
    pub(crate) fn first(&self, names: &[&str]) -> Option<&Self> {
        names.iter().filter_map(|name| self.get(name)).find(|node| !matches!(node.value, Value::Null))
    }

    /// Names that come more than once. Clients differ in which they take, or refuse the file.
    pub(crate) fn doubled(&self) -> Vec<&str> {
        let mut seen = HashSet::new();
        let mut told = HashSet::new();
        let names = self.members().iter().map(|(name, _)| name.as_str());
        names.filter(|name| !seen.insert(*name) && told.insert(*name)).collect()
    }

    /// The members, if it is a table.
    pub(crate) fn members(&self) -> &[(String, Self)] {
        match &self.value {
            Value::Table(members) => members,
            _ => &[],
        }
    }

    /// The items, if it is a list.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self.value {
            Value::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    /// A text, a number or a truth value as the text that a client hands to a process.
    pub(crate) fn scalar(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) | Value::Number(text) => Some(text.clone()),
            Value::Bool(truth) => Some(truth.to_string()),
            Value::Null | Value::List(_) | Value::Table(_) => None,
        }
    }

    /// Whether it is a table.
    pub(crate) fn is_table(&self) -> bool {
        matches!(self.value, Value::Table(_))
    }

    /// Whether it is a list.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.value, Value::List(_))
    }

    /// What sort of value it is, for messages.
    pub(crate) fn sort(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a truth value",
            Value::Number(_) => "a number",
            Value::Text(_) => "a string",
            Value::List(_) => "an array",
            Value::Table(_) => "an object",
        }
    }
}

/// Reads a text in this format.
pub(crate) fn parse(text: &str, format: Format) -> Result<Node, Wrong> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format {
        Format::Json => json::parse(text),
        Format::Toml => toml::parse(text),
        Format::Yaml => yaml::parse(text),
    }
}

/// How many values may still be made.
struct Budget(usize);

impl Budget {
    fn new() -> Self {
        Self(MAX_VALUES)
    }

    fn take(&mut self, values: usize) -> Result<(), Wrong> {
        self.0 = self.0.checked_sub(values).ok_or(Wrong::TooManyValues)?;
        Ok(())
    }
}

/// Turns byte offsets into lines. Looked up, not counted: a hostile file may send a reader back and forth.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    /// The line of this offset, from 1.
    fn at(&self, offset: usize) -> u32 {
        let breaks = self.0.partition_point(|at| *at < offset);
        u32::try_from(breaks).unwrap_or(u32::MAX).saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_formats_say_the_same() {
        let json =
            parse("// c\n{\n \"s\": {\"a\": {\"args\": [\"x\", 1, true,],},},}\n", Format::Json).unwrap();
        let toml = parse("# c\n\n[s.a]\nargs = [\"x\", 1, true]\n", Format::Toml).unwrap();
        let yaml = parse("# c\n\ns:\n  a:\n    args: [x, 1, true]\n", Format::Yaml).unwrap();
        for (tree, line) in [(json, 3), (toml, 3), (yaml, 4)] {
            let server = tree.get("s").unwrap().get("a").unwrap();
            assert_eq!(server.line, line);
            let args: Vec<_> = server.get("args").unwrap().items().iter().filter_map(Node::scalar).collect();
            assert_eq!(args, ["x", "1", "true"]);
        }
    }

    #[test]
    fn the_format_is_in_the_name() {
        assert_eq!(Format::of("C:\\Users\\a\\config.TOML"), Format::Toml);
        assert_eq!(Format::of("/a.yaml/mcp.json"), Format::Json);
        assert_eq!(Format::of("mcp.yml"), Format::Yaml);
        assert_eq!(Format::of("/home/a/.claude.json"), Format::Json);
    }

    #[test]
    fn depth_is_bounded_in_every_format() {
        let deep = 100_000;
        let json = format!("{}{}", "[".repeat(deep), "]".repeat(deep));
        let objects = "{\"a\":".repeat(deep);
        let toml = format!("a = {}{}", "[".repeat(deep), "]".repeat(deep));
        let dotted = format!("[{}a]\n", "a.".repeat(deep));
        let key = format!("{}a = 1\n", "a.".repeat(deep));
        let yaml = format!("a: {}{}", "[".repeat(deep), "]".repeat(deep));
        let block: Vec<String> = (0..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        for (text, format) in [
            (json, Format::Json),
            (objects, Format::Json),
            (toml, Format::Toml),
            (dotted, Format::Toml),
            (key, Format::Toml),
            (yaml, Format::Yaml),
            (block.concat(), Format::Yaml),
        ] {
            let wrong = parse(&text, format).err();
            assert!(
                matches!(wrong, Some(Wrong::TooDeep { .. } | Wrong::Malformed { .. })),
                "{format}: not refused"
            );
        }
    }

    #[test]
    fn values_are_bounded_in_every_format() {
        let many = MAX_VALUES + 1;
        let json = format!("[{}1]", "1,".repeat(many));
        let toml = format!("a = [{}1]", "1,".repeat(many));
        let yaml = format!("a: [{}1]", "1,".repeat(many));
        for (text, format) in [(json, Format::Json), (toml, Format::Toml), (yaml, Format::Yaml)] {
            assert_eq!(parse(&text, format).err(), Some(Wrong::TooManyValues), "{format}");
        }
    }
}
