//! YAML, built from the parser's events: no recursion, and each alias costs what it stands for.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use super::{Budget, Node, Value, Wrong};
use crate::limits::MAX_DEPTH;

/// A list or a table that is not closed yet.
struct Open {
    line: u32,
    anchor: usize,
    values: Vec<Node>,
    is_table: bool,
}

pub(super) fn parse(text: &str) -> Result<Node, Wrong> {
    let mut build = Build { open: Vec::new(), anchors: HashMap::new(), budget: Budget::new(), root: None };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Wrong::Malformed {
            line: line(*error.marker()),
            why: error.info().to_owned(),
        })?;
        let line = line(span.start);
        match event {
            Event::Scalar(text, style, anchor, _) => {
                build.budget.take(1)?;
                let value =
                    if style == ScalarStyle::Plain { plain(&text) } else { Value::Text(text.into_owned()) };
                build.put(Node { line, value }, anchor)?;
            }
            Event::SequenceStart(anchor, _) => build.enter(line, anchor, false)?,
            Event::MappingStart(anchor, _) => build.enter(line, anchor, true)?,
            Event::SequenceEnd | Event::MappingEnd => build.leave()?,
            Event::Alias(anchor) => build.alias(anchor, line)?,
            // Clients refuse a second one, and read past it nothing would be seen of it.
            Event::DocumentStart(_) if build.root.is_some() => {
                return Err(Wrong::Malformed { line, why: "a second document begins".to_owned() });
            }
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::Nothing => {}
        }
    }
    Ok(build.root.unwrap_or(Node { line: 1, value: Value::Table(Vec::new()) }))
}

struct Build {
    open: Vec<Open>,
    /// What each anchor stands for, and how many values that is.
    anchors: HashMap<usize, (Node, usize)>,
    budget: Budget,
    root: Option<Node>,
}

impl Build {
    fn enter(&mut self, line: u32, anchor: usize, is_table: bool) -> Result<(), Wrong> {
        self.budget.take(1)?;
        if self.open.len() > MAX_DEPTH {
            return Err(Wrong::TooDeep { line });
        }
        self.open.push(Open { line, anchor, values: Vec::new(), is_table });
        Ok(())
    }

    fn leave(&mut self) -> Result<(), Wrong> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let value = if open.is_table { table(open.values) } else { Value::List(open.values) };
        self.put(Node { line: open.line, value }, open.anchor)
    }

    fn put(&mut self, node: Node, anchor: usize) -> Result<(), Wrong> {
        if anchor != 0 {
            // Kept twice, paid twice.
            let size = size(&node);
            self.budget.take(size)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.open.last_mut() {
            Some(open) => open.values.push(node),
            None if self.root.is_none() => self.root = Some(node),
            None => {}
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, line: u32) -> Result<(), Wrong> {
        // Within itself an anchor stands for nothing yet.
        let Some((node, size)) = self.anchors.get(&anchor) else {
            return self.put(Node { line, value: Value::Null }, 0);
        };
        self.budget.take(*size)?;
        if self.open.len().saturating_add(depth(node)) > MAX_DEPTH {
            return Err(Wrong::TooDeep { line });
        }
        let node = Node { line, value: node.value.clone() };
        self.put(node, 0)
    }
}

/// Names and values that follow one another become members; `<<` brings in those of another table.
fn table(values: Vec<Node>) -> Value {
    let mut members = Vec::new();
    let mut merged: Vec<(String, Node)> = Vec::new();
    let mut values = values.into_iter();
    while let (Some(key), Some(mut value)) = (values.next(), values.next()) {
        let name = key.scalar().unwrap_or_default();
        if name == "<<" {
            match value.value {
                Value::Table(others) => merged.extend(others),
                Value::List(tables) => {
                    merged.extend(tables.into_iter().flat_map(|table| table.members().to_vec()));
                }
                _ => {}
            }
        } else {
            value.line = key.line;
            members.push((name, value));
        }
    }
    // What a table says itself counts over what it brings in, and of that what comes first.
    let mut seen: HashSet<String> = members.iter().map(|(name, _): &(String, Node)| name.clone()).collect();
    merged.retain(|(name, _)| seen.insert(name.clone()));
    merged.extend(members);
    Value::Table(merged)
}

fn size(node: &Node) -> usize {
    match &node.value {
        Value::List(items) => items.iter().map(size).fold(1, usize::saturating_add),
        Value::Table(members) => members.iter().map(|(_, node)| size(node)).fold(1, usize::saturating_add),
        _ => 1,
    }
}

fn depth(node: &Node) -> usize {
    let inner = match &node.value {
        Value::List(items) => items.iter().map(depth).max(),
        Value::Table(members) => members.iter().map(|(_, node)| depth(node)).max(),
        _ => None,
    };
    inner.map_or(0, |inner| inner.saturating_add(1))
}

/// What a word without quotes means in YAML 1.2.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        number
            if number.parse::<f64>().is_ok()
                && number.starts_with(|c: char| c.is_ascii_digit() || c == '-') =>
        {
            Value::Number(number.to_owned())
        }
        text => Value::Text(text.to_owned()),
    }
}

fn line(marker: Marker) -> u32 {
    u32::try_from(marker.line()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn anchors_and_merges_are_followed() {
        let tree = parse(
            "base: &b {command: npx, env: {A: x}}\ns:\n  one:\n    <<: *b\n    command: uvx\n  two: *b\n",
        )
        .unwrap();
        let servers = tree.get("s").unwrap();
        assert_eq!(servers.get("one").unwrap().get("command").unwrap().text(), Some("uvx"));
        assert_eq!(servers.get("one").unwrap().get("env").unwrap().get("A").unwrap().text(), Some("x"));
        assert_eq!(servers.get("two").unwrap().get("command").unwrap().text(), Some("npx"));
    }

    #[test]
    fn a_second_document_is_told() {
        assert_eq!(
            parse("a: 1\n---\nb: 2\n").err(),
            Some(Wrong::Malformed { line: 2, why: "a second document begins".to_owned() })
        );
        assert!(parse("---\na: 1\n...\n").is_ok());
    }

    #[test]
    fn an_alias_bomb_is_refused() {
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..30 {
            let before = level - 1;
            let items = vec![format!("*a{before}"); 10].join(",");
            let _ = writeln!(bomb, "a{level}: &a{level} [{items}]");
        }
        assert!(matches!(parse(&bomb).err(), Some(Wrong::TooManyValues | Wrong::TooDeep { .. })));
    }

    #[test]
    fn one_large_anchor_that_is_named_often_is_refused_too() {
        let text = format!("a: &a [{}]\nb: [{}]\n", vec!["x"; 5_000].join(","), vec!["*a"; 5_000].join(","));
        assert_eq!(parse(&text).err(), Some(Wrong::TooManyValues));
    }

    #[test]
    fn an_anchor_within_itself_ends() {
        assert!(parse("a: &a [*a, *a]\n").is_ok());
    }

    #[test]
    fn chained_aliases_cannot_get_deeper_than_the_bound() {
        let mut chain = "a0: &a0 [x]\n".to_owned();
        for level in 1..200 {
            let _ = writeln!(chain, "a{level}: &a{level} [*a{}]", level - 1);
        }
        assert!(matches!(parse(&chain).err(), Some(Wrong::TooDeep { .. })));
    }

    #[test]
    fn a_message_does_not_repeat_the_file() {
        for text in ["a: 'canary", "a: [canary\nb: }", "canary: *canary2", "a: \"\\qcanary\""] {
            if let Err(wrong) = parse(text) {
                assert!(!format!("{wrong:?}").contains("canary"), "{wrong:?}");
            }
        }
    }
}
