//! What a tool can do, as its name, its description and its schema say.

use std::collections::BTreeSet;

use bartizan_sdk::prelude::*;

use crate::words::{Words, of_identifier};

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

const RUN: [&str; 10] = [
    "exec",
    "execute",
    "executes",
    "shell",
    "bash",
    "eval",
    "run_command",
    "terminal",
    "subprocess",
    "command",
];
const DELETE: [&str; 10] =
    ["delete", "deletes", "remove", "removes", "drop", "drops", "destroy", "purge", "truncate", "wipe"];
#[rustfmt::skip]
const WRITE: [&str; 16] = [
    "write", "writes", "overwrite", "overwrites", "edit", "edits", "modify", "modifies", "update", "updates", "create",
    "creates", "insert", "rename", "move", "patch",
];
const SEND: [&str; 8] = ["send", "sends", "upload", "uploads", "publish", "publishes", "email", "forward"];

/// By the tool's name alone.
pub(crate) fn of_name(name: &str) -> BTreeSet<Power> {
    let words = of_identifier(name);
    from(|any| words.iter().any(|word| any.contains(&word.as_str())))
}

/// By its description.
pub(crate) fn of_text(words: &Words) -> BTreeSet<Power> {
    from(|any| words.has(any))
}

/// All that it can do by its name and its first sentence.
pub(crate) fn of(tool: &Tool) -> BTreeSet<Power> {
    let text = tool.description.as_deref().unwrap_or_default();
    let first = text.split_once(". ").or_else(|| text.split_once('\n')).map_or(text, |(first, _)| first);
    let mut powers = of_name(&tool.name);
    powers.extend(of_text(&Words::of(first)));
    powers
}

fn from(has: impl Fn(&[&str]) -> bool) -> BTreeSet<Power> {
    [
        (&RUN[..], Power::Run),
        (&DELETE[..], Power::Delete),
        (&WRITE[..], Power::Write),
        (&SEND[..], Power::Send),
    ]
    .into_iter()
    .filter(|(any, _)| has(any))
    .map(|(_, power)| power)
    .collect()
}
