//! The plain difference between two states of a server.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Item, ServerPin};

/// Something that is not as it was approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// "hello", "tools", "prompts", "resources" or "resourceTemplates".
    pub list: &'static str,
    /// The item; empty for the hello.
    pub name: String,
    /// What happened to it.
    pub what: What,
}

/// What happened to a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It was not there.
    Added(Value),
    /// It is not there any more.
    Removed(Value),
    /// Members of it differ.
    Changed(Vec<Member>),
}

/// A member that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Where it stands: a JSON Pointer (RFC 6901).
    pub pointer: String,
    /// What stood there.
    pub old: Option<Value>,
    /// What stands there now.
    pub new: Option<Value>,
}

impl ServerPin {
    /// What `present` presents otherwise than this does. Items are told apart by name; of several with one name, those that
    /// are alike cancel out.
    pub fn changes(&self, present: &Self) -> Vec<Change> {
        let mut changes = Vec::new();
        let hello = members(&value(&self.hello), &value(&present.hello));
        if !hello.is_empty() {
            changes.push(Change { list: "hello", name: String::new(), what: What::Changed(hello) });
        }
        for ((list, before), (_, after)) in self.lists().into_iter().zip(present.lists()) {
            for (name, (old, new)) in by_name(before, after) {
                let mut push = |what| changes.push(Change { list, name: name.to_owned(), what });
                let (mut old, mut new) = (old.into_iter(), new.into_iter());
                loop {
                    match (old.next(), new.next()) {
                        (Some(old), Some(new)) => push(What::Changed(members(&value(old), &value(new)))),
                        (Some(old), None) => push(What::Removed(value(old))),
                        (None, Some(new)) => push(What::Added(value(new))),
                        (None, None) => break,
                    }
                }
            }
        }
        changes
    }
}

/// Definitions that only the one has, and those that only the other has.
type Sides<'a> = (Vec<&'a str>, Vec<&'a str>);

fn by_name<'a>(before: &'a [Item], after: &'a [Item]) -> BTreeMap<&'a str, Sides<'a>> {
    let mut names: BTreeMap<&str, Sides<'_>> = BTreeMap::new();
    for item in before {
        names.entry(&item.name).or_default().0.push(&item.definition);
    }
    for item in after {
        let (old, new) = names.entry(&item.name).or_default();
        match old.iter().position(|old| *old == item.definition) {
            Some(at) => {
                old.swap_remove(at);
            }
            None => new.push(&item.definition),
        }
    }
    names
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| Value::String(json.to_owned()))
}

/// The smallest members in which two values differ. Depth is bounded by what the reader of JSON takes.
fn members(old: &Value, new: &Value) -> Vec<Member> {
    let mut found = Vec::new();
    differ(String::new(), Some(old), Some(new), &mut found);
    found
}

fn differ(pointer: String, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<Member>) {
    match (old, new) {
        (Some(old), Some(new)) if old == new => {}
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let escaped = key.replace('~', "~0").replace('/', "~1");
                differ(format!("{pointer}/{escaped}"), old.get(key), new.get(key), found);
            }
        }
        _ => found.push(Member { pointer, old: old.cloned(), new: new.cloned() }),
    }
}
