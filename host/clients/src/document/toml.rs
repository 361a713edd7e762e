//! TOML, by the `toml` crate's own tree with places. The crate bounds depth itself.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Budget, Lines, Node, Value, Wrong};
use crate::limits::MAX_DEPTH;

pub(super) fn parse(text: &str) -> Result<Node, Wrong> {
    // A value costs two bytes at least, and the crate's tree is as large as ours.
    let commas = text.bytes().filter(|byte| matches!(byte, b',' | b'=' | b'[')).count();
    Budget::new().take(commas)?;
    let table = DeTable::parse(text).map_err(|error| {
        // Its `Display` repeats the line, which may hold a credential.
        let line = error.span().map_or(1, |span| Lines::new(text).at(span.start));
        match error.message() {
            why if why.contains("recurs") => Wrong::TooDeep { line },
            why => Wrong::Malformed { line, why: why.to_owned() },
        }
    })?;
    let mut build = Build { lines: Lines::new(text), budget: Budget::new() };
    build.table(table.get_ref(), 1, 0)
}

struct Build {
    lines: Lines,
    budget: Budget,
}

impl Build {
    fn table(&mut self, table: &DeTable<'_>, line: u32, depth: usize) -> Result<Node, Wrong> {
        self.enter(line, depth)?;
        let mut members: Vec<(&Spanned<_>, &Spanned<DeValue<'_>>)> = table.iter().collect();
        members.sort_by_key(|(key, _)| key.span().start);
        let members = members
            .into_iter()
            .map(|(key, value)| {
                let line = self.lines.at(key.span().start);
                let mut node = self.value(value, depth.saturating_add(1))?;
                node.line = line;
                Ok((key.get_ref().clone().into_owned(), node))
            })
            .collect::<Result<_, Wrong>>()?;
        Ok(Node { line, value: Value::Table(members) })
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, depth: usize) -> Result<Node, Wrong> {
        let line = self.lines.at(value.span().start);
        let value = match value.get_ref() {
            DeValue::Table(table) => return self.table(table, line, depth),
            DeValue::Array(items) => {
                self.enter(line, depth)?;
                let items = items.iter().map(|item| self.value(item, depth.saturating_add(1)));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            DeValue::String(text) => Value::Text(text.clone().into_owned()),
            DeValue::Boolean(truth) => Value::Bool(*truth),
            DeValue::Integer(number) => Value::Number(number.as_str().to_owned()),
            DeValue::Float(number) => Value::Number(number.as_str().to_owned()),
            DeValue::Datetime(time) => Value::Text(time.to_string()),
        };
        self.budget.take(1)?;
        Ok(Node { line, value })
    }

    fn enter(&mut self, line: u32, depth: usize) -> Result<(), Wrong> {
        self.budget.take(1)?;
        if depth > MAX_DEPTH { Err(Wrong::TooDeep { line }) } else { Ok(()) }
    }
}
