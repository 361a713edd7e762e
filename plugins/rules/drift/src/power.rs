//! What a tool can do, as its name, its description and its schema say.

use std::collections::BTreeSet;

use bartizan_sdk::prelude::*;

use crate::{
    lexicon::{Class, DELETES, RUNS, SENDS, WRITES, class_of},
    words::{Words, head, of_identifier},
};

/// One thing a tool can do to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Power {
    Run,
    Delete,
    Write,
    Send,
}

impl Power {
    /// Goes on after "it".
    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Run => "runs commands or code",
            Self::Delete => "deletes",
            Self::Write => "writes",
            Self::Send => "sends things out",
        }
    }
}

/// Bytes of a description in which its first sentence must end.
const MAX_SENTENCE: usize = 2 * 1024;

/// By the tool's name alone.
pub(crate) fn of_name(name: &str) -> BTreeSet<Power> {
    let class = of_identifier(name).iter().fold(0, |class, word| class | class_of(word));
    from(|any| class & any != 0)
}

/// By its description.
pub(crate) fn of_text(words: &Words) -> BTreeSet<Power> {
    from(|any| words.has(any))
}

/// All that it can do by its name and its first sentence.
pub(crate) fn of(tool: &Tool) -> BTreeSet<Power> {
    let text = tool.description.as_deref().unwrap_or_default();
    let words = Words::of(head(text, MAX_SENTENCE));
    let mut powers = of_name(&tool.name);
    let first = words.sentences().next().unwrap_or_default();
    powers.extend(from(|any| first.iter().any(|word| word.is(any))));
    powers
}

fn from(has: impl Fn(Class) -> bool) -> BTreeSet<Power> {
    [(RUNS, Power::Run), (DELETES, Power::Delete), (WRITES, Power::Write), (SENDS, Power::Send)]
        .into_iter()
        .filter(|(any, _)| has(*any))
        .map(|(_, power)| power)
        .collect()
}
