//! What an item openly is: its kind, what its description begins with, and the places its calls have.

use std::{cell::Cell, collections::HashSet};

use bartizan_text::Reading;
use smol_str::SmolStr;

use crate::{
    class::Class,
    field::{Field, Place},
    item::name_words,
    purpose,
};

/// How much of a description says what a thing is, in bytes.
const MAX_TOPIC: usize = 160;

/// What an item shows before anything is read closely.
#[derive(Debug, Default)]
pub(crate) struct Face {
    /// Stems of the words of its parameters' names.
    pub(crate) slots: HashSet<SmolStr>,
    /// How the words begin that say what kind of thing it is: "plan" makes "planners" its kind.
    words: HashSet<SmolStr>,
    /// Classes of the words that its description begins with.
    pub(crate) topic: Class,
}

impl Face {
    pub(crate) fn of(fields: &[Field<'_>], readings: &[Reading]) -> Self {
        let mut face = Self::default();
        for field in fields.iter().filter(|field| field.parameter) {
            face.slots.extend(name_words(&field.text));
        }
        for field in fields.iter().filter(|field| field.place == Place::Name) {
            face.words.extend(name_words(&field.text).filter_map(|word| start_of(&word).map(SmolStr::new)));
        }
        let described = fields.iter().zip(readings).find(|(field, _)| field.place == Place::Description);
        if let Some((_, reading)) = described {
            let topic = purpose::words(beginning(&reading.canonical));
            face.topic = topic.all();
            face.words
                .extend(topic.tokens.iter().filter_map(|token| start_of(token.stem()).map(SmolStr::new)));
        }
        face
    }

    /// Whether a stem is of a word for things of this kind.
    pub(crate) fn is_kind(&self, stem: &str) -> bool {
        start_of(stem).is_some_and(|start| self.words.contains(start))
    }
}

/// What words of one family have in common; short words have none.
fn start_of(stem: &str) -> Option<&str> {
    stem.char_indices().nth(3)?;
    Some(stem.char_indices().nth(5).map_or(stem, |(at, _)| stem.get(..at).unwrap_or(stem)))
        .map(|start| start.get(..4).filter(|_| start.is_ascii()).unwrap_or(start))
}

/// The first clause: what comes after "and" may be another matter.
fn beginning(text: &str) -> &str {
    let text = text.trim_start();
    let end = text
        .char_indices()
        .find(|(at, c)| {
            *at >= MAX_TOPIC
                || matches!(c, '.' | ',' | ';' | ':' | '\n' | '!' | '?')
                || text.get(*at..).is_some_and(|rest| rest.starts_with(" and "))
        })
        .map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// The parameter that a text stands in.
#[derive(Debug, Default)]
pub(crate) struct Inside {
    pointer: String,
    /// Stems of the words of its name.
    pub(crate) called: Vec<SmolStr>,
    /// The name itself, for [`Self::about`].
    name: String,
    about: Cell<Option<Class>>,
}

impl Inside {
    /// Takes note of a parameter's name as it comes by.
    pub(crate) fn enter(&mut self, field: &Field<'_>) {
        if field.parameter {
            self.pointer.clone_from(&field.pointer);
            self.called = name_words(&field.text).take(8).collect();
            self.name.clear();
            self.name.push_str(field.text.get(..MAX_TOPIC).unwrap_or(&field.text));
            self.about.set(None);
        } else if !self.is_in(field) {
            self.pointer.clear();
            self.called.clear();
            self.name.clear();
            self.about.set(Some(0));
        }
    }

    /// Classes of the words of its name. Few sentences make anybody ask.
    pub(crate) fn about(&self) -> Class {
        self.about.get().unwrap_or_else(|| {
            let about = purpose::words(&self.name).all();
            self.about.set(Some(about));
            about
        })
    }

    pub(crate) fn is_in(&self, field: &Field<'_>) -> bool {
        !self.pointer.is_empty() && field.pointer.starts_with(&self.pointer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_what_its_first_clause_says() {
        assert_eq!(beginning("Adds two numbers and reads a key. More."), "Adds two numbers");
        assert_eq!(beginning("Adds \u{e9}"), "Adds \u{e9}");
        assert_eq!(beginning(""), "");
    }
}
